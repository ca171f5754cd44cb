// SPDX-License-Identifier: Apache-2.0
// Prepares statements once and asks the server of which types their parameters are.
#include "store/internal/postgres_statements.hpp"

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/postgres_values.hpp"

namespace amate::store::internal {
namespace {

constexpr std::size_t kStatementsKeptMax = 64;

}  // namespace

const PgStatement& PgStatements::get(const std::string& sql, Use use) {
    using Kind = PgCommand::Kind;
    if (forget_ || kept_.size() >= kStatementsKeptMax) {
        connection_.run({{Kind::run, "DEALLOCATE ALL"}});
        kept_.clear();
        forget_ = false;
    }
    auto found = kept_.find(sql);
    if (found == kept_.end()) {
        auto numbered = number_parameters(sql);
        AMATE_CHECK(use == Use::any || numbered.first_word == "SELECT");
        PgStatement statement{fmt::format("s{}", ++made_), std::move(numbered.text),
                              std::move(numbered.first_word)};
        const auto answers = connection_.run({{Kind::prepare, statement.text, statement.name},
                                              {Kind::describe, {}, statement.name}});
        const auto* description = answers[1].get();
        const int count = PQnparams(description);
        AMATE_CHECK(count == static_cast<int>(numbered.parameters));
        for (int i = 0; i < count; ++i) {
            statement.parameters.push_back(PQparamtype(description, i));
        }
        statement.gives_rows = PQnfields(description) > 0;
        found = kept_.emplace(sql, std::move(statement)).first;
    }
    const auto& statement = found->second;
    AMATE_CHECK(use == Use::any || (statement.first_word == "SELECT" && statement.gives_rows));
    return statement;
}

PgParameters bound(const PgStatement& statement, const std::vector<SqlValue>& values) {
    AMATE_CHECK(statement.parameters.size() == values.size());
    PgParameters parameters{statement.parameters, {}, {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
        parameters.begins.push_back(parameters.bytes.size());
        append_value(parameters.bytes, statement.parameters[i], values[i]);
    }
    return parameters;
}

}  // namespace amate::store::internal
