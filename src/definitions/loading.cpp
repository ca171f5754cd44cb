// SPDX-License-Identifier: Apache-2.0
// Finds and opens the files of a pack for the readers of its parts; reads values and expressions.
#include "definitions/internal/loading.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

namespace amate::definitions::internal {

bool Loading::has(std::string_view file) const {
    return std::binary_search(files.begin(), files.end(), file);
}

std::vector<std::string> Loading::names_in(std::string_view folder,
                                           std::string_view extension) const {
    std::vector<std::string> names;
    for (const auto& file : files) {
        const std::filesystem::path path(file);
        if (path.parent_path().generic_string() == folder && path.extension() == extension) {
            names.push_back(path.stem().string());
        }
    }
    return names;
}

std::vector<std::string> Loading::need_all(Thing thing, const std::string& scope,
                                           const Cursor& list) {
    std::vector<std::string> all;
    for (const auto& item : list.items()) {
        auto id = item.text();
        if (id.empty()) continue;
        if (std::find(all.begin(), all.end(), id) != all.end()) {
            item.fault("definitions.repeated", {{"value", shown(id)}});
            continue;
        }
        need(thing, scope, item);
        all.push_back(std::move(id));
    }
    return all;
}

std::optional<std::string> Loading::read_file(const std::string& file) {
    const auto path = path_of(file);
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        faults.add("core.file_unreadable", {file, 0, 0, {}},
                   {{"file", file}, {"reason", std::strerror(errno)}});
        return std::nullopt;
    }
    // One byte more than allowed, so that a longer file is seen to be longer.
    const std::uintmax_t bytes_max = kYamlBytesMax + 1;
    std::error_code status;
    const auto size = std::filesystem::file_size(path, status);
    std::string bytes(status ? bytes_max : std::min(size, bytes_max), '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (stream.bad()) throw IoFailure("reading " + path.string() + " failed");
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
}

namespace {

// A list item that names itself by its first key stands under that name.
std::string key_of(const YamlNode& item, std::size_t number) {
    constexpr std::string_view kNaming[] = {"indicator", "programme", "node", "document"};
    if (!item.entries.empty()) {
        const auto& [key, value] = item.entries.front();
        const bool naming =
            std::find(std::begin(kNaming), std::end(kNaming), key.scalar) != std::end(kNaming);
        if (naming && value.kind == NodeKind::scalar) return value.scalar;
    }
    return std::to_string(number);
}

Description described(const YamlNode& node) {
    Description description;
    description.text = node.scalar;
    for (const auto& [key, value] : node.entries) {
        description.parts.push_back(described(value));
        description.parts.back().key = key.scalar;
    }
    std::vector<std::string> scalars;
    for (const auto& item : node.items) {
        if (item.kind == NodeKind::scalar) scalars.push_back(item.scalar);
    }
    if (!scalars.empty() && scalars.size() == node.items.size()) {
        description.text = fmt::format("[{}]", fmt::join(scalars, ", "));
        return description;
    }
    std::size_t number = 0;
    for (const auto& item : node.items) {
        auto key = key_of(item, ++number);
        if (description.find(key) != nullptr) key = std::to_string(number);
        description.parts.push_back(described(item));
        description.parts.back().key = std::move(key);
    }
    return description;
}

}  // namespace

bool with_yaml(Loading& loading, const std::string& file,
               const std::function<void(const Cursor&)>& take) {
    const auto bytes = loading.read_file(file);
    if (!bytes) return false;
    const YamlFile parsed(file, *bytes, loading.faults, loading.pack.languages);
    if (!parsed.root().present()) return false;
    if (!file.starts_with("synthesis/"))
        loading.pack.files[file] = described(*parsed.root().node());
    take(parsed.root());
    return true;
}

void expect_file_name(const Cursor& name, const std::string& stem) {
    if (!name.is(NodeKind::scalar) || name.node()->scalar == stem) return;
    name.fault("definitions.differs_from_file",
               {{"value", shown(name.node()->scalar)}, {"expected", stem}});
}

namespace {

Variable variable_of(const Column& column) {
    Variable variable{column.name, column.type, column.codelist, column.title};
    for (const auto& field : column.fields) variable.fields.push_back(variable_of(field));
    return variable;
}

}  // namespace

Environment environment_of(const Pack& pack, const Register& register_) {
    Environment environment;
    for (const auto& column : register_.columns) {
        environment.variables.push_back(variable_of(column));
    }
    environment.find_codelist = [&pack](std::string_view name) { return pack.find_codelist(name); };
    environment.calendars = &pack.calendars;
    return environment;
}

Environment life_environment_of(const Pack& pack, const Register& register_) {
    auto environment = environment_of(pack, register_);
    environment.states = &register_.state_list;
    environment.flags = &register_.flag_list;
    return environment;
}

Expression read_expression(Loading& loading, const Cursor& text, const Environment& environment) {
    const auto source = text.text();
    if (source.empty()) return {};
    auto compiled = compile(source, environment, text.text_place());
    if (compiled) return std::move(compiled).value();
    auto problems = std::move(compiled).error();
    if (loading.names_incomplete) {
        std::erase_if(problems, [](const Problem& each) {
            return each.code == "definitions.expression_unknown_name";
        });
    }
    loading.faults.add_all(std::move(problems));
    return {};
}

Expression read_condition(Loading& loading, const Cursor& text, const Environment& environment) {
    auto expression = read_expression(loading, text, environment);
    if (expression.empty() || expression.type() == Type::boolean) return expression;
    text.fault("definitions.not_a_condition", {{"value", shown(expression.source())},
                                               {"type", std::string(name_of(expression.type()))}});
    return {};
}

TimeLimit read_limit(Loading& loading, const Cursor& owner) {
    const auto within = owner.find("within");
    const auto calendar = owner.find("calendar");
    const Words expected{
        "a number and a unit: min, h, d, w, wd (working days), m (months) or y, as in 10wd",
        "un número y una unidad: min, h, d, w, wd (días hábiles), m (meses) o y, como 10wd"};
    std::optional<TimeLimit> limit;
    if (within.present()) {
        const auto text = within.text();
        limit = TimeLimit::parse(text);
        if (!limit && !text.empty()) within.bad_value(expected);
    }
    if (calendar.present()) {
        const auto name = calendar.name();
        loading.need(Thing::calendar, "", calendar);
        if (limit) limit->calendar = loading.pack.find_calendar(name);
        if (!limit || limit->unit != LimitUnit::working_day) {
            calendar.fault("definitions.calendar_without_working_days");
        }
    } else if (limit && limit->unit == LimitUnit::working_day) {
        within.fault("definitions.working_days_without_calendar", {{"value", limit->text}});
    }
    return limit.value_or(TimeLimit());
}

std::vector<std::string> column_names(const Register& register_) {
    std::vector<std::string> names;
    for (const auto& column : register_.columns) names.push_back(column.name);
    return names;
}

std::optional<std::size_t> read_column(const Loading& loading, const Cursor& name,
                                       const Register& register_) {
    const auto text = name.text();
    if (text.empty()) return std::nullopt;
    auto index = register_.column_index(text);
    if (!index && !loading.names_incomplete) {
        name.bad_value({"a field of the register " + register_.name,
                        "un campo del registro " + register_.name},
                       column_names(register_));
    }
    return index;
}

}  // namespace amate::definitions::internal
