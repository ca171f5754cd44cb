// SPDX-License-Identifier: Apache-2.0
// Names are followed backwards through renamings to the one the values are stored under.
#include "definitions/internal/migration_effects.hpp"

#include <algorithm>
#include <set>

namespace amate::definitions::internal {
namespace {

enum class FieldKind : unsigned char { plain, person, cell };

// All steps of all migrations, in order.
class Steps {
public:
    explicit Steps(const std::vector<Migration>& migrations) {
        for (const auto& migration : migrations) {
            for (const auto& step : migration.steps) all_.push_back(&step);
        }
    }
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    [[nodiscard]] const MigrationStep& operator[](std::size_t i) const { return *all_[i]; }

    // The name before the first `count` steps of what is called `path` after them.
    [[nodiscard]] std::string before(std::string path, const std::string& register_name,
                                     FieldKind kind, std::size_t count) const {
        for (std::size_t i = count; i > 0; --i)
            rename(*all_[i - 1], register_name, kind, path, true);
        return path;
    }
    // What is called `path` after step `from` is called at the end.
    [[nodiscard]] std::string after(std::string path, const std::string& register_name,
                                    FieldKind kind, std::size_t from) const {
        for (std::size_t i = from; i < size(); ++i) {
            rename(*all_[i], register_name, kind, path, false);
        }
        return path;
    }

    static std::string new_path(const MigrationStep& step) {
        const auto dot = step.field.find('.');
        return (dot == step.field.npos ? "" : step.field.substr(0, dot + 1)) + step.to;
    }

private:
    static void rename(const MigrationStep& step, const std::string& register_name, FieldKind kind,
                       std::string& path, bool backwards) {
        if (step.kind != StepKind::rename) return;
        if (!step.attribute.empty()) {
            if (kind != FieldKind::person) return;
            const auto& from = backwards ? step.to : step.attribute;
            const auto dot = path.find('.');
            if (dot != path.npos && path.substr(dot + 1) == from) {
                path.replace(dot + 1, path.npos, backwards ? step.attribute : step.to);
            }
            return;
        }
        if (step.register_name != register_name) return;
        const auto from = backwards ? new_path(step) : step.field;
        if (path != from && !path.starts_with(from + ".")) return;
        path.replace(0, from.size(), backwards ? step.field : new_path(step));
    }

    std::vector<const MigrationStep*> all_;
};

std::string sql_name_of(std::string path) {
    if (const auto dot = path.find('.'); dot != path.npos) path.replace(dot, 1, "__");
    return path;
}

FieldKind kind_of(const Column& column) {
    return column.name.find('.') == column.name.npos ? FieldKind::plain : FieldKind::person;
}

// Earlier recodings are carried on: what was read as `from` is now read as `to`.
void compose(const std::map<std::string, std::string>& step,
             std::map<std::string, std::string>& all) {
    for (auto& [stored, read] : all) {
        if (const auto next = step.find(read); next != step.end()) read = next->second;
    }
    for (const auto& [from, to] : step) all.emplace(from, to);
}

class Effects {
public:
    explicit Effects(Loading& loading) : loading_(loading), steps_(loading.pack.migrations) {}

    void apply() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& step = steps_[i];
            if (step.kind == StepKind::retire) retire(step, i);
        }
        for (auto& attribute : loading_.pack.person_attributes) {
            attribute.stored_as =
                steps_.before("x." + attribute.name, "", FieldKind::person, steps_.size())
                    .substr(2);
        }
        for (const auto& register_ : loading_.pack.registers) {
            if (loading_.incomplete_registers.contains(register_->name)) continue;
            name_columns(*register_);
            recode_columns(*register_);
            recode_life(*register_);
            check_renames(*register_);
        }
        for (std::size_t i = 0; i < steps_.size(); ++i) check_register(steps_[i]);
    }

private:
    void fault(const Place& place, const std::string& value, const Words& expected,
               const std::vector<std::string>& candidates = {}) {
        loading_.faults.bad_value(place, value, expected, candidates);
    }

    void retire(const MigrationStep& step, std::size_t i) {
        auto& pack = loading_.pack;
        if (!step.attribute.empty()) {
            const auto path = steps_.before("x." + step.attribute, "", FieldKind::person, i);
            for (const auto& register_ : pack.registers) {
                register_->retired.push_back({path.substr(2), true});
            }
            return;
        }
        if (step.field.empty() && step.flag.empty()) {
            pack.retired_registers.push_back(step.register_name);
            return;
        }
        const auto register_ = find(step.register_name);
        if (register_ == nullptr || step.field.empty()) return;
        register_->retired.push_back(
            {steps_.before(step.field, step.register_name, FieldKind::plain, i), false});
    }

    Register* find(const std::string& name) {
        for (const auto& register_ : loading_.pack.registers) {
            if (register_->name == name) return register_.get();
        }
        return nullptr;
    }

    // Whatever a step is about must be there, or have been retired; what is retired must be gone.
    void check_register(const MigrationStep& step) {
        if (step.register_name.empty()) return;
        const auto& retired = loading_.pack.retired_registers;
        const bool gone =
            std::find(retired.begin(), retired.end(), step.register_name) != retired.end();
        const bool there = loading_.references.declared(Thing::register_, "", step.register_name);
        if (gone && there) {
            fault(
                step.place, step.register_name,
                {"a register that the pack has no more", "un registro que el paquete ya no tiene"});
        } else if (!gone && !there) {
            fault(step.place, step.register_name,
                  {"a register of the pack", "un registro del paquete"},
                  loading_.references.ids(Thing::register_, ""));
        }
    }

    void name_column(const Register& register_, Column& column, std::set<std::string>& taken,
                     const std::string& stored) {
        column.sql_name = sql_name_of(stored);
        const bool retired = register_.is_retired(column.sql_name);
        if (taken.insert(column.sql_name).second && !retired) return;
        loading_.faults.add("definitions.name_taken",
                            {"registers/" + register_.name + ".yaml", 0, 0, column.name},
                            {{"value", column.sql_name},
                             {"by_en", "stored values of another field, renamed or retired"},
                             {"by_es", "valores guardados de otro campo, renombrado o retirado"}});
    }

    void name_columns(Register& register_) {
        std::set<std::string> taken;
        for (auto& column : register_.columns) {
            const auto kind = kind_of(column);
            name_column(register_, column, taken,
                        steps_.before(column.name, register_.name, kind, steps_.size()));
            std::set<std::string> cells;
            for (auto& cell : column.fields) {
                const auto path = steps_.before(column.name + "." + cell.name, register_.name,
                                                FieldKind::cell, steps_.size());
                cell.sql_name = path.substr(path.find('.') + 1);
                if (cells.insert(cell.sql_name).second) continue;
                name_column(register_, cell, cells, cell.sql_name);
            }
        }
    }

    [[nodiscard]] bool is_about(std::size_t i, const Register& register_, const Column& column,
                                const std::string& path, FieldKind kind) const {
        const auto& step = steps_[i];
        if (step.kind != StepKind::recode || step.recoded != Recoded::codes) return false;
        if (!step.codelist.empty()) {
            return column.codelist != nullptr && column.codelist->name == step.codelist;
        }
        if (!step.attribute.empty()) {
            const auto now = steps_.after("x." + step.attribute, "", FieldKind::person, i + 1);
            return kind == FieldKind::person && path.substr(path.find('.') + 1) == now.substr(2);
        }
        return step.register_name == register_.name &&
               steps_.after(step.field, register_.name, kind, i + 1) == path;
    }

    void recode_column(const Register& register_, Column& column, const std::string& path,
                       FieldKind kind) {
        const MigrationStep* last = nullptr;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (!is_about(i, register_, column, path, kind)) continue;
            last = &steps_[i];
            compose(last->codes, column.recodes);
        }
        if (last == nullptr || column.codelist == nullptr ||
            loading_.references.given_up(Thing::code, column.codelist->name)) {
            return;
        }
        check_codes(*last, column.recodes, *column.codelist);
    }

    void check_codes(const MigrationStep& step, const std::map<std::string, std::string>& recodes,
                     const CodeList& list) {
        std::vector<std::string> known;
        for (const auto& code : list.codes) known.push_back(code.code);
        for (const auto& [from, to] : recodes) {
            if (list.find(from) != nullptr) {
                fault(step.place, from,
                      {"a code that is used no more: stored ones are read as another",
                       "un código que ya no se use: los guardados se leen como otro"});
            }
            if (!to.empty() && list.find(to) == nullptr) {
                fault(step.place, to, {"a code in use", "un código en uso"}, known);
            }
        }
    }

    void recode_columns(Register& register_) {
        for (auto& column : register_.columns) {
            recode_column(register_, column, column.name, kind_of(column));
            for (auto& cell : column.fields) {
                recode_column(register_, cell, column.name + "." + cell.name, FieldKind::cell);
            }
        }
    }

    void recode_life(Register& register_) {
        auto flags = register_.flag_list;  // and the doubts that only their place names
        for (const auto& rule : register_.rules) {
            if (rule.flag.empty() || flags.find(rule.flag) != nullptr) continue;
            flags.index.emplace(rule.flag, flags.codes.size());
            flags.codes.push_back({rule.flag, {}, {}, {}, {}, {}});
        }
        const MigrationStep* state = nullptr;
        const MigrationStep* flag = nullptr;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& step = steps_[i];
            if (step.register_name != register_.name) continue;
            if (step.kind == StepKind::retire && !step.flag.empty()) {
                compose({{step.flag, ""}}, register_.recoded_flags);
                flag = &step;
            } else if (step.kind == StepKind::recode && step.recoded == Recoded::states) {
                compose(step.codes, register_.recoded_states);
                state = &step;
            } else if (step.kind == StepKind::recode && step.recoded == Recoded::flags) {
                compose(step.codes, register_.recoded_flags);
                flag = &step;
            }
        }
        if (state != nullptr) check_codes(*state, register_.recoded_states, register_.state_list);
        if (flag != nullptr) check_codes(*flag, register_.recoded_flags, flags);
    }

    // A renaming must lead to a field there is, or to one that was retired later.
    void check_renames(const Register& register_) {
        std::set<std::string> known(register_.person_fields.begin(), register_.person_fields.end());
        for (const auto& column : register_.columns) {
            known.insert(column.name);
            for (const auto& cell : column.fields) known.insert(column.name + "." + cell.name);
        }
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& step = steps_[i];
            if (step.kind != StepKind::rename || step.register_name != register_.name) continue;
            const auto kind =
                step.field.find('.') == step.field.npos ? FieldKind::plain : FieldKind::cell;
            const auto now = steps_.after(Steps::new_path(step), register_.name, kind, i + 1);
            const auto stored = steps_.before(step.field, register_.name, kind, i);
            if (known.contains(now) || register_.is_retired(stored)) continue;
            fault(step.place, now,
                  {"a field of the register " + register_.name,
                   "un campo del registro " + register_.name},
                  {known.begin(), known.end()});
        }
    }

    Loading& loading_;
    Steps steps_;
};

}  // namespace

void apply_migrations(Loading& loading) {
    if (!loading.pack.migrations.empty()) Effects(loading).apply();
}

}  // namespace amate::definitions::internal
