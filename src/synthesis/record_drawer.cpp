// SPDX-License-Identifier: Apache-2.0
// Time first, then persons, then the rest: ages hang on the time, names on the sex.
#include "synthesis/internal/record_drawer.hpp"

#include <algorithm>

namespace amate::synthesis::internal {
namespace {

using definitions::Type;

constexpr int kRepeatTries = 8;
constexpr int kNewPersonTries = 100;
constexpr int kKnownTries = 40;

// The day of `year` on which somebody born on `at` has a birthday, less 29 February's gap.
std::int32_t anniversary(Date at, int year) {
    const auto day = Date::of(year, at.month(), at.day());
    return (day ? *day : *Date::of(year, 2, 28)).days_since_1970();
}

std::string_view text_of_value(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

bool allows(const Draw& draw, const Value& value, Date day) {
    if (const auto* fixed = std::get_if<Fixed>(&draw)) return fixed->value == value;
    if (const auto* weights = std::get_if<Weights>(&draw)) {
        for (std::size_t i = 0; i < weights->values.size(); ++i) {
            if (weights->chooser.can_choose(i) && weights->values[i] == value) return true;
        }
        return false;
    }
    const auto* ages = std::get_if<Ages>(&draw);
    if (ages == nullptr) return std::holds_alternative<std::monostate>(draw) == is_missing(value);
    PartialDate birth;
    if (const auto* partial = std::get_if<PartialDate>(&value)) {
        birth = *partial;
    } else if (const auto* date = std::get_if<Date>(&value)) {
        birth = {date->year(), date->month(), date->day()};
    } else {
        return false;
    }
    const auto age = age_years(birth, day);
    for (std::size_t i = 0; age && i < ages->bands.size(); ++i) {
        const auto& [first, last] = ages->bands[i];
        if (ages->chooser.can_choose(i) && *age >= first && *age <= last) return true;
    }
    return false;
}

}  // namespace

RecordDrawer::RecordDrawer(const Plan& plan, const definitions::Pack& pack, const NamesBook& names,
                           People& people, Random& random)
    : plan_(plan),
      names_(names),
      people_(people),
      random_(random),
      earlier_(people.of_file[plan.source->name]) {
    for (const auto& field : plan.register_->person_fields) {
        const auto name = plan.register_->name + "/" + field;
        keys_.push_back(&people.keys.try_emplace(name, pack, *plan.register_, field).first->second);
    }
    numbers_.resize(plan.persons.size());
    const auto& columns = plan.register_->columns;
    earlier_.resize(plan.persons.size());
    std::vector<bool> in_person(columns.size(), false);
    sex_of_.resize(columns.size());
    for (const auto& person : plan.persons) {
        auto order = person;
        for (const auto column : person) {
            in_person[column] = true;
            const auto dot = columns[column].name.rfind('.');
            const auto sex =
                plan.register_->column_index(columns[column].name.substr(0, dot) + ".sex");
            sex_of_[column] = sex.value_or(column);
        }
        std::stable_partition(order.begin(), order.end(),
                              [&](std::size_t column) { return sex_of_[column] == column; });
        order_.push_back(std::move(order));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!in_person[i] && i != plan.register_->time_column) plain_columns_.push_back(i);
        if (!in_person[i]) sex_of_[i] = i;
    }
    for (const auto& codec : plan.codecs) {
        if (codec.column() == plan.register_->time_column) keeps_time_ = codec.keeps_time();
    }
}

bool RecordDrawer::draw(const Group& group, std::vector<Value>& record) {
    for (auto& value : record) {
        if (!std::holds_alternative<std::string>(value)) value = Missing::absent;
    }
    record.resize(plan_.register_->columns.size(), Missing::absent);
    draw_time(group, record);
    for (std::size_t person = 0; person < plan_.persons.size(); ++person) {
        if (!draw_person(group, person, record)) return false;
    }
    for (const auto column : plain_columns_) draw_column(group, column, record);
    for (const auto& [column, value] : plan_.source->constants) record[column] = value;
    return true;
}

void RecordDrawer::draw_time(const Group& group, std::vector<Value>& record) {
    day_ = Date::from_days(group.from.days_since_1970() +
                           static_cast<std::int32_t>(group.days.choose(random_)));
    auto& time = record[plan_.register_->time_column];
    if (plan_.register_->columns[plan_.register_->time_column].type != Type::datetime) {
        time = day_;
        return;
    }
    int hour = 0;
    if (group.hours) {
        const auto& [first, last] = group.hours->ranges[group.hours->chooser.choose(random_)];
        hour = random_.between(first, last);
    } else {
        hour = random_.between(0, 23);
    }
    const int second = hour * 3600 + random_.between(0, 59) * 60;
    time = DateTime{day_, keeps_time_ ? second : 0};
}

bool RecordDrawer::fits(const Group& group, const std::vector<std::size_t>& columns,
                        const std::vector<Value>& values) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!allows(group.draws[columns[i]], values[i], day_)) return false;
    }
    return true;
}

// A further event of a person of this file.
bool RecordDrawer::draw_earlier(const Group& group, std::size_t person,
                                std::vector<Value>& record) {
    const auto& columns = plan_.persons[person];
    const auto& earlier = earlier_[person];
    if (earlier.empty()) return false;
    for (int i = 0; i < kRepeatTries; ++i) {
        const auto& again = earlier.any(random_);
        if (!fits(group, columns, again.values)) continue;
        for (std::size_t c = 0; c < columns.size(); ++c) record[columns[c]] = again.values[c];
        numbers_[person] = again.number;
        return true;
    }
    return false;
}

// A person of another file who is new in this one. What this file does not carry stays out.
bool RecordDrawer::draw_known(const Group& group, std::size_t person, std::vector<Value>& record) {
    const auto& columns = plan_.persons[person];
    double left = static_cast<double>(random_.next32()) / 4294967296.0;
    for (const auto& known : plan_.known) {
        left -= known.share;
        if (left >= 0) continue;
        const auto& file = people_.of_file.at(known.source->name).front();
        for (int i = 0; i < kKnownTries && !file.empty(); ++i) {
            const auto& one = file.any(random_);
            AMATE_CHECK(one.values.size() == columns.size());
            auto values = one.values;
            for (std::size_t c = 0; c < columns.size(); ++c) {
                const auto& draw = group.draws[columns[c]];
                const bool carried = !std::holds_alternative<std::monostate>(draw);
                if (!carried) values[c] = Missing::absent;
            }
            if (!fits(group, columns, values)) continue;
            for (std::size_t c = 0; c < columns.size(); ++c) record[columns[c]] = values[c];
            if (!keys_[person]->is_new(record)) continue;
            remember(person, one.number, record);
            return true;
        }
        return false;
    }
    return false;
}

void RecordDrawer::remember(std::size_t person, std::int64_t number,
                            const std::vector<Value>& record) {
    numbers_[person] = number;
    earlier_[person].add(number, record, plan_.persons[person], random_);
}

bool RecordDrawer::draw_person(const Group& group, std::size_t person, std::vector<Value>& record) {
    if (group.repeat_persons > 0 && random_.happens(group.repeat_persons) &&
        draw_earlier(group, person, record)) {
        return true;
    }
    if (!plan_.known.empty() && draw_known(group, person, record)) return true;
    for (int i = 0; i < kNewPersonTries; ++i) {
        for (const auto column : order_[person]) draw_column(group, column, record);
        if (!keys_[person]->is_new(record)) continue;
        remember(person, ++people_.last_number, record);
        return true;
    }
    return false;
}

void RecordDrawer::spoil(const Group& group, std::vector<Value>& record) {
    const auto& noise = plan_.noise;
    if (!noise.any()) return;
    for (const auto& columns : plan_.persons) {
        for (const auto column : columns) {
            auto& value = record[column];
            if (is_missing(value)) continue;
            if (std::holds_alternative<Names>(group.draws[column])) {
                auto& name = std::get<std::string>(value);
                if (random_.happens(noise.spelling)) misspell(noise, random_, name);
                if (random_.happens(noise.foreign_spelling)) spell_abroad(random_, name);
            } else if (auto* birth = std::get_if<PartialDate>(&value);
                       birth != nullptr && random_.happens(noise.birth)) {
                spoil_birth(random_, day_, *birth);
            }
        }
    }
}

void RecordDrawer::draw_column(const Group& group, std::size_t column, std::vector<Value>& record) {
    const auto& draw = group.draws[column];
    auto& value = record[column];
    if (const auto* fixed = std::get_if<Fixed>(&draw)) {
        value = fixed->value;
    } else if (const auto* weights = std::get_if<Weights>(&draw)) {
        value = weights->values[weights->chooser.choose(random_)];
    } else if (std::holds_alternative<Names>(draw)) {
        draw_name(column, record);
    } else if (const auto* ages = std::get_if<Ages>(&draw)) {
        draw_birth(*ages, column, record);
    } else if (const auto* serial = std::get_if<Serial>(&draw)) {
        std::string number;
        serial->number.append(day_.year(), {}, (*serial->next)++, number);
        value = std::move(number);
    } else if (const auto* chances = std::get_if<Chances>(&draw)) {
        Codes codes;
        for (const auto& [code, share] : chances->codes) {
            if (random_.happens(share)) codes.push_back(code);
        }
        if (codes.empty()) {
            value = Missing::absent;
        } else {
            value = std::move(codes);
        }
    } else if (const auto* chance = std::get_if<Chance>(&draw)) {
        value = random_.happens(chance->share);
    } else {
        value = Missing::absent;
    }
}

void RecordDrawer::draw_name(std::size_t column, std::vector<Value>& record) {
    auto& value = record[column];
    if (!std::holds_alternative<std::string>(value)) value = std::string();
    const auto sex = sex_of_[column];
    auto& name = std::get<std::string>(value);
    const bool relative = plan_.families > 0 && random_.happens(plan_.families);
    if (!relative) family_.clear();
    names_.draw(sex == column ? std::string_view() : text_of_value(record[sex]), random_, name,
                family_);
}

void RecordDrawer::draw_birth(const Ages& ages, std::size_t column, std::vector<Value>& record) {
    const auto& [first, last] = ages.bands[ages.chooser.choose(random_)];
    const int age = std::min(random_.between(first, last), day_.year() - 2);
    const auto newest = anniversary(day_, day_.year() - age);
    const auto oldest = anniversary(day_, day_.year() - age - 1) + 1;
    const auto birth = Date::from_days(random_.between(oldest, newest));
    if (plan_.register_->columns[column].type == Type::date) {
        record[column] = birth;
    } else {
        record[column] = PartialDate{birth.year(), birth.month(), birth.day()};
    }
}

}  // namespace amate::synthesis::internal
