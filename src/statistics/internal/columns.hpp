// SPDX-License-Identifier: Apache-2.0
// The columns of a frozen register as they are counted: dictionaries and packed places in them,
// mapped from a file made once of the Parquet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"
#include "definitions/model.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/internal/packed.hpp"

namespace amate::statistics::internal {

// Rows are worked on so many at a time; of each such block the first and last day are known.
inline constexpr std::size_t kBlockRows = 4096;

struct Column {
    std::string name;                  // as in the Parquet
    std::size_t number = 0;            // among the register's columns, from 0
    std::vector<Value> dictionary;     // its values, rising; the last is absent
    std::vector<std::int64_t> counts;  // rows of each of these; of persons nothing
    unsigned width = 0;
    const std::uint64_t* words = nullptr;

    [[nodiscard]] std::uint32_t at(std::size_t row) const { return packed_at(words, row, width); }
};

// Which person a row is about: nobody known, somebody of whom there is no other row, or one of the
// persons of several rows, by number.
enum Person : std::uint32_t { kNobody = 0, kOnce = 1, kFirstRepeated = 2 };

// Immutable; safe to read from many threads. Owns the memory its columns lie in.
class Columns {
public:
    Columns(Columns&&) noexcept;
    ~Columns();

    // Those of that file: from `.columns/` beside it if they are there, of this Parquet and whole;
    // else they are made of it and written there. Where nothing can be written they are kept in
    // memory. Throws IoFailure if the Parquet cannot be read. Cost to make: three passes, and
    // memory for what is written, four bytes a row and some thirty a person.
    [[nodiscard]] static Columns open(const snapshot::Manifest& manifest,
                                      const snapshot::SnapshotFile& file,
                                      const definitions::Register& register_);

    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] std::size_t size() const;  // columns
    // The register's time is called "time". Throws IoFailure if the Parquet has none of that name.
    [[nodiscard]] const Column& column(std::string_view name) const;
    // Numbers as of Person; repeated persons are numbered from kFirstRepeated.
    [[nodiscard]] const Column& persons() const;
    [[nodiscard]] std::size_t repeated_persons() const;
    // Of the day of block b: the lowest and the highest place in the dictionary of "time".
    struct Days {
        std::uint32_t first, last;
    };
    [[nodiscard]] const std::vector<Days>& days_of_blocks() const;
    // Bytes of the file they came from or went to; 0 where they are in memory alone.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct State;
    explicit Columns(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace amate::statistics::internal
