// SPDX-License-Identifier: Apache-2.0
// For tests only: an invented country with one register of every kind of dimension, and its store.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "definitions/model.hpp"
#include "ledger/unit_of_work.hpp"
#include "snapshot/snapshot.hpp"
#include "store/workspace.hpp"

namespace amate::snapshot {

inline Text both_languages(const std::string& es, const std::string& en) {
    return Text({{"es", es}, {"en", en}});
}

inline void add_codelist(definitions::Pack& pack, const std::string& name,
                         const std::vector<std::pair<std::string, std::string>>& codes) {
    auto list = std::make_unique<definitions::CodeList>();
    list->name = name;
    for (const auto& [code, parent] : codes) {
        list->index[code] = list->codes.size();
        list->codes.push_back(
            {code, parent, both_languages("el " + code, "the " + code), {}, {}, {}});
    }
    pack.codelists.emplace(name, std::move(list));
}

inline void add_column(const definitions::Pack& pack, definitions::Register& register_,
                       const std::string& name, definitions::Type type,
                       const std::string& codelist = "") {
    definitions::Column column;
    column.name = name;
    column.sql_name = name;
    if (const auto dot = name.find('.'); dot != name.npos) column.sql_name.replace(dot, 1, "__");
    column.type = type;
    column.title = both_languages("campo " + name, "field " + name);
    column.codelist = pack.find_codelist(codelist);
    using definitions::Sensitivity;
    using definitions::Type;
    const bool personal =
        type == Type::text || type == Type::narrative || type == Type::partial_date;
    column.sensitivity = personal ? Sensitivity::personal : Sensitivity::internal;
    register_.columns.push_back(std::move(column));
}

inline definitions::Expression compile_on_columns(const definitions::Pack& pack,
                                                  const definitions::Register& register_,
                                                  const std::string& text) {
    definitions::Environment environment;
    for (const auto& column : register_.columns) {
        environment.variables.push_back({column.name, column.type, column.codelist, column.title});
    }
    environment.find_codelist = [&](std::string_view name) { return pack.find_codelist(name); };
    return definitions::compile(text, environment, Place{"test", 1, 1, ""}).value();
}

inline void add_dimension(const definitions::Pack& pack, definitions::Register& register_,
                          const std::string& name, const std::string& expression) {
    definitions::Dimension dimension;
    dimension.name = name;
    dimension.sql_name = name;
    if (const auto dot = name.find('.'); dot != name.npos) {
        dimension.sql_name.replace(dot, 1, "__");
    }
    dimension.title = both_languages("dimensión " + name, "dimension " + name);
    dimension.expression = compile_on_columns(pack, register_, expression);
    dimension.type = dimension.expression.type();
    dimension.codelist = dimension.expression.codelist();
    register_.dimensions.push_back(std::move(dimension));
}

// What `where` may use, as the loader makes it.
inline void close_register(const definitions::Pack& pack, definitions::Register& register_) {
    auto& variables = register_.statistics_environment.variables;
    variables.clear();
    for (const auto& dimension : register_.dimensions) {
        variables.push_back({dimension.name, dimension.type, dimension.codelist, dimension.title});
    }
    const auto& time = register_.columns[register_.time_column];
    variables.push_back({time.name, definitions::Type::date, nullptr, time.title});
    register_.statistics_environment.find_codelist = [&](std::string_view name) {
        return pack.find_codelist(name);
    };
}

// Registers `landing` (persons, every type of dimension) and `visit` (no persons).
inline std::unique_ptr<definitions::Pack> make_test_pack() {
    using definitions::Type;
    auto pack = std::make_unique<definitions::Pack>();
    pack->name = "test";
    pack->digest = "d1";
    pack->person_key = {{"document"}, {"names", "birth", "sex"}};
    add_codelist(*pack, "sex", {{"female", ""}, {"male", ""}, {"other", ""}});
    add_codelist(*pack, "points",
                 {{"west", ""},
                  {"pier_of_the_long_west", "west"},
                  {"o'hara", "west"},
                  {"east", ""},
                  {"a\"b -- c", "east"}});
    add_codelist(*pack, "services", {{"water", ""}, {"food", ""}, {"food_parcel", ""}});
    add_codelist(*pack, "age_groups", {{"0-17", ""}, {"18-64", ""}, {"65+", ""}});
    auto landing = std::make_unique<definitions::Register>();
    landing->name = "landing";
    landing->person_fields = {"person"};
    add_column(*pack, *landing, "landed_at", Type::datetime);
    add_column(*pack, *landing, "point", Type::code, "points");
    add_column(*pack, *landing, "person.names", Type::text);
    add_column(*pack, *landing, "person.birth", Type::partial_date);
    add_column(*pack, *landing, "person.sex", Type::code, "sex");
    add_column(*pack, *landing, "person.document", Type::text);
    add_column(*pack, *landing, "accompanied", Type::boolean);
    add_column(*pack, *landing, "services", Type::codes, "services");
    add_column(*pack, *landing, "party", Type::integer);
    add_column(*pack, *landing, "remarks", Type::narrative);
    for (const auto* name : {"point", "person.sex", "accompanied", "services", "party"}) {
        add_dimension(*pack, *landing, name, name);
    }
    add_dimension(*pack, *landing, "age_group", "age_group(person.birth, landed_at)");
    close_register(*pack, *landing);
    pack->registers.push_back(std::move(landing));

    auto visit = std::make_unique<definitions::Register>();
    visit->name = "visit";
    add_column(*pack, *visit, "visited_on", Type::date);
    add_column(*pack, *visit, "point", Type::code, "points");
    add_dimension(*pack, *visit, "point", "point");
    close_register(*pack, *visit);
    pack->registers.push_back(std::move(visit));
    return pack;
}

// A folder to throw away.
class TestFolder {
public:
    explicit TestFolder(const std::string& name = "")
        : path_(std::filesystem::temp_directory_path() /
                ("amate" + name + "-" + crypto::make_uuid_v7(0))) {
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() { std::filesystem::remove_all(path_); }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// A workspace with a store that holds what is added.
class TestCountry {
public:
    explicit TestCountry(const std::string& folder_name = "")
        : folder_(folder_name),
          pack_(make_test_pack()),
          clock_(make_fixed_clock({*Date::of(2018, 9, 7), 3600}, 1'536'282'000'123)) {
        workspace_.root = folder_.path();
        workspace_.store_url = "sqlite:store.sqlite";
        session_ = store::open_session(workspace_, store::Session::Mode::read_write);
    }

    [[nodiscard]] definitions::Pack& pack() { return *pack_; }
    [[nodiscard]] definitions::Register& landing() { return *pack_->registers[0]; }
    [[nodiscard]] const store::Workspace& workspace() const { return workspace_; }
    void say_invented() { workspace_.invented = true; }

    // A record of `landing`: "column=value" in canonical spelling; other columns are absent.
    [[nodiscard]] std::vector<Value> landing_of(
        const std::vector<std::pair<std::string, Value>>& values) {
        std::vector<Value> record(landing().columns.size(), Missing::absent);
        for (const auto& [name, value] : values) {
            record[landing().column_index(name).value()] = value;
        }
        return record;
    }

    void add(const std::vector<std::vector<Value>>& landings) {
        ledger::UnitOfWork unit(*session_, workspace_.keys(), *clock_, {"clerk", "west", "test"});
        AMATE_CHECK(unit.ensure_schema(*pack_).has_value());
        for (const auto& values : landings) {
            store::StoredRecord record;
            record.record_id = crypto::make_uuid_v7(1'536'300'000'000);
            record.folio = fmt::format("LAN-{:07}", ++folios_);
            record.version = "1";
            record.values = values;
            unit.add(landing(), record);
        }
        head_ = unit.commit({"batch.ingest", "landing", "", "", R"({"file_digest":"0"})"}).hash;
    }

    // A further revision of a landing, as one act of that name leaves it; `number` counts from 1.
    void revise(int number, std::int64_t revision, const std::string& act,
                const std::vector<Value>& values) {
        ledger::UnitOfWork unit(*session_, workspace_.keys(), *clock_, {"clerk", "west", "test"});
        store::StoredRecord record;
        record.record_id = crypto::make_uuid_v7(1'536'300'000'000);
        record.folio = fmt::format("LAN-{:07}", number);
        record.version = "1";
        record.revision = revision;
        record.act.name = act;
        record.values = values;
        unit.add(landing(), record);
        head_ = unit.commit({"record." + act, "landing", record.record_id, "", ""}).hash;
    }

    [[nodiscard]] Result<Manifest> take(const std::string& cutoff, From from = From::latest) {
        NoProgress progress;
        return take_snapshot(*pack_, workspace_, *session_, Date::parse(cutoff).value(), *clock_,
                             progress, from);
    }
    [[nodiscard]] const std::string& head() const { return head_; }

private:
    TestFolder folder_;
    std::unique_ptr<definitions::Pack> pack_;
    std::unique_ptr<Clock> clock_;
    store::Workspace workspace_;
    std::unique_ptr<store::Session> session_;
    int folios_ = 0;
    std::string head_;
};

}  // namespace amate::snapshot
