// SPDX-License-Identifier: Apache-2.0
// What stands around a sheet of an XLSX workbook: which part it is, its strings, its formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "exchange/internal/xlsx_dates.hpp"
#include "exchange/internal/zip_archive.hpp"

namespace amate::exchange::internal {

inline constexpr std::size_t kSharedStringsMax = 4'000'000;
inline constexpr std::size_t kSharedBytesMax = 256U << 20U;
inline constexpr std::size_t kSheetsMax = 1'024;
inline constexpr std::size_t kStylesMax = 65'536;

// Texts that cells share: the one thing of a workbook that is held in memory.
class SharedStrings {
public:
    void begin();
    // False, and nothing is added, beyond kSharedStringsMax or kSharedBytesMax.
    [[nodiscard]] bool append(std::string_view text);
    [[nodiscard]] std::size_t size() const { return starts_.size(); }
    [[nodiscard]] std::string get(std::size_t index) const;

private:
    // Blocks, not one text: growing would hold it twice.
    std::vector<std::string> blocks_;
    std::vector<std::uint64_t> starts_;
    std::uint64_t bytes_ = 0;
};

// "_x000D_" as Office Open XML writes what XML cannot hold: the character itself.
// SPEC: ISO/IEC 29500-1 22.9.2.19 (ST_Xstring)
[[nodiscard]] std::string unescape_xlsx(std::string_view text);

struct Workbook {
    std::string sheet_name;
    std::string sheet_part;
    DateSystem date_system = DateSystem::from_1900;
    std::vector<DateShape> styles;  // of a cell's style index
    SharedStrings strings;
};

// Reads all but the sheet itself. `sheet` is its name, "" the first that is not hidden.
// Problems: those of ZipArchive and XmlReader; exchange.xlsx_no_workbook, exchange.xlsx_no_sheet,
// exchange.xlsx_too_many_strings, exchange.xlsx_too_many_styles.
[[nodiscard]] Result<Workbook> read_workbook(ZipArchive& archive, const std::string& sheet,
                                             const std::string& name);

}  // namespace amate::exchange::internal
