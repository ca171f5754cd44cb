// SPDX-License-Identifier: Apache-2.0
// Reads a table request as people write it, and names what they may have meant.
#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {

namespace {

using definitions::Dimension;
using definitions::MeasureKind;
using definitions::Register;

constexpr std::string_view kDistinct = "distinct:";
constexpr std::string_view kSum = "sum:";

// What a person may have meant: the nearest candidate, or all of them.
void suggest(std::string_view word, const std::vector<std::string>& candidates,
             std::map<std::string, std::string>& parameters) {
    const auto near = closest(word, candidates);
    const auto all = fmt::format("{}", fmt::join(candidates, ", "));
    parameters["suggestion"] = near.value_or("");
    parameters["suggestion_en"] =
        near ? fmt::format("; did you mean {}?", *near) : fmt::format("; there are {}", all);
    parameters["suggestion_es"] =
        near ? fmt::format("; ¿quiso decir {}?", *near) : fmt::format("; hay {}", all);
}

Problem unknown_dimension(const Register& register_, std::string_view name, const char* path) {
    std::vector<std::string> names;
    for (const auto& dimension : register_.dimensions) names.push_back(dimension.name);
    Problem problem{"statistics.unknown_dimension", Place{"", 0, 0, path}, {}};
    problem.parameters = {{"register", register_.name}, {"dimension", std::string(name)}};
    suggest(name, names, problem.parameters);
    return problem;
}

void read_by(const std::string& by, TableRequest& request, Problems& problems) {
    for (const auto& part : split(by, ',')) {
        const auto name = trim(part);
        const auto* dimension = request.register_->find_dimension(name);
        if (dimension == nullptr) {
            problems.push_back(unknown_dimension(*request.register_, name, "by"));
        } else if (std::count(request.by.begin(), request.by.end(), dimension) != 0) {
            problems.push_back({"statistics.dimension_twice",
                                Place{"", 0, 0, "by"},
                                {{"dimension", dimension->name}}});
        } else {
            request.by.push_back(dimension);
        }
    }
    if (request.by.size() > kDimensionsMax) {
        problems.push_back({"statistics.too_many_dimensions",
                            Place{"", 0, 0, "by"},
                            {{"maximum", std::to_string(kDimensionsMax)}}});
    }
}

void read_measure(std::string_view measure, TableRequest& request, Problems& problems) {
    if (measure.empty() || measure == "records") {
        request.measure = MeasureKind::records;
    } else if (measure == "persons") {
        request.measure = MeasureKind::persons;
    } else if (measure.starts_with(kDistinct)) {
        const auto name = trim(measure.substr(kDistinct.size()));
        request.measure = MeasureKind::distinct;
        request.distinct = request.register_->find_dimension(name);
        if (request.distinct == nullptr) {
            problems.push_back(unknown_dimension(*request.register_, name, "measure"));
        }
    } else if (measure.starts_with(kSum) &&
               request.register_->find_measure(trim(measure.substr(kSum.size()))) != nullptr) {
        request.measure = MeasureKind::sum;
        request.summed = request.register_->find_measure(trim(measure.substr(kSum.size())));
    } else {
        Problem problem{"statistics.unknown_measure", Place{"", 0, 0, "measure"}, {}};
        problem.parameters["measure"] = std::string(measure);
        std::vector<std::string> known{"records", "persons", "distinct:DIMENSION"};
        for (const auto& each : request.register_->measures) {
            known.push_back(std::string(kSum) + each.name);
        }
        suggest(measure, known, problem.parameters);
        problems.push_back(std::move(problem));
    }
}

}  // namespace

Result<TableRequest> parse_request(const Register& register_, const std::string& by,
                                   const std::string& where, const std::string& measure) {
    TableRequest request;
    request.register_ = &register_;
    Problems problems;
    read_by(by, request, problems);
    read_measure(trim(measure), request, problems);
    if (!trim(where).empty()) {
        auto expression =
            definitions::compile(where, register_.statistics_environment, Place{"where", 1, 1, ""});
        if (expression) {
            request.where = std::move(*expression);
        } else {
            problems.insert(problems.end(), expression.error().begin(), expression.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return request;
}

std::string measure_name(const TableRequest& request) {
    switch (request.measure) {
        case MeasureKind::records:
            return "records";
        case MeasureKind::persons:
            return "persons";
        case MeasureKind::distinct:
            AMATE_CHECK(request.distinct != nullptr);
            return std::string(kDistinct) + request.distinct->name;
        case MeasureKind::sum:
            break;
    }
    AMATE_CHECK(request.summed != nullptr);
    return std::string(kSum) + request.summed->name;
}

}  // namespace amate::statistics
