// SPDX-License-Identifier: Apache-2.0
// Hand-made packs for the tests of this module: figures from lines of text, one small register.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "definitions/model.hpp"

namespace amate::followup::testing {

inline Text text(const std::string& es, const std::string& en) {
    return Text({{"es", es}, {"en", en}});
}

// What a line of figures.csv says, for tests that only care about some of it.
struct FigureLine {
    std::string id, value;
    std::string disaggregation = {};  // "key=value;key=value"
    std::string relation = {};        // "part_of:F1;derived_from:F1/F2"
    std::string measure = "count", unit = "persons";
    std::string first = {}, last = {}, cutoff = {};
    std::string objective = "1";
};

inline definitions::Figure make_figure(const FigureLine& line) {
    definitions::Figure figure;
    figure.id = line.id;
    figure.objective = line.objective;
    figure.measure = line.measure;
    figure.unit = line.unit;
    figure.value = line.value;
    figure.document = "annual";
    figure.source_line = 12;
    figure.title = text("Cifra " + line.id, "Figure " + line.id);
    figure.period = {Date::parse(line.first), Date::parse(line.last)};
    figure.cutoff = Date::parse(line.cutoff);
    for (const auto& pair : split(line.disaggregation, ';')) {
        const auto at = pair.find('=');
        if (at != std::string::npos)
            figure.disaggregation.emplace_back(pair.substr(0, at), pair.substr(at + 1));
    }
    for (const auto& relation : split(line.relation, ';')) {
        const auto at = relation.find(':');
        if (at != std::string::npos)
            figure.relations.push_back(
                {relation.substr(0, at), split(relation.substr(at + 1), '/')});
    }
    return figure;
}

// A pack of one framework with two nodes, one document, and these figures.
inline std::unique_ptr<definitions::Pack> make_pack(const std::vector<FigureLine>& lines) {
    auto pack = std::make_unique<definitions::Pack>();
    pack->name = "demo";
    pack->version = "1";
    pack->digest = std::string(64, 'a');
    pack->title = text("País inventado", "Invented country");
    pack->languages = {"es", "en"};
    pack->documents.push_back(
        {"annual", text("Informe anual", "Annual report"), *Date::of(2018, 9, 3), 400});
    definitions::Framework framework;
    framework.name = "gcm";
    framework.title = text("Pacto de las islas", "Islands Compact");
    framework.nodes.resize(2);
    framework.nodes[0].id = "1";
    framework.nodes[0].title = text("Datos exactos", "Accurate data");
    framework.nodes[0].summary = text("Contar una sola vez.", "Count once.");
    framework.nodes[0].goals = {text("Abrir otra oficina.", "Open another office.")};
    framework.nodes[1].id = "2";
    framework.nodes[1].title = text("Vidas en el mar", "Lives at sea");
    pack->frameworks.emplace("gcm", std::move(framework));
    for (const auto& line : lines) pack->figures.push_back(make_figure(line));
    return pack;
}

// Adds the register `landing` (dimensions point: code, accompanied: boolean, services: codes,
// boats: integer; time) and the indicator `landings` of it that reproduces `figures`.
inline void add_landings(definitions::Pack& pack, const std::vector<std::string>& figures) {
    using definitions::Type;
    auto list = std::make_unique<definitions::CodeList>();
    list->name = "points";
    for (const char* code : {"north", "south"}) {
        definitions::Code entry;
        entry.code = code;
        entry.label = text(std::string("punto ") + code, std::string(code) + " point");
        list->index.emplace(code, list->codes.size());
        list->codes.push_back(entry);
    }
    auto landing = std::make_unique<definitions::Register>();
    landing->name = "landing";
    landing->title = text("Desembarcos", "Landings");
    const auto add = [&](const char* name, Type type, const definitions::CodeList* codes) {
        definitions::Dimension dimension;
        dimension.name = dimension.sql_name = name;
        dimension.title = text(std::string("dim ") + name, std::string(name) + " dim");
        dimension.type = type;
        dimension.codelist = codes;
        landing->dimensions.push_back(dimension);
        landing->statistics_environment.variables.push_back({name, type, codes, dimension.title});
    };
    add("point", Type::code, list.get());
    add("accompanied", Type::boolean, nullptr);
    add("services", Type::codes, list.get());
    add("boats", Type::integer, nullptr);
    landing->statistics_environment.variables.push_back(
        {"time", Type::date, nullptr, text("fecha", "date")});
    pack.codelists.emplace("points", std::move(list));
    pack.registers.push_back(std::move(landing));

    definitions::Indicator indicator;
    indicator.id = "landings";
    indicator.register_name = "landing";
    indicator.title = text("Desembarcos", "Landings");
    indicator.note = text("Sin transbordador.", "Without ferries.");
    indicator.disaggregation = {{"point", "point"},
                                {"accompanied", "accompanied"},
                                {"service", "services"},
                                {"boats", "boats"},
                                {"year", ""}};
    indicator.figures = figures;
    pack.indicators.push_back(std::move(indicator));
}

}  // namespace amate::followup::testing
