// SPDX-License-Identifier: Apache-2.0
// Values and SQL as PostgreSQL takes them: its binary forms, and numbered parameters.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <vector>

#include "store/session.hpp"

namespace amate::store::internal {

// Numbers PostgreSQL gives to its types; the same in every server. SPEC: pg_type.dat.
inline constexpr Oid kBoolType = 16;
inline constexpr Oid kInt8Type = 20;
inline constexpr Oid kInt4Type = 23;
inline constexpr Oid kTextType = 25;
inline constexpr Oid kFloat8Type = 701;

struct NumberedSql {
    std::string text;  // each `?` that is no part of a quoted text or name is $1, $2 ...
    std::size_t parameters = 0;
    std::string first_word;  // in capitals
};
// A text of more than one statement is a bug.
[[nodiscard]] NumberedSql number_parameters(const std::string& sql);

// A size (four bytes, -1 for NULL) and the value as one of `type`: whole numbers fit BOOLEAN if
// they are 0 or 1, and DOUBLE PRECISION. Any other mixture is a bug. Throws IoFailure if the text
// cannot be kept.
void append_value(std::string& bytes, Oid type, const SqlValue& value);
[[nodiscard]] std::int32_t read_size(const std::string& bytes, std::size_t begin);

// COPY's binary format: what stands before the rows, a row, what stands after them. SPEC:
// PostgreSQL, COPY, "Binary Format".
[[nodiscard]] std::string copy_header();
void append_row(std::string& bytes, const std::vector<Oid>& types, const SqlRow& row);
[[nodiscard]] std::string copy_trailer();

// A text's buffer is used again. Throws IoFailure if it is of a type that no table here has.
void read_cell(const PGresult& result, int row, int column, SqlValue& cell);

}  // namespace amate::store::internal
