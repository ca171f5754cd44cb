// SPDX-License-Identifier: Apache-2.0
// One judgement for the store and for `amate diff`; then the tables are made to fit the pack.
#include "store/schema.hpp"

#include <algorithm>
#include <map>

#include "core/crypto.hpp"
#include "definitions/pack_diff.hpp"
#include "store/internal/table_plan.hpp"

namespace amate::store {
namespace {

using definitions::Change;
using definitions::Description;
using definitions::Effect;

// What the pack asks of the store, worked out before anything is written.
struct Plan {
    internal::TablePlan tables;
    std::vector<std::string> migrations;
    std::string form, digest;  // of the definition to keep
    std::int64_t number = 0;
    bool definition_changed = false;

    [[nodiscard]] bool empty() const { return tables.empty() && !definition_changed; }
};

Problem problem_of(const Change& change) {
    Problem problem{"store.migration_needed", {}, {}};
    problem.place.path = change.place;
    problem.parameters = {
        {"what", change.place}, {"why_es", change.why.in("es")}, {"why_en", change.why.in("en")}};
    return problem;
}

Description read_kept(const KeptDefinition& kept) {
    const auto digest = crypto::to_hex(crypto::digest(kept.form));
    auto description = definitions::from_form(kept.form);
    if (digest != kept.digest || !description) {
        throw IoFailure(
            "the definition the store keeps beside its tables is damaged, or of a later version "
            "of the program: run `amate verify`; nothing is read or written before that");
    }
    return std::move(*description);
}

// The last definition alone: what is asked at every start must not read them all.
std::optional<KeptDefinition> last_definition(Session& session) {
    if (!session.has_table(kDefinitionsTable)) return std::nullopt;
    const auto row = session.query_one(
        "SELECT number, digest, form FROM definitions ORDER BY number DESC LIMIT 1");
    if (row.empty()) return std::nullopt;
    return KeptDefinition{integer_of(row[0]), text_of(row[1]), text_of(row[2])};
}

std::vector<std::string> new_migrations(const Description& before, const Description& after) {
    std::vector<std::string> names;
    const auto* old = before.find("migrations");
    for (const auto& each : after.find("migrations")->parts) {
        if (old == nullptr || old->find(each.key) == nullptr) names.push_back(each.key);
    }
    return names;
}

Result<Plan> plan_of(Session& session, const definitions::Pack& pack) {
    Plan plan;
    const auto wanted = definitions::data_part(definitions::describe(pack));
    plan.form = definitions::to_form(wanted);
    plan.digest = crypto::to_hex(crypto::digest(plan.form));
    const auto kept = last_definition(session);
    plan.number = kept ? kept->number + 1 : 1;
    plan.definition_changed = !kept || kept->digest != plan.digest;
    Problems problems;
    if (kept) {
        const auto before = read_kept(*kept);
        if (plan.definition_changed) {
            for (const auto& change : definitions::compare(before, wanted)) {
                if (change.effect == Effect::needs_migration) {
                    problems.push_back(problem_of(change));
                }
            }
            plan.migrations = new_migrations(before, wanted);
        }
    }
    // A second look, at the tables themselves: they may not be what was kept, or nothing was. What
    // a definition already told of is not told twice.
    auto tables = internal::plan_tables(session, pack, kept.has_value());
    if (!tables) {
        const bool told = !problems.empty();
        for (auto& problem : tables.error()) {
            const bool of_names =
                problem.code == "store.column_reserved" || problem.code == "store.name_too_long";
            if (!told || of_names) problems.push_back(problem);
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    plan.tables = std::move(*tables);
    return plan;
}

void keep_definition(Session& session, const WriteKey& key, const Plan& plan) {
    if (!session.has_table(kDefinitionsTable)) {
        session.make_table(key, definitions_shape());
    }
    session.execute(key, "INSERT INTO definitions (number, digest, form) VALUES (?, ?, ?)",
                    {plan.number, plan.digest, plan.form});
}

}  // namespace

TableShape definitions_shape() {
    return {kDefinitionsTable,
            {{"number", SqlType::integer, true},
             {"digest", SqlType::text, true},
             {"form", SqlType::text, true}},
            {"number"},
            {}};
}

std::vector<KeptDefinition> kept_definitions(Session& session) {
    std::vector<KeptDefinition> all;
    if (!session.has_table(kDefinitionsTable)) return all;
    session.query(
        "SELECT number, digest, form FROM definitions ORDER BY number", {}, [&](const SqlRow& row) {
            // What a tampered row may hold instead agrees with no digest.
            const auto* number = std::get_if<std::int64_t>(&row[0]);
            const auto* digest = std::get_if<std::string>(&row[1]);
            const auto* form = std::get_if<std::string>(&row[2]);
            all.push_back({number == nullptr ? 0 : *number, digest == nullptr ? "" : *digest,
                           form == nullptr ? "" : *form});
            return true;
        });
    return all;
}

Result<SchemaChange> ensure_tables(Session& session, const WriteKey& key,
                                   const definitions::Pack& pack) {
    AMATE_TRY(const auto plan, plan_of(session, pack));
    SchemaChange change;
    if (plan.empty()) return change;
    AMATE_TRY_VOID(internal::carry_out(session, key, plan.tables, change));
    if (plan.definition_changed) {
        keep_definition(session, key, plan);
        change.definition = plan.digest;
        change.migrations = plan.migrations;
    }
    return change;
}

Result<SchemaState> check_tables(Session& session, const definitions::Pack& pack) {
    AMATE_TRY(const auto plan, plan_of(session, pack));
    return plan.empty() ? SchemaState::current : SchemaState::behind;
}

}  // namespace amate::store
