// SPDX-License-Identifier: Apache-2.0
// Draws records: the day first, then what stands by itself, then ages, names and serial numbers.
#include "synthesis/internal/inventor.hpp"

#include <algorithm>

#include "definitions/pack.hpp"

namespace amate::synthesis {
namespace {

using definitions::Type;

constexpr std::size_t kPersonsKept = 20'000;
constexpr int kTriesMax = 200;
constexpr int kSecondsPerHour = 3600;

}  // namespace

Inventor::Inventor(const Plan& plan, const Names* names, std::uint64_t seed)
    : plan_(plan), register_ref_(*plan.register_), names_(names),
      random_(seed, plan.source->name) {
    for (std::size_t i = 0; i < register_ref_.columns.size(); ++i) {
        const auto& name = register_ref_.columns[i].name;
        const bool personal =
            std::any_of(register_ref_.person_fields.begin(), register_ref_.person_fields.end(),
                        [&](const auto& field) { return name.starts_with(field + "."); });
        if (personal) person_columns_.push_back(i);
    }
    // Later than anything a plan invents, and the same on every day it runs.
    context_.now = {Date::of(2100, 1, 1).value_or(Date()), 0};
}

Result<void> Inventor::invent(const Group& group, std::vector<Value>& record) {
    Problems refused;
    for (int tries = 0; tries < kTriesMax; ++tries) {
        record.assign(register_ref_.columns.size(), Missing::absent);
        for (const auto& [column, value] : plan_.source->constants) record[column] = value;
        draw_time(group, record);
        for (const auto& [column, value] : group.set) record[column] = value;
        const bool repeated = repeat_person(group, record);
        for (const auto& draw : group.draws) {
            const bool of_person = std::find(person_columns_.begin(), person_columns_.end(),
                                             draw.column) != person_columns_.end();
            if (!repeated || !of_person) draw_column(draw, record);
        }
        auto judgement = definitions::judge(register_ref_, record, context_);
        if (judgement.accepted()) {
            if (!repeated) remember_person(record);
            return {};
        }
        refused = std::move(judgement.problems);
    }
    return fail({"synthesis.refused",
                 group.place,
                 {{"source", plan_.source->name},
                  {"column", refused.front().place.path},
                  {"reason", refused.front().code}}});
}

Date Inventor::day_of(const std::vector<Value>& record) const {
    const auto& time = record[register_ref_.time_column];
    if (const auto* moment = std::get_if<DateTime>(&time)) return moment->date;
    const auto* date = std::get_if<Date>(&time);
    return date == nullptr ? Date() : *date;
}

void Inventor::draw_time(const Group& group, std::vector<Value>& record) {
    const auto offset = static_cast<std::int32_t>(group.days.draw(random_));
    const auto day = Date::from_days(group.first.days_since_1970() + offset);
    auto& time = record[register_ref_.time_column];
    if (register_ref_.columns[register_ref_.time_column].type == Type::datetime) {
        // Minutes at which people write things down; the hour may be drawn anew by `hours`.
        const auto minute = static_cast<std::int32_t>(random_.below(24 * 60));
        time = DateTime{day, minute * 60};
    } else {
        time = day;
    }
}

void Inventor::draw_column(const Draw& draw, std::vector<Value>& record) {
    auto& value = record[draw.column];
    switch (draw.kind) {
        case DrawKind::weights: value = draw.values[draw.weighted.draw(random_)]; break;
        case DrawKind::chance: value = random_.share() < draw.chance; break;
        case DrawKind::chances: {
            Codes codes;
            for (const auto& [code, chance] : draw.chances) {
                if (random_.share() < chance) codes.push_back(code);
            }
            std::sort(codes.begin(), codes.end());
            if (!codes.empty()) value = std::move(codes);
            break;
        }
        case DrawKind::hours: {
            const auto [first, last] = draw.ranges[draw.weighted.draw(random_)];
            const auto hour = first + static_cast<int>(random_.below(
                                          static_cast<std::uint64_t>(last - first + 1)));
            auto moment = std::holds_alternative<DateTime>(value)
                              ? std::get<DateTime>(value)
                              : DateTime{day_of(record),
                                         static_cast<std::int32_t>(random_.below(60)) * 60};
            moment.second_of_day = hour * kSecondsPerHour + moment.second_of_day % kSecondsPerHour;
            value = moment;
            break;
        }
        case DrawKind::ages: draw_birth(draw, record); break;
        case DrawKind::names: draw_name(draw, record); break;
        case DrawKind::serial: {
            std::string text;
            draw.serial->append(day_of(record).year(), "", ++serial_, text);
            value = std::move(text);
            break;
        }
    }
}

// A birth that makes the person exactly as old on the record's day as the band says.
void Inventor::draw_birth(const Draw& draw, std::vector<Value>& record) {
    const auto [first, last] = draw.ranges[draw.weighted.draw(random_)];
    const auto age =
        first + static_cast<int>(random_.below(static_cast<std::uint64_t>(last - first + 1)));
    const auto at = day_of(record);
    // Somebody who is `age` on 29 February was born on or before 28 February in a common year.
    const auto latest = Date::of(at.year() - age, at.month(), at.day())
                            .value_or(*Date::of(at.year() - age, at.month(), 28));
    const auto birth = Date::from_days(latest.days_since_1970() -
                                       static_cast<std::int32_t>(random_.below(365)));
    if (register_ref_.columns[draw.column].type == Type::date) {
        record[draw.column] = birth;
    } else {
        record[draw.column] = PartialDate{birth.year(), birth.month(), birth.day()};
    }
}

void Inventor::draw_name(const Draw& draw, std::vector<Value>& record) {
    AMATE_CHECK(names_ != nullptr);
    const auto& name = register_ref_.columns[draw.column].name;
    const auto field = name.substr(0, name.find('.') + 1);
    const auto sex_column = register_ref_.column_index(field + "sex");
    bool female = random_.below(2) == 0;
    if (sex_column) {
        if (const auto* sex = std::get_if<std::string>(&record[*sex_column])) {
            if (*sex == "female") female = true;
            if (*sex == "male") female = false;
        }
    }
    const auto& given = female ? names_->given_female : names_->given_male;
    record[draw.column] = given.names[given.weighted.draw(random_)] + " " +
                          names_->family.names[names_->family.weighted.draw(random_)] + " " +
                          names_->family.names[names_->family.weighted.draw(random_)];
}

bool Inventor::repeat_person(const Group& group, std::vector<Value>& record) {
    if (group.repeat_persons <= 0.0 || persons_.empty()) return false;
    if (random_.share() >= group.repeat_persons) return false;
    const auto& person = persons_[random_.below(persons_.size())];
    for (std::size_t i = 0; i < person_columns_.size(); ++i) {
        record[person_columns_[i]] = person[i];
    }
    return true;
}

// Reservoir sampling (Vitter 1985, algorithm R), so that memory is bounded.
void Inventor::remember_person(const std::vector<Value>& record) {
    if (person_columns_.empty()) return;
    ++persons_seen_;
    auto slot = persons_.size();
    if (slot >= kPersonsKept) {
        slot = random_.below(static_cast<std::uint64_t>(persons_seen_));
        if (slot >= kPersonsKept) return;
    } else {
        persons_.emplace_back();
    }
    persons_[slot].clear();
    for (const auto column : person_columns_) persons_[slot].push_back(record[column]);
}

}  // namespace amate::synthesis
