// SPDX-License-Identifier: Apache-2.0
// Draws dictionaries, the places in them and the persons out of a Parquet.
#include "statistics/internal/column_maker.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <memory>
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

// The place of each of some texts, rising.
class PlaceOfText {
public:
    explicit PlaceOfText(const std::vector<columnar::EngineValue>& texts) {
        for (const auto& each : texts) {
            places_.emplace(std::get<std::string>(each),
                            static_cast<std::uint32_t>(places_.size()));
        }
    }
    [[nodiscard]] std::uint32_t of(std::string_view text) const {
        return places_.find(text)->second;
    }

private:
    boost::unordered_flat_map<std::string_view, std::uint32_t> places_;  // into the dictionary
};

// Reads some columns of a Parquet, on one thread and an engine of its own: an answer that comes as
// it is read keeps a waiting thread busy, and two readers of one thread each keep none waiting.
class ColumnReader {
public:
    ColumnReader(const columnar::EngineOptions& options, const std::string& source)
        : engine_(options), source_(source) {}

    [[nodiscard]] std::set<std::string> names() {
        std::set<std::string> there;
        engine_.query("SELECT column_name FROM (DESCRIBE SELECT * FROM " + source_ + ")",
                      [&](const columnar::EngineRow& row) {
                          there.insert(std::get<std::string>(row[0]));
                          return true;
                      });
        return there;
    }

    void draw_dictionary(DrawnColumn& column) {
        const auto name = quote_name(column.plan.name);
        const auto value = is_text(column.plan.type) ? name : number_sql(column.plan);
        engine_.query(fmt::format("SELECT DISTINCT {} AS v FROM {} WHERE {} IS NOT NULL ORDER BY v",
                                  value, source_, name),
                      [&](const columnar::EngineRow& row) {
                          column.stored.push_back(row[0]);
                          return true;
                      });
    }

    [[nodiscard]] PersonNumbers number_persons(std::size_t rows, std::size_t persons) {
        PersonNumbers numbers(rows, persons);
        auto stream = engine_.stream("SELECT person_key FROM " + source_);
        while (const auto* chunk = stream.next_chunk()) {
            for (std::size_t row = 0; row < chunk->rows(); ++row) {
                if (chunk->is_there(0, row)) {
                    numbers.add(chunk->text(0, row));
                } else {
                    numbers.add_nobody();
                }
            }
        }
        return numbers;
    }

    // Fills the words of these columns, which have places, and their counts.
    void pack_places(const std::vector<DrawnColumn*>& columns, std::size_t rows,
                     std::vector<std::uint64_t>& words) {
        std::vector<DrawnColumn*> drawn;  // those of which a row can hold something
        std::vector<std::unique_ptr<PlaceOfNumber>> numbers;
        std::vector<std::unique_ptr<PlaceOfText>> texts;
        std::string sql;
        for (auto* column : columns) {
            column->counts.resize(column->stored.size() + 1);
            if (column->stored.empty()) {
                column->counts.back() = static_cast<std::int64_t>(rows);
                continue;
            }
            const bool text = is_text(column->plan.type);
            drawn.push_back(column);
            texts.push_back(text ? std::make_unique<PlaceOfText>(column->stored) : nullptr);
            numbers.push_back(text ? nullptr : std::make_unique<PlaceOfNumber>(column->stored));
            sql += sql.empty() ? "SELECT " : ", ";
            sql += text ? quote_name(column->plan.name) : number_sql(column->plan);
        }
        if (drawn.empty()) return;
        auto stream = engine_.stream(sql + " FROM " + source_);
        std::size_t first = 0;
        while (const auto* chunk = stream.next_chunk()) {
            AMATE_CHECK(first + chunk->rows() <= rows);
            for (std::size_t at = 0; at < drawn.size(); ++at) {
                if (texts[at] != nullptr) {
                    pack_column(*drawn[at], *chunk, at, first, words, [&](std::size_t row) {
                        return texts[at]->of(chunk->text(at, row));
                    });
                } else {
                    const auto* values = chunk->integers(at);
                    pack_column(*drawn[at], *chunk, at, first, words,
                                [&](std::size_t row) { return numbers[at]->of(values[row]); });
                }
            }
            first += chunk->rows();
        }
        AMATE_CHECK(first == rows);
    }

private:
    template <class PlaceOf>
    static void pack_column(DrawnColumn& column, const columnar::EngineChunk& chunk, std::size_t at,
                            std::size_t first, std::vector<std::uint64_t>& words,
                            PlaceOf place_of) {
        const auto absent = static_cast<std::uint32_t>(column.stored.size());
        for (std::size_t row = 0; row < chunk.rows(); ++row) {
            const auto place = chunk.is_there(at, row) ? place_of(row) : absent;
            pack(words.data() + column.word, first + row, column.width, place);
            ++column.counts[place];
        }
    }

    columnar::Engine engine_;
    std::string source_;
};

// Draws the columns out of a Parquet: first their dictionaries and beside them the persons, then
// the places in them, each half by a reader of its own.
class ColumnMaker {
public:
    ColumnMaker(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                const std::vector<ColumnPlan>& plans, const std::filesystem::path& spill) {
        columnar::EngineOptions options{manifest.directory, spill};
        options.threads = 1;
        const auto source =
            "read_parquet(" + quote_text((manifest.directory / file.file).string()) + ")";
        ColumnReader one(options, source), other(options, source);
        layout_.rows = static_cast<std::size_t>(file.records);
        const auto there = one.names();
        for (const auto& plan : plans) {
            if (there.contains(plan.name)) layout_.columns.push_back({plan, {}, {}, 0, 0});
        }
        std::vector<DrawnColumn*> halves[2];
        for (auto& column : layout_.columns) {
            halves[halves[0].size() > halves[1].size() ? 1 : 0].push_back(&column);
        }
        const auto persons = draw_dictionaries(one, other, halves, file);
        layout_.repeated = persons.repeated();
        layout_.columns.push_back({{kPersonColumn, Type::integer}, {}, {}, 0, 0});
        layout_.place();
        words_.resize(layout_.words);
        // The columns moved when that of the persons came behind them.
        for (auto& half : halves) half.clear();
        for (std::size_t at = 0; at + 1 < layout_.columns.size(); ++at) {
            halves[at % 2].push_back(&layout_.columns[at]);
        }
        auto first = std::async(std::launch::async,
                                [&] { one.pack_places(halves[0], layout_.rows, words_); });
        other.pack_places(halves[1], layout_.rows, words_);
        pack_persons(persons);
        first.get();
    }

    [[nodiscard]] ColumnImage take() {
        auto days = days_of_blocks();
        return {std::move(layout_), std::move(words_), std::move(days)};
    }

private:
    // Where there are persons, they are as long as all dictionaries together.
    [[nodiscard]] static PersonNumbers draw_dictionaries(ColumnReader& one, ColumnReader& other,
                                                         std::vector<DrawnColumn*> (&halves)[2],
                                                         const snapshot::SnapshotFile& file) {
        const auto rows = static_cast<std::size_t>(file.records);
        auto first = std::async(std::launch::async, [&] {
            for (auto* column : halves[0]) one.draw_dictionary(*column);
            if (file.persons == 0) return;
            for (auto* column : halves[1]) one.draw_dictionary(*column);
        });
        if (file.persons > 0) {
            auto persons = other.number_persons(rows, static_cast<std::size_t>(file.persons));
            first.get();
            return persons;
        }
        for (auto* column : halves[1]) other.draw_dictionary(*column);
        PersonNumbers nobody(rows, 0);
        for (std::size_t row = 0; row < rows; ++row) nobody.add_nobody();
        first.get();
        return nobody;
    }

    // The last column.
    void pack_persons(const PersonNumbers& persons) {
        AMATE_CHECK(persons.numbers().size() == layout_.rows);
        const auto& column = layout_.columns.back();
        for (std::size_t row = 0; row < layout_.rows; ++row) {
            pack(words_.data() + column.word, row, column.width, persons.numbers()[row]);
        }
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

    ColumnLayout layout_;
    std::vector<std::uint64_t> words_;
};

}  // namespace

ColumnImage make_columns(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                         const std::vector<ColumnPlan>& plans, const std::filesystem::path& spill) {
    return ColumnMaker(manifest, file, plans, spill).take();
}

}  // namespace amate::statistics::internal
