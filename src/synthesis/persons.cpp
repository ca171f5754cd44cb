// SPDX-License-Identifier: Apache-2.0
// Keeps a sample of persons and the keys of all.
#include "synthesis/internal/persons.hpp"

#include "core/text.hpp"

namespace amate::synthesis::internal {

void EarlierPersons::add(const Person& person, Random& random) {
    ++seen_;
    if (kept_.size() < kKept) {
        kept_.push_back(person);
        return;
    }
    const auto at = random.next() % seen_;
    if (at < kKept) kept_[at] = person;
}

PersonKeys::PersonKeys(const definitions::Pack& pack, const definitions::Register& register_,
                       const std::string& person_field) {
    for (const auto& attributes : pack.person_key) {
        std::vector<std::size_t> columns;
        for (const auto& attribute : attributes) {
            const auto column = register_.column_index(person_field + "." + attribute);
            if (column) columns.push_back(*column);
        }
        if (columns.size() == attributes.size()) keys_.push_back(std::move(columns));
    }
}

bool PersonKeys::is_new(const std::vector<Value>& record) {
    for (std::size_t key = 0; key < keys_.size(); ++key) {
        text_ = static_cast<char>('0' + key);
        bool complete = true;
        for (const auto column : keys_[key]) {
            complete = complete && !is_missing(record[column]);
            text_ += '\x1F';
            text_ += fold(canonical(record[column]));
        }
        if (!complete) continue;
        // FNV-1a, mixed: equal hashes of different keys only cost a redraw.
        std::uint64_t hash = 0xCBF29CE484222325ULL;
        for (const char c : text_) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        }
        return seen_.insert(Random(hash).next()).second;
    }
    return true;
}

}  // namespace amate::synthesis::internal
