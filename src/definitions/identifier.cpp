// SPDX-License-Identifier: Apache-2.0
// Writes an identifier part after part, and reads it back the same way.
#include "definitions/identifier.hpp"

#include <algorithm>
#include <array>

#include "definitions/model.hpp"

namespace amate::definitions {
namespace {

// Bytes of the UTF-8 sign at the front; the text is sound UTF-8 and not empty.
std::size_t sign_bytes(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) {
        ++length;
    }
    return length;
}

std::string upper(std::string text) {
    for (auto& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

bool contains(const std::vector<std::string>& signs, std::string_view sign) {
    return std::find(signs.begin(), signs.end(), sign) != signs.end();
}

std::optional<Date> complete_day(const Value& value) {
    if (const auto* date = std::get_if<Date>(&value)) return *date;
    const auto* partial = std::get_if<PartialDate>(&value);
    if (partial == nullptr || !partial->complete()) return std::nullopt;
    return Date::of(partial->year, partial->month, partial->day);
}

void append_two(int number, std::string& out) {
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
}

// yymmdd as numbers, or nothing.
std::optional<std::array<int, 3>> two_digit_day(std::string_view text) {
    std::array<int, 3> parts{};
    for (std::size_t i = 0; i < 6; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        parts[i / 2] = parts[i / 2] * 10 + (text[i] - '0');
    }
    return parts;
}

// The day in the era whose year ends so: the last before its end, or the first after its start.
std::optional<Date> day_in(const Identifier::Era& era, const std::array<int, 3>& parts) {
    int year = 0;
    if (era.to) {
        const int last = era.to->year();
        year = last - ((last - parts[0]) % 100 + 100) % 100;
    } else {
        const int first = era.from->year();
        year = first + ((parts[0] - first) % 100 + 100) % 100;
    }
    const auto day = Date::of(year, parts[1], parts[2]);
    if (!day || (era.from && *day < *era.from) || (era.to && *era.to < *day)) return std::nullopt;
    return day;
}

const Identifier::Era* era_of(const Identifier::Differentiator& differentiator, Date day) {
    for (const auto& era : differentiator.eras) {
        if ((!era.from || *era.from <= day) && (!era.to || day <= *era.to)) return &era;
    }
    return nullptr;
}

}  // namespace

// Where the parts of a sound text stand; borrows it.
struct Identifier::Reading {
    IdentifierVerdict verdict = IdentifierVerdict::sound;
    std::vector<std::string_view> texts;  // one a part
    std::optional<Date> birth;
};

// The word of a name that counts, in plain capitals, other signs as the filler; may be empty.
std::string Identifier::word_of(std::string_view name_text, Name which) const {
    std::string text(name_text);
    for (const auto& [from, to] : letters) {
        for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    const auto words = split(upper(fold(text)), ' ');
    const std::string* chosen = nullptr;
    bool gave_way = false;
    for (const auto& word : words) {
        auto bare = word;
        while (!bare.empty() && bare.back() == '.') bare.pop_back();
        if (bare.empty() || contains(skip, bare)) continue;
        if (chosen != nullptr && !gave_way) break;
        if (chosen != nullptr && gave_way) {
            chosen = &word;
            break;
        }
        chosen = &word;
        gave_way = which == Name::given && contains(give_way, bare);
    }
    if (chosen == nullptr) return {};
    std::string plain = *chosen;
    for (auto& c : plain) {
        if (!is_letter(c)) c = filler[0];
    }
    return plain;
}

std::string Identifier::letter_of(const std::string& word, Take take) const {
    if (word.empty()) return filler;
    if (take == Take::initial) return word.substr(0, 1);
    for (std::size_t i = 1; i < word.size(); ++i) {
        const bool vowel = vowels.find(word[i]) != vowels.npos;
        if (vowel == (take == Take::inner_vowel)) return word.substr(i, 1);
    }
    return filler;
}

std::string Identifier::check_of(const Check& check, std::string_view before) const {
    const auto value_of = [&](std::string_view sign) {
        auto found = std::find(check.alphabet.begin(), check.alphabet.end(), sign);
        if (found == check.alphabet.end()) {
            found = std::find(check.alphabet.begin(), check.alphabet.end(), upper(fold(sign)));
        }
        return found == check.alphabet.end() ? -1
                                             : static_cast<int>(found - check.alphabet.begin());
    };
    int sum = 0;
    std::size_t at = 0;
    for (; !before.empty(); ++at) {
        const auto bytes = sign_bytes(before);
        const int value = value_of(before.substr(0, bytes));
        if (value < 0 || at >= check.weights.size()) return {};
        sum += value * check.weights[at];
        before.remove_prefix(bytes);
    }
    const int digit = (check.modulus - sum % check.modulus) % check.modulus;
    return check.alphabet[static_cast<std::size_t>(digit)];
}

std::optional<std::string> Identifier::root(const NameParts& names,
                                            const std::vector<Value>& person) const {
    const std::string words[] = {word_of(names.given, Name::given),
                                 word_of(names.family, Name::family),
                                 word_of(names.second_family, Name::second_family)};
    std::string text;
    for (const auto& part : parts) {
        if (const auto* of_name = std::get_if<NamePart>(&part)) {
            text += letter_of(words[static_cast<std::size_t>(of_name->name)], of_name->take);
        } else if (const auto* date = std::get_if<DatePart>(&part)) {
            const auto birth = complete_day(person[date->attribute]);
            if (!birth) return std::nullopt;
            append_two(birth->year(), text);
            append_two(birth->month(), text);
            append_two(birth->day(), text);
        } else if (const auto* code = std::get_if<CodePart>(&part)) {
            const auto* said = std::get_if<std::string>(&person[code->attribute]);
            const auto found = said == nullptr ? code->written.end() : code->written.find(*said);
            const auto& signs = found == code->written.end() ? code->otherwise : found->second;
            if (signs.empty()) return std::nullopt;
            text += signs;
        } else {
            break;
        }
        if (const auto found = excluded.find(text); found != excluded.end()) text = found->second;
    }
    return text;
}

std::optional<std::string> Identifier::invent(const NameParts& names,
                                              const std::vector<Value>& person,
                                              std::uint64_t number) const {
    auto text = root(names, person);
    std::optional<Date> birth;
    for (const auto& part : parts) {
        if (!text) break;
        if (const auto* date = std::get_if<DatePart>(&part)) {
            birth = complete_day(person[date->attribute]);
        } else if (const auto* differentiator = std::get_if<Differentiator>(&part)) {
            const auto* era = birth ? era_of(*differentiator, *birth) : nullptr;
            if (era == nullptr) return std::nullopt;
            *text += era->invented[number % era->invented.size()];
        } else if (const auto* check = std::get_if<Check>(&part)) {
            *text += check_of(*check, *text);
        }
    }
    return text;
}

std::optional<Identifier::Reading> Identifier::parse(std::string_view text) const {
    Reading reading;
    reading.texts.reserve(parts.size());
    if (find_invalid_utf8(text)) return std::nullopt;
    const auto whole = text;
    std::optional<std::array<int, 3>> day;
    const auto take = [&](std::size_t signs) {
        std::size_t bytes = 0;
        for (; signs > 0 && bytes < text.size(); --signs) bytes += sign_bytes(text.substr(bytes));
        const auto taken = signs == 0 ? text.substr(0, bytes) : std::string_view();
        text.remove_prefix(taken.size());
        return taken;
    };
    for (const auto& part : parts) {
        const auto before = whole.substr(0, whole.size() - text.size());
        if (excluded.contains(std::string(before))) return std::nullopt;
        std::string_view taken;
        if (const auto* of_name = std::get_if<NamePart>(&part)) {
            taken = take(1);
            if (taken.size() != 1 || !is_letter(taken[0])) return std::nullopt;
            const bool vowel = vowels.find(taken[0]) != vowels.npos;
            const bool fits = of_name->take == Take::initial || taken == filler ||
                              vowel == (of_name->take == Take::inner_vowel);
            if (!fits) return std::nullopt;
        } else if (std::holds_alternative<DatePart>(part)) {
            taken = take(6);
            if (taken.size() != 6) return std::nullopt;
            day = two_digit_day(taken);
            if (!day) return std::nullopt;
        } else if (const auto* code = std::get_if<CodePart>(&part)) {
            taken = take(code->length);
            const bool known =
                !taken.empty() && (code->codes.contains(std::string(taken)) ||
                                   taken == code->otherwise || contains(code->also, taken));
            if (!known) return std::nullopt;
        } else if (const auto* differentiator = std::get_if<Differentiator>(&part)) {
            taken = take(1);
            for (const auto& era : differentiator->eras) {
                const bool invented = contains(era.invented, taken);
                if (!invented && !contains(era.signs, taken)) continue;
                if (day) reading.birth = day_in(era, *day);
                if (invented) reading.verdict = IdentifierVerdict::invented;
            }
            if (!reading.birth) return std::nullopt;
        } else {
            taken = take(1);
            if (taken.empty() || taken != check_of(std::get<Check>(part), before)) {
                return std::nullopt;
            }
        }
        reading.texts.push_back(taken);
    }
    if (!text.empty()) return std::nullopt;
    return reading;
}

IdentifierVerdict Identifier::judge(std::string_view text) const {
    const auto reading = parse(text);
    return reading ? reading->verdict : IdentifierVerdict::unsound;
}

Value Identifier::read(std::string_view text, std::size_t attribute) const {
    const auto reading = parse(text);
    for (std::size_t i = 0; reading && i < parts.size(); ++i) {
        if (const auto* date = std::get_if<DatePart>(&parts[i])) {
            if (date->attribute != attribute) continue;
            const auto& birth = *reading->birth;
            return PartialDate{birth.year(), birth.month(), birth.day()};
        }
        if (const auto* code = std::get_if<CodePart>(&parts[i])) {
            if (code->attribute != attribute) continue;
            const auto found = code->codes.find(std::string(reading->texts[i]));
            if (found != code->codes.end()) return found->second;
        }
    }
    return Missing::absent;
}

bool Identifier::tells(std::size_t attribute) const {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
        const auto* date = std::get_if<DatePart>(&part);
        const auto* code = std::get_if<CodePart>(&part);
        return (date != nullptr && date->attribute == attribute) ||
               (code != nullptr && code->attribute == attribute);
    });
}

bool Identifier::needs(std::size_t attribute) const {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
        const auto* date = std::get_if<DatePart>(&part);
        const auto* code = std::get_if<CodePart>(&part);
        return (date != nullptr && date->attribute == attribute) ||
               (code != nullptr && code->attribute == attribute && code->otherwise.empty());
    });
}

std::string Identifier::run(const Test& test) const {
    const auto verdict = judge(test.text);
    if (verdict != test.verdict) return "text";
    if (test.person.empty()) return {};
    const auto made = root({test.given, test.family, test.second_family}, test.person);
    if (!made || !test.text.starts_with(*made)) return made.value_or("root");
    for (std::size_t i = 0; i < test.person.size(); ++i) {
        if (!is_missing(test.person[i]) && tells(i) && read(test.text, i) != test.person[i]) {
            return canonical(read(test.text, i));
        }
    }
    return {};
}

void read_identifiers(const Register& register_, const Source& source, std::vector<Value>& record) {
    for (const auto& mapped : source.columns) {
        if (mapped.gives.empty()) continue;
        const auto* text = std::get_if<std::string>(&record[mapped.column]);
        if (text == nullptr) continue;
        const auto& identifier = *register_.columns[mapped.column].identifier;
        for (const auto& [column, attribute] : mapped.gives) {
            if (record[column] != Value(Missing::absent)) continue;
            record[column] = identifier.read(*text, attribute);
            const auto* birth = std::get_if<PartialDate>(&record[column]);
            if (birth != nullptr && register_.columns[column].type == Type::date) {
                record[column] = birth->first();
            }
        }
    }
}

}  // namespace amate::definitions
