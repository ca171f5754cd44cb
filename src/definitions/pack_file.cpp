// SPDX-License-Identifier: Apache-2.0
// Reads pack.yaml: names, languages, documents, roles and what is known of a person.
#include <algorithm>
#include <regex>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::string kFile = "pack.yaml";

void read_languages(const Cursor& list, std::vector<std::string>& languages) {
    for (const auto& item : list.items()) {
        const auto language = item.text();
        const bool plain = (language.size() == 2 || language.size() == 3) &&
                           std::all_of(language.begin(), language.end(),
                                       [](char c) { return c >= 'a' && c <= 'z'; });
        if (!plain) {
            item.bad_value({"a language code of two or three letters (ISO 639)",
                            "un código de idioma de dos o tres letras (ISO 639)"});
        } else if (std::find(languages.begin(), languages.end(), language) != languages.end()) {
            item.fault("definitions.repeated", {{"value", language}});
        } else {
            languages.push_back(language);
        }
    }
    if (list.is(NodeKind::list) && languages.empty()) {
        list.fault("definitions.missing_key", {{"key", "languages"}});
    }
}

void read_matching(const Cursor& cursor, const char* pattern, const Words& expected,
                   std::string& out) {
    out = cursor.text();
    if (!out.empty() && !std::regex_match(out, std::regex(pattern))) cursor.bad_value(expected);
}

void read_documents(Loading& loading, const Cursor& list) {
    for (const auto& item : list.items()) {
        if (!item.expect_keys({"document", "title", "date", "lines"})) continue;
        Document document;
        document.id = item.get("document").id();
        document.title = item.get("title").label();
        document.date = item.get("date").date().value_or(Date());
        document.lines = static_cast<int>(item.get("lines").integer(1, 10'000'000).value_or(0));
        loading.references.declare(Thing::document, "", document.id, item.get("document").place(),
                                   loading.faults);
        loading.pack.documents.push_back(std::move(document));
    }
}

void read_roles(Loading& loading, const Cursor& map) {
    static const std::vector<std::string> kDomains{"service", "protection", "enforcement",
                                                   "statistics", "administration"};
    for (const auto& [key, value] : map.entries()) {
        Role role;
        role.name = key.name();
        loading.references.declare(Thing::role, "", role.name, key.place(), loading.faults);
        if (!value.expect_keys({"domain", "title"})) continue;
        const auto domain = value.get("domain").choice(kDomains);
        const auto found = std::find(kDomains.begin(), kDomains.end(), domain);
        if (found != kDomains.end()) role.domain = static_cast<Domain>(found - kDomains.begin());
        role.title = value.get("title").label();
        loading.pack.roles.push_back(std::move(role));
    }
}

void read_attribute(Loading& loading, const Cursor::Entry& entry) {
    static const std::vector<std::string> kTypes{"text",    "code", "codes",       "integer",
                                                 "boolean", "date", "partial_date"};
    static const std::vector<std::string> kSensitivities{"open", "internal", "personal",
                                                         "protected"};
    PersonAttribute attribute;
    attribute.name = entry.key.name();
    const auto& value = entry.value;
    loading.person_incomplete = loading.person_incomplete || attribute.name.empty();
    if (!value.expect_keys({"type", "title", "codelist", "identifier", "sensitivity"})) {
        loading.person_incomplete = true;
        return;
    }
    if (const auto type = parse_type(value.get("type").choice(kTypes))) attribute.type = *type;
    attribute.title = value.get("title").label();
    const bool coded = attribute.type == Type::code || attribute.type == Type::codes;
    const auto codelist = coded ? value.get("codelist") : value.find("codelist");
    if (codelist.present() && !coded) {
        codelist.fault("definitions.codelist_without_code");
    } else if (codelist.present()) {
        const auto name = codelist.name();
        if (!loading.references.given_up(Thing::code, name)) {
            attribute.codelist = loading.pack.find_codelist(name);
        }
        loading.need(Thing::codelist, "", codelist);
    }
    attribute.identifier = find_identifier(loading, value.find("identifier"), attribute.type);
    if (const auto sensitivity = value.find("sensitivity"); sensitivity.present()) {
        const auto found = std::find(kSensitivities.begin(), kSensitivities.end(),
                                     sensitivity.choice(kSensitivities));
        if (found != kSensitivities.end()) {
            attribute.sensitivity = static_cast<Sensitivity>(found - kSensitivities.begin());
        }
    } else {
        // Coded traits are not personal by themselves; names and birth are.
        attribute.sensitivity = coded || attribute.type == Type::boolean ? Sensitivity::internal
                                                                         : Sensitivity::personal;
    }
    attribute.stored_as = attribute.name;
    if (!attribute.name.empty()) loading.pack.person_attributes.push_back(std::move(attribute));
}

void read_person_key(Loading& loading, const Cursor& list) {
    std::vector<std::string> known;
    for (const auto& each : loading.pack.person_attributes) known.push_back(each.name);
    for (const auto& key : list.items()) {
        std::vector<std::string> names;
        for (const auto& item : key.items()) {
            auto name = item.text();
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                item.bad_value({"an attribute of the person", "un atributo de la persona"}, known);
            }
            names.push_back(std::move(name));
        }
        if (names.empty() && key.is(NodeKind::list)) {
            key.bad_value({"a list of attributes", "una lista de atributos"});
        }
        loading.pack.person_key.push_back(std::move(names));
    }
}

// Goes on without pack.yaml, so that the faults of other files are told in the same run.
void give_up(Loading& loading) {
    loading.pack.languages = {"es", "en"};
    loading.references.give_up(Thing::document, "");
    loading.references.give_up(Thing::role, "");
    loading.references.give_up(Thing::calendar, "");
    loading.person_incomplete = true;
}

}  // namespace

void read_pack_file(Loading& loading) {
    auto& pack = loading.pack;
    loading.references.give_up(Thing::purpose, "");  // a pack need not declare them
    if (!loading.has(kFile)) {
        loading.faults.add("definitions.missing_file", {kFile, 0, 0, {}});
        give_up(loading);
        return;
    }
    const bool whole = with_yaml(loading, kFile, [&](const Cursor& root) {
        if (!root.expect_keys({"pack", "title", "version", "languages", "country", "time_zone",
                               "documents", "person", "person_key", "roles", "purposes",
                               "calendars"})) {
            return;
        }
        read_languages(root.get("languages"), pack.languages);  // first: texts need them
        pack.name = root.get("pack").name();
        pack.title = root.get("title").label();
        pack.version = root.get("version").text();
        read_matching(root.get("country"), "[A-Z]{3}",
                      {"a country code of three capitals (ISO 3166-1 alpha-3)",
                       "un código de país de tres mayúsculas (ISO 3166-1 alfa-3)"},
                      pack.country);
        read_matching(
            root.get("time_zone"), "[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}",
            {"an IANA time zone such as Etc/UTC", "una zona horaria de la IANA, como Etc/UTC"},
            pack.time_zone);
        read_documents(loading, root.find("documents"));
        read_roles(loading, root.get("roles"));
        for (const auto& [key, value] : root.find("purposes").entries()) {
            auto name = key.name();
            loading.references.declare(Thing::purpose, "", name, key.place(), loading.faults);
            if (!value.expect_keys({"title"})) continue;
            pack.purposes.emplace_back(std::move(name), value.get("title").label());
        }
        if (root.find("purposes").present()) loading.references.take_up(Thing::purpose, "");
        read_calendars(loading, root.find("calendars"));
        for (const auto& [key, value] : root.find("calendars").entries()) {
            loading.references.declare(Thing::calendar, "", key.raw_text(), key.place(),
                                       loading.faults);
        }
    });
    if (!whole || pack.languages.empty()) give_up(loading);
}

void read_person(Loading& loading) {
    if (!loading.has(kFile)) return;
    // Its attributes need the code lists, which need the languages: hence the second reading,
    // whose parse faults are already known and are left out by Faults::take().
    with_yaml(loading, kFile, [&](const Cursor& root) {
        for (const auto& entry : root.find("person").entries()) read_attribute(loading, entry);
        read_person_key(loading, root.find("person_key"));
    });
}

}  // namespace amate::definitions::internal
