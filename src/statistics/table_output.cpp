// SPDX-License-Identifier: Apache-2.0
// Tables as people and programs take them away: with codes and with labels.
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/csv.hpp"
#include "core/text.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {

namespace {

namespace json = boost::json;
using definitions::Dimension;
using definitions::Type;

struct Words {
    std::string_view yes, no, missing, none, total;
};

const Words& words_in(std::string_view language) {
    static constexpr Words kSpanish{"Sí", "No", "Sin dato", "Ninguno o sin dato", "Total"};
    static constexpr Words kEnglish{"Yes", "No", "Not known", "None or not known", "Total"};
    return language == "es" ? kSpanish : kEnglish;
}

json::value date_or_null(const std::optional<Date>& date) {
    if (!date) return nullptr;
    return json::string(date->iso());
}

// Of no record there is no value.
std::string value_text(double value) {
    return std::isnan(value) ? std::string() : fmt::format("{}", value);
}

json::value value_or_null(double value) {
    return std::isnan(value) ? json::value(nullptr) : json::value(value);
}

json::array dimensions_of(const TableRequest& request, std::string_view language) {
    json::array dimensions;
    for (const auto* dimension : request.by) {
        dimensions.push_back(
            json::object{{"name", dimension->name}, {"title", dimension->title.in(language)}});
    }
    return dimensions;
}

}  // namespace

std::string label_of(const Dimension& dimension, std::string_view code, std::string_view language) {
    const auto& words = words_in(language);
    if (code.empty()) {
        return std::string(dimension.type == Type::codes ? words.none : words.missing);
    }
    if (code == kTotalCode) return std::string(words.total);
    if (dimension.type == Type::boolean) return std::string(code == "true" ? words.yes : words.no);
    if (dimension.codelist == nullptr) return std::string(code);
    return dimension.codelist->label(code, language);
}

std::string to_csv(const Table& table, const TableRequest& request, std::string_view language) {
    std::vector<std::string> row;
    for (const auto* dimension : request.by) {
        row.push_back(dimension->name);
        row.push_back(dimension->title.in(language));
    }
    if (request.has_values()) row.emplace_back("records");
    row.push_back(measure_name(request));
    auto csv = csv_line(row);
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        row.clear();
        for (std::size_t at = 0; at < request.by.size(); ++at) {
            row.push_back(table.code(cell, at));
            row.push_back(label_of(*request.by[at], table.code(cell, at), language));
        }
        row.push_back(std::to_string(table.counts[cell]));
        if (request.has_values()) row.push_back(value_text(table.values[cell]));
        csv += csv_line(row);
    }
    return csv;
}

std::string to_json(const Table& table, const TableRequest& request, std::string_view language) {
    json::array cells;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        json::array codes;
        json::array labels;
        for (std::size_t at = 0; at < request.by.size(); ++at) {
            const auto& code = table.code(cell, at);
            codes.push_back(json::string(code));
            labels.push_back(json::string(label_of(*request.by[at], code, language)));
        }
        cells.push_back(
            json::object{{"codes", std::move(codes)},
                         {"labels", std::move(labels)},
                         {"count", table.counts[cell]},
                         {"value", request.has_values() ? value_or_null(table.values[cell])
                                                        : json::value(nullptr)}});
    }
    const json::object whole{
        {"register", request.register_->name},
        {"measure", measure_name(request)},
        {"where", request.where.source()},
        {"period", json::object{{"first", date_or_null(request.period.first)},
                                {"last", date_or_null(request.period.last)}}},
        {"cutoff", table.cutoff.iso()},
        {"total", table.total},
        {"total_value", table.total_value ? json::value(*table.total_value) : json::value(nullptr)},
        {"dimensions", dimensions_of(request, language)},
        {"cells", std::move(cells)},
        {"sql", table.sql},
    };
    return json::serialize(whole);
}

}  // namespace amate::statistics
