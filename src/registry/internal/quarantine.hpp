// SPDX-License-Identifier: Apache-2.0
// The file of rows that did not fit, in the institution's own style, so that it can be corrected.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "definitions/homologation.hpp"
#include "registry/internal/file_layout.hpp"

namespace amate::registry::internal {

// A row set apart. The first `decoded` cells are UTF-8, the others bytes as they came.
struct SetApart {
    std::int64_t line = 0;
    std::span<const std::string> cells;  // at most one a header of the layout
    std::size_t decoded = 0;
    std::string rest;          // cells beyond the headers
    bool rest_decoded = true;  // it is UTF-8
    const Problems* problems = nullptr;
};

// Spreadsheets run a cell that begins as a formula does, whoever wrote it. In the quarantine file
// such a cell, and one that already looks closed, stands behind an apostrophe; numbers do not.
void close_cell(std::string& cell);
// Takes the apostrophe away again: the text is what it was.
void open_cell(std::string& cell);

// Holds what persons stated: readable by its owner alone. Nothing is on disk before the first row;
// what was not published is removed. Resource; one thread at a time. Throws IoFailure.
class Quarantine {
public:
    Quarantine(const FileLayout& layout, char delimiter, TextForm form, std::filesystem::path file,
               std::string language);
    ~Quarantine();
    Quarantine(const Quarantine&) = delete;
    Quarantine& operator=(const Quarantine&) = delete;

    void add(const SetApart& row);
    // Writes out and gives the file its name; true if there is one. Before the commit, so that no
    // committed batch can lack its quarantine.
    bool publish();
    // After the commit: the file stays.
    void keep() { kept_ = true; }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void open();
    void add_cell(std::string cell, bool decoded);
    void write_out();

    definitions::SourceRowWriter writer_;
    const FileLayout& layout_;
    bool marked_;
    std::filesystem::path file_;
    std::filesystem::path unfinished_;
    std::string language_;
    std::unique_ptr<std::FILE, Close> stream_;
    bool published_ = false;
    bool kept_ = false;
};

}  // namespace amate::registry::internal
