// SPDX-License-Identifier: Apache-2.0
// One function a kind of draw; every value is tried on the file's own spelling.
#include "synthesis/internal/draw_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::synthesis::internal {
namespace {

using definitions::DataNode;
using definitions::Type;

constexpr double kWeightMax = 1e12;
constexpr int kHourLast = 23;
constexpr int kAgeLast = 120;

template <class T>
std::optional<Value> as_value(std::optional<T> parsed) {
    if (!parsed) return std::nullopt;
    return Value(std::move(*parsed));
}

template <class T>
std::optional<T> parse_number(std::string_view text) {
    T number{};
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || at != end) return std::nullopt;
    return number;
}

std::optional<Value> parse_plain(Type type, const std::string& text) {
    switch (type) {
        case Type::text:
        case Type::narrative:
            return Value(text);
        case Type::integer:
            return as_value(parse_number<std::int64_t>(text));
        case Type::decimal:
        case Type::money:
            return as_value(parse_number<double>(text));
        case Type::boolean:
            if (text == "true") return Value(true);
            if (text == "false") return Value(false);
            return std::nullopt;
        case Type::date:
            return as_value(Date::parse(text));
        case Type::datetime:
            return as_value(DateTime::parse(text));
        case Type::partial_date:
            return as_value(PartialDate::parse(text));
        case Type::duration:
            return as_value(parse_duration(text));
        case Type::geopoint:
        case Type::record:
        case Type::file:
            return Value(text);
        case Type::code:
        case Type::codes:
        case Type::office:
        case Type::person:
        case Type::table:
            break;
    }
    return std::nullopt;
}

std::vector<std::string> codes_of(const definitions::CodeList& list) {
    std::vector<std::string> codes;
    for (const auto& code : list.codes) codes.push_back(code.code);
    return codes;
}

}  // namespace

std::optional<std::size_t> DrawReader::find_column(const std::string& name, const Place& place) {
    const auto found = plan_.register_->column_index(name);
    if (found) return found;
    std::vector<std::string> names;
    for (const auto& column : plan_.register_->columns) names.push_back(column.name);
    faults_.add(place, fmt::format("el registro {} no tiene `{}`", plan_.register_->name, name),
                fmt::format("register {} has no `{}`", plan_.register_->name, name), name, names);
    return std::nullopt;
}

const definitions::CellCodec* DrawReader::codec_of(std::size_t column) const {
    const auto found = std::find_if(plan_.codecs.begin(), plan_.codecs.end(),
                                    [&](const auto& codec) { return codec.column() == column; });
    return found == plan_.codecs.end() ? nullptr : &*found;
}

bool DrawReader::type_is(std::size_t column, std::initializer_list<Type> types, const char* draw,
                         const Place& place) {
    const auto& target = plan_.register_->columns[column];
    if (std::find(types.begin(), types.end(), target.type) != types.end()) return true;
    const auto type = definitions::name_of(target.type);
    faults_.add(place, fmt::format("`{}` no inventa un campo {} como {}", draw, type, target.name),
                fmt::format("`{}` does not invent a {} field such as {}", draw, type, target.name));
    return false;
}

bool DrawReader::file_can_say(std::size_t column, const Value& value, const Place& place) {
    const auto& name = plan_.register_->columns[column].name;
    for (const auto& [constant, given] : plan_.source->constants) {
        if (constant == column && given == value) return true;
    }
    const auto* codec = codec_of(column);
    // What the file does not say of a person may still be so: other files say it.
    if (codec == nullptr && name.find('.') != name.npos) return true;
    if (codec == nullptr) {
        faults_.add(place, fmt::format("el archivo de {} no lleva {}", plan_.source->name, name),
                    fmt::format("the file of {} does not carry {}", plan_.source->name, name));
        return false;
    }
    std::string cell;
    const bool written = codec->write(value, 0, cell);
    if (written && (plan_.source->encoding == Encoding::utf8 || to_windows_1252(cell))) return true;
    faults_.add(place,
                fmt::format("el archivo de {} no tiene cómo escribir `{}` en {}",
                            plan_.source->name, canonical(value), codec->header()),
                fmt::format("the file of {} has no way to write `{}` in {}", plan_.source->name,
                            canonical(value), codec->header()));
    return false;
}

std::optional<Value> DrawReader::read_value(std::size_t column, const std::string& text,
                                            const Place& place) {
    const auto& target = plan_.register_->columns[column];
    std::optional<Value> value;
    for (const auto missing :
         {Missing::absent, Missing::unknown, Missing::refused, Missing::not_applicable}) {
        if (text == name_of(missing)) value = missing;
    }
    if (!value && target.codelist != nullptr) {
        Codes codes = target.type == Type::codes ? split(text, ';') : Codes{text};
        std::sort(codes.begin(), codes.end());
        for (const auto& code : codes) {
            if (target.codelist->find(code) != nullptr) continue;
            faults_.add(place, fmt::format("`{}` no está en {}", code, target.codelist->name),
                        fmt::format("`{}` is not in {}", code, target.codelist->name), code,
                        codes_of(*target.codelist));
            return std::nullopt;
        }
        value = target.type == Type::codes ? Value(codes) : Value(text);
    }
    if (!value) value = parse_plain(target.type, text);
    if (!value) {
        const auto type = definitions::name_of(target.type);
        faults_.add(place, fmt::format("`{}` no es de tipo {}", text, type),
                    fmt::format("`{}` is not of type {}", text, type));
        return std::nullopt;
    }
    if (!file_can_say(column, *value, place)) return std::nullopt;
    return value;
}

void DrawReader::read_fixed(const DataNode& node, Group& group) {
    for (const auto& [name, value] : node.entries) {
        const auto column = find_column(name, value.place);
        if (!column) continue;
        if (*column == plan_.register_->time_column) {
            faults_.add(value.place, "el tiempo del registro lo dan `from` y `to`",
                        "the register's time is given by `from` and `to`");
            continue;
        }
        auto text = value.scalar;
        for (const auto& item : value.items) text += (text.empty() ? "" : ";") + item.scalar;
        if (auto read = read_value(*column, text, value.place)) {
            group.draws[*column] = Fixed{std::move(*read)};
        }
    }
}

void DrawReader::read_cover(const DataNode& node, Group& group) {
    for (const auto& item : node.items) {
        const auto& name = item.scalar;
        const auto column = find_column(name, item.place);
        if (!column) continue;
        const bool person = name.find('.') != name.npos;
        if (person || !std::holds_alternative<Weights>(group.draws[*column])) {
            faults_.add(
                item.place,
                fmt::format(
                    "`cover` es de campos con `weights` que no son de persona, y {} no lo es",
                    name),
                fmt::format(
                    "`cover` is for fields with `weights` that are of no person, and {} is not",
                    name));
            continue;
        }
        group.cover.push_back(*column);
    }
}

void DrawReader::read_draws(const DataNode& node, Group& group) {
    for (const auto& [name, draw] : node.entries) read_draw(name, draw, group);
}

void DrawReader::read_draw(const std::string& name, const DataNode& node, Group& group) {
    const auto column = find_column(name, node.place);
    if (!column) return;
    faults_.check_keys(node, {"weights", "names", "ages", "serial", "chances", "chance", "total",
                              "hours", "identifier"});
    if (node.entries.size() != 1) {
        faults_.add(node.place, fmt::format("{} se inventa de una sola manera", name),
                    fmt::format("{} is invented in exactly one way", name));
        return;
    }
    const auto& [kind, value] = node.entries.front();
    if (kind == "hours") {
        read_hours(*column, value, group);
        return;
    }
    if (*column == plan_.register_->time_column) {
        faults_.add(node.place, "el tiempo del registro solo admite `hours`",
                    "the register's time takes `hours` alone");
        return;
    }
    Draw draw;
    if (kind == "weights") draw = read_weights(*column, value);
    if (kind == "names") draw = read_names(*column, value);
    if (kind == "ages") draw = read_ages(*column, value);
    if (kind == "serial") draw = read_serial(*column, value);
    if (kind == "chances") draw = read_chances(*column, value);
    if (kind == "chance") draw = read_chance(*column, value);
    if (kind == "total") draw = read_total(*column, value);
    if (kind == "identifier") draw = read_identifier(*column, value);
    group.draws[*column] = std::move(draw);
}

void DrawReader::read_hours(std::size_t column, const DataNode& node, Group& group) {
    if (column != plan_.register_->time_column) {
        faults_.add(node.place, "`hours` es del tiempo del registro",
                    "`hours` is for the register's time");
        return;
    }
    if (!type_is(column, {Type::datetime}, "hours", node.place)) return;
    Hours hours;
    std::vector<double> weights;
    for (const auto& [range_text, weight] : node.entries) {
        const auto range = parse_range(range_text, kHourLast);
        if (!range || range->second > kHourLast) {
            faults_.add(weight.place, fmt::format("`{}` no son horas de 0 a 23", range_text),
                        fmt::format("`{}` are not hours from 0 to 23", range_text));
            continue;
        }
        hours.ranges.push_back(*range);
        weights.push_back(read_number(weight, kWeightMax, faults_).value_or(1));
    }
    hours.chooser = Chooser(weights);
    if (!hours.chooser.ok()) {
        faults_.missing(node.place, "hours");
        return;
    }
    group.hours = std::move(hours);
}

Draw DrawReader::read_weights(std::size_t column, const DataNode& node) {
    Weights draw;
    std::vector<double> weights;
    for (const auto& [text, weight] : node.entries) {
        auto value = read_value(column, text, weight.place);
        const auto number = read_number(weight, kWeightMax, faults_);
        if (!value || !number) continue;
        draw.values.push_back(std::move(*value));
        weights.push_back(*number);
    }
    draw.chooser = Chooser(weights);
    if (!draw.chooser.ok() && weights.size() == node.entries.size()) {
        faults_.add(node.place, "ningún peso es mayor que cero", "no weight is above zero");
    }
    if (!draw.chooser.ok()) return {};
    return draw;
}

Draw DrawReader::read_ages(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::partial_date, Type::date}, "ages", node.place)) return {};
    Ages draw;
    std::vector<double> weights;
    for (const auto& [text, weight] : node.entries) {
        const auto band = parse_range(text, kAgeMax);
        const auto number = read_number(weight, kWeightMax, faults_);
        if (!band || band->second > kAgeLast) {
            faults_.add(weight.place, fmt::format("`{}` no son edades: 0-11, 18, 65+", text),
                        fmt::format("`{}` are no ages: 0-11, 18, 65+", text));
        }
        if (!band || !number) continue;
        draw.bands.push_back(*band);
        weights.push_back(*number);
    }
    draw.chooser = Chooser(weights);
    if (!draw.chooser.ok()) {
        faults_.add(node.place, "ningún peso es mayor que cero", "no weight is above zero");
        return {};
    }
    const Value birth = plan_.register_->columns[column].type == Type::date
                            ? Value(Date())
                            : Value(PartialDate{1970, 1, 1});
    if (!file_can_say(column, birth, node.place)) return {};
    return draw;
}

Draw DrawReader::read_serial(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::text}, "serial", node.place)) return {};
    auto number = definitions::NumberTemplate::parse(node.scalar);
    if (!number) {
        faults_.add(node.place, fmt::format("`{}` no lleva {{seq:N}}", node.scalar),
                    fmt::format("`{}` has no {{seq:N}}", node.scalar));
        return {};
    }
    std::string first;
    number->append(0, {}, 1, first);
    if (!file_can_say(column, first, node.place)) return {};
    auto& next = shared_.serials[node.scalar];
    if (!next) next = std::make_unique<std::int64_t>(1);
    return Serial{std::move(*number), next.get()};
}

Draw DrawReader::read_chances(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::codes}, "chances", node.place)) return {};
    Chances draw;
    for (const auto& [code, chance] : node.entries) {
        const auto value = read_value(column, code, chance.place);
        const auto share = read_number(chance, 1, faults_);
        if (!value || !share) continue;
        if (is_missing(*value)) {
            faults_.add(chance.place, fmt::format("`{}` no es un código", code),
                        fmt::format("`{}` is no code", code));
            continue;
        }
        draw.codes.emplace_back(code, *share);
    }
    std::sort(draw.codes.begin(), draw.codes.end());
    return draw;
}

Draw DrawReader::read_chance(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::boolean}, "chance", node.place)) return {};
    const auto share = read_number(node, 1, faults_);
    if (!share || !file_can_say(column, true, node.place) ||
        !file_can_say(column, false, node.place)) {
        return {};
    }
    return Chance{*share};
}

Draw DrawReader::read_total(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::integer, Type::money}, "total", node.place)) return {};
    const auto value = read_value(column, node.scalar, node.place);
    if (!value) return {};
    if (const auto* whole = std::get_if<std::int64_t>(&*value); whole != nullptr && *whole >= 0) {
        return Total{*whole};
    }
    if (const auto* money = std::get_if<double>(&*value); money != nullptr && *money >= 0) {
        return Total{std::llround(*money * kMoneyUnits)};
    }
    faults_.add(node.place, "`total` es un número desde 0", "`total` is a number from 0");
    return {};
}

Draw DrawReader::read_identifier(std::size_t column, const DataNode& node) {
    const auto& target = plan_.register_->columns[column];
    if (target.identifier == nullptr || target.name.find('.') == std::string::npos) {
        faults_.add(node.place, fmt::format("{} no tiene `identifier`", target.name),
                    fmt::format("{} has no `identifier`", target.name));
        return {};
    }
    if (node.scalar == "true") return Identified{target.identifier, 1};
    const auto share = read_number(node, 1, faults_);
    if (!share) return {};
    return Identified{target.identifier, *share};
}

Draw DrawReader::read_names(std::size_t column, const DataNode& node) {
    if (!type_is(column, {Type::text}, "names", node.place)) return {};
    if (!shared_.names.complete()) {
        faults_.add(node.place, "synthesis/names.csv no tiene given_female, given_male y family",
                    "synthesis/names.csv does not have given_female, given_male and family");
        return {};
    }
    if (plan_.source->encoding == Encoding::windows_1252) {
        if (const auto* name = shared_.names.find_unwritable()) {
            faults_.add(node.place,
                        fmt::format("Windows-1252 no puede escribir `{}` de names.csv", *name),
                        fmt::format("Windows-1252 cannot write `{}` of names.csv", *name));
            return {};
        }
    }
    if (!file_can_say(column, std::string("Ana"), node.place)) return {};
    return Names{};
}

}  // namespace amate::synthesis::internal
