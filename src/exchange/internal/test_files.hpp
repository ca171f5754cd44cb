// SPDX-License-Identifier: Apache-2.0
// For tests only: files made by hand, sound and hostile, and rows told as text.
#pragma once

#include <minizip/zip.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/crypto.hpp"
#include "core/row_source.hpp"

namespace amate::exchange::internal {

// A folder to throw away.
class TestFolder {
public:
    TestFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("amate-exchange-" + crypto::make_uuid_v7(0))) {
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() { std::filesystem::remove_all(path_); }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return path_ / name; }
    [[nodiscard]] std::filesystem::path write(const std::string& name,
                                              const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << bytes;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

// Writes a ZIP archive part by part.
class ZipMaker {
public:
    explicit ZipMaker(const std::filesystem::path& file)
        : zip_(zipOpen64(file.c_str(), APPEND_STATUS_CREATE)) {
        AMATE_CHECK(zip_ != nullptr);
    }
    ~ZipMaker() { zipClose(zip_, nullptr); }
    ZipMaker(const ZipMaker&) = delete;
    ZipMaker& operator=(const ZipMaker&) = delete;

    void add(const std::string& name, const std::string& bytes) { add_repeated(name, bytes, 1); }
    // `times` the same bytes; small in the archive, large when unpacked.
    void add_repeated(const std::string& name, const std::string& bytes, std::int64_t times) {
        open(name, false);
        for (std::int64_t i = 0; i < times; ++i) put(bytes);
        AMATE_CHECK(zipCloseFileInZip(zip_) == ZIP_OK);
    }
    // Deflated bytes that announce any size.
    void add_lie(const std::string& name, const std::string& deflated, std::uint64_t announced) {
        open(name, true);
        put(deflated);
        AMATE_CHECK(zipCloseFileInZipRaw64(zip_, announced, 0) == ZIP_OK);
    }

private:
    void open(const std::string& name, bool raw) {
        AMATE_CHECK(zipOpenNewFileInZip2_64(zip_, name.c_str(), nullptr, nullptr, 0, nullptr, 0,
                                            nullptr, 8, 6, raw ? 1 : 0, 1) == ZIP_OK);
    }
    void put(const std::string& bytes) {
        AMATE_CHECK(zipWriteInFileInZip(zip_, bytes.data(), static_cast<unsigned>(bytes.size())) ==
                    ZIP_OK);
    }
    zipFile zip_;
};

inline const std::string kXml = R"(<?xml version="1.0" encoding="UTF-8"?>)";

// The parts of a workbook of one sheet. What stays "" is left out.
struct TestWorkbook {
    std::string sheet;            // what stands in <sheetData>
    std::string behind;           // behind it
    std::string strings, styles;  // whole parts
    std::string properties;       // attributes of workbookPr
    std::string sheets = R"(<sheet name="Data" sheetId="1" r:id="rId1"/>)";

    void add_frame(ZipMaker& zip) const {
        zip.add("_rels/.rels", kXml +
                                   "<Relationships><Relationship Id=\"a\" Type=\"x/"
                                   "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        zip.add("xl/workbook.xml", kXml + "<workbook xmlns:r=\"urn:r\"><workbookPr " + properties +
                                       "/><sheets>" + sheets + "</sheets></workbook>");
        zip.add("xl/_rels/workbook.xml.rels", kXml + R"(<Relationships>
<Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="x/worksheet" Target="../../../../etc/passwd"/>
<Relationship Id="rId3" Type="x/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId4" Type="x/styles" Target="/xl/styles.xml"/></Relationships>)");
        if (!strings.empty()) zip.add("xl/sharedStrings.xml", kXml + strings);
        if (!styles.empty()) zip.add("xl/styles.xml", kXml + styles);
    }
    void write(const std::filesystem::path& file) const {
        ZipMaker zip(file);
        add_frame(zip);
        zip.add("xl/worksheets/sheet1.xml",
                kXml + "<worksheet><sheetData>" + sheet + "</sheetData>" + behind + "</worksheet>");
    }
};

// "line: cell|cell" with `#` behind numbers, `?` behind booleans, `^` behind dates; problems
// behind as " !code:column"; a lost row says so. A failure is " REFUSED code@line".
inline std::string told(const Row& row) {
    std::string text = std::to_string(row.line) + ":";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        text += (i == 0 ? " " : "|") + row.cells[i];
        if (row.kinds.empty()) continue;
        if (row.kinds[i] == CellKind::number) text += '#';
        if (row.kinds[i] == CellKind::boolean) text += '?';
        if (row.kinds[i] == CellKind::date) text += '^';
    }
    return text;
}
inline std::string told(const Problems& problems) {
    return " REFUSED " + problems.front().code + "@" + std::to_string(problems.front().place.line);
}
inline std::vector<std::string> read_all(const Result<std::unique_ptr<RowSource>>& open) {
    if (!open) return {told(open.error())};
    std::vector<std::string> rows = {told((*open)->header())};
    Row row;
    for (;;) {
        Problems problems;
        const auto state = (*open)->next(row, problems);
        if (!state) {
            rows.push_back(told(state.error()));
            return rows;
        }
        if (*state == RowState::end) return rows;
        rows.push_back(told(row));
        for (const auto& each : problems) {
            rows.back() += " !" + each.code + ":" + std::to_string(each.place.column);
        }
        if (*state == RowState::lost) rows.back() += " LOST";
        AMATE_CHECK((*state == RowState::whole) == problems.empty());
        AMATE_CHECK(row.kinds.empty() || row.kinds.size() == row.cells.size());
    }
}

}  // namespace amate::exchange::internal
