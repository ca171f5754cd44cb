// SPDX-License-Identifier: Apache-2.0
// What each reason says to people, in both languages; {} is the detail.

#include "definitions/internal/change_table.hpp"

namespace amate::definitions::internal {
namespace {

struct ReasonWords {
    Reason reason;
    const char* es;
    const char* en;
};

constexpr ReasonWords kWords[] = {
    {Reason::nothing_stored, "ningún dato guardado depende de ello",
     "no stored value depends on it"},
    {Reason::asked_of_new_records,
     "rige para lo que se escriba desde ahora; lo guardado queda como está",
     "holds for what is written from now on; what is stored stays as it is"},
    {Reason::counted_anew, "lo guardado no cambia; se cuenta de otro modo desde el próximo corte",
     "what is stored does not change; it is counted anew from the next snapshot on"},
    {Reason::another_change_tells, "lo dice otro renglón de esta lista",
     "another line of this list tells it"},
    {Reason::new_column, "se agrega una columna; en lo guardado queda vacía",
     "a column is added; it is empty in what is stored"},
    {Reason::new_table, "se crea una tabla", "a table is made"},
    {Reason::new_in_group, "campo nuevo al final del grupo; en las filas guardadas queda vacío",
     "new field at the end of the group; it is empty in stored rows"},
    {Reason::new_code, "código nuevo; lo guardado se lee como antes",
     "new code; what is stored reads as before"},
    {Reason::renamed, "cambia el nombre; los datos quedan donde están",
     "another name; the values stay where they are"},
    {Reason::declared, "lo declara una migración", "a migration declares it"},
    {Reason::retired, "se retira: queda guardado y ya no se muestra",
     "retired: it stays stored and is no longer shown"},
    {Reason::recoded, "lo guardado se lee con lo que la migración declara",
     "what is stored is read as the migration declares"},
    {Reason::read_wider, "{}: cada dato guardado se conserva igual en el tipo más amplio",
     "{}: every stored value stays the same in the wider type"},
    {Reason::read_as_written,
     "lo guardado se lee como se escribió y así queda en la base: en claro o cifrado",
     "what is stored is read as it was written and lies so in the database: in clear or encrypted"},
    {Reason::accepted, "aceptado por una migración: los datos guardados siguen siendo ciertos",
     "accepted by a migration: the stored values remain true"},
    {Reason::longer_kept, "no se guarda menos tiempo que antes",
     "nothing is kept for less time than before"},
    {Reason::field_removed,
     "sus datos guardados quedarían sin campo; devuelva el campo, o declare `rename` o `retire`",
     "its stored values would be without a field; put it back, or declare `rename` or `retire`"},
    {Reason::register_removed,
     "sus expedientes guardados quedarían sin registro; devuélvalo, o declare `retire`",
     "its stored records would be without a register; put it back, or declare `retire`"},
    {Reason::type_changed,
     "{}: hay datos guardados que el tipo nuevo no puede leer; dé otro nombre al campo nuevo y "
     "declare `retire` para el viejo",
     "{}: there are stored values that the new type cannot read; give the new field another name "
     "and declare `retire` for the old one"},
    {Reason::type_reinterpreted,
     "{}: los números guardados pasarían a medir otra cosa; si no es así, declare `accept`",
     "{}: stored numbers would come to measure something else; if they do not, declare `accept`"},
    {Reason::code_removed, "lo usa {}; déjelo en la lista con valid_to, o declare `recode`",
     "{} uses it; keep it in the list with valid_to, or declare `recode`"},
    {Reason::secrecy_of_numbers,
     "cifrado se guarda como texto y en claro como número, y lo guardado no cambia; dé otro nombre "
     "al campo nuevo y declare `retire` para el viejo",
     "encrypted it is stored as text and in clear as a number, and what is stored does not change; "
     "give the new field another name and declare `retire` for the old one"},
    {Reason::codes_not_in_list,
     "el código {} puede estar guardado y la lista nueva no lo tiene; declare `recode` para este "
     "campo",
     "the code {} may be stored and the new list does not have it; declare `recode` for this "
     "field"},
    {Reason::codes_mean_other,
     "el código {} dice otra cosa en la lista nueva; si es lo mismo, declare `accept`",
     "the code {} says something else in the new list; if it is the same, declare `accept`"},
    {Reason::currency_changed,
     "los montos guardados se leerían en otra moneda; si nunca fueron de la anterior, declare "
     "`accept`",
     "stored amounts would be read in another currency; if they never were in the old one, declare "
     "`accept`"},
    {Reason::records_of_other,
     "las referencias guardadas se buscarían en otro registro; si están en él, declare `accept`",
     "stored references would be looked for in another register; if they are there, declare "
     "`accept`"},
    {Reason::group_order,
     "las filas guardadas se leen por el orden de los campos y aquí estaba {}; deje los campos en "
     "su orden y agregue los nuevos al final, o declare `rename`",
     "stored rows are read by the order of the fields and {} was here; leave the fields in their "
     "order and add new ones at the end, or declare `rename`"},
    {Reason::group_field_removed,
     "las filas guardadas tienen {}; devuelva el campo (puede dejar de pedirse con `relevant`)",
     "stored rows have {}; put the field back (with `relevant` it need not be asked any more)"},
    {Reason::state_removed,
     "puede haber expedientes en el estado {}; devuélvalo, o declare `recode` con `states`",
     "there may be records in the state {}; put it back, or declare `recode` with `states`"},
    {Reason::states_begin,
     "lo guardado no está en ningún estado; diga en cuál con `recode`: states: {\"\": ESTADO}",
     "what is stored is in no state; say in which with `recode`: states: {\"\": STATE}"},
    {Reason::flag_removed,
     "puede haber expedientes con la señal {}; devuélvala, o declare `recode` con `flags`, o "
     "`retire` con `flag`",
     "there may be records with the flag {}; put it back, or declare `recode` with `flags`, or "
     "`retire` with `flag`"},
    {Reason::doubt_moved,
     "{} se llama por su lugar y en ese lugar hay ahora otra regla; dé nombre (`flag`) a las "
     "dudas y agregue las nuevas al final, o declare `accept` si es la misma",
     "{} is named by its place, and another rule stands there now; name the doubts (`flag`) and "
     "add new ones at the end, or declare `accept` if it is the same one"},
    {Reason::moments_shift,
     "los momentos guardados no dicen su zona: se leerían en otra; si siempre fueron de ésta, "
     "declare `accept`",
     "stored moments do not say their zone: they would be read in another; if they always were of "
     "this one, declare `accept`"},
    {Reason::persons_counted_anew,
     "expedientes guardados pasarían a ser de una persona o dejarían de serlo; si así debe ser, "
     "declare `accept`",
     "stored records would come to be of one person or cease to be; if that is meant, declare "
     "`accept`"},
    {Reason::duplicates_found_anew,
     "expedientes guardados pasarían a ser duplicados o dejarían de serlo; si así debe ser, "
     "declare `accept`",
     "stored records would come to be duplicates or cease to be; if that is meant, declare "
     "`accept`"},
    {Reason::kept_shorter,
     "lo guardado se perdería antes, o con más; si así lo manda la norma, declare `accept`",
     "what is stored would be lost sooner, or more of it; if the law says so, declare `accept`"},
    {Reason::migration_changed,
     "la migración {} dice cómo se lee lo guardado; devuélvala como estaba y declare una nueva",
     "the migration {} says how stored values are read; put it back as it was and declare a new "
     "one"},
    {Reason::migration_too_early, "{} va antes de una que ya se hizo; déle el número siguiente",
     "{} comes before one that is carried out already; give it the next number"},
    {Reason::recoding_ends,
     "{} puede estar guardado y ya no se leería con otro código; declare `recode` para este campo",
     "{} may be stored and would no longer be read as another code; declare `recode` for this "
     "field"},
    {Reason::not_known,
     "no se sabe qué hace a lo guardado; si nada de lo guardado cambia, declare `accept`",
     "it is not known what this does to stored values; if nothing stored changes, declare "
     "`accept`"},
};

constexpr bool in_order() {
    std::size_t place = 0;
    for (const auto& each : kWords) {
        if (static_cast<std::size_t>(each.reason) != place++) return false;
    }
    return place == static_cast<std::size_t>(Reason::not_known) + 1;
}
static_assert(in_order(), "every reason has its words, in the order of the enumeration");

std::string filled(const char* words, const std::string& detail) {
    std::string text = words;
    if (text.starts_with("{}") || text.find(" {}") != text.npos) {
        text.replace(text.find("{}"), 2, detail);
    }
    return text;
}

}  // namespace

Text words_of(Reason reason, const std::string& detail) {
    const auto& words = kWords[static_cast<std::size_t>(reason)];
    return Text({{"es", filled(words.es, detail)}, {"en", filled(words.en, detail)}});
}

}  // namespace amate::definitions::internal
