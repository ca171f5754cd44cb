// SPDX-License-Identifier: Apache-2.0
// Compares the tables with the registers of a pack, adds what is missing, widens what is too
// narrow.
#include "store/internal/table_plan.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/record_store.hpp"

namespace amate::store::internal {
namespace {

// Whole numbers up to here are written with the same digits as decimals, so that a row's hash still
// holds after its column was widened (docs/formats/ledger.md).
constexpr std::int64_t kWholeMax = 999'999'999'999'999;

// What a table written anew is called meanwhile.
const std::string kAnew = "new_";

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

bool widens(SqlType from, SqlType to) {
    return from == SqlType::integer && (to == SqlType::real || to == SqlType::text);
}

class Comparison {
public:
    explicit Comparison(bool types_known) : types_known_(types_known) {}

    void compare(const definitions::Register& register_, const std::vector<TableColumn>& stored) {
        const auto wanted = shape_of(register_);
        refuse_reserved(wanted);
        refuse_long(kAnew + wanted.name);
        for (const auto& column : wanted.columns) refuse_long(column.name);
        if (stored.empty()) {
            plan_.to_make.push_back(wanted);
            return;
        }
        Retyping retyping{{wanted.name, stored, wanted.primary_key, wanted.indexes}, {}};
        for (const auto& column : wanted.columns) {
            const auto* there = find(stored, column.name);
            if (there == nullptr) {
                plan_.to_add.emplace_back(wanted.name, column);
                retyping.shape.columns.push_back(column);
            } else if (there->type != column.type) {
                retype(wanted.name, column, *there, retyping);
            }
        }
        if (!retyping.columns.empty()) plan_.to_retype.push_back(std::move(retyping));
        for (const auto& column : stored) {
            if (find(wanted.columns, column.name) != nullptr) continue;
            if (register_.is_retired(column.name)) continue;
            problems_.push_back(problem_of("store.column_dropped", wanted.name, column.name));
        }
    }

    Result<TablePlan> take(const std::vector<std::string>& tables,
                           const std::set<std::string>& known) {
        for (const auto& table : tables) {
            if (!table.starts_with("r_") || known.contains(table)) continue;
            problems_.push_back(problem_of("store.register_dropped", table, ""));
        }
        if (!problems_.empty()) return fail(std::move(problems_));
        return std::move(plan_);
    }

private:
    void refuse_long(const std::string& name) {
        if (name.size() <= kNameBytesMax) return;
        problems_.push_back({"store.name_too_long",
                             {{}, 0, 0, name},
                             {{"name", name},
                              {"bytes", std::to_string(name.size())},
                              {"maximum", std::to_string(kNameBytesMax)}}});
    }

    void refuse_reserved(const TableShape& wanted) {
        for (const auto& column : wanted.columns) {
            if (find(wanted.columns, column.name) != &column) {
                problems_.push_back(problem_of("store.column_reserved", wanted.name, column.name));
            }
        }
    }

    void retype(const std::string& table, const TableColumn& wanted, const TableColumn& there,
                Retyping& retyping) {
        if (!types_known_ || !widens(there.type, wanted.type)) {
            problems_.push_back(problem_of("store.column_type_changed", table, wanted.name));
            return;
        }
        for (auto& column : retyping.shape.columns) {
            if (column.name == wanted.name) column.type = wanted.type;
        }
        retyping.columns.push_back(wanted.name);
    }

    bool types_known_;
    TablePlan plan_;
    Problems problems_;
};

std::string names_of(const std::vector<TableColumn>& columns) {
    std::string names;
    for (const auto& column : columns)
        names += (names.empty() ? "" : ", ") + quote_name(column.name);
    return names;
}

// A number of which a decimal would keep no longer each digit.
Problems too_large(Session& session, const TablePlan& plan) {
    Problems problems;
    for (const auto& [shape, columns] : plan.to_retype) {
        for (const auto& name : columns) {
            if (find(shape.columns, name)->type != SqlType::real) continue;
            const auto row =
                session.query_one(fmt::format("SELECT 1 FROM {0} WHERE {1} > ? OR {1} < ? LIMIT 1",
                                              quote_name(shape.name), quote_name(name)),
                                  {kWholeMax, -kWholeMax});
            if (!row.empty()) {
                problems.push_back(problem_of("store.number_too_large", shape.name, name));
            }
        }
    }
    return problems;
}

// A column's type cannot be changed in place in every database: the table is written anew.
void rebuild(Session& session, const WriteKey& key, const TableShape& shape) {
    auto anew = shape;
    anew.name = kAnew + shape.name;
    anew.indexes.clear();  // they bear the table's name: made once it is free
    const auto names = names_of(shape.columns);
    session.make_table(key, anew);
    session.execute(key, fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", quote_name(anew.name),
                                     names, names, quote_name(shape.name)));
    session.execute(key, fmt::format("DROP TABLE {}", quote_name(shape.name)));
    session.execute(key, fmt::format("ALTER TABLE {} RENAME TO {}", quote_name(anew.name),
                                     quote_name(shape.name)));
    for (const auto& index : shape.indexes) session.make_index(key, shape.name, index);
}

}  // namespace

Result<TablePlan> plan_tables(Session& session, const definitions::Pack& pack, bool types_known) {
    Comparison comparison(types_known);
    std::set<std::string> known;
    for (const auto& register_ : pack.registers) {
        const auto table = table_of(*register_);
        known.insert(table);
        comparison.compare(*register_, session.columns_of(table));
    }
    for (const auto& name : pack.retired_registers) known.insert("r_" + name);
    return comparison.take(session.tables(), known);
}

Result<void> carry_out(Session& session, const WriteKey& key, const TablePlan& plan,
                       SchemaChange& change) {
    if (auto problems = too_large(session, plan); !problems.empty()) {
        return fail(std::move(problems));
    }
    for (const auto& shape : plan.to_make) {
        session.make_table(key, shape);
        change.tables_made.push_back(shape.name);
    }
    for (const auto& [table, column] : plan.to_add) {
        session.add_column(key, table, column);
        change.columns_added.push_back(table + "." + column.name);
    }
    for (const auto& [shape, columns] : plan.to_retype) {
        rebuild(session, key, shape);
        for (const auto& name : columns) {
            change.columns_retyped.push_back(shape.name + "." + name);
        }
    }
    return {};
}

}  // namespace amate::store::internal
