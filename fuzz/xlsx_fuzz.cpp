// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of workbooks: whatever stands in a part, rows or problems, and it ends.
#include <minizip/zip.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "exchange/internal/xlsx_rows.hpp"

namespace {

namespace exchange = amate::exchange::internal;

struct Part {
    const char* name;
    std::string bytes;
};

// A small workbook; the input takes the place of one of its parts, or of the whole archive.
Part parts[] = {
    {"_rels/.rels",
     R"(<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)"},
    {"xl/workbook.xml",
     R"(<workbook xmlns:r="urn:r"><workbookPr date1904="0"/><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>)"},
    {"xl/_rels/workbook.xml.rels",
     R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId3" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId4" Type="x/styles" Target="/xl/styles.xml"/></Relationships>)"},
    {"xl/sharedStrings.xml", R"(<sst><si><t>a_x000D_</t></si><si><r><t>b</t></r></si></sst>)"},
    {"xl/styles.xml",
     R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yy hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>)"},
    {"xl/worksheets/sheet1.xml",
     R"(<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row><row r="2" hidden="1"><c r="A2" s="1"><v>43160.5</v></c><c r="B2" t="b"><f>1</f><v>1</v></c></row><row r="3"><c t="e"><v>#N/A</v></c><c t="d"><v>2018-03-01</v></c></row></sheetData><mergeCells><mergeCell ref="A9:B9"/></mergeCells></worksheet>)"}};
constexpr std::size_t kParts = std::size(parts);

void write_archive(const std::filesystem::path& file, std::size_t replaced,
                   const std::string& bytes) {
    auto* zip = zipOpen64(file.c_str(), APPEND_STATUS_CREATE);
    AMATE_CHECK(zip != nullptr);
    for (std::size_t i = 0; i < kParts; ++i) {
        const auto& held = i == replaced ? bytes : parts[i].bytes;
        AMATE_CHECK(zipOpenNewFileInZip(zip, parts[i].name, nullptr, nullptr, 0, nullptr, 0,
                                        nullptr, 0, 0) == ZIP_OK);
        AMATE_CHECK(zipWriteInFileInZip(zip, held.data(), static_cast<unsigned>(held.size())) ==
                    ZIP_OK);
        AMATE_CHECK(zipCloseFileInZip(zip) == ZIP_OK);
    }
    AMATE_CHECK(zipClose(zip, nullptr) == ZIP_OK);
}

void read_all(const std::filesystem::path& file) {
    const auto rows = exchange::open_xlsx_rows(file, "", "f.xlsx");
    if (!rows) {
        AMATE_CHECK(!rows.error().empty());
        return;
    }
    amate::Row row;
    std::int64_t line = (*rows)->header().line;
    for (;;) {
        amate::Problems problems;
        const auto state = (*rows)->next(row, problems);
        if (!state || *state == amate::RowState::end) return;
        AMATE_CHECK(row.line > line && row.cells.size() <= 1'000);
        AMATE_CHECK(row.kinds.size() == row.cells.size());
        AMATE_CHECK((*state == amate::RowState::whole) == problems.empty());
        for (const auto& problem : problems) static_cast<void>(amate::to_line(problem));
        for (const auto& cell : row.cells) AMATE_CHECK(!amate::find_invalid_utf8(cell));
        line = row.line;
    }
}

}  // namespace

// --seeds=DIR writes one input a part, and the archive.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (int i = 1; i < *count; ++i) {
        const std::string argument = (*arguments)[i];
        if (!argument.starts_with("--seeds=")) continue;
        const std::filesystem::path folder = argument.substr(8);
        std::filesystem::create_directories(folder);
        for (std::size_t part = 0; part < kParts; ++part) {
            std::ofstream(folder / std::to_string(part), std::ios::binary)
                << static_cast<char>(part) << parts[part].bytes;
        }
        const auto file = folder / "archive";
        write_archive(file, kParts, "");
        std::ifstream stream(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        std::ofstream(file, std::ios::binary | std::ios::trunc)
            << static_cast<char>(kParts) << bytes;
        std::exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const int descriptor = memfd_create("xlsx", 0);
    AMATE_CHECK(descriptor >= 0);
    const auto file = "/proc/self/fd/" + std::to_string(descriptor);
    const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto replaced = data[0] % (kParts + 1);
    if (replaced == kParts) {
        AMATE_CHECK(write(descriptor, bytes.data(), bytes.size()) ==
                    static_cast<ssize_t>(bytes.size()));
    } else {
        write_archive(file, replaced, bytes);
    }
    read_all(file);
    close(descriptor);
    return 0;
}
