// SPDX-License-Identifier: Apache-2.0
// For tests only: every kind of change to a pack, each with what it must be taken for.
#pragma once

#include <random>

#include "ledger/internal/evolving_pack.hpp"

namespace amate::ledger::internal {

// What a step does to values stored before it, as far as it is allowed.
struct Step {
    std::string name;
    bool harmful = false;  // must be refused
    bool loads = true;     // false: the pack itself must not load
    int field = 0;         // whose codes are recoded (0: none)
    std::map<std::string, std::string> codes;
    std::string register_name;  // whose states or flags are recoded
    std::map<std::string, std::string> states, flags;
};

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t count) { return engine_() % count; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <class Items>
    auto& pick(Items& items) {
        return items[below(items.size())];
    }

private:
    std::mt19937 engine_;
};

using StepMaker = bool (*)(DraftPack&, Dice&, Step&);  // false: nothing here to do it to

inline DraftField fresh_field(DraftPack& pack, Dice& dice, bool cell,
                              const std::string& type = "") {
    static const std::vector<std::string> kTypes{
        "text", "narrative", "code",         "codes",    "integer",  "decimal", "money", "boolean",
        "date", "datetime",  "partial_date", "duration", "geopoint", "record",  "file",  "table"};
    DraftField field;
    field.id = pack.fresh();
    field.name = fmt::format("f{}", field.id);
    field.type = type.empty() ? kTypes[dice.below(kTypes.size() - (cell ? 1 : 0))] : type;
    if (field.type == "code" || field.type == "codes") {
        field.list = fmt::format("list{}", dice.below(2));
    }
    if (field.type == "money") field.currency = "XTS";
    if (field.type == "record") field.target = "keep";
    if (field.type == "table") {
        for (int i = 0; i < 3; ++i) field.cells.push_back(fresh_field(pack, dice, true));
    }
    return field;
}

inline DraftRegister fresh_register(DraftPack& pack, Dice& dice, const std::string& name) {
    DraftRegister register_;
    register_.name = name;
    for (const auto* type : {"text", "code", "integer", "money", "date", "table", "", "", ""}) {
        register_.fields.push_back(fresh_field(pack, dice, false, type));
    }
    DraftField person{pack.fresh(), "", "person", "", "", "", 0, {}};
    person.name = fmt::format("p{}", person.id);
    register_.fields.push_back(person);
    if (!dice.one_in(4)) register_.states = {"begun", "done", "shut"};
    register_.flags = {fmt::format("flag{}", pack.fresh()), fmt::format("flag{}", pack.fresh())};
    register_.doubts = {pack.fresh(), pack.fresh()};
    return register_;
}

inline DraftPack first_pack(Dice& dice) {
    DraftPack pack;
    pack.lists = {{"sorts", {"one", "two"}},
                  {"list0", {"a", "b", "c", "d"}},
                  {"list1", {"a", "b", "x", "y"}}};
    pack.person = {{pack.fresh(), "alias", "text", "", "", "", 0, {}},
                   {pack.fresh(), "gender", "code", "list0", "", "", 0, {}},
                   {pack.fresh(), "born", "date", "", "", "", 0, {}}};
    pack.registers.push_back(fresh_register(pack, dice, "keep"));
    pack.registers.push_back(fresh_register(pack, dice, "other"));
    pack.registers.back().sensitivity = "protected";
    return pack;
}

// The kinds of step: docs/reference/pack.md, "Changing a pack".
extern const std::vector<std::pair<const char*, StepMaker>> kSteps;

}  // namespace amate::ledger::internal
