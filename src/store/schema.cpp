// SPDX-License-Identifier: Apache-2.0
// Compares the tables with the registers of a pack and adds what is missing.
#include "store/schema.hpp"

#include <algorithm>
#include <map>

#include "store/record_store.hpp"

namespace amate::store {
namespace {

struct Plan {
    std::vector<TableShape> to_make;
    std::vector<std::pair<std::string, TableColumn>> to_add;  // table, column
    Problems problems;
};

Problem problem_of(const char* code, const std::string& table, const std::string& column) {
    Problem problem{code, {}, {{"table", table}}};
    problem.place.path = column.empty() ? table : table + "." + column;
    if (!column.empty()) problem.parameters["column"] = column;
    return problem;
}

const TableColumn* find(const std::vector<TableColumn>& columns, const std::string& name) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const TableColumn& each) { return each.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

void compare(const TableShape& wanted, const std::vector<TableColumn>& stored, Plan& plan) {
    for (std::size_t i = 0; i < wanted.columns.size(); ++i) {
        const auto& column = wanted.columns[i];
        if (find(wanted.columns, column.name) != &column) {
            plan.problems.push_back(problem_of("store.column_reserved", wanted.name, column.name));
        }
    }
    if (stored.empty()) {
        plan.to_make.push_back(wanted);
        return;
    }
    for (const auto& column : wanted.columns) {
        const auto* there = find(stored, column.name);
        if (there == nullptr) {
            plan.to_add.emplace_back(wanted.name, column);
        } else if (there->type != column.type) {
            plan.problems.push_back(
                problem_of("store.column_type_changed", wanted.name, column.name));
        }
    }
    for (const auto& column : stored) {
        if (find(wanted.columns, column.name) == nullptr) {
            plan.problems.push_back(problem_of("store.column_dropped", wanted.name, column.name));
        }
    }
}

}  // namespace

Result<SchemaChange> ensure_tables(Session& session, const WriteKey& key,
                                   const definitions::Pack& pack) {
    Plan plan;
    std::map<std::string, bool> wanted_tables;
    for (const auto& register_ : pack.registers) {
        const auto shape = shape_of(*register_);
        wanted_tables[shape.name] = true;
        compare(shape, session.columns_of(shape.name), plan);
    }
    for (const auto& table : session.tables()) {
        if (table.starts_with("r_") && !wanted_tables.contains(table)) {
            plan.problems.push_back(problem_of("store.register_dropped", table, ""));
        }
    }
    if (!plan.problems.empty()) return fail(std::move(plan.problems));

    SchemaChange change;
    for (const auto& shape : plan.to_make) {
        session.make_table(key, shape);
        change.tables_made.push_back(shape.name);
    }
    for (const auto& [table, column] : plan.to_add) {
        session.add_column(key, table, column);
        change.columns_added.push_back(table + "." + column.name);
    }
    return change;
}

}  // namespace amate::store
