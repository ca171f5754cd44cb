// SPDX-License-Identifier: Apache-2.0
// What of a register may stand in a snapshot: its dimensions, checked, and its measures, with their
// values on a record.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"

namespace amate::snapshot::internal {

// The columns that every file has besides its dimensions.
inline constexpr std::string_view kTimeColumn = "time";
inline constexpr std::string_view kPersonKeyColumn = "person_key";

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

// One dimension or measure of a register.
struct CodedColumn {
    const definitions::Dimension* dimension = nullptr;
    // The register's column it shows as it is; nullopt: the expression is to be evaluated.
    std::optional<std::size_t> plain_column;
    // Codes it may hold: nothing that is not in the code list ever reaches a file.
    std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> codes;

    // Value on a record; `scratch` holds it if it had to be computed.
    [[nodiscard]] const Value& value_of(const std::vector<Value>& record,
                                        const definitions::EvaluationContext& context,
                                        Value& scratch) const;
};

// Borrows the register; it and its pack must live as long.
struct CodedRegister {
    const definitions::Register* register_ = nullptr;
    std::vector<CodedColumn> columns;
};

// Every problem of the register's dimensions: snapshot.personal_dimension (a text or date that the
// pack marks personal), snapshot.dimension_type (anything else that is not a code, codes, boolean
// or integer), snapshot.column_twice (two columns of one name, or one named time or person_key).
[[nodiscard]] Result<CodedRegister> make_coded_register(const definitions::Register& register_);

}  // namespace amate::snapshot::internal
