// SPDX-License-Identifier: Apache-2.0
// Random packs, random records, random changes: what is called harmless is, what is not is refused.
#include <charconv>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "definitions/pack.hpp"
#include "definitions/pack_diff.hpp"
#include "ledger/internal/evolution_steps.hpp"
#include "ledger/unit_of_work.hpp"
#include "ledger/verify.hpp"
#include "store/record_store.hpp"
#include "store/schema.hpp"
#include "store/test_store.hpp"

namespace amate::ledger {
namespace {

namespace fs = std::filesystem;
using definitions::Column;
using definitions::Effect;
using definitions::Type;
using internal::Dice;
using internal::DraftField;
using internal::DraftPack;
using internal::Step;

// The number that begins at `from`; 0 where none does.
int number_at(const std::string& text, std::size_t from) {
    int number = 0;
    std::from_chars(text.data() + from, text.data() + text.size(), number);
    return number;
}

Value draw(const Column& column, Dice& dice, bool cell) {
    const auto number = static_cast<std::int64_t>(dice.below(2'000'000)) - 1'000'000;
    const Date day = Date::from_days(static_cast<std::int32_t>(dice.below(20'000)));
    if (dice.one_in(5)) return dice.one_in(2) || cell ? Missing::absent : Missing::refused;
    switch (column.type) {
        case Type::code:
            return dice.pick(column.codelist->codes).code;
        case Type::codes: {
            Codes codes{dice.pick(column.codelist->codes).code};
            const auto& second = dice.pick(column.codelist->codes).code;
            if (second > codes[0]) codes.push_back(second);
            return codes;
        }
        case Type::integer:
            return dice.one_in(9) ? number * 1'000'000 : number;
        case Type::decimal:
        case Type::money:
            return static_cast<double>(number) / 4;
        case Type::boolean:
            return dice.one_in(2);
        case Type::date:
            return day;
        case Type::datetime:
            return DateTime{day, static_cast<std::int32_t>(dice.below(86'400))};
        case Type::partial_date:
            return *PartialDate::parse(day.iso().substr(0, dice.one_in(2) ? 7 : 4));
        case Type::duration:
            return static_cast<std::int64_t>(dice.below(9'000));
        case Type::geopoint:
            return std::string("19.4326 -99.1332");
        case Type::file:
            return crypto::to_hex(crypto::digest(std::to_string(number)));
        case Type::table: {
            RowData data;
            for (auto rows = dice.below(3); rows > 0; --rows) {
                std::vector<Value> row;
                for (const auto& field : column.fields) row.push_back(draw(field, dice, true));
                data.rows.push_back(std::move(row));
            }
            return Rows(std::move(data));
        }
        default:
            return std::string("word ") + std::to_string(number);
    }
}

// What a record says, by the fields' own numbers: names and types may change, this may not.
struct Known {
    std::map<std::string, std::string> values;  // "12", "12.34" of a person, "12#0.34" of a row
    std::string state;
    std::vector<std::string> flags;
};

// A pack that evolves, its store, and what the store must give back.
class World {
public:
    explicit World(unsigned seed)
        : folder_(memory_folder() / ("amate-evolution-" + crypto::make_uuid_v7(0))),
          store_(folder_ / "store.sqlite"),
          clock_(make_fixed_clock({*Date::of(2018, 9, 7), 3600}, 1'536'300'000'123)),
          dice_(seed),
          draft_(internal::first_pack(dice_)) {
        internal::write_pack(draft_, folder_ / "pack");
        auto pack = definitions::load_pack(folder_ / "pack");
        if (!pack) ADD_FAILURE() << to_line(pack.error().front());
        pack_ = std::move(*pack);
        session_ = store::Session::open(store_.url(), store::Session::Mode::read_write);
        EXPECT_TRUE(migrate(*pack_).has_value());
        add_records();
    }
    ~World() {
        session_.reset();
        fs::remove_all(folder_);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // One random change, whatever becomes of it. True if it was let through.
    bool evolve() {
        auto next = draft_;
        Step step;
        for (bool made = false; !made;) {
            next = draft_;
            step = {};
            const auto& [name, make] = dice_.pick(internal::kSteps);
            step.name = name;
            made = make(next, dice_, step);
        }
        SCOPED_TRACE(step.name);
        ++tried_[step.name + (step.harmful ? " (harmful)" : "")];
        internal::write_pack(next, folder_ / "pack");
        auto pack = definitions::load_pack(folder_ / "pack");
        if (!pack) {
            EXPECT_TRUE(step.harmful || !step.loads) << to_line(pack.error().front());
            return false;
        }
        EXPECT_TRUE(step.loads);
        const auto changes = definitions::compare(*pack_, **pack);
        const bool refused = effect_of(changes) == Effect::needs_migration;
        EXPECT_EQ(refused, step.harmful) << told(changes);
        const auto before = contents();
        const auto migrated = migrate(**pack);
        EXPECT_EQ(migrated.has_value(), !refused) << told(changes);
        if (!migrated || step.harmful) {
            EXPECT_TRUE(before == contents());
            return false;
        }
        draft_ = std::move(next);
        pack_ = std::move(*pack);
        expect(step);
        check();
        add_records();
        return true;
    }

    static std::map<std::string, int> tried_;

private:
    // In memory where there is such a folder: a thousand transactions need not reach a disk.
    static fs::path memory_folder() {
        const fs::path memory = "/dev/shm";
        return fs::is_directory(memory) ? memory : fs::temp_directory_path();
    }

    Result<void> migrate(const definitions::Pack& pack) {
        UnitOfWork unit(*session_, folder_ / "keys", *clock_, {"test", "", "test"});
        AMATE_TRY_VOID(unit.ensure_schema(pack));
        unit.commit({"schema.migrate", "", "", "", ""});
        return {};
    }

    static std::string told(const std::vector<definitions::Change>& changes) {
        std::string lines;
        for (const auto& each : changes) {
            if (each.effect == Effect::compatible) continue;
            lines += each.place + ": " + each.before + " -> " + each.after + ": " +
                     each.why.in("en") + "\n";
        }
        return lines;
    }

    // Every table, row and definition there is.
    std::vector<std::string> contents() {
        std::vector<std::string> lines;
        const auto add = [&](const store::SqlRow& row) {
            std::string line;
            for (const auto& cell : row) {
                std::visit(
                    [&](const auto& value) {
                        if constexpr (std::is_same_v<std::decay_t<decltype(value)>,
                                                     std::monostate>) {
                            line += "|";
                        } else {
                            line += fmt::format("{}|", value);
                        }
                    },
                    cell);
            }
            lines.push_back(std::move(line));
            return true;
        };
        for (const auto& table : session_->tables()) {
            lines.push_back(table);
            for (const auto& column : session_->columns_of(table)) {
                lines.push_back(fmt::format("{} {} {}", column.name, static_cast<int>(column.type),
                                            column.required));
            }
            session_->query("SELECT * FROM " + store::quote_name(table), {}, add);
        }
        return lines;
    }

    void add_records() {
        UnitOfWork unit(*session_, folder_ / "keys", *clock_, {"test", "", "test"});
        for (const auto& register_ : pack_->registers) {
            for (int i = 0; i < 3; ++i) {
                store::StoredRecord record;
                record.record_id = crypto::make_uuid_v7(++number_);
                record.folio = fmt::format("F-{}", number_);
                record.version = "1";
                if (!register_->states.empty()) record.state = dice_.pick(register_->states);
                for (const auto& flag : register_->flag_list.codes) {
                    if (dice_.one_in(2)) record.flags.push_back(flag.code);
                }
                for (const auto& column : register_->columns) {
                    record.values.push_back(draw(column, dice_, false));
                }
                unit.add(*register_, record);
                known_[register_->name][record.record_id] = known_of(*register_, record);
            }
        }
        unit.commit({"test.add", "", "", "", ""});
    }

    void add_value(Known& known, const std::string& id, const Value& value) {
        const auto text = canonical(value);
        if (!text.empty()) known.values[id] = text;
    }

    Known known_of(const definitions::Register& register_, const store::StoredRecord& record) {
        Known known{{}, record.state, record.flags};
        const auto* draft = draft_.find(register_.name);
        for (std::size_t i = 0; i < register_.columns.size(); ++i) {
            const auto& name = register_.columns[i].name;
            const auto dot = name.find('.');
            const auto* field = by_name(draft->fields, name.substr(0, dot));
            const auto id = field == nullptr ? name : std::to_string(field->id);
            const auto* rows = std::get_if<Rows>(&record.values[i]);
            if (dot != name.npos) {
                const auto* attribute = by_name(draft_.person, name.substr(dot + 1));
                add_value(known, id + "." + std::to_string(attribute->id), record.values[i]);
            } else if (rows == nullptr) {
                add_value(known, id, record.values[i]);
            } else {
                known.values[id] = std::to_string(rows->size()) + " rows";
                for (std::size_t row = 0; row < rows->size(); ++row) {
                    for (std::size_t cell = 0; cell < field->cells.size(); ++cell) {
                        add_value(known, fmt::format("{}#{}.{}", id, row, field->cells[cell].id),
                                  rows->data().rows[row][cell]);
                    }
                }
            }
        }
        return known;
    }

    static const DraftField* by_name(const std::vector<DraftField>& fields,
                                     const std::string& name) {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& each) { return each.name == name; });
        return found == fields.end() ? nullptr : &*found;
    }

    // Fields and attributes there are, with their lists, by number.
    std::map<int, std::string> lists() {
        std::map<int, std::string> all;
        const auto add = [&](auto& self, const std::vector<DraftField>& fields) -> void {
            for (const auto& field : fields) {
                all[field.id] = field.list;
                self(self, field.cells);
            }
        };
        add(add, draft_.person);
        for (const auto& register_ : draft_.registers) add(add, register_.fields);
        return all;
    }

    // Carries what the step declares over to what must be read from now on.
    void expect(const Step& step) {
        std::erase_if(known_, [&](const auto& each) { return draft_.find(each.first) == nullptr; });
        const auto all = lists();
        for (auto& [register_name, records] : known_) {
            for (auto& [id, known] : records) {
                std::map<std::string, std::string> values;
                for (auto [key, text] : known.values) {
                    const auto last = key.find_last_of(".#") + 1;  // 0: a field of its own
                    const auto first = number_at(key, 0);
                    const auto own = number_at(key, last);
                    if (first != 0 && (!all.contains(first) || !all.contains(own))) continue;
                    const bool about =
                        own != 0 && (step.field == own ||
                                     (step.field == -1 && all.at(own) == step.register_name));
                    values[key] = about ? recoded(step.codes, text) : text;
                }
                known.values = std::move(values);
                if (register_name == step.register_name) recode_life(step, known);
            }
        }
    }

    static std::string recoded(const std::map<std::string, std::string>& codes,
                               const std::string& text) {
        Codes all;
        for (auto& code : split(text, ';')) {
            all.push_back(codes.contains(code) ? codes.at(code) : code);
        }
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return fmt::format("{}", fmt::join(all, ";"));
    }

    static void recode_life(const Step& step, Known& known) {
        if (step.states.contains(known.state)) known.state = step.states.at(known.state);
        for (auto& flag : known.flags) {
            if (step.flags.contains(flag)) flag = step.flags.at(flag);
        }
        std::erase(known.flags, "");
    }

    void check() {
        for (const auto& register_ : pack_->registers) {
            auto expected = known_[register_->name];
            store::for_each_record(*session_, *register_, [&](const store::StoredRecord& record) {
                const auto found = known_of(*register_, record);
                const auto& wanted = expected[record.record_id];
                EXPECT_EQ(found.values, wanted.values) << register_->name;
                EXPECT_EQ(found.state, wanted.state);
                EXPECT_EQ(found.flags, wanted.flags);
                expected.erase(record.record_id);
                return !testing::Test::HasFailure();
            });
            EXPECT_TRUE(expected.empty());
        }
        NoProgress progress;
        const auto verification = verify(*session_, *pack_, folder_ / "keys", progress);
        for (const auto& problem : verification.problems) ADD_FAILURE() << to_line(problem);
    }

    fs::path folder_;
    store::TestStore store_;
    std::unique_ptr<Clock> clock_;
    Dice dice_;
    DraftPack draft_;
    std::unique_ptr<const definitions::Pack> pack_;
    std::unique_ptr<store::Session> session_;
    std::map<std::string, std::map<std::string, Known>> known_;  // register, record
    std::int64_t number_ = 0;
};

std::map<std::string, int> World::tried_;

// Why: a pack is changed by people who do not see the store; what they are told must be true.
TEST(Evolution, WhatIsLetThroughLosesNothingAndTheRestIsRefused) {
    constexpr unsigned kWorlds = 25;
    constexpr int kSteps = 12;
    int let_through = 0;
    for (unsigned seed = 1; seed <= kWorlds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world(seed);
        for (int step = 0; step < kSteps; ++step) {
            let_through += world.evolve() ? 1 : 0;
            ASSERT_FALSE(HasFailure());
        }
    }
    EXPECT_GT(let_through, 100);
    EXPECT_LT(let_through, 270);
    // Every kind came up, and of those that can be either, both.
    EXPECT_GE(World::tried_.size(), 30U);
    std::string all;
    for (const auto& [name, count] : World::tried_) all += fmt::format("{} {}, ", count, name);
    RecordProperty("let_through", let_through);
    RecordProperty("steps", all);
}

}  // namespace
}  // namespace amate::ledger
