// SPDX-License-Identifier: Apache-2.0
// Reads a table request as people write it, and names what they may have meant.
#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "core/text.hpp"
#include "statistics/internal/brackets.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {

namespace {

using definitions::Dimension;
using definitions::Expression;
using definitions::Register;
using definitions::Type;

constexpr std::string_view kDistinct = "distinct:";
constexpr std::string_view kShare = "share:";

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

// Parts between the commas that stand in no bracket and no text.
std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    internal::for_each_bare(list, [&](std::size_t at, int depth) {
        if (list[at] != ',' || depth != 0) return;
        parts.push_back(list.substr(begin, at - begin));
        begin = at + 1;
    });
    parts.push_back(list.substr(begin));
    return parts;
}

bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '.';
    });
}

// A dimension made of an expression, as it is written.
const Dimension* make_dimension(const std::string& text, TableRequest& request,
                                Problems& problems) {
    const auto& environment = request.register_->statistics_environment;
    auto expression = definitions::compile(text, environment, Place{"by", 1, 1, ""});
    if (!expression) {
        problems.insert(problems.end(), expression.error().begin(), expression.error().end());
        return nullptr;
    }
    const auto type = expression->type();
    const bool told_apart =
        type == Type::code || type == Type::codes || type == Type::boolean || type == Type::integer;
    if (!told_apart ||
        (expression->codelist() == nullptr && type != Type::boolean && type != Type::integer)) {
        problems.push_back({"statistics.dimension_type",
                            Place{"", 0, 0, "by"},
                            {{"expression", text}, {"type", std::string(name_of(type))}}});
        return nullptr;
    }
    auto made = std::make_shared<Dimension>();
    made->name = made->sql_name = text;
    for (const auto* language : {"es", "en"})
        made->title.set(language, expression->to_words(language));
    made->type = type;
    made->codelist = expression->codelist();
    made->expression = *std::move(expression);
    request.made.push_back(made);
    return made.get();
}

void read_by(const std::string& by, TableRequest& request, Problems& problems) {
    if (trim(by).empty()) return;
    for (const auto& part : parts_of(by)) {
        const auto name = trim(part);
        const auto* dimension = request.register_->find_dimension(name);
        if (dimension == nullptr && is_name(name)) {
            problems.push_back(unknown_dimension(*request.register_, name, "by"));
            continue;
        }
        if (dimension == nullptr) {
            dimension = make_dimension(std::string(name), request, problems);
            if (dimension == nullptr) continue;
        }
        const bool twice =
            std::any_of(request.by.begin(), request.by.end(),
                        [&](const Dimension* each) { return each->name == dimension->name; });
        if (twice) {
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

// What stands behind "sum:", "mean:" or "pNN:"; nothing if it begins with none of them.
std::optional<std::string_view> read_kind(std::string_view measure, TableRequest& request) {
    const auto colon = measure.find(':');
    if (colon == measure.npos) return std::nullopt;
    const auto kind = measure.substr(0, colon);
    if (kind == "sum") {
        request.measure = Measure::sum;
    } else if (kind == "mean") {
        request.measure = Measure::mean;
    } else if (kind.size() >= 2 && kind.size() <= 3 && kind.front() == 'p') {
        const auto [end, error] =
            std::from_chars(kind.data() + 1, kind.data() + kind.size(), request.percent);
        if (error != std::errc() || end != kind.data() + kind.size()) return std::nullopt;
        if (request.percent < 1 || request.percent > 99) return std::nullopt;
        request.measure = Measure::percentile;
    } else {
        return std::nullopt;
    }
    return trim(measure.substr(colon + 1));
}

// False if what is summed is no measure of the register.
bool read_measured(std::string_view named, TableRequest& request, Problems& problems) {
    const auto star = named.find('*');
    request.summed = request.register_->find_measure(trim(named.substr(0, star)));
    if (request.summed == nullptr || star == named.npos) return request.summed != nullptr;
    request.weight = request.register_->find_measure(trim(named.substr(star + 1)));
    if (request.measure != Measure::sum || request.weight == nullptr) return false;
    if (request.summed->type == Type::money && request.weight->type == Type::money) {
        problems.push_back({"statistics.money_weight", Place{"", 0, 0, "measure"}, {}});
    }
    return true;
}

std::optional<Expression> read_condition(std::string_view text, const Register& register_,
                                         const char* path, Problems& problems) {
    auto condition =
        definitions::compile(text, register_.statistics_environment, Place{path, 1, 1, ""});
    if (!condition) {
        problems.insert(problems.end(), condition.error().begin(), condition.error().end());
        return std::nullopt;
    }
    if (condition->type() != Type::boolean) {
        problems.push_back({"statistics.condition_type",
                            Place{"", 0, 0, path},
                            {{"expression", std::string(text)},
                             {"type", std::string(name_of(condition->type()))}}});
        return std::nullopt;
    }
    return *std::move(condition);
}

void read_share(std::string_view text, TableRequest& request, Problems& problems) {
    request.measure = Measure::share;
    auto condition = read_condition(text, *request.register_, "measure", problems);
    if (condition) request.condition = *std::move(condition);
}

void read_measure(std::string_view measure, TableRequest& request, Problems& problems) {
    if (measure.empty() || measure == "records") {
        request.measure = Measure::records;
        return;
    }
    if (measure == "persons") {
        request.measure = Measure::persons;
        return;
    }
    if (measure.starts_with(kDistinct)) {
        const auto name = trim(measure.substr(kDistinct.size()));
        request.measure = Measure::distinct;
        request.distinct = request.register_->find_dimension(name);
        if (request.distinct == nullptr) {
            problems.push_back(unknown_dimension(*request.register_, name, "measure"));
        }
        return;
    }
    if (measure.starts_with(kShare)) {
        read_share(trim(measure.substr(kShare.size())), request, problems);
        return;
    }
    const auto named = read_kind(measure, request);
    if (named && read_measured(*named, request, problems)) return;
    Problem problem{"statistics.unknown_measure", Place{"", 0, 0, "measure"}, {}};
    problem.parameters["measure"] = std::string(measure);
    std::vector<std::string> known{"records", "persons", "distinct:DIMENSION", "share:EXPRESSION"};
    for (const auto& each : request.register_->measures) {
        for (const auto* kind : {"sum:", "mean:", "p50:"}) known.push_back(kind + each.name);
    }
    suggest(measure, known, problem.parameters);
    problems.push_back(std::move(problem));
}

}  // namespace

bool TableRequest::is_made(const Dimension* dimension) const {
    return std::any_of(made.begin(), made.end(),
                       [&](const auto& each) { return each.get() == dimension; });
}

Result<TableRequest> parse_request(const Register& register_, const TableWords& words) {
    TableRequest request;
    request.register_ = &register_;
    request.totals = words.totals;
    Problems problems;
    read_by(words.by, request, problems);
    if (!trim(words.where).empty()) {
        auto condition = read_condition(words.where, register_, "where", problems);
        if (condition) request.where = *std::move(condition);
    }
    read_measure(trim(words.measure), request, problems);
    if (!problems.empty()) return fail(std::move(problems));
    return request;
}

std::string measure_name(const TableRequest& request) {
    const auto named = [](const Dimension* dimension) -> const std::string& {
        AMATE_CHECK(dimension != nullptr);
        return dimension->name;
    };
    switch (request.measure) {
        case Measure::records:
            return "records";
        case Measure::persons:
            return "persons";
        case Measure::distinct:
            return std::string(kDistinct) + named(request.distinct);
        case Measure::sum:
            return "sum:" + named(request.summed) +
                   (request.weight == nullptr ? "" : "*" + request.weight->name);
        case Measure::mean:
            return "mean:" + named(request.summed);
        case Measure::percentile:
            return fmt::format("p{}:{}", request.percent, named(request.summed));
        case Measure::share:
            break;
    }
    return std::string(kShare) + request.condition.source();
}

}  // namespace amate::statistics
