#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes web/static/report.docx, which says how reports look as DOCX, from pandoc's own.

Needs pandoc. Run it again after changing what stands here; the result is kept in the repository.
"""
import io
import pathlib
import re
import subprocess
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INK, COCHINEAL, INDIGO, LINE = "2A1A12", "9B2335", "28487A", "D9CDB6"
SERIF, SANS = "Georgia", "Calibri"
# Style -> size in half points, colour, space before in twentieths of a point.
HEADINGS = {"Title": (56, INK, 2400), "Heading1": (40, INK, 480), "Heading2": (34, COCHINEAL, 480),
            "Heading3": (26, INK, 360), "Heading4": (22, "6A5545", 240)}
A4 = ('<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
      'w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>')


def fonts(name):
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}" w:eastAsia="{name}"/>'


def style_pattern(style):
    return re.compile(r'<w:style [^>]*w:styleId="%s"[^>]*>.*?</w:style>' % style, re.S)


def dress_heading(xml, style, size, colour, before):
    found = style_pattern(style).search(xml)
    body = re.sub(r"<w:rPr>.*?</w:rPr>", "", found.group(0), flags=re.S)
    body = re.sub(r"<w:spacing [^>]*/>", f'<w:spacing w:before="{before}" w:after="120"/>', body)
    run = (f'<w:rPr>{fonts(SERIF)}<w:b/><w:color w:val="{colour}"/><w:sz w:val="{size}"/>'
           f'<w:szCs w:val="{size}"/></w:rPr>')
    return xml.replace(found.group(0), body.replace("</w:style>", run + "</w:style>"))


def dress_table(xml):
    found = style_pattern("Table").search(xml)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
                      for side in ("top", "bottom", "insideH"))
    table = ('<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
             '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:pPr><w:spacing w:before="40" '
             'w:after="40"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr><w:tblPr><w:tblW w:w="5000" '
             f'w:type="pct"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
             '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="6A5545"/></w:rPr>'
             '</w:tblStylePr></w:style>')
    return xml.replace(found.group(0), table)


def dress_styles(xml):
    xml = re.sub(r"<w:rFonts w:asciiTheme[^>]*/>", fonts(SANS), xml, count=1)
    xml = re.sub(r'(<w:docDefaults>.*?)<w:sz w:val="\d+" ?/>', r'\g<1><w:sz w:val="20"/>', xml,
                 flags=re.S, count=1)
    for style, (size, colour, before) in HEADINGS.items():
        xml = dress_heading(xml, style, size, colour, before)
    link = style_pattern("Hyperlink").search(xml).group(0)
    xml = xml.replace(link, re.sub(r"<w:color [^>]*/>", f'<w:color w:val="{INDIGO}"/>', link))
    return dress_table(xml)


def main():
    base = subprocess.run(["pandoc", "--print-default-data-file", "reference.docx"], check=True,
                          stdout=subprocess.PIPE).stdout
    made = ROOT / "web/static/report.docx"
    with zipfile.ZipFile(io.BytesIO(base)) as old, \
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "word/styles.xml":
                data = dress_styles(data.decode()).encode()
            if name == "word/document.xml":
                data = re.sub(r"<w:sectPr ?/>", A4, data.decode()).encode()
            new.writestr(zipfile.ZipInfo(name, (2018, 9, 7, 0, 0, 0)), data)


if __name__ == "__main__":
    main()
