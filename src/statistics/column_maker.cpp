// SPDX-License-Identifier: Apache-2.0
// Draws dictionaries, the places in them and the persons out of a Parquet.
#include "statistics/internal/column_maker.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <set>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/format.h>

#include "core/crypto.hpp"

namespace amate::statistics::internal {

namespace {

using columnar::quote_name;
using columnar::quote_text;
using definitions::Type;

bool is_text(Type type) {
    return type == Type::code || type == Type::codes;
}

// A column that is no text, as a whole number.
std::string number_sql(const ColumnPlan& plan) {
    const auto name = quote_name(plan.name);
    if (plan.type == Type::money) return "CAST(" + name + " * 100 AS BIGINT)";
    if (plan.type == Type::date) return "CAST(" + name + " - DATE '1970-01-01' AS BIGINT)";
    return "CAST(" + name + " AS BIGINT)";
}

// The place of each of some whole numbers, rising: by a table where they lie close together.
class PlaceOfNumber {
public:
    explicit PlaceOfNumber(const std::vector<columnar::EngineValue>& numbers) {
        if (numbers.empty()) return;
        first_ = std::get<std::int64_t>(numbers.front());
        const auto range = std::get<std::int64_t>(numbers.back()) - first_;
        const bool close = range >= 0 && range < kRangeMax;
        if (close) close_.resize(static_cast<std::size_t>(range) + 1);
        std::uint32_t place = 0;
        for (const auto& each : numbers) {
            const auto number = std::get<std::int64_t>(each);
            if (close) {
                close_[static_cast<std::size_t>(number - first_)] = place++;
            } else {
                far_.emplace(number, place++);
            }
        }
    }
    [[nodiscard]] std::uint32_t of(std::int64_t number) const {
        return far_.empty() ? close_[static_cast<std::size_t>(number - first_)] : far_.at(number);
    }

private:
    static constexpr std::int64_t kRangeMax = 1 << 22;
    std::int64_t first_ = 0;
    std::vector<std::uint32_t> close_;
    boost::unordered_flat_map<std::int64_t, std::uint32_t> far_;
};

// Numbers persons as they come.
class PersonNumbers {
public:
    PersonNumbers(std::size_t rows, std::size_t persons) {
        numbers_.reserve(rows);
        first_rows_.reserve(persons);
    }

    void add_nobody() { numbers_.push_back(kNobody); }
    void add(std::string_view key) {
        const auto row = static_cast<std::uint32_t>(numbers_.size());
        const auto [first, fresh] = first_rows_.emplace(fingerprint_of(key), row);
        if (fresh) {
            numbers_.push_back(kOnce);
            return;
        }
        auto& number = numbers_[first->second];
        if (number == kOnce) number = kFirstRepeated + repeated_++;
        numbers_.push_back(number);
    }
    [[nodiscard]] std::size_t repeated() const { return repeated_; }
    [[nodiscard]] const std::vector<std::uint32_t>& numbers() const { return numbers_; }

private:
    // The key itself where it is as short as keys are, so that no two are taken for one.
    using Fingerprint = std::array<std::uint64_t, 2>;
    static Fingerprint fingerprint_of(std::string_view key) {
        Fingerprint fingerprint{};
        if (key.size() < sizeof fingerprint) {
            std::memcpy(fingerprint.data(), key.data(), key.size());
            return fingerprint;
        }
        const auto digest = crypto::digest(key);
        std::memcpy(fingerprint.data(), digest.data(), sizeof fingerprint);
        return fingerprint;
    }

    std::vector<std::uint32_t> numbers_;
    boost::unordered_flat_map<Fingerprint, std::uint32_t, boost::hash<Fingerprint>> first_rows_;
    std::uint32_t repeated_ = 0;
};

// Draws the columns out of a Parquet: a pass for the dictionaries, one for the places in them, and
// beside both one for the persons.
class ColumnMaker {
public:
    ColumnMaker(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                const std::vector<ColumnPlan>& plans, const std::filesystem::path& spill)
        : options_({manifest.directory, spill}),
          engine_(options_),
          source_("read_parquet(" + quote_text((manifest.directory / file.file).string()) + ")") {
        layout_.rows = static_cast<std::size_t>(file.records);
        persons_ = static_cast<std::size_t>(file.persons);
        auto persons = std::async(std::launch::async, [this] { return number_persons(); });
        std::set<std::string> there;
        engine_.query("SELECT column_name FROM (DESCRIBE SELECT * FROM " + source_ + ")",
                      [&](const columnar::EngineRow& row) {
                          there.insert(std::get<std::string>(row[0]));
                          return true;
                      });
        for (const auto& plan : plans) {
            if (there.contains(plan.name)) layout_.columns.push_back({plan, {}, {}, 0, 0});
        }
        for (std::size_t at = 0; at < layout_.columns.size(); ++at) draw_dictionary(at);
        layout_.place();
        words_.resize(layout_.words);
        pack_places();
        pack_persons(persons.get());
    }

    [[nodiscard]] ColumnImage take() {
        auto days = days_of_blocks();
        return {std::move(layout_), std::move(words_), std::move(days)};
    }

private:
    static std::string enum_of(std::size_t at) { return fmt::format("d{}", at); }

    void draw_dictionary(std::size_t at) {
        auto& column = layout_.columns[at];
        const auto name = quote_name(column.plan.name);
        const bool text = is_text(column.plan.type);
        auto sql = fmt::format("SELECT DISTINCT {} AS v FROM {} WHERE {} IS NOT NULL ORDER BY v",
                               text ? name : number_sql(column.plan), source_, name);
        if (text) {
            engine_.execute("CREATE TYPE " + enum_of(at) + " AS ENUM (" + sql + ")");
            sql = "SELECT CAST(unnest(enum_range(NULL::" + enum_of(at) + ")) AS VARCHAR)";
        }
        engine_.query(sql, [&](const columnar::EngineRow& row) {
            column.stored.push_back(row[0]);
            return true;
        });
    }

    [[nodiscard]] PersonNumbers number_persons() const {
        PersonNumbers persons(layout_.rows, persons_);
        if (persons_ == 0) {
            for (std::size_t row = 0; row < layout_.rows; ++row) persons.add_nobody();
            return persons;
        }
        columnar::Engine engine(options_);
        auto stream = engine.stream("SELECT person_key FROM " + source_);
        while (const auto* chunk = stream.next_chunk()) {
            for (std::size_t row = 0; row < chunk->rows(); ++row) {
                if (chunk->is_there(0, row)) {
                    persons.add(chunk->text(0, row));
                } else {
                    persons.add_nobody();
                }
            }
        }
        return persons;
    }

    // The last column.
    void pack_persons(const PersonNumbers& persons) {
        AMATE_CHECK(persons.numbers().size() == layout_.rows);
        layout_.columns.push_back({{kPersonColumn, Type::integer}, {}, {}, 0, 0});
        layout_.repeated = persons.repeated();
        layout_.place();
        words_.resize(layout_.words);
        const auto& column = layout_.columns.back();
        for (std::size_t row = 0; row < layout_.rows; ++row) {
            pack(words_.data() + column.word, row, column.width, persons.numbers()[row]);
        }
    }

    void pack_places() {
        std::vector<DrawnColumn*> drawn;  // those of which a row can hold something
        std::vector<PlaceOfNumber> places;
        std::string sql;
        for (std::size_t at = 0; at < layout_.columns.size(); ++at) {
            auto& column = layout_.columns[at];
            column.counts.resize(column.stored.size() + 1);
            if (column.stored.empty()) {
                column.counts.back() = static_cast<std::int64_t>(layout_.rows);
                continue;
            }
            drawn.push_back(&column);
            const auto name = quote_name(column.plan.name);
            const bool text = is_text(column.plan.type);
            places.emplace_back(text ? std::vector<columnar::EngineValue>() : column.stored);
            sql += sql.empty() ? "SELECT " : ", ";
            sql += text
                       ? fmt::format("CAST(enum_code(CAST({} AS {})) AS BIGINT)", name, enum_of(at))
                       : number_sql(column.plan);
        }
        if (drawn.empty()) return;
        auto stream = engine_.stream(sql + " FROM " + source_);
        std::size_t first = 0;
        while (const auto* chunk = stream.next_chunk()) {
            AMATE_CHECK(first + chunk->rows() <= layout_.rows);
            for (std::size_t at = 0; at < drawn.size(); ++at) {
                auto& column = *drawn[at];
                const bool text = is_text(column.plan.type);
                const auto* numbers = chunk->integers(at);
                const auto absent = static_cast<std::uint32_t>(column.stored.size());
                for (std::size_t row = 0; row < chunk->rows(); ++row) {
                    auto place = absent;
                    if (chunk->is_there(at, row)) {
                        place = text ? static_cast<std::uint32_t>(numbers[row])
                                     : places[at].of(numbers[row]);
                    }
                    pack(words_.data() + column.word, first + row, column.width, place);
                    ++column.counts[place];
                }
            }
            first += chunk->rows();
        }
        AMATE_CHECK(first == layout_.rows);
    }

    [[nodiscard]] std::vector<Columns::Days> days_of_blocks() const {
        std::vector<Columns::Days> days(layout_.blocks());
        const auto time =
            std::find_if(layout_.columns.begin(), layout_.columns.end(),
                         [](const DrawnColumn& each) { return each.plan.name == kTimeColumn; });
        if (time == layout_.columns.end()) return days;
        for (std::size_t row = 0; row < layout_.rows; ++row) {
            const auto place = packed_at(words_.data() + time->word, row, time->width);
            auto& block = days[row / kBlockRows];
            const bool first = row % kBlockRows == 0;
            block.first = first ? place : std::min(block.first, place);
            block.last = first ? place : std::max(block.last, place);
        }
        return days;
    }

    columnar::EngineOptions options_;
    columnar::Engine engine_;
    std::string source_;
    ColumnLayout layout_;
    std::size_t persons_ = 0;
    std::vector<std::uint64_t> words_;
};

}  // namespace

ColumnImage make_columns(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                         const std::vector<ColumnPlan>& plans, const std::filesystem::path& spill) {
    return ColumnMaker(manifest, file, plans, spill).take();
}

}  // namespace amate::statistics::internal
