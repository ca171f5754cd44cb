// SPDX-License-Identifier: Apache-2.0
// Who the persons of a record are: the same as before, of another file, of the family, or new.
#include <algorithm>

#include "definitions/identifier.hpp"
#include "synthesis/internal/record_drawer.hpp"

namespace amate::synthesis::internal {
namespace {

constexpr int kRepeatTries = 8;
constexpr int kNewPersonTries = 100;
constexpr int kKnownTries = 40;

bool allows(const Draw& draw, const Value& value, Date day) {
    if (std::holds_alternative<Identified>(draw)) return true;  // shown by some
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

// Somebody of an earlier file, or of earlier in this one, whom the group can take as it is. What
// is not known of the person, or numbers of another institution, is left to be drawn.
bool RecordDrawer::come_again(const Group& group, std::size_t person, Person& again,
                              const EarlierPersons& from) const {
    const auto& columns = plan_.persons[person];
    AMATE_CHECK(again.values.size() == columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& draw = group.draws[columns[i]];
        auto& value = again.values[i];
        if (const auto* constant = constants_[columns[i]]) {
            if (!is_missing(value) && value != *constant) return false;
            value = *constant;
            continue;
        }
        const auto* serial = std::get_if<Serial>(&draw);
        if (serial != nullptr && serial->next != from.serials[i]) value = Missing::absent;
        if (is_missing(value) || std::holds_alternative<std::monostate>(draw)) continue;
        if (!allows(draw, value, day_)) return false;
    }
    return true;
}

// A further event of a person of this file, who states the same as before.
bool RecordDrawer::draw_earlier(const Group& group, std::size_t person,
                                std::vector<Value>& record) {
    const auto& columns = plan_.persons[person];
    const auto& earlier = earlier_[person];
    for (int i = 0; i < kRepeatTries && !earlier.empty(); ++i) {
        auto again = earlier.any(random_);
        bool same = come_again(group, person, again, earlier);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto& draw = group.draws[columns[c]];
            same = same && (!is_missing(again.values[c]) || allows(draw, again.values[c], day_));
        }
        if (!same) continue;
        for (std::size_t c = 0; c < columns.size(); ++c) record[columns[c]] = again.values[c];
        drawn_[person] = std::move(again);
        state(person, record);
        return true;
    }
    return false;
}

// A person of another file who is new in this one, if there is one some time after.
bool RecordDrawer::draw_known(const Group& group, std::size_t person, std::vector<Value>& record) {
    const auto& columns = plan_.persons[person];
    double left = static_cast<double>(random_.next32()) / 4294967296.0;
    for (const auto& known : plan_.known) {
        left -= known.share;
        if (left >= 0) continue;
        const auto& file = people_.of_file.at(known.source->name).front();
        for (int i = 0; i < kKnownTries && !file.empty(); ++i) {
            const auto& met = file.any(random_);
            // Rather one whose event in the other file came before.
            if (i < kKnownTries / 2 && day_ < met.day) continue;
            // Whoever came already would not be new.
            if (known_[person].contains(met.number)) continue;
            auto one = met;
            if (!come_again(group, person, one, file)) continue;
            for (std::size_t c = 0; c < columns.size(); ++c) record[columns[c]] = one.values[c];
            drawn_[person] = std::move(one);
            complete(group, person, record);
            if (!settle(person, record)) continue;
            known_[person].insert(drawn_[person].number);
            return true;
        }
        return false;
    }
    return false;
}

// Draws what the record does not have of the person yet.
void RecordDrawer::complete(const Group& group, std::size_t person, std::vector<Value>& record) {
    for (const auto column : order_[person]) {
        if (constants_[column] != nullptr) {
            record[column] = *constants_[column];
        } else if (is_missing(record[column])) {
            draw_column(group, column, record);
        }
    }
    identify(group, person, record);
}

void RecordDrawer::identify(const Group& group, std::size_t person, std::vector<Value>& record) {
    auto& drawn = drawn_[person];
    for (const auto column : plan_.persons[person]) {
        const auto* draw = std::get_if<Identified>(&group.draws[column]);
        if (draw == nullptr || !is_missing(record[column])) continue;
        if (!random_.happens(draw->share)) continue;
        drawn.values.clear();
        for (const auto each : plan_.persons[person]) drawn.values.push_back(record[each]);
        const auto& name = drawn.name;
        auto made =
            draw->identifier->invent({name.given, name.family, name.second_family}, drawn.values,
                                     static_cast<std::uint64_t>(drawn.number));
        if (made) record[column] = std::move(*made);
    }
}

// Remembers the person drawn into `record` and leaves there what the file states. False if its key
// is that of an earlier one.
bool RecordDrawer::settle(std::size_t person, std::vector<Value>& record) {
    auto& drawn = drawn_[person];
    drawn.values.clear();
    for (const auto column : plan_.persons[person]) drawn.values.push_back(record[column]);
    drawn.day = day_;
    state(person, record);
    if (!keys_[person]->is_new(record)) return false;
    earlier_[person].add(drawn, random_);
    return true;
}

void RecordDrawer::state(std::size_t person, std::vector<Value>& record) {
    for (const auto column : plan_.persons[person]) {
        if (!stated_[column]) record[column] = Missing::absent;
    }
    definitions::read_identifiers(*plan_.register_, *plan_.source, record);
}

bool RecordDrawer::draw_person(const Group& group, std::size_t person, std::vector<Value>& record) {
    if (relative_) return draw_new(group, person, record);
    if (group.repeat_persons > 0 && random_.happens(group.repeat_persons) &&
        draw_earlier(group, person, record)) {
        return true;
    }
    if (!plan_.known.empty() && draw_known(group, person, record)) return true;
    return draw_new(group, person, record);
}

bool RecordDrawer::draw_new(const Group& group, std::size_t person, std::vector<Value>& record) {
    const auto& columns = plan_.persons[person];
    const auto before = relative_ ? drawn_[person] : Person();
    auto& drawn = drawn_[person];
    drawn.number = people_.last_number + 1;
    for (int i = 0; i < kNewPersonTries; ++i) {
        for (const auto column : columns) record[column] = Missing::absent;
        drawn.name = {};
        if (relative_) {
            drawn.name.family = before.name.family;
            drawn.name.second_family = before.name.second_family;
        }
        // Those of a family come from one place.
        for (std::size_t c = 0; c < before.values.size(); ++c) {
            const auto& column = plan_.register_->columns[columns[c]];
            if (column.codelist == nullptr || sex_of_[columns[c]] == columns[c]) continue;
            if (!allows(group.draws[columns[c]], before.values[c], day_)) continue;
            record[columns[c]] = before.values[c];
        }
        complete(group, person, record);
        if (!settle(person, record)) continue;
        people_.last_number = drawn.number;
        return true;
    }
    return false;
}

std::vector<std::int64_t> RecordDrawer::numbers() const {
    std::vector<std::int64_t> all;
    for (const auto& person : drawn_) all.push_back(person.number);
    return all;
}

void RecordDrawer::spoil(std::vector<Value>& record) {
    const auto& noise = plan_.noise;
    if (!noise.any()) return;
    for (std::size_t person = 0; person < plan_.persons.size(); ++person) {
        for (const auto column : plan_.persons[person]) {
            auto& value = record[column];
            if (is_missing(value)) continue;
            const auto& name = drawn_[person].name;
            if (is_name_[column] && !name.empty()) {
                if (noise.of_names()) value = state_name(noise, variants_, random_, name);
            } else if (auto* birth = std::get_if<PartialDate>(&value);
                       birth != nullptr && random_.happens(noise.birth)) {
                spoil_birth(random_, day_, *birth);
            }
        }
    }
}

}  // namespace amate::synthesis::internal
