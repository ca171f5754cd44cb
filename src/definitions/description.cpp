// SPDX-License-Identifier: Apache-2.0
// Lays a pack out as a tree: what is stored from the model, everything else as it is written.
#include "definitions/description.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "definitions/internal/change_table.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {
namespace {

namespace json = boost::json;
using internal::Handling;

constexpr std::string_view kFormat = "amate-definition-1";

void add_texts(const Text& text, Description& to) {
    for (const auto& [language, label] : text.labels()) to.add(language, label);
}

void add_map(const std::map<std::string, std::string>& map, Description& to) {
    for (const auto& [from, read] : map) to.add(from, read);
}

void describe_codelist(const CodeList& list, Description& to) {
    add_texts(list.title, to.add("title"));
    auto& codes = to.add("codes");
    for (const auto& each : list.codes) {
        auto& code = codes.add(each.code);
        add_texts(each.label, code.add("label"));
        code.add("parent", each.parent);
        code.add("valid_from", each.valid_from ? each.valid_from->iso() : "");
        code.add("valid_to", each.valid_to ? each.valid_to->iso() : "");
        code.add("tags", fmt::format("{}", fmt::join(each.tags, ";")));
    }
}

// An attribute of the person by the name it had first: renaming makes nobody another person.
std::string stored_name(const Pack& pack, const std::string& attribute) {
    for (const auto& each : pack.person_attributes) {
        if (each.name == attribute) return each.stored_as;
    }
    return attribute;
}

void describe_column(const Column& column, Description& to) {
    to.add("name", column.name);
    to.add("type", std::string(name_of(column.type)));
    to.add("codelist", column.codelist == nullptr ? "" : column.codelist->name);
    to.add("currency", column.currency);
    to.add("register", column.register_name);
    add_map(column.recodes, to.add("recodes"));
    if (column.type != Type::table) return;
    // Rows are stored as lists of cells: the place of a field is what tells it from the others.
    auto& cells = to.add("cells");
    for (std::size_t i = 0; i < column.fields.size(); ++i) {
        auto& cell = cells.add(std::to_string(i + 1));
        cell.add("stored_as", column.fields[i].sql_name);
        describe_column(column.fields[i], cell);
    }
}

void describe_flags(const Register& register_, Description& to) {
    Description flags{"flags_raised", {}, {}};
    Description doubts{"doubts", {}, {}};
    for (const auto& flag : register_.flag_list.codes) flags.add(flag.code);
    for (const auto& rule : register_.rules) {
        if (rule.flag.empty() || flags.find(rule.flag) || doubts.find(rule.flag)) continue;
        if (rule.kind != RuleKind::warn) {
            flags.add(rule.flag);
            continue;
        }
        // A doubt that is named by its place alone: what it says tells whether it is still the one.
        auto& doubt = doubts.add(rule.flag);
        doubt.add("condition", rule.expression.source());
        add_texts(rule.message, doubt.add("message"));
    }
    to.parts.push_back(std::move(flags));
    to.parts.push_back(std::move(doubts));
}

void add_written_cell(const Description& cell, Description& to) {
    auto& written = to.add(cell.key);
    for (const auto& key : cell.parts) {
        const bool modelled = key.key == "type" || key.key == "codelist" || key.key == "currency" ||
                              key.key == "register";
        if (!modelled) written.parts.push_back(key);
    }
}

// What is written of a field beside what the model gives: one node a key, under its column.
void add_written_fields(const Register& register_, const Description& fields, Description& to) {
    auto& people = to.add("people");
    auto& columns = to.parts[static_cast<std::size_t>(to.find("fields") - to.parts.data())];
    for (const auto& field : fields.parts) {
        const auto* column = register_.find_column(field.key);
        auto* target = &people;
        if (column != nullptr) {
            const auto* stored = columns.find(column->sql_name);
            target = &columns.parts[static_cast<std::size_t>(stored - columns.parts.data())];
        } else {
            target = &people.add(field.key);
        }
        for (const auto& key : field.parts) {
            if (key.key == "fields" && column != nullptr) {
                auto& written = target->add("rows_written");
                for (const auto& cell : key.parts) add_written_cell(cell, written);
            } else if (target->find(key.key) == nullptr) {
                target->parts.push_back(key);
            }
        }
    }
}

void describe_register(const Register& register_, const Description* written, Description& to) {
    auto& fields = to.add("fields");
    for (const auto& column : register_.columns) {
        auto& node = fields.add(column.sql_name);
        describe_column(column, node);
        if (is_secret(register_, column)) node.add("encrypted");
    }
    auto& retired = to.add("retired");
    for (const auto& each : register_.retired) {
        retired.add(each.sql_name, each.attribute ? "attribute" : "field");
    }
    auto& states = to.add("states");
    for (const auto& state : register_.states) states.add(state);
    add_map(register_.recoded_states, to.add("recoded_states"));
    add_map(register_.recoded_flags, to.add("recoded_flags"));
    to.add("life", register_.states.empty() ? "without states" : "with states");
    to.add("retention", register_.retention);
    to.add("duplicates", register_.duplicates);
    describe_flags(register_, to);
    if (written == nullptr) return;
    for (const auto& part : written->parts) {
        if (part.key == "fields") {
            add_written_fields(register_, part, to);
        } else if (to.find(part.key) == nullptr) {
            to.parts.push_back(part);
        }
    }
}

void describe_migrations(const Pack& pack, Description& to) {
    for (const auto& migration : pack.migrations) {
        auto& node = to.add(migration.name);
        add_texts(migration.why, node.add("why"));
        auto& steps = node.add("steps");
        for (const auto& step : migration.steps) {
            static constexpr std::string_view kNames[] = {"rename", "recode", "retire", "accept"};
            auto& at = steps.add(std::to_string(steps.parts.size() + 1));
            at.add("kind", std::string(kNames[static_cast<std::size_t>(step.kind)]));
            for (const auto& [key, text] :
                 {std::pair{"register", &step.register_name}, std::pair{"field", &step.field},
                  std::pair{"person", &step.attribute}, std::pair{"codelist", &step.codelist},
                  std::pair{"flag", &step.flag}, std::pair{"to", &step.to},
                  std::pair{"at", &step.at}, std::pair{"was", &step.was},
                  std::pair{"is", &step.is}}) {
                if (!text->empty()) at.add(key, *text);
            }
            static constexpr const char* kRecoded[] = {"codes", "states", "flags"};
            if (step.kind == StepKind::recode) {
                add_map(step.codes, at.add(kRecoded[static_cast<std::size_t>(step.recoded)]));
            }
        }
    }
}

// Keeps what stored records depend on; false if the node is nothing to them.
bool keep(const Description& from, std::vector<std::string_view>& path, Description& to) {
    const auto handling = internal::handling_of(path);
    if (handling == Handling::free) return false;
    to.key = from.key;
    if (handling == Handling::judged) to.text = from.text;
    for (const auto& part : from.parts) {
        path.push_back(part.key);
        Description kept;
        if (keep(part, path, kept)) to.parts.push_back(std::move(kept));
        path.pop_back();
    }
    return true;
}

json::value to_json(const Description& description) {
    if (description.parts.empty() && !description.text.empty())
        return json::string(description.text);
    std::vector<const Description*> parts;
    for (const auto& part : description.parts) parts.push_back(&part);
    std::sort(parts.begin(), parts.end(), [](auto* a, auto* b) { return a->key < b->key; });
    json::object object;
    if (!description.text.empty()) object["="] = description.text;
    for (const auto* part : parts) object[part->key] = to_json(*part);
    return object;
}

bool from_json(const json::value& value, int depth, Description& to) {
    if (const auto* text = value.if_string()) {
        to.text = std::string(*text);
        return true;
    }
    const auto* object = value.if_object();
    if (object == nullptr || depth == 0) return false;
    for (const auto& item : *object) {
        if (item.key() == "=" && item.value().is_string()) {
            to.text = std::string(item.value().get_string());
        } else if (!from_json(item.value(), depth - 1, to.add(std::string(item.key())))) {
            return false;
        }
    }
    return true;
}

}  // namespace

const Description* Description::find(std::string_view part) const {
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const Description& each) { return each.key == part; });
    return found == parts.end() ? nullptr : &*found;
}

const Description* Description::at(std::string_view path) const {
    const auto* node = this;
    while (node != nullptr && !path.empty()) {
        const auto slash = path.find('/');
        node = node->find(path.substr(0, slash));
        path = slash == path.npos ? "" : path.substr(slash + 1);
    }
    return node;
}

std::string_view Description::text_of(std::string_view part) const {
    const auto* found = find(part);
    return found == nullptr ? std::string_view() : std::string_view(found->text);
}

Description& Description::add(std::string part, std::string value) {
    parts.push_back({std::move(part), std::move(value), {}});
    return parts.back();
}

Description describe(const Pack& pack) {
    Description root;
    auto& whole = root.add("pack");
    whole.add("time_zone", pack.time_zone);
    std::string key;
    for (const auto& each : pack.person_key) {
        std::vector<std::string> stored;
        for (const auto& name : each) stored.push_back(stored_name(pack, name));
        key += fmt::format("[{}]", fmt::join(stored, ", "));
    }
    whole.add("person_key", key);
    const auto written = [&](const std::string& file) -> const Description* {
        const auto found = pack.files.find(file);
        return found == pack.files.end() ? nullptr : &found->second;
    };
    if (const auto* file = written("pack.yaml")) {
        for (const auto& part : file->parts) {
            if (whole.find(part.key) == nullptr) whole.parts.push_back(part);
        }
    }
    auto& lists = root.add("codelists");
    for (const auto& [name, list] : pack.codelists) describe_codelist(*list, lists.add(name));
    auto& registers = root.add("registers");
    for (const auto& each : pack.registers) {
        describe_register(*each, written("registers/" + each->name + ".yaml"),
                          registers.add(each->name));
    }
    auto& retired = root.add("retired_registers");
    for (const auto& name : pack.retired_registers) retired.add(name);
    describe_migrations(pack, root.add("migrations"));
    auto& files = root.add("files");
    for (const auto& [file, tree] : pack.files) {
        const bool elsewhere = file == "pack.yaml" || file.starts_with("registers/") ||
                               file.starts_with("migrations/");
        if (elsewhere) continue;
        files.parts.push_back(tree);
        files.parts.back().key = file;
    }
    for (const auto& [file, digest] : pack.file_digests) {
        if (!file.starts_with("codelists/")) files.add(file, digest.substr(0, 16));
    }
    return root;
}

Description data_part(const Description& description) {
    Description kept;
    std::vector<std::string_view> path;
    keep(description, path, kept);
    return kept;
}

std::string to_form(const Description& description) {
    json::object form{{"format", kFormat}, {"definition", to_json(description)}};
    return json::serialize(form);
}

std::optional<Description> from_form(std::string_view form) {
    constexpr int kDepthMax = 32;
    json::error_code fault;
    const auto value = json::parse(json::string_view(form.data(), form.size()), fault);
    if (fault || !value.is_object()) return std::nullopt;
    const auto& object = value.get_object();
    const auto* format = object.if_contains("format");
    const auto* definition = object.if_contains("definition");
    Description description;
    const bool sound = format != nullptr && format->is_string() &&
                       format->get_string() == kFormat && definition != nullptr &&
                       from_json(*definition, kDepthMax, description);
    return sound ? std::optional(std::move(description)) : std::nullopt;
}

}  // namespace amate::definitions
