// SPDX-License-Identifier: Apache-2.0
// Reads identifiers/*.yaml: what an identifier of persons is made of.
#include <algorithm>

#include "definitions/identifier.hpp"
#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

bool is_capital(const std::string& sign) {
    return sign.size() == 1 && sign[0] >= 'A' && sign[0] <= 'Z';
}

// The UTF-8 signs of a text, which the YAML reader has found sound.
std::vector<std::string> signs_of(const std::string& text) {
    std::vector<std::string> signs;
    for (const char c : text) {
        if (signs.empty() || (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) signs.emplace_back();
        signs.back() += c;
    }
    return signs;
}

class IdentifierReader {
public:
    IdentifierReader(Loading& loading, Identifier& made) : loading_(loading), made_(made) {}

    void read(const Cursor& root, const std::string& stem) {
        if (!root.expect_keys({"identifier", "title", "source", "letters", "vowels", "filler",
                               "skip", "give_way", "parts", "excluded", "tests"})) {
            return;
        }
        made_.name = root.get("identifier").name();
        expect_file_name(root.find("identifier"), stem);
        made_.title = root.get("title").label();
        made_.source = root.find("source").present() ? root.find("source").text() : "";
        for (const auto& [from, to] : root.find("letters").entries()) {
            made_.letters.emplace_back(from.text(), to.text());
        }
        if (root.find("vowels").present()) made_.vowels = root.find("vowels").text();
        if (const auto filler = root.find("filler"); filler.present()) {
            made_.filler = filler.text();
            if (!is_capital(made_.filler)) {
                filler.bad_value({"one capital letter", "una letra mayúscula"});
                made_.filler = "X";
            }
        }
        made_.skip = texts(root.find("skip"));
        made_.give_way = texts(root.find("give_way"));
        const auto parts = root.get("parts");
        for (const auto& part : parts.items()) read_part(part);
        if (parts.is(NodeKind::list) && made_.parts.empty()) {
            parts.bad_value({"a list of parts", "una lista de partes"});
        }
        read_excluded(root.find("excluded"));
        for (const auto& test : root.find("tests").items()) read_test(test);
    }

private:
    static std::vector<std::string> texts(const Cursor& list) {
        std::vector<std::string> all;
        for (const auto& item : list.items()) all.push_back(item.text());
        return all;
    }

    void read_part(const Cursor& part) {
        if (part.find("name").present()) {
            read_name(part);
        } else if (part.find("birth").present()) {
            read_birth(part);
        } else if (part.find("code").present()) {
            read_code(part);
        } else if (part.find("differs").present()) {
            read_differs(part);
        } else if (part.find("check").present()) {
            read_check(part);
        } else {
            part.expect_keys({"name", "birth", "code", "differs", "check"});
            if (part.is(NodeKind::map)) static_cast<void>(part.get("name"));
        }
    }

    void read_name(const Cursor& part) {
        static const std::vector<std::string> kNames{"given", "family", "second_family"};
        static const std::vector<std::string> kTakes{"initial", "inner_vowel", "inner_consonant"};
        if (!part.expect_keys({"name", "take"})) return;
        const auto name = part.get("name").choice(kNames);
        const auto take = part.get("take").choice(kTakes);
        if (name.empty() || take.empty()) return;
        const auto place = [](const auto& list, const auto& word) {
            return std::find(list.begin(), list.end(), word) - list.begin();
        };
        made_.parts.emplace_back(
            Identifier::NamePart{static_cast<Identifier::Name>(place(kNames, name)),
                                 static_cast<Identifier::Take>(place(kTakes, take))});
    }

    // The attribute of the person that `named` names, which must be of one of two types.
    std::optional<std::size_t> read_attribute(const Cursor& named, Type one, Type other,
                                              const Words& expected) {
        const auto& attributes = loading_.pack.person_attributes;
        std::vector<std::string> known;
        for (std::size_t i = 0; i < attributes.size(); ++i) {
            if (attributes[i].type != one && attributes[i].type != other) continue;
            if (attributes[i].name == named.raw_text()) return i;
            known.push_back(attributes[i].name);
        }
        if (!loading_.person_incomplete) named.bad_value(expected, known);
        return std::nullopt;
    }

    void read_birth(const Cursor& part) {
        if (!part.expect_keys({"birth"})) return;
        const auto found = read_attribute(part.get("birth"), Type::partial_date, Type::date,
                                          {"a date of the person", "una fecha de la persona"});
        if (!found) return;
        has_birth_ = true;
        made_.parts.emplace_back(Identifier::DatePart{*found});
    }

    // Codes and how they are written: `map`, or a tag of the list such as "id=AB".
    std::vector<std::pair<Cursor, std::string>> read_written(const Cursor& part,
                                                             const CodeList* list,
                                                             Identifier::CodePart& made) {
        std::vector<std::pair<Cursor, std::string>> all;
        const auto add = [&](const Cursor& at, const std::string& code, const std::string& signs) {
            made.written[code] = signs;
            all.emplace_back(at, signs);
            if (made.codes.emplace(signs, code).second) return;
            at.fault("definitions.repeated", {{"value", shown(signs)}});
        };
        if (const auto tag = part.find("tag"); tag.present() && list != nullptr) {
            const auto mark = tag.text() + "=";
            for (const auto& code : list->codes) {
                for (const auto& each : code.tags) {
                    if (each.starts_with(mark)) add(tag, code.code, each.substr(mark.size()));
                }
            }
            if (all.empty())
                tag.bad_value({"a tag of " + list->name, "una marca de " + list->name});
            return all;
        }
        for (const auto& [key, value] : part.get("map").entries()) {
            const auto code = key.text();
            if (list != nullptr && list->find(code) == nullptr) {
                std::vector<std::string> known;
                for (const auto& each : list->codes) known.push_back(each.code);
                key.bad_value({"a code of " + list->name, "un código de " + list->name}, known);
            }
            add(value, code, value.text());
        }
        return all;
    }

    void read_code(const Cursor& part) {
        if (!part.expect_keys({"code", "map", "tag", "otherwise", "also"})) return;
        const auto found =
            read_attribute(part.get("code"), Type::code, Type::code,
                           {"a coded attribute of the person", "un atributo con catálogo"});
        if (!found) return;
        Identifier::CodePart made;
        made.attribute = *found;
        auto written = read_written(part, loading_.pack.person_attributes[*found].codelist, made);
        if (const auto otherwise = part.find("otherwise"); otherwise.present()) {
            made.otherwise = otherwise.text();
            written.emplace_back(otherwise, made.otherwise);
        }
        made.also = texts(part.find("also"));
        for (const auto& item : part.find("also").items()) {
            written.emplace_back(item, item.raw_text());
        }
        if (written.empty()) return;
        made.length = signs_of(written.front().second).size();
        for (const auto& [cursor, text] : written) {
            if (signs_of(text).size() == made.length) continue;
            cursor.bad_value({"as long as the others", "tan largo como los demás"});
        }
        made_.parts.emplace_back(std::move(made));
    }

    void read_differs(const Cursor& part) {
        if (!part.expect_keys({"differs"})) return;
        if (!has_birth_) {
            part.bad_value({"behind a birth, which says the era",
                            "detrás de un nacimiento, que dice la época"});
        }
        Identifier::Differentiator made;
        for (const auto& item : part.get("differs").items()) {
            if (!item.expect_keys({"from", "to", "signs", "invented"})) continue;
            Identifier::Era era;
            if (item.find("from").present()) era.from = item.find("from").date();
            if (item.find("to").present()) era.to = item.find("to").date();
            if (!era.from && !era.to) static_cast<void>(item.get("from"));
            era.signs = signs_of(item.get("signs").text());
            era.invented = signs_of(item.get("invented").text());
            if (era.from || era.to) made.eras.push_back(std::move(era));
        }
        check_signs(part.get("differs"), made);
        if (!made.eras.empty()) made_.parts.emplace_back(std::move(made));
    }

    // A sign tells one era, and whether it is invented: it may stand only once.
    static void check_signs(const Cursor& at, const Identifier::Differentiator& made) {
        std::vector<std::string> seen;
        for (const auto& era : made.eras) {
            for (const auto* signs : {&era.signs, &era.invented}) {
                for (const auto& sign : *signs) {
                    if (std::find(seen.begin(), seen.end(), sign) != seen.end()) {
                        at.fault("definitions.repeated", {{"value", shown(sign)}});
                    }
                    seen.push_back(sign);
                }
            }
        }
    }

    void read_check(const Cursor& part) {
        if (!part.expect_keys({"check", "weights", "modulus"})) return;
        Identifier::Check made;
        made.alphabet = signs_of(part.get("check").text());
        for (const auto& item : part.get("weights").items()) {
            made.weights.push_back(static_cast<int>(item.integer(0, 1000).value_or(0)));
        }
        const auto size = static_cast<std::int64_t>(made.alphabet.size());
        if (const auto modulus = part.find("modulus"); modulus.present()) {
            made.modulus =
                static_cast<int>(modulus.integer(2, std::max<std::int64_t>(size, 2)).value_or(2));
        }
        if (made.modulus > size) {
            part.find("check").bad_value(
                {"at least as many signs as the modulus", "al menos tantos signos como el módulo"});
            return;
        }
        made_.parts.emplace_back(std::move(made));
    }

    void read_excluded(const Cursor& excluded) {
        if (!excluded.expect_keys({"words", "replace", "by"})) return;
        const auto at = excluded.get("replace").integer(1, 20).value_or(1);
        const auto by = excluded.get("by").text();
        for (const auto& item : excluded.get("words").items()) {
            auto word = item.text();
            if (static_cast<std::size_t>(at) > word.size()) {
                item.bad_value({"a word that long", "una palabra así de larga"});
                continue;
            }
            auto replaced = word;
            replaced.replace(static_cast<std::size_t>(at - 1), 1, by);
            made_.excluded.emplace(std::move(word), std::move(replaced));
        }
    }

    void read_test(const Cursor& node) {
        if (!node.expect_keys({"given", "family", "second_family", "person", "text", "expect"})) {
            return;
        }
        static const std::vector<std::string> kVerdicts{"sound", "invented", "unsound"};
        Identifier::Test test;
        test.place = node.place();
        test.text = node.get("text").text();
        if (const auto expect = node.find("expect"); expect.present()) {
            const auto found =
                std::find(kVerdicts.begin(), kVerdicts.end(), expect.choice(kVerdicts));
            test.verdict = static_cast<IdentifierVerdict>(found - kVerdicts.begin());
        }
        if (node.find("given").present()) test.given = node.find("given").text();
        if (node.find("family").present()) test.family = node.find("family").text();
        if (const auto second = node.find("second_family"); second.present()) {
            test.second_family = second.raw_text();
        }
        const auto& attributes = loading_.pack.person_attributes;
        if (node.find("person").present()) {
            test.person.resize(attributes.size(), Missing::absent);
        }
        for (const auto& [key, value] : node.find("person").entries()) {
            const auto name = key.raw_text();
            const auto found = std::find_if(attributes.begin(), attributes.end(),
                                            [&](auto& each) { return each.name == name; });
            if (found == attributes.end()) {
                key.bad_value({"an attribute of the person", "un atributo de la persona"});
                continue;
            }
            Column column;
            column.name = found->name;
            column.type = found->type;
            column.codelist = found->codelist;
            test.person[static_cast<std::size_t>(found - attributes.begin())] =
                read_value(value, column);
        }
        made_.tests.push_back(std::move(test));
    }

    Loading& loading_;
    Identifier& made_;
    bool has_birth_ = false;
};

}  // namespace

void declare_identifiers(Loading& loading) {
    for (const auto& name : loading.names_in("identifiers", ".yaml")) {
        loading.references.declare(Thing::identifier, "", name,
                                   {"identifiers/" + name + ".yaml", 0, 0, {}}, loading.faults);
        loading.pack.identifiers.emplace(name, std::make_unique<Identifier>());
    }
}

void read_identifiers(Loading& loading) {
    for (const auto& [name, made] : loading.pack.identifiers) {
        auto& identifier = *made;
        const auto& stem = name;
        with_yaml(loading, "identifiers/" + name + ".yaml", [&](const Cursor& root) {
            IdentifierReader(loading, identifier).read(root, stem);
        });
    }
}

const Identifier* find_identifier(Loading& loading, const Cursor& named, Type type) {
    if (!named.present()) return nullptr;
    if (type != Type::text) {
        named.fault("definitions.not_for_type",
                    {{"value", "identifier"}, {"type", std::string(name_of(type))}});
        return nullptr;
    }
    loading.need(Thing::identifier, "", named);
    return loading.pack.find_identifier(named.raw_text());
}

}  // namespace amate::definitions::internal
