// SPDX-License-Identifier: Apache-2.0
// Tells a checked expression in words, with the titles of fields and the labels of codes.
#include "definitions/internal/expression_node.hpp"

#include "definitions/internal/expression_signatures.hpp"
#include "definitions/model.hpp"

#include <array>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

constexpr std::array<std::string_view, 12> kSpanishMonths = {
    "enero", "febrero", "marzo",      "abril",   "mayo",      "junio",
    "julio", "agosto",  "septiembre", "octubre", "noviembre", "diciembre"};
constexpr std::array<std::string_view, 12> kEnglishMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// How tightly a phrase holds together; a looser one inside a tighter one goes into brackets.
enum class Binding : unsigned char {
    choice,
    alternative,
    conjunction,
    statement,
    sum,
    product,
    single
};

bool is_temporal(Type type) {
    return type == Type::date || type == Type::datetime || type == Type::partial_date;
}

Binding binding_of(const Node& node) {
    switch (node.operation) {
        case Operation::to_decimal:
        case Operation::to_day:
        case Operation::to_partial:
            return binding_of(*node.children[0]);
        case Operation::if_:
        case Operation::coalesce:
            return Binding::choice;
        case Operation::logical_or:
            return Binding::alternative;
        case Operation::logical_and:
            return Binding::conjunction;
        case Operation::logical_not:
        case Operation::equal:
        case Operation::not_equal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
        case Operation::between:
        case Operation::in:
        case Operation::is_known:
        case Operation::selected:
        case Operation::within:
        case Operation::matches:
            return Binding::statement;
        case Operation::add:
        case Operation::subtract:
            return Binding::sum;
        case Operation::multiply:
        case Operation::divide:
            return Binding::product;
        case Operation::any_rows:
        case Operation::all_rows:
            return Binding::statement;
        default: {
            const auto* signature = find_signature(node.operation);
            const bool statement = signature != nullptr && !signature->en_not.empty();
            return statement ? Binding::statement : Binding::single;
        }
    }
}

// "Sexo" -> "sexo", but "ID" and "IP address" stay.
std::string in_sentence(const std::string& title) {
    if (title.size() < 2) return title;
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (is_upper(title[0]) && !is_upper(title[1])) {
        auto low = title;
        low[0] = static_cast<char>(low[0] - 'A' + 'a');
        return low;
    }
    // Á É Í Ñ Ó Ú and their like: C3 80 to C3 9E, whose small letters stand 0x20 further.
    const auto second = static_cast<unsigned char>(title[1]);
    const bool accented = title[0] == '\xC3' && second >= 0x80 && second <= 0x9E && second != 0x97;
    if (accented && (title.size() < 3 || !is_upper(title[2]))) {
        auto low = title;
        low[1] = static_cast<char>(second + 0x20U);
        return low;
    }
    return title;
}

class Teller {
public:
    explicit Teller(std::string_view language) : language_(language), spanish_(language == "es") {}

    [[nodiscard]] std::string sentence(const Node& node) const { return phrase(node); }

private:
    [[nodiscard]] std::string_view pick(std::string_view spanish, std::string_view english) const {
        return spanish_ ? spanish : english;
    }

    // As an operand of something that holds as tightly as `outer`.
    [[nodiscard]] std::string part(const Node& node, Binding outer) const {
        auto words = phrase(node);
        return binding_of(node) < outer ? "(" + words + ")" : words;
    }

    // A sentence: a yes-or-no field alone is told as "title: yes".
    [[nodiscard]] std::string phrase(const Node& node, bool holds = true) const;
    [[nodiscard]] std::string tell(const Node& variable) const;
    [[nodiscard]] std::string thing(const Node& node) const { return part(node, Binding::sum); }
    [[nodiscard]] std::string operand(const Node& node) const;
    [[nodiscard]] std::string joined(const Node& node, Binding outer, bool and_word) const;
    [[nodiscard]] std::string comparison(const Node& node, bool holds) const;
    [[nodiscard]] std::string list(const Node& node, bool holds) const;
    [[nodiscard]] std::string negation(const Node& inner) const;
    [[nodiscard]] std::string arithmetic(const Node& node) const;
    [[nodiscard]] std::string function(const Node& node, bool holds) const;
    [[nodiscard]] std::string plain(const Signature& signature, const Node& node, bool holds) const;
    [[nodiscard]] std::string group(const Node& node, bool holds) const;
    [[nodiscard]] std::string duration(std::int64_t minutes) const;
    [[nodiscard]] std::string literal(const Node& node) const;
    [[nodiscard]] std::string date(Date day) const;
    [[nodiscard]] std::string label(const Node& node, const Value& code) const {
        const auto& text = std::get<std::string>(code);
        return node.codelist == nullptr ? text : node.codelist->label(text, language_);
    }
    // "y" or "e", "o" or "u", as Spanish asks before the same sound.
    [[nodiscard]] std::string_view conjunction(bool and_word, std::string_view next) const {
        if (!spanish_) return and_word ? "and" : "or";
        const auto starts = [&](std::string_view with) { return next.starts_with(with); };
        if (and_word) {
            const bool same = starts("i") || starts("I") || starts("í") || starts("Í") ||
                              starts("hi") || starts("Hi");
            return same && !starts("hie") && !starts("Hie") ? "e" : "y";
        }
        const bool same = starts("o") || starts("O") || starts("ó") || starts("Ó") ||
                          starts("ho") || starts("Ho");
        return same ? "u" : "o";
    }

    std::string_view language_;
    bool spanish_;
};

std::string Teller::date(Date day) const {
    const auto month = static_cast<std::size_t>(day.month() - 1);
    return spanish_ ? fmt::format("{} de {} de {}", day.day(), kSpanishMonths[month], day.year())
                    : fmt::format("{} {} {}", day.day(), kEnglishMonths[month], day.year());
}

std::string Teller::literal(const Node& node) const {
    if (const auto* truth = std::get_if<bool>(&node.literal)) {
        return std::string(*truth ? pick("sí", "yes") : pick("no", "no"));
    }
    if (node.type == Type::duration) return duration(std::get<std::int64_t>(node.literal));
    if (node.type == Type::code) return label(node, node.literal);
    if (const auto* text = std::get_if<std::string>(&node.literal)) {
        return spanish_ ? fmt::format("«{}»", *text) : fmt::format("“{}”", *text);
    }
    if (const auto* day = std::get_if<Date>(&node.literal)) return date(*day);
    return canonical(node.literal);
}

std::string Teller::joined(const Node& node, Binding outer, bool and_word) const {
    std::string words;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const auto next = part(*node.children[i], outer);
        if (i > 0) words += fmt::format(" {} ", conjunction(and_word, next));
        words += next;
    }
    return words;
}

// The verb of a comparison; of moments it speaks of before and after.
std::string_view verb_of(const Node& node, bool spanish, bool holds) {
    const bool days = is_temporal(node.children[0]->type);
    auto operation = node.operation;
    if (!holds) {
        switch (operation) {
            case Operation::equal:
                operation = Operation::not_equal;
                break;
            case Operation::not_equal:
                operation = Operation::equal;
                break;
            case Operation::less:
                operation = Operation::greater_equal;
                break;
            case Operation::less_equal:
                operation = Operation::greater;
                break;
            case Operation::greater:
                operation = Operation::less_equal;
                break;
            default:
                operation = Operation::less;
                break;
        }
    }
    switch (operation) {
        case Operation::equal:
            return spanish ? "es" : "is";
        case Operation::not_equal:
            return spanish ? "no es" : "is not";
        case Operation::less:
            return days ? (spanish ? "es antes de" : "is before")
                        : (spanish ? "es menor que" : "is less than");
        case Operation::less_equal:
            return days ? (spanish ? "no es después de" : "is not after")
                        : (spanish ? "es a lo más" : "is at most");
        case Operation::greater:
            return days ? (spanish ? "es después de" : "is after")
                        : (spanish ? "es mayor que" : "is more than");
        default:
            return days ? (spanish ? "no es antes de" : "is not before")
                        : (spanish ? "es al menos" : "is at least");
    }
}

std::string Teller::comparison(const Node& node, bool holds) const {
    if (node.operation == Operation::in) return list(node, holds);
    if (node.operation == Operation::between) {
        const auto last = thing(*node.children[2]);
        return fmt::format(
            "{} {} {} {} {}", thing(*node.children[0]),
            holds ? pick("está entre", "is between") : pick("no está entre", "is not between"),
            thing(*node.children[1]), conjunction(true, last), last);
    }
    return fmt::format("{} {} {}", operand(*node.children[0]), verb_of(node, spanish_, holds),
                       operand(*node.children[1]));
}

std::string Teller::list(const Node& node, bool holds) const {
    auto words = fmt::format("{} {} ", thing(*node.children[0]),
                             holds ? pick("es", "is") : pick("no es", "is not"));
    const auto last = node.children.size() - 1;
    for (std::size_t i = 1; i <= last; ++i) {
        const auto item = operand(*node.children[i]);
        if (i > 1) {
            words += i < last             ? ", "
                     : !holds && spanish_ ? std::string(" ni ")
                                          : fmt::format(" {} ", conjunction(false, item));
        }
        words += item;
    }
    return words;
}

// What is told apart from a sentence: a field by its title, even a yes-or-no one.
std::string Teller::operand(const Node& node) const {
    if (node.operation == Operation::variable) return tell(node);
    return thing(node);
}

std::string Teller::negation(const Node& inner) const {
    switch (binding_of(inner)) {
        case Binding::statement:
        case Binding::single:
            return phrase(inner, false);
        default:
            return fmt::format("{} ({})", pick("no se cumple que", "it is not so that"),
                               phrase(inner));
    }
}

std::string Teller::arithmetic(const Node& node) const {
    const auto& children = node.children;
    if (node.operation == Operation::negate) return "-" + part(*children[0], Binding::single);
    const bool sum = node.operation == Operation::add || node.operation == Operation::subtract;
    const auto sign = node.operation == Operation::add        ? "+"
                      : node.operation == Operation::subtract ? "-"
                      : node.operation == Operation::multiply ? "×"
                                                              : "÷";
    return fmt::format("{} {} {}", part(*children[0], sum ? Binding::sum : Binding::product), sign,
                       part(*children[1], sum ? Binding::product : Binding::single));
}

std::string Teller::phrase(const Node& node, bool holds) const {
    switch (node.operation) {
        case Operation::to_decimal:
        case Operation::to_day:
        case Operation::to_partial:
            return phrase(*node.children[0]);
        case Operation::variable:
            if (node.type != Type::boolean) return tell(node);
            return fmt::format("{}: {}", tell(node), holds ? pick("sí", "yes") : pick("no", "no"));
        case Operation::literal:
            if (holds || node.type != Type::boolean) return literal(node);
            return fmt::format("{} {}", pick("lo contrario de", "the opposite of"), literal(node));
        case Operation::logical_or:
            return joined(node, Binding::alternative, false);
        case Operation::logical_and:
            return joined(node, Binding::conjunction, true);
        case Operation::logical_not:
            return holds ? negation(*node.children[0]) : phrase(*node.children[0]);
        case Operation::equal:
        case Operation::not_equal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
        case Operation::between:
        case Operation::in:
            return comparison(node, holds);
        case Operation::is_known:
            return spanish_ ? fmt::format("{} {}", holds ? "se conoce" : "no se conoce",
                                          operand(*node.children[0]))
                            : fmt::format("{} {}", operand(*node.children[0]),
                                          holds ? "is known" : "is not known");
        case Operation::selected:
            return fmt::format(
                "{} {} {}", thing(*node.children[0]),
                holds ? pick("incluye", "includes") : pick("no incluye", "does not include"),
                label(*node.children[0], node.literal));
        case Operation::within:
            return fmt::format("{} {} {}", thing(*node.children[0]),
                               holds ? pick("está dentro de", "is within")
                                     : pick("no está dentro de", "is not within"),
                               label(*node.children[0], node.literal));
        case Operation::matches:
            return fmt::format("{} {} {}", thing(*node.children[0]),
                               holds ? pick("tiene la forma", "has the form")
                                     : pick("no tiene la forma", "does not have the form"),
                               std::get<std::string>(node.literal));
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            return arithmetic(node);
        default:
            return function(node, holds);
    }
}

std::string Teller::plain(const Signature& signature, const Node& node, bool holds) const {
    std::vector<std::string> words;
    std::size_t child = 0;
    for (const char kind : signature.arguments) {
        if (kind == 'K') {
            const auto& title = node.calendar->title();
            words.push_back(title.empty() ? node.calendar->name() : title.in(language_));
        } else if (kind == 'L') {
            words.push_back(std::get<std::string>(node.literal));
        } else {
            words.push_back(thing(*node.children[child++]));
        }
    }
    words.resize(3);  // as many as a form may name
    const auto form =
        holds ? pick(signature.es, signature.en) : pick(signature.es_not, signature.en_not);
    return fmt::format(fmt::runtime(form), words[0], words[1], words[2]);
}

// "number of companions where age is less than 18".
std::string Teller::group(const Node& node, bool holds) const {
    const auto name = tell(node);
    const auto condition = node.children.empty() ? "" : phrase(*node.children[0]);
    const auto where =
        condition.empty() ? "" : fmt::format(" {} {}", pick("donde", "where"), condition);
    const auto field = in_sentence(node.field_title.in(language_));
    const auto of_field = [&](std::string_view spanish, std::string_view english) {
        return fmt::format(fmt::runtime(spanish_ ? "{} {} de {}{}" : "{} {} of {}{}"),
                           pick(spanish, english), field, name, where);
    };
    switch (node.operation) {
        case Operation::any_rows:
            return fmt::format(
                fmt::runtime(holds ? pick("en alguna fila de {}, {}", "in some row of {}, {}")
                                   : pick("en ninguna fila de {}, {}", "in no row of {}, {}")),
                name, condition);
        case Operation::all_rows:
            return fmt::format(
                fmt::runtime(
                    holds ? pick("en todas las filas de {}, {}", "in every row of {}, {}")
                          : pick("no en todas las filas de {}, {}", "not in every row of {}, {}")),
                name, condition);
        case Operation::sum_rows:
            return of_field("suma de", "sum of");
        case Operation::min_rows:
            return of_field("el menor valor de", "the least");
        case Operation::max_rows:
            return of_field("el mayor valor de", "the greatest");
        default:
            return fmt::format("{} {}{}", pick("número de filas de", "number of rows of"), name,
                               where);
    }
}

// In the largest unit that gives a whole number.
std::string Teller::duration(std::int64_t minutes) const {
    const auto told = [&](std::int64_t size, std::string_view one, std::string_view many) {
        const auto number = minutes / size;
        return fmt::format("{} {}", number, number == 1 ? one : many);
    };
    if (minutes != 0 && minutes % 1440 == 0) {
        return told(1440, pick("día", "day"), pick("días", "days"));
    }
    if (minutes != 0 && minutes % 60 == 0) {
        return told(60, pick("hora", "hour"), pick("horas", "hours"));
    }
    return told(1, pick("minuto", "minute"), pick("minutos", "minutes"));
}

std::string Teller::function(const Node& node, bool holds) const {
    if (node.operation >= Operation::count_rows) return group(node, holds);
    if (const auto* signature = find_signature(node.operation)) {
        return plain(*signature, node, holds);
    }
    const auto first = [&] { return thing(*node.children[0]); };
    const auto second = [&] { return thing(*node.children[1]); };
    switch (node.operation) {
        case Operation::if_:
            return fmt::format(
                fmt::runtime(pick("{1} si {0}; si no, {2}", "{1} if {0}; otherwise {2}")),
                phrase(*node.children[0]), operand(*node.children[1]), operand(*node.children[2]));
        case Operation::coalesce: {
            std::string words;
            for (const auto& child : node.children) {
                if (!words.empty()) words += pick(" o, si falta, ", " or, if missing, ");
                words += operand(*child);
            }
            return words;
        }
        case Operation::age:
            return fmt::format(fmt::runtime(pick("edad según {} en {}", "age by {} at {}")),
                               first(), second());
        case Operation::age_group:
            return fmt::format(
                fmt::runtime(pick("grupo de edad según {} en {}", "age group by {} at {}")),
                first(), second());
        case Operation::band:
            return fmt::format("{} {}", pick("tramo de", "band of"), first());
        case Operation::year:
            return fmt::format("{} {}", pick("año de", "year of"), first());
        case Operation::month:
            return fmt::format("{} {}", pick("mes de", "month of"), first());
        case Operation::hour:
            return fmt::format("{} {}", pick("hora de", "hour of"), first());
        case Operation::date_of:
            return fmt::format("{} {}", pick("día de", "day of"), first());
        case Operation::days_between:
            return fmt::format(fmt::runtime(pick("días de {} a {}", "days from {} to {}")), first(),
                               second());
        case Operation::now:
            return std::string(pick("este momento", "this moment"));
        case Operation::today:
            return std::string(pick("hoy", "today"));
        case Operation::concat: {
            std::string words;
            for (const auto& child : node.children) {
                words += (words.empty() ? "" : pick(" seguido de ", " followed by "));
                words += operand(*child);
            }
            return words;
        }
        case Operation::count_selected:
            return fmt::format("{} {}", pick("número de", "number of"), first());
        default:
            return fmt::format("{} {}", pick("largo de", "length of"), first());
    }
}

std::string Teller::tell(const Node& variable) const {
    const auto& title = variable.title.in(language_);
    return title.empty() ? variable.name : in_sentence(title);
}

}  // namespace

std::string write_words(const Node& node, std::string_view language) {
    return Teller(language).sentence(node);
}

}  // namespace amate::definitions::internal
