// SPDX-License-Identifier: Apache-2.0
// Time first, then persons, then the rest: ages hang on the time, names on the sex.
#include "synthesis/internal/record_drawer.hpp"

#include <algorithm>
#include <cmath>

namespace amate::synthesis::internal {
namespace {

using definitions::Type;

// The day of `year` on which somebody born on `at` has a birthday, less 29 February's gap.
std::int32_t anniversary(Date at, int year) {
    const auto day = Date::of(year, at.month(), at.day());
    return (day ? *day : *Date::of(year, 2, 28)).days_since_1970();
}

std::string_view text_of_value(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

RecordDrawer::RecordDrawer(const Plan& plan, const Shared& shared, People& people, Random& random)
    : plan_(plan),
      names_(shared.names),
      variants_(shared.variants),
      people_(people),
      random_(random),
      earlier_(people.of_file[plan.source->name]) {
    for (const auto& field : plan.register_->person_fields) {
        const auto name = plan.register_->name + "/" + field;
        keys_.push_back(
            &people.keys.try_emplace(name, shared.pack, *plan.register_, field).first->second);
    }
    drawn_.resize(plan.persons.size());
    known_.resize(plan.persons.size());
    earlier_.resize(plan.persons.size());
    for (std::size_t person = 0; person < plan.persons.size(); ++person) {
        auto& serials = earlier_[person].serials;
        for (const auto column : plan.persons[person]) {
            const auto* serial = std::get_if<Serial>(&plan.groups.front().draws[column]);
            serials.push_back(serial == nullptr ? nullptr : serial->next);
        }
    }
    learn_columns();
}

void RecordDrawer::learn_columns() {
    const auto& columns = plan_.register_->columns;
    std::vector<bool> in_person(columns.size(), false);
    sex_of_.resize(columns.size());
    for (const auto& person : plan_.persons) {
        auto order = person;
        for (const auto column : person) {
            in_person[column] = true;
            const auto dot = columns[column].name.rfind('.');
            const auto sex =
                plan_.register_->column_index(columns[column].name.substr(0, dot) + ".sex");
            sex_of_[column] = sex.value_or(column);
        }
        std::stable_partition(order.begin(), order.end(),
                              [&](std::size_t column) { return sex_of_[column] == column; });
        std::stable_partition(order.begin(), order.end(), [&](std::size_t column) {
            return columns[column].identifier == nullptr;
        });
        order_.push_back(std::move(order));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!in_person[i] && i != plan_.register_->time_column) plain_columns_.push_back(i);
        if (!in_person[i]) sex_of_[i] = i;
    }
    person_of_.resize(columns.size(), 0);
    is_name_.resize(columns.size(), false);
    for (std::size_t person = 0; person < plan_.persons.size(); ++person) {
        for (const auto column : plan_.persons[person]) {
            person_of_[column] = person;
            for (const auto& group : plan_.groups) {
                if (std::holds_alternative<Names>(group.draws[column])) is_name_[column] = true;
            }
        }
    }
    constants_.resize(columns.size(), nullptr);
    stated_.resize(columns.size(), false);
    for (const auto& [column, value] : plan_.source->constants) {
        constants_[column] = &value;
        stated_[column] = true;
    }
    for (const auto& codec : plan_.codecs) {
        stated_[codec.column()] = true;
        if (codec.column() == plan_.register_->time_column) keeps_time_ = codec.keeps_time();
    }
}

void RecordDrawer::begin(const Group& group, std::int64_t records, double scale) {
    records_left_ = records;
    record_ = 0;
    totals_left_.assign(group.draws.size(), 0);
    totals_carried_.resize(group.draws.size());
    for (std::size_t i = 0; i < group.draws.size(); ++i) {
        const auto* total = std::get_if<Total>(&group.draws[i]);
        if (total == nullptr) continue;
        auto& carried = totals_carried_[i];
        carried += static_cast<double>(total->sum) * (group.whole ? 1 : scale);
        const auto rounded = std::llround(carried);
        carried -= static_cast<double>(rounded);
        // However few: where each has something, none goes without.
        totals_left_[i] =
            total->sum < group.records ? rounded : std::max<std::int64_t>(rounded, records);
    }
}

// About as much as each other record has, half more or less; the last one takes what is left.
// Nobody goes without while there is enough for all.
std::int64_t RecordDrawer::draw_share(std::int64_t& left) {
    const auto others = records_left_ - 1;
    const std::int64_t least = left >= records_left_ ? 1 : 0;
    const double mean = static_cast<double>(left) / static_cast<double>(records_left_);
    const double around = 0.5 + static_cast<double>(random_.next32()) / 4294967296.0;  // 2^32
    const auto share = others == 0 ? left
                                   : std::clamp<std::int64_t>(std::llround(mean * around), least,
                                                              left - least * others);
    left -= share;
    return share;
}

bool RecordDrawer::draw(const Group& group, std::vector<Value>& record) {
    for (auto& value : record) {
        if (!std::holds_alternative<std::string>(value)) value = Missing::absent;
    }
    record.resize(plan_.register_->columns.size(), Missing::absent);
    relative_ =
        plan_.families.share > 0 && last_group_ == &group && random_.happens(plan_.families.share);
    if (relative_ && plan_.families.same_time) {
        record[plan_.register_->time_column] = together_.front();
    } else {
        draw_time(group, record);
    }
    for (std::size_t person = 0; person < plan_.persons.size(); ++person) {
        if (!draw_person(group, person, record)) return false;
    }
    for (const auto column : plain_columns_) draw_column(group, column, record);
    if (relative_) {
        for (std::size_t i = 0; i < plan_.families.together.size(); ++i) {
            record[plan_.families.together[i]] = together_[i + 1];
        }
    }
    for (const auto column : group.cover) {
        const auto& values = std::get<Weights>(group.draws[column]).values;
        if (record_ < values.size()) record[column] = values[record_];
    }
    for (const auto& [column, value] : plan_.source->constants) record[column] = value;
    if (plan_.families.share > 0) keep_together(group, record);
    --records_left_;
    ++record_;
    return true;
}

void RecordDrawer::keep_together(const Group& group, const std::vector<Value>& record) {
    last_group_ = &group;
    together_.assign(1, record[plan_.register_->time_column]);
    for (const auto column : plan_.families.together) together_.push_back(record[column]);
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
    } else if (std::holds_alternative<Total>(draw)) {
        const auto share = draw_share(totals_left_[column]);
        value = share;
        if (plan_.register_->columns[column].type == Type::money) {
            value = static_cast<double>(share) / kMoneyUnits;
        }
    } else {
        value = Missing::absent;
    }
}

void RecordDrawer::draw_name(std::size_t column, std::vector<Value>& record) {
    auto& name = drawn_[person_of_[column]].name;
    const auto sex = sex_of_[column];
    names_.draw_given(sex == column ? std::string_view() : text_of_value(record[sex]), random_,
                      name);
    if (name.family.empty()) names_.draw_family(random_, name);
    record[column] = name.whole();
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
