// SPDX-License-Identifier: Apache-2.0
// How the columns of a register lie in their file, as docs/formats/snapshot.md says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columnar/engine.hpp"
#include "definitions/model.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/internal/columns.hpp"

namespace amate::statistics::internal {

// FILE: magic; length of the header (64 bits); header, blanks up to a multiple of 8; the words of
// each column; days of blocks; BLAKE2b-256 of all that. Numbers as the machine has them.
inline constexpr std::string_view kMagic = "amate-columns-2\n";
inline constexpr std::size_t kDigestBytes = 32;
inline constexpr const char* kTimeColumn = "time";
inline constexpr const char* kPersonColumn = "person_key";

// A column as it is to be made.
struct ColumnPlan {
    std::string name;
    definitions::Type type = definitions::Type::code;
};

// Those a register has: its dimensions, measures and time.
[[nodiscard]] std::vector<ColumnPlan> columns_of(const definitions::Register& register_);

// One a column, persons last: the values as stored, rising, and where its words begin.
struct DrawnColumn {
    ColumnPlan plan;
    std::vector<columnar::EngineValue> stored;
    std::vector<std::int64_t> counts;  // rows of each, and of none; of persons nothing
    unsigned width = 0;
    std::size_t word = 0;
};

struct ColumnLayout {
    std::vector<DrawnColumn> columns;
    std::size_t rows = 0;
    std::size_t repeated = 0;
    std::size_t words = 0;

    void place() {
        words = 0;
        for (auto& each : columns) {
            const bool persons = each.plan.name == kPersonColumn;
            // The place behind the last value means absent.
            const auto largest = persons ? repeated + kFirstRepeated : each.stored.size();
            each.width = width_for(static_cast<std::uint32_t>(largest));
            each.word = words;
            words += packed_words(rows, each.width);
        }
    }
    [[nodiscard]] std::size_t blocks() const { return (rows + kBlockRows - 1) / kBlockRows; }
};

// The columns of a Parquet, as they are to be written.
struct ColumnImage {
    ColumnLayout layout;
    std::vector<std::uint64_t> words;
    std::vector<Columns::Days> days;  // one a block
};

// Writes the file of columns that are of that Parquet.
void write_columns(const ColumnImage& image, const snapshot::SnapshotFile& file, std::ostream& out);

// The layout a header tells, if it is of that Parquet and has the columns of the register that are
// in it. The header is one that was written here.
[[nodiscard]] std::optional<ColumnLayout> read_header(std::string_view text,
                                                      const snapshot::SnapshotFile& file,
                                                      const std::vector<ColumnPlan>& plans);

}  // namespace amate::statistics::internal
