// SPDX-License-Identifier: Apache-2.0
// Identifiers a country derives from who a person is: letters of the names, birth, sex, place, a
// sign that tells namesakes apart, a check digit. What each is made of stands in the pack.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "core/value.hpp"

namespace amate::definitions {

struct Column;
struct Register;
struct Source;

// The parts of a name, as UTF-8; a part that is not there is empty.
struct NameParts {
    std::string_view given, family, second_family;
};

enum class IdentifierVerdict : unsigned char {
    sound,     // form, birth, differentiator and check hold, and no word is excluded
    invented,  // the same, but with a differentiator that no real one ever bears
    unsound
};

// One declaration (identifiers/NAME.yaml). Value type; immutable once loaded; safe to read from
// many threads. Attributes of the person are indices in the order of the pack.
class Identifier {
public:
    enum class Name : unsigned char { given, family, second_family };
    enum class Take : unsigned char { initial, inner_vowel, inner_consonant };
    struct NamePart {
        Name name = Name::given;
        Take take = Take::initial;
    };
    struct DatePart {  // yymmdd
        std::size_t attribute = 0;
    };
    struct CodePart {
        std::size_t attribute = 0;
        std::map<std::string, std::string> written;  // code -> signs, all of one length
        std::map<std::string, std::string> codes;    // signs -> code
        std::string otherwise;                       // for codes not there and missing ones; or ""
        std::vector<std::string> also;               // read as well, though they name no code
        std::size_t length = 1;                      // in signs
    };
    // Births from `from` to `to` bear one of `signs`; the invented ones one of `invented`.
    struct Era {
        std::optional<Date> from, to;  // one of them at least
        std::vector<std::string> signs, invented;
    };
    struct Differentiator {
        std::vector<Era> eras;
    };
    // sum(value * weight) + check = 0 (mod modulus); a sign's value is its place in the alphabet,
    // that of a sign outside it the value of its plain letter.
    struct Check {
        std::vector<std::string> alphabet;
        std::vector<int> weights;  // one a sign before
        int modulus = 10;
    };
    // A clause of `tests`: a person and what it bears, or a text alone.
    struct Test {
        Place place;
        std::string given, family, second_family;
        std::vector<Value> person;  // by attribute; empty: `text` alone is judged
        std::string text;
        IdentifierVerdict verdict = IdentifierVerdict::sound;
    };
    using Part = std::variant<NamePart, DatePart, CodePart, Differentiator, Check>;

    std::string name;
    Text title;
    std::string source;                                        // where the rule stands
    std::vector<std::pair<std::string, std::string>> letters;  // written before accents are dropped
    std::string vowels = "AEIOU";
    std::string filler = "X";           // where a name has nothing to give
    std::vector<std::string> skip;      // words of names passed over
    std::vector<std::string> give_way;  // given names, if another follows
    std::vector<Part> parts;
    std::map<std::string, std::string> excluded;  // beginning -> what replaces it

    std::vector<Test> tests;

    // What anybody can say of a person's identifier: all before the differentiator, which somebody
    // assigns, or before the check digit if there is none. Nothing if an attribute it is made of is
    // missing or a birth is not complete.
    [[nodiscard]] std::optional<std::string> root(const NameParts& names,
                                                  const std::vector<Value>& person) const;
    // What a person with these names and attributes bears, the `number`th of its namesakes, marked
    // as invented. Nothing where root() is nothing.
    [[nodiscard]] std::optional<std::string> invent(const NameParts& names,
                                                    const std::vector<Value>& person,
                                                    std::uint64_t number) const;

    [[nodiscard]] IdentifierVerdict judge(std::string_view text) const;

    // What `text` says of an attribute of the person: a birth or a code. Missing::absent if it is
    // unsound or says nothing of it.
    [[nodiscard]] Value read(std::string_view text, std::size_t attribute) const;
    // True if it is made of that attribute.
    [[nodiscard]] bool tells(std::size_t attribute) const;
    // True if nobody can make it without that attribute.
    [[nodiscard]] bool needs(std::size_t attribute) const;

    // How a test fails: the part that differs, or "" if it holds.
    [[nodiscard]] std::string run(const Test& test) const;

private:
    struct Reading;
    [[nodiscard]] std::optional<Reading> parse(std::string_view text) const;
    [[nodiscard]] std::string word_of(std::string_view name, Name which) const;
    [[nodiscard]] std::string letter_of(const std::string& word, Take take) const;
    [[nodiscard]] std::string check_of(const Check& check, std::string_view before) const;
};

// Fills what the columns of `source` say an identifier `gives` and the record lacks. `record` is
// laid out as the register's columns.
void read_identifiers(const Register& register_, const Source& source, std::vector<Value>& record);

}  // namespace amate::definitions
