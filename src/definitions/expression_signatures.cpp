// SPDX-License-Identifier: Apache-2.0
// The table of functions of plain shape.
#include "definitions/internal/expression_signatures.hpp"

#include <algorithm>
#include <array>

namespace amate::definitions::internal {
namespace {

using enum Operation;

constexpr std::array kSignatures = {
    Signature{"add_days", add_days, "DI", Type::date, "{0} más {1} días", "{0} plus {1} days", "",
              ""},
    Signature{"add_months", add_months, "DI", Type::date, "{0} más {1} meses",
              "{0} plus {1} months", "", ""},
    Signature{"add_years", add_years, "DI", Type::date, "{0} más {1} años", "{0} plus {1} years",
              "", ""},
    Signature{"months_between", months_between, "DD", Type::integer, "meses de {0} a {1}",
              "months from {0} to {1}", "", ""},
    Signature{"years_between", years_between, "DD", Type::integer, "años de {0} a {1}",
              "years from {0} to {1}", "", ""},
    Signature{"minutes_between", minutes_between, "MM", Type::integer, "minutos de {0} a {1}",
              "minutes from {0} to {1}", "", ""},
    Signature{"add_working_days", add_working_days, "DIK", Type::date,
              "{0} más {1} días hábiles ({2})", "{0} plus {1} working days ({2})", "", ""},
    Signature{"working_days_between", working_days_between, "DDK", Type::integer,
              "días hábiles de {0} a {1} ({2})", "working days from {0} to {1} ({2})", "", ""},
    Signature{"is_working_day", is_working_day, "DK", Type::boolean, "{0} es día hábil ({1})",
              "{0} is a working day ({1})", "{0} no es día hábil ({1})",
              "{0} is not a working day ({1})"},
    Signature{"quarter", quarter, "D", Type::integer, "trimestre de {0}", "quarter of {0}", "", ""},
    Signature{"week", week, "D", Type::integer, "semana de {0}", "week of {0}", "", ""},
    Signature{"day", day_of, "D", Type::integer, "día del mes de {0}", "day of the month of {0}",
              "", ""},
    Signature{"weekday", weekday, "D", Type::integer, "día de la semana de {0}", "weekday of {0}",
              "", ""},
    Signature{"in_period", in_period, "DDD", Type::boolean, "{0} cae entre {1} y {2}",
              "{0} falls between {1} and {2}", "{0} no cae entre {1} y {2}",
              "{0} does not fall between {1} and {2}"},
    Signature{"valid", valid, "CD", Type::boolean, "{0} está vigente en {1}",
              "{0} is in force at {1}", "{0} no está vigente en {1}", "{0} is not in force at {1}"},
    Signature{"tagged", tagged, "CL", Type::boolean, "{0} lleva la marca {1}", "{0} is tagged {1}",
              "{0} no lleva la marca {1}", "{0} is not tagged {1}"},
    Signature{"parent", parent, "C", Type::code, "lo que contiene a {0}", "what contains {0}", "",
              ""},
    Signature{"lower", lower, "T", Type::text, "{0} en minúsculas", "{0} in small letters", "", ""},
    Signature{"upper", upper, "T", Type::text, "{0} en mayúsculas", "{0} in capitals", "", ""},
    Signature{"trim", trim, "T", Type::text, "{0} sin espacios a los lados",
              "{0} without spaces around", "", ""},
    Signature{"starts_with", starts_with, "TT", Type::boolean, "{0} empieza con {1}",
              "{0} starts with {1}", "{0} no empieza con {1}", "{0} does not start with {1}"},
    Signature{"contains", contains, "TT", Type::boolean, "{0} contiene {1}", "{0} contains {1}",
              "{0} no contiene {1}", "{0} does not contain {1}"},
    Signature{"round", round, "NI", Type::decimal, "{0} redondeado a {1} decimales",
              "{0} rounded to {1} places", "", ""},
    Signature{"abs", absolute, "N", Type::decimal, "{0} sin signo", "{0} without its sign", "", ""},
    Signature{"flagged", flagged, "L", Type::boolean, "tiene el aviso {0}", "is flagged {0}",
              "no tiene el aviso {0}", "is not flagged {0}"},
    Signature{"current_state", current_state, "", Type::code, "el estado", "the state", "", ""}};

}  // namespace

std::span<const Signature> signatures() {
    return kSignatures;
}

const Signature* find_signature(Operation operation) {
    const auto* found = std::find_if(kSignatures.begin(), kSignatures.end(),
                                     [&](const auto& item) { return item.operation == operation; });
    return found == kSignatures.end() ? nullptr : &*found;
}

}  // namespace amate::definitions::internal
