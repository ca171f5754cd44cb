// SPDX-License-Identifier: Apache-2.0
// Writes one register's coded records into one Parquet file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "columnar/engine.hpp"
#include "snapshot/internal/coded_register.hpp"
#include "snapshot/internal/person_keys.hpp"

namespace amate::snapshot::internal {

// Gathers rows in the engine, column by column, then writes them sorted by time and by every other
// column: so the bytes depend on what was recorded alone, and the place of a row tells nothing of
// when or after whom somebody was recorded. Resource; one at a time on an engine.
class RegisterFile {
public:
    // Makes an empty table `table` in the engine, in place of an earlier one.
    RegisterFile(columnar::Engine& engine, const CodedRegister& coded,
                 const char* table = "records");
    ~RegisterFile();
    RegisterFile(const RegisterFile&) = delete;
    RegisterFile& operator=(const RegisterFile&) = delete;

    // `record` is laid out as the register's columns. A value outside its code list is not written
    // but remembered for problems().
    void add(const std::vector<Value>& record, std::optional<Date> time,
             const std::optional<PersonKey>& person, const definitions::EvaluationContext& context);
    // snapshot.unknown_code, one a dimension, with the number of records.
    [[nodiscard]] Problems problems() const;

    struct Counts {
        std::int64_t records = 0;
        std::int64_t persons = 0;
    };
    // Writes `file` (not yet flushed to disk), counts, and empties the engine. Once.
    [[nodiscard]] Counts write(const std::filesystem::path& file);
    // The same of what stands in the file `earlier`, without the rows of `gone`, which all stand
    // there, and with these: the same bytes as if all rows had been gathered here.
    [[nodiscard]] Counts write_onto(const std::filesystem::path& earlier, RegisterFile& gone,
                                    const std::filesystem::path& file);
    [[nodiscard]] std::int64_t rows() const;  // added so far

private:
    struct State;
    [[nodiscard]] Counts write_rows(const std::string& source, const std::filesystem::path& file);
    void close();
    std::unique_ptr<State> state_;
};

}  // namespace amate::snapshot::internal
