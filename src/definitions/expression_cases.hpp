// SPDX-License-Identifier: Apache-2.0
// For tests: the invented environment that tests/cases/expressions.csv is written against.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "definitions/expression.hpp"
#include "definitions/model.hpp"

namespace amate::definitions::internal {

// Owns the code lists its environment points to; never moved.
class CaseWorld {
public:
    CaseWorld() {
        const auto& sex =
            add("sex", {{"female", "", "Mujer", "Female"}, {"male", "", "Hombre", "Male"}});
        auto& points = add("points", {{"land", "", "Tierra", "Land"},
                                      {"north", "land", "Costa norte", "North coast"},
                                      {"south", "land", "Costa sur", "South coast"},
                                      {"long_pier", "north", "Muelle Largo", "Long Pier"}});
        points.codes[1].valid_from = Date::parse("2018-03-01");
        points.codes[1].valid_to = Date::parse("2018-03-31");
        points.codes[1].tags = {"sea"};
        const auto& services = add("services", {{"foo", "", "Fu", "Foo"},
                                                {"food", "", "Alimentos", "Food"},
                                                {"health", "", "Salud", "Health"},
                                                {"shelter", "", "Albergue", "Shelter"}});
        add("minute_bands", {{"0-9", "", "0-9", "0-9"},
                             {"10-29", "", "10-29", "10-29"},
                             {"30+", "", "30+", "30+"}});
        add("age_groups", {{"0-11", "", "0-11", "0-11"},
                           {"12-17", "", "12-17", "12-17"},
                           {"18-64", "", "18-64", "18-64"},
                           {"65+", "", "65+", "65+"}});
        environment.variables = {
            {"sex", Type::code, &sex, title("Sexo", "Sex")},
            {"other_sex", Type::code, &sex, title("Otro sexo", "Other sex")},
            {"point", Type::code, &points, title("Punto", "Point")},
            {"services", Type::codes, &services, title("Servicios", "Services")},
            {"accompanied", Type::boolean, nullptr,
             title("Va con una persona adulta", "With an adult")},
            {"closed", Type::boolean, nullptr, title("Cerrado", "Closed")},
            {"minutes", Type::integer, nullptr, title("Minutos", "Minutes")},
            {"party", Type::integer, nullptr, title("Integrantes", "Party")},
            {"price", Type::decimal, nullptr, title("Precio", "Price")},
            {"name", Type::text, nullptr, title("Nombre", "Name")},
            {"time", Type::date, nullptr, title("Fecha", "Date")},
            {"other_time", Type::date, nullptr, title("Otra fecha", "Other date")},
            {"seen_at", Type::datetime, nullptr, title("Momento", "Moment")},
            {"birth", Type::partial_date, nullptr, title("Nacimiento", "Birth")},
            {"waited", Type::duration, nullptr, title("Espera", "Wait")},
            {"companions",
             Type::table,
             nullptr,
             title("Acompañantes", "Companions"),
             {{"sex", Type::code, &sex, title("Sexo", "Sex")},
              {"age", Type::integer, nullptr, title("Edad", "Age")},
              {"paid", Type::decimal, nullptr, title("Pago", "Payment")},
              {"arrived", Type::date, nullptr, title("Llegada", "Arrival")}}}};
        CalendarRules rules;
        rules.name = "offices";
        rules.title = title("Oficinas", "Offices");
        rules.weekend = {6, 0};
        rules.holidays = {Date::parse("2018-03-28").value()};
        rules.yearly = {{1, 1}};
        rules.nth_weekday = {{2, 1, 1}};
        calendars_.emplace("offices", Calendar::make(rules).value());
        environment.calendars = &calendars_;
        environment.states = &add("states", {{"received", "", "Recibido", "Received"},
                                             {"closed", "", "Cerrado", "Closed"}});
        environment.flags =
            &add("flags", {{"urgent", "", "Urgente", "Urgent"}, {"late", "", "Tardío", "Late"}});
        context.life = &life_;
        environment.find_codelist = [this](std::string_view name) -> const CodeList* {
            for (const auto& list : lists_) {
                if (list->name == name) return list.get();
            }
            return nullptr;
        };
    }
    CaseWorld(const CaseWorld&) = delete;
    CaseWorld& operator=(const CaseWorld&) = delete;

    Environment environment;
    EvaluationContext context{{*Date::of(2018, 6, 30), 12 * 3600}};

    // "sex=female;services=food|health" as a record; what cannot be read is a bug of the case.
    [[nodiscard]] std::vector<Value> record(const std::string& text) const {
        std::vector<Value> values(environment.variables.size(), Missing::absent);
        for (const auto& pair : split(text, ';')) {
            const auto equals = pair.find('=');
            AMATE_CHECK(equals != pair.npos);
            bool known = false;
            for (std::size_t slot = 0; slot < values.size(); ++slot) {
                const auto& variable = environment.variables[slot];
                if (variable.name != pair.substr(0, equals)) continue;
                const auto written = pair.substr(equals + 1);
                const bool rows = variable.type == Type::table && written.find(',') != written.npos;
                values[slot] =
                    rows ? read_rows(variable.fields, written) : read(variable.type, written);
                known = true;
            }
            AMATE_CHECK(known);
        }
        return values;
    }

private:
    struct Row {
        std::string code, parent, es, en;
    };

    static Text title(std::string es, std::string en) {
        return Text({{"es", std::move(es)}, {"en", std::move(en)}});
    }

    CodeList& add(std::string name, const std::vector<Row>& rows) {
        auto list = std::make_unique<CodeList>();
        list->name = std::move(name);
        for (const auto& row : rows) {
            list->index[row.code] = list->codes.size();
            list->codes.push_back({row.code, row.parent, title(row.es, row.en), {}, {}, {}});
        }
        lists_.push_back(std::move(list));
        return *lists_.back();
    }

    static Value read(Type type, const std::string& text) {
        if (text == "unknown") return Missing::unknown;
        if (text == "refused") return Missing::refused;
        if (text == "not_applicable") return Missing::not_applicable;
        switch (type) {
            case Type::boolean:
                return text == "true";
            case Type::integer:
                return std::int64_t{std::stoll(text)};
            case Type::decimal:
                return std::stod(text);
            case Type::duration:
                return parse_duration(text).value();
            case Type::codes:
                return split(text, '|');
            case Type::date:
                return Date::parse(text).value();
            case Type::datetime:
                return DateTime::parse(text).value();
            case Type::partial_date:
                return PartialDate::parse(text).value();
            default:
                return text;
        }
    }

    // Rows parted by '+', cells by ','.
    static Value read_rows(const std::vector<Variable>& fields, const std::string& text) {
        RowData data;
        for (const auto& row : split(text, '+')) {
            std::vector<Value> values(fields.size(), Missing::absent);
            const auto cells = split(row, ',');
            AMATE_CHECK(cells.size() == fields.size());
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (!cells[i].empty()) values[i] = read(fields[i].type, cells[i]);
            }
            data.rows.push_back(std::move(values));
        }
        return Rows(std::move(data));
    }

    std::vector<std::unique_ptr<CodeList>> lists_;
    Calendars calendars_;
    RecordLife life_{"received", {"urgent"}};
};

}  // namespace amate::definitions::internal
