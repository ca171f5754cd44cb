// SPDX-License-Identifier: Apache-2.0
// The kinds of change the random evolution draws from; evolution_test.cpp carries them out.
#include "ledger/internal/evolution_steps.hpp"

namespace amate::ledger::internal {
namespace {

DraftField* pick_field(DraftRegister& register_, Dice& dice, const std::string& type) {
    std::vector<DraftField*> found;
    for (auto& field : register_.fields) {
        if (type.empty() ? field.type != "person" : field.type == type) found.push_back(&field);
    }
    return found.empty() ? nullptr : dice.pick(found);
}

void erase(DraftRegister& register_, int id) {
    std::erase_if(register_.fields, [&](const DraftField& each) { return each.id == id; });
}

void declare(DraftPack& pack, const std::string& step) {
    pack.migrations.push_back(step);
}

// Fields and cells that hold codes of a list, person attributes included.
std::vector<DraftField*> users_of(DraftPack& pack, const std::string& list) {
    std::vector<DraftField*> users;
    const auto add = [&](auto& self, std::vector<DraftField>& fields) -> void {
        for (auto& field : fields) {
            if (field.list == list) users.push_back(&field);
            self(self, field.cells);
        }
    };
    add(add, pack.person);
    for (auto& register_ : pack.registers) add(add, register_.fields);
    return users;
}

bool add_field(DraftPack& pack, Dice& dice, Step&) {
    auto& register_ = dice.pick(pack.registers);
    const auto at = dice.below(register_.fields.size() + 1);
    register_.fields.insert(register_.fields.begin() + static_cast<std::ptrdiff_t>(at),
                            fresh_field(pack, dice, false));
    return true;
}

bool change_words(DraftPack& pack, Dice& dice, Step&) {
    auto& register_ = dice.pick(pack.registers);
    register_.words = pack.fresh();
    dice.pick(register_.fields).words = pack.fresh();
    return true;
}

bool shuffle_fields(DraftPack& pack, Dice& dice, Step&) {
    auto& fields = dice.pick(pack.registers).fields;
    std::swap(dice.pick(fields), dice.pick(fields));
    return true;
}

bool remove_field(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    erase(register_, dice.pick(register_.fields).id);
    step.harmful = true;
    return true;
}

bool retire_field(DraftPack& pack, Dice& dice, Step&) {
    auto& register_ = dice.pick(pack.registers);
    if (register_.fields.size() < 2) return false;
    const auto field = dice.pick(register_.fields);
    declare(pack, fmt::format("retire: {{register: {}, field: {}}}", register_.name, field.name));
    erase(register_, field.id);
    return true;
}

bool reuse_retired_name(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* field = pick_field(register_, dice, "");
    if (field == nullptr) return false;
    declare(pack, fmt::format("retire: {{register: {}, field: {}}}", register_.name, field->name));
    field->type = "text";
    field->list = field->currency = field->target = "";
    field->cells.clear();
    step.loads = false;
    return true;
}

bool rename_field(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto& field = dice.pick(register_.fields);
    const auto name = fmt::format("n{}", pack.fresh());
    step.harmful = dice.one_in(2);
    if (!step.harmful) {
        declare(pack, fmt::format("rename: {{register: {}, field: {}, to: {}}}", register_.name,
                                  field.name, name));
    }
    field.name = name;
    return true;
}

// The store cannot tell a field that took another's name from that other field, but its type or
// the missing declaration does; a swap of two like fields under declared names must come out right.
bool swap_names(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* one = pick_field(register_, dice, "text");
    auto* two = pick_field(register_, dice, "integer");
    if (one == nullptr || two == nullptr) return false;
    std::swap(one->name, two->name);
    step.harmful = true;
    return true;
}

bool add_code(DraftPack& pack, Dice& dice, Step&) {
    pack.lists[fmt::format("list{}", dice.below(2))].push_back(fmt::format("c{}", pack.fresh()));
    return true;
}

bool remove_code(DraftPack& pack, Dice& dice, Step& step) {
    const auto list = fmt::format("list{}", dice.below(2));
    auto& codes = pack.lists[list];
    if (codes.size() < 2) return false;
    const auto code = dice.pick(codes);
    std::erase(codes, code);
    const auto users = users_of(pack, list);
    step.harmful = !users.empty();
    if (users.size() == 1 || dice.one_in(2)) return true;
    const auto to = dice.pick(codes);
    declare(pack, fmt::format("recode: {{codelist: {}, codes: {{{}: {}}}}}", list, code, to));
    step.harmful = false;
    pack.recoded.insert(list);
    step.codes = {{code, to}};
    step.field = -1;  // every one that has the list
    step.register_name = list;
    return true;
}

bool switch_list(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* field = pick_field(register_, dice, "code");
    if (field == nullptr || pack.is_recoded(*field)) return false;
    const auto& old_codes = pack.lists[field->list];
    const auto list = field->list == "list0" ? "list1" : "list0";
    const auto& codes = pack.lists[list];
    std::string recodes;
    for (const auto& code : old_codes) {
        if (std::find(codes.begin(), codes.end(), code) != codes.end()) continue;
        const auto to = codes.front();
        recodes += fmt::format("{}{}: {}", recodes.empty() ? "" : ", ", code, to);
        step.codes[code] = to;
    }
    field->list = list;
    step.field = field->id;
    if (recodes.empty()) return true;
    // What was recoded within the other list is still recoded there, and nothing of it stored here.
    if (pack.recoded.contains(list)) return false;
    if (dice.one_in(2)) {
        step.harmful = true;
        return true;
    }
    pack.recoded.insert(fmt::format("#{}", field->id));
    declare(pack, fmt::format("recode: {{register: {}, field: {}, codes: {{{}}}}}", register_.name,
                              field->name, recodes));
    return true;
}

// What is allowed, told apart from the program's own table: by what canonical text would read back.
bool is_lossless(const std::string& from, const std::string& to, bool cell) {
    static const std::vector<std::pair<std::string, std::string>> kAnywhere{
        {"integer", "decimal"},
        {"text", "narrative"},
        {"narrative", "text"},
        {"code", "codes"},
        {"date", "partial_date"}};
    if (std::find(kAnywhere.begin(), kAnywhere.end(), std::pair{from, to}) != kAnywhere.end()) {
        return true;
    }
    const bool as_text = from != "boolean" && from != "decimal" && from != "money" &&
                         from != "duration" && from != "table" && from != "person";
    return !cell && as_text && (to == "text" || to == "narrative");
}

bool change_type(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* field = pick_field(register_, dice, "");
    if (field == nullptr) return false;
    const bool cell = field->type == "table";
    if (cell) field = &dice.pick(field->cells);
    auto other = fresh_field(pack, dice, true);
    for (int i = 0; i < 20 && dice.one_in(2) && !is_lossless(field->type, other.type, cell); ++i) {
        other = fresh_field(pack, dice, true);
    }
    if (other.type == field->type) return false;
    const bool coded = field->type == "code" && other.type == "codes";
    step.harmful = !is_lossless(field->type, other.type, cell);
    if (!coded && pack.is_recoded(*field)) return false;  // the recoding would end
    field->type = other.type;
    if (!coded) field->list = other.list;
    field->currency = other.currency;
    field->target = other.target;
    return true;
}

// Numbers lie in columns of numbers in clear, and as texts when encrypted.
bool change_secrecy(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* field = pick_field(register_, dice, "");
    if (register_.sensitivity != "protected" || field == nullptr) return false;
    field->open = !field->open;
    static const std::set<std::string> kWhole{"integer", "duration"};
    static const std::set<std::string> kOther{"decimal", "money", "boolean"};
    step.harmful = kOther.contains(field->type) || (field->open && kWhole.contains(field->type));
    return true;
}

bool change_currency(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* field = pick_field(register_, dice, "money");
    if (field == nullptr) return false;
    const std::string to = field->currency == "XTS" ? "XXX" : "XTS";
    step.harmful = dice.one_in(2);
    if (!step.harmful) {
        declare(pack,
                fmt::format("accept: {{at: registers/{}/fields/{}/currency, was: {}, is: {}}}",
                            register_.name, field->name, field->currency, to));
    }
    field->currency = to;
    return true;
}

bool append_cell(DraftPack& pack, Dice& dice, Step&) {
    auto* group = pick_field(dice.pick(pack.registers), dice, "table");
    if (group == nullptr) return false;
    group->cells.push_back(fresh_field(pack, dice, true));
    return true;
}

bool disturb_cells(DraftPack& pack, Dice& dice, Step& step) {
    auto* group = pick_field(dice.pick(pack.registers), dice, "table");
    if (group == nullptr || group->cells.size() < 2) return false;
    const auto at = static_cast<std::ptrdiff_t>(dice.below(group->cells.size() - 1));
    switch (dice.below(3)) {
        case 0:
            std::swap(group->cells[static_cast<std::size_t>(at)], group->cells.back());
            break;
        case 1:
            group->cells.erase(group->cells.begin() + at);
            break;
        default:
            group->cells.insert(group->cells.begin() + at, fresh_field(pack, dice, true));
    }
    step.harmful = true;
    return true;
}

bool rename_cell(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto* group = pick_field(register_, dice, "table");
    if (group == nullptr) return false;
    auto& cell = dice.pick(group->cells);
    const auto name = fmt::format("n{}", pack.fresh());
    step.harmful = dice.one_in(2);
    if (!step.harmful) {
        declare(pack, fmt::format("rename: {{register: {}, field: {}.{}, to: {}}}", register_.name,
                                  group->name, cell.name, name));
    }
    cell.name = name;
    return true;
}

bool change_states(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto& states = register_.states;
    step.register_name = register_.name;
    if (states.empty()) {
        states = {fmt::format("s{}", pack.fresh())};
        step.states = {{"", states.front()}};
        step.harmful = dice.one_in(2);
        if (!step.harmful) {
            declare(pack, fmt::format("recode: {{register: {}, states: {{\"\": {}}}}}",
                                      register_.name, states.front()));
        }
        return true;
    }
    if (dice.one_in(3)) {
        states.insert(states.begin(), fmt::format("s{}", pack.fresh()));
        return true;
    }
    if (states.size() < 2) return false;
    const auto gone = dice.pick(states);
    std::erase(states, gone);
    const auto to = states.front();
    step.states = {{gone, to}};
    step.harmful = dice.one_in(2);
    if (!step.harmful) {
        declare(pack, fmt::format("recode: {{register: {}, states: {{{}: {}}}}}", register_.name,
                                  gone, to));
    }
    return true;
}

bool change_flags(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    auto& flags = register_.flags;
    step.register_name = register_.name;
    if (flags.empty() || dice.one_in(3)) {
        flags.push_back(fmt::format("flag{}", pack.fresh()));
        return true;
    }
    auto& flag = dice.pick(flags);
    const auto gone = flag;
    const bool renamed = dice.one_in(2);
    step.harmful = dice.one_in(2);
    if (renamed) {
        flag = fmt::format("flag{}", pack.fresh());
        if (!step.harmful) {
            declare(pack, fmt::format("recode: {{register: {}, flags: {{{}: {}}}}}", register_.name,
                                      gone, flag));
        }
        step.flags = {{gone, flag}};
        return true;
    }
    std::erase(flags, gone);
    if (!step.harmful) {
        declare(pack, fmt::format("retire: {{register: {}, flag: {}}}", register_.name, gone));
    }
    step.flags = {{gone, ""}};
    return true;
}

bool change_doubts(DraftPack& pack, Dice& dice, Step& step) {
    auto& doubts = dice.pick(pack.registers).doubts;
    if (dice.one_in(2)) {
        doubts.push_back(pack.fresh());
        return true;
    }
    doubts.insert(doubts.begin(), pack.fresh());  // the others move
    step.harmful = doubts.size() > 1;
    return true;
}

bool change_registers(DraftPack& pack, Dice& dice, Step& step) {
    if (pack.registers.size() < 3 || dice.one_in(2)) {
        pack.registers.push_back(fresh_register(pack, dice, fmt::format("reg{}", pack.fresh())));
        return true;
    }
    const auto gone = pack.registers.back().name;
    pack.registers.pop_back();
    step.harmful = dice.one_in(2);
    if (!step.harmful) declare(pack, fmt::format("retire: {{register: {}}}", gone));
    return true;
}

bool change_person(DraftPack& pack, Dice& dice, Step& step) {
    const auto name = fmt::format("a{}", pack.fresh());
    switch (pack.person.size() > 1 ? dice.below(3) : 0) {
        case 0:
            pack.person.push_back({pack.fresh(), name, "text", "", "", "", 0, {}});
            return true;
        case 1:
            step.harmful = dice.one_in(2);
            if (!step.harmful) {
                declare(pack, fmt::format("rename: {{person: {}, to: {}}}", pack.person.back().name,
                                          name));
            }
            pack.person.back().name = name;
            break;
        default:
            step.harmful = dice.one_in(2);
            if (!step.harmful) {
                declare(pack, fmt::format("retire: {{person: {}}}", pack.person.back().name));
            }
            pack.person.pop_back();
    }
    // Without a person field, nothing is stored of it.
    const bool any = std::any_of(pack.registers.begin(), pack.registers.end(), [](auto& each) {
        return std::any_of(each.fields.begin(), each.fields.end(),
                           [](auto& field) { return field.type == "person"; });
    });
    step.harmful = step.harmful && any;
    return true;
}

bool change_meaning(DraftPack& pack, Dice& dice, Step& step) {
    auto& register_ = dice.pick(pack.registers);
    step.harmful = true;
    switch (dice.below(3)) {
        case 0:
            pack.time_zone = pack.time_zone == "Etc/UTC" ? "Etc/GMT+5" : "Etc/UTC";
            break;
        case 1:
            pack.person_key += ", [alias, alias]";
            break;
        default:
            register_.retention = "1y delete";
    }
    return true;
}

bool keep_longer(DraftPack& pack, Dice& dice, Step&) {
    dice.pick(pack.registers).retention = "50y keep";
    return true;
}

bool forget_migration(DraftPack& pack, Dice&, Step& step) {
    if (pack.migrations.empty()) return false;
    // What it said of today's fields is not undone, so that the pack may not even load.
    pack.migrations.back() = "accept: {at: nothing, was: a, is: b}";
    step.harmful = true;
    return true;
}

}  // namespace

const std::vector<std::pair<const char*, StepMaker>> kSteps = {
    {"add field", add_field},
    {"change words", change_words},
    {"shuffle fields", shuffle_fields},
    {"remove field", remove_field},
    {"retire field", retire_field},
    {"reuse retired name", reuse_retired_name},
    {"rename field", rename_field},
    {"swap names", swap_names},
    {"add code", add_code},
    {"remove code", remove_code},
    {"switch list", switch_list},
    {"change type", change_type},
    {"change type", change_type},
    {"change type", change_type},
    {"change currency", change_currency},
    {"change secrecy", change_secrecy},
    {"change secrecy", change_secrecy},
    {"append cell", append_cell},
    {"disturb cells", disturb_cells},
    {"rename cell", rename_cell},
    {"change states", change_states},
    {"change flags", change_flags},
    {"change doubts", change_doubts},
    {"change registers", change_registers},
    {"change person", change_person},
    {"change meaning", change_meaning},
    {"keep longer", keep_longer},
    {"forget migration", forget_migration},
};

}  // namespace amate::ledger::internal
