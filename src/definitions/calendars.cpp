// SPDX-License-Identifier: Apache-2.0
// Reads `calendars` of pack.yaml and the files of days of rest they name.
#include <algorithm>
#include <charconv>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::vector<std::string> kWeekdays{"sunday",   "monday", "tuesday", "wednesday",
                                         "thursday", "friday", "saturday"};

std::optional<int> read_weekday(const Cursor& cursor) {
    const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), cursor.choice(kWeekdays));
    if (found == kWeekdays.end()) return std::nullopt;
    return static_cast<int>(found - kWeekdays.begin());
}

// "09-16"; a day no year has is a fault.
void read_yearly(const Cursor& item, CalendarRules& rules) {
    const auto text = item.text();
    if (text.empty()) return;
    const auto day = text.size() == 5 ? Date::parse("2000-" + text) : std::nullopt;  // a leap year
    if (day) {
        rules.yearly.push_back({day->month(), day->day()});
    } else {
        item.bad_value({"a day MM-DD", "un día MM-DD"});
    }
}

void read_nth(const Cursor& item, CalendarRules& rules) {
    if (!item.expect_keys({"month", "weekday", "nth", "title"})) return;
    const auto month = item.get("month").integer(1, 12);
    const auto weekday = read_weekday(item.get("weekday"));
    const auto nth = item.get("nth");
    const auto number = nth.integer(-1, 5);
    static_cast<void>(item.find("title").label());
    if (number && *number == 0) {
        nth.bad_value({"1 to 5, or -1 for the last one", "de 1 a 5, o -1 para el último"});
        return;
    }
    if (!month || !weekday || !number) return;
    rules.nth_weekday.push_back({static_cast<int>(*month), *weekday, static_cast<int>(*number)});
}

// Days of rest as a list `date` and one label column a language.
void read_holidays_file(Loading& loading, const Cursor& named, CalendarRules& rules) {
    const auto file = named.text();
    if (file.empty()) return;
    const std::filesystem::path path(file);
    if (!loading.has(file) || path.parent_path() != "calendars" || path.extension() != ".csv") {
        std::vector<std::string> candidates;
        for (const auto& name : loading.names_in("calendars", ".csv")) {
            candidates.push_back("calendars/" + name + ".csv");
        }
        named.bad_value({"a file calendars/NAME.csv of the pack",
                         "un archivo calendars/NOMBRE.csv del paquete"},
                        candidates);
        return;
    }
    loading.calendar_files.insert(file);
    CsvShape shape{{"date"}, {}};
    shape.required.insert(shape.required.end(), loading.pack.languages.begin(),
                          loading.pack.languages.end());
    read_csv(file, loading.path_of(file), shape, loading.faults, [&](const CsvLine& line) {
        const auto& cell = line.cell("date");
        if (const auto day = Date::parse(cell)) {
            rules.holidays.push_back(*day);
        } else {
            loading.faults.bad_value(line.place("date"), cell,
                                     {"a date YYYY-MM-DD", "una fecha AAAA-MM-DD"});
        }
    });
}

void read_calendar(Loading& loading, const Cursor::Entry& entry) {
    const auto& value = entry.value;
    CalendarRules rules;
    rules.name = entry.key.name();
    if (!value.expect_keys(
            {"title", "weekend", "holidays", "yearly", "nth_weekday", "holidays_file"})) {
        return;
    }
    rules.title = value.get("title").label();
    for (const auto& item : value.get("weekend").items()) {
        if (const auto weekday = read_weekday(item)) rules.weekend.push_back(*weekday);
    }
    for (const auto& item : value.find("holidays").items()) {
        if (const auto day = item.date()) rules.holidays.push_back(*day);
    }
    for (const auto& item : value.find("yearly").items()) read_yearly(item, rules);
    for (const auto& item : value.find("nth_weekday").items()) read_nth(item, rules);
    if (const auto file = value.find("holidays_file"); file.present()) {
        read_holidays_file(loading, file, rules);
    }
    const auto name = rules.name;
    auto calendar = Calendar::make(std::move(rules));
    if (!calendar) {
        value.get("weekend").bad_value(
            {"a list of days that leaves one worked", "una lista que deje algún día hábil"});
    } else if (!name.empty()) {
        loading.pack.calendars.emplace(name, std::move(*calendar));
    }
}

}  // namespace

void read_calendars(Loading& loading, const Cursor& calendars) {
    for (const auto& entry : calendars.entries()) read_calendar(loading, entry);
}

void refuse_unused_calendar_files(Loading& loading) {
    for (const auto& name : loading.names_in("calendars", ".csv")) {
        const auto file = "calendars/" + name + ".csv";
        if (loading.calendar_files.contains(file)) continue;
        loading.faults.add(
            "definitions.unread_file", {file, 0, 0, {}},
            loading.faults.suggest({{"expected", "holidays_file: " + file}}, file, {}));
    }
}

}  // namespace amate::definitions::internal
