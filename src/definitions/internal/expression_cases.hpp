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
        const auto& points = add("points", {{"land", "", "Tierra", "Land"},
                                            {"north", "land", "Costa norte", "North coast"},
                                            {"south", "land", "Costa sur", "South coast"},
                                            {"long_pier", "north", "Muelle Largo", "Long Pier"}});
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
            {"birth", Type::partial_date, nullptr, title("Nacimiento", "Birth")}};
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
                values[slot] = read(variable.type, pair.substr(equals + 1));
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

    const CodeList& add(std::string name, const std::vector<Row>& rows) {
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

    std::vector<std::unique_ptr<CodeList>> lists_;
};

}  // namespace amate::definitions::internal
