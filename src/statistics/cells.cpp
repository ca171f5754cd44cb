// SPDX-License-Identifier: Apache-2.0
// Opens combinations into cells, in the order of the code lists, and counts what stands in each.
#include "statistics/internal/cells.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include <boost/sort/spreadsort/integer_sort.hpp>

namespace amate::statistics::internal {

namespace {

using definitions::Dimension;
using definitions::Type;

// Place of a code in its dimension: code list order, true before false, numbers rising, missing
// last.
std::int64_t rank_of(const Dimension& dimension, const std::string& code) {
    constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
    if (code.empty()) return kLast;
    if (dimension.type == Type::boolean) return code == "true" ? 0 : 1;
    if (dimension.type == Type::integer) {
        std::int64_t number = 0;
        std::from_chars(code.data(), code.data() + code.size(), number);
        return number;
    }
    AMATE_CHECK(dimension.codelist != nullptr);
    const auto found = dimension.codelist->index.find(code);
    // A code the pack no longer has: after those it has, before the missing ones.
    return found == dimension.codelist->index.end() ? kLast - 1
                                                    : static_cast<std::int64_t>(found->second);
}

// The codes that the places of a dictionary stand for: one each, or of a set as many as are in it.
// What is missing and a set of none are the code "".
struct CodesOfPlaces {
    CodesOfPlaces(const Axis& axis, bool with_total) {
        const auto& dictionary = *axis.dictionary;
        std::map<std::pair<std::int64_t, std::string>, std::uint32_t> numbers;
        const auto each_code = [&](const Value& value, const auto& each) {
            const auto* several = std::get_if<Codes>(&value);
            if (several != nullptr && !several->empty()) {
                for (const auto& code : *several) each(code);
            } else {
                each(several != nullptr || is_missing(value) ? std::string() : canonical(value));
            }
        };
        const auto key = [&](const std::string& code) {
            return std::pair{rank_of(*axis.dimension, code), code};
        };
        for (const auto& value : dictionary) {
            each_code(value, [&](const std::string& code) { numbers.emplace(key(code), 0); });
        }
        for (auto& [code, number] : numbers) {
            number = static_cast<std::uint32_t>(names.size());
            names.push_back(code.second);
        }
        for (const auto& value : dictionary) {
            auto& mine = of_place.emplace_back();
            each_code(value,
                      [&](const std::string& code) { mine.push_back(numbers.at(key(code))); });
        }
        if (!with_total) return;
        total = static_cast<std::uint32_t>(names.size());
        names.emplace_back(kTotalCode);
    }
    [[nodiscard]] bool is_none(std::uint32_t code) const { return names[code].empty(); }

    std::vector<std::string> names;  // in their order
    std::vector<std::vector<std::uint32_t>> of_place;
    std::optional<std::uint32_t> total;  // the last name
};

// Numbers that fall to a cell.
struct Share {
    std::uint64_t cell = 0;
    std::int64_t count = 0;
    std::int64_t amount = 0;
};

using Keys = std::vector<std::uint64_t>;

// Of no record at all.
constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

bool is_money(const TableRequest& request) {
    const auto money = [](const Dimension* each) {
        return each != nullptr && each->type == Type::money;
    };
    return money(request.summed) || money(request.weight);
}

void make_unique(Keys& keys) {
    boost::sort::spreadsort::integer_sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// The cells of one request, as numbers in their order: the last dimension counts fastest.
class Cells {
public:
    explicit Cells(const Plan& plan) : plan_(plan), by_(plan.request->by.size()) {
        for (std::size_t at = 0; at < plan.axes.size(); ++at) {
            codes_.emplace_back(plan.axes[at], plan.request->totals && at < by_);
        }
        strides_.resize(by_);
        for (std::size_t at = by_; at-- > 0;) {
            strides_[at] = numbers_;
            if (__builtin_mul_overflow(numbers_, codes_[at].names.size(), &numbers_)) fits_ = false;
        }
        chosen_.resize(by_);
    }

    // True if a cell and one of `others` fit together into a number.
    [[nodiscard]] bool fits_with(std::uint64_t others) const {
        std::uint64_t all = 0;
        return fits_ && !__builtin_mul_overflow(numbers_, std::max<std::uint64_t>(others, 1), &all);
    }
    [[nodiscard]] const CodesOfPlaces& codes(std::size_t axis) const { return codes_[axis]; }

    // Calls `each(cell)` for every cell the combination stands in; chosen() are then its codes.
    template <class Each>
    void each_cell(std::uint64_t combination, const Each& each, std::size_t axis = 0,
                   std::uint64_t cell = 0) {
        if (axis == by_) {
            each(cell);
            return;
        }
        for (const auto code : codes_[axis].of_place[plan_.axes[axis].place_in(combination)]) {
            chosen_[axis] = code;
            each_cell(combination, each, axis + 1, cell + code * strides_[axis]);
        }
        if (const auto total = codes_[axis].total) {
            chosen_[axis] = *total;
            each_cell(combination, each, axis + 1, cell + *total * strides_[axis]);
        }
    }
    [[nodiscard]] std::uint32_t chosen(std::size_t axis) const { return chosen_[axis]; }

    void add(std::uint64_t cell, std::int64_t count, std::int64_t amount = 0) {
        shares_.push_back({cell, count, amount});
        if (shares_.size() >= gathered_max_) (void)gather();
    }
    // False if there are more cells than the request wants.
    [[nodiscard]] bool gather() {
        boost::sort::spreadsort::integer_sort(
            shares_.begin(), shares_.end(),
            [](const Share& share, unsigned offset) { return share.cell >> offset; },
            [](const Share& a, const Share& b) { return a.cell < b.cell; });
        std::size_t kept = 0;
        for (const auto& share : shares_) {
            if (kept != 0 && shares_[kept - 1].cell == share.cell) {
                shares_[kept - 1].count += share.count;
                shares_[kept - 1].amount = add_exactly(shares_[kept - 1].amount, share.amount);
            } else {
                shares_[kept++] = share;
            }
        }
        shares_.resize(kept);
        const auto most = plan_.request->cells_max;
        // What is too much stays so, and need not grow.
        if (kept > most) shares_.resize(most + 1);
        gathered_max_ = std::max(2 * kept, kGatheredMin);
        return kept <= most;
    }
    // After gather().
    [[nodiscard]] Table table() const {
        Table table;
        for (std::size_t at = 0; at < by_; ++at) table.codes.push_back(codes_[at].names);
        table.places.reserve(shares_.size() * by_);
        table.counts.reserve(shares_.size());
        for (const auto& share : shares_) {
            for (std::size_t at = 0; at < by_; ++at) {
                table.places.push_back(static_cast<std::uint32_t>(share.cell / strides_[at] %
                                                                  codes_[at].names.size()));
            }
            table.counts.push_back(share.count);
        }
        return table;
    }
    [[nodiscard]] const std::vector<Share>& shares() const { return shares_; }

private:
    static constexpr std::size_t kGatheredMin = std::size_t{1} << 22U;

    const Plan& plan_;
    std::size_t by_;
    std::vector<CodesOfPlaces> codes_;  // one an axis
    std::vector<std::uint64_t> strides_;
    std::uint64_t numbers_ = 1;
    bool fits_ = true;
    std::vector<std::uint32_t> chosen_;
    std::vector<Share> shares_;
    std::size_t gathered_max_ = kGatheredMin;
};

// Of money in hundredths to the nearest whole unit, halves away from zero.
std::int64_t in_units(const Plan& plan, std::int64_t amount) {
    if (!is_money(*plan.request)) return amount;
    const auto rest = amount % 100;
    const auto whole = amount / 100;
    if (rest >= 50) return whole + 1;
    return rest <= -50 ? whole - 1 : whole;
}

double as_number(const Plan& plan, std::int64_t amount) {
    return static_cast<double>(amount) / (is_money(*plan.request) ? 100.0 : 1.0);
}

// Each adds to the cells and gives the total of both.
struct Whole {
    std::int64_t count = 0;
    std::int64_t amount = 0;
};

Whole add_rows(const Histogram& histogram, Cells& cells) {
    Whole whole;
    histogram.each_bin([&](std::uint64_t combination, const Histogram::Bin& bin) {
        whole.count += bin.rows;
        whole.amount = add_exactly(whole.amount, bin.amount);
        cells.each_cell(combination,
                        [&](std::uint64_t cell) { cells.add(cell, bin.rows, bin.amount); });
    });
    return whole;
}

std::int64_t add_persons(const Plan& plan, Histogram& histogram, Cells& cells) {
    const auto total = add_rows(histogram, cells).count + histogram.repeated();
    const auto& by = plan.request->by;
    const auto& repeated = histogram.repeated_by_combination();
    const bool gathers =
        plan.request->totals || std::any_of(by.begin(), by.end(), [](const Dimension* each) {
            return each->type == Type::codes;
        });
    if (gathers) {
        // The same person may stand in a cell by several combinations.
        Keys keys;
        for (const auto key : repeated) {
            cells.each_cell(key / plan.repeated, [&](std::uint64_t cell) {
                keys.push_back(cell * plan.repeated + key % plan.repeated);
            });
        }
        make_unique(keys);
        for (const auto key : keys) cells.add(key / plan.repeated, 1);
        return total;
    }
    for (auto at = repeated.begin(); at != repeated.end();) {
        const auto combination = *at / plan.repeated;
        const auto beyond = std::lower_bound(at, repeated.end(), (combination + 1) * plan.repeated);
        const auto persons = beyond - at;
        cells.each_cell(combination, [&](std::uint64_t cell) { cells.add(cell, persons); });
        at = beyond;
    }
    return total;
}

std::int64_t add_codes(const Plan& plan, const Histogram& histogram, Cells& cells) {
    const auto& codes = cells.codes(plan.distinct);
    const auto& axis = plan.axes[plan.distinct];
    const bool by_itself = plan.distinct < plan.request->by.size();
    Keys keys, all;
    histogram.each_bin([&](std::uint64_t combination, const Histogram::Bin&) {
        const auto& here = codes.of_place[axis.place_in(combination)];
        if (codes.is_none(here.front())) return;
        all.insert(all.end(), here.begin(), here.end());
        cells.each_cell(combination, [&](std::uint64_t cell) {
            // By itself each code stands in its own cell alone.
            if (by_itself && cells.chosen(plan.distinct) != codes.total) {
                keys.push_back(cell * codes.names.size() + cells.chosen(plan.distinct));
                return;
            }
            for (const auto code : here) keys.push_back(cell * codes.names.size() + code);
        });
    });
    make_unique(all);
    make_unique(keys);
    for (const auto key : keys) cells.add(key / codes.names.size(), 1);
    return static_cast<std::int64_t>(all.size());
}

// How often each value stands in each cell; `of_all`: by value alone.
class Distribution {
public:
    Distribution(const Plan& plan, const Histogram& histogram, Cells& cells)
        : plan_(plan), axis_(plan.axes[plan.distinct]), values_(axis_.dictionary->size()) {
        std::vector<std::int64_t> whole(values_);
        histogram.each_bin([&](std::uint64_t combination, const Histogram::Bin& bin) {
            const auto value = axis_.place_in(combination);
            whole[value] += bin.rows;
            cells.each_cell(combination, [&](std::uint64_t cell) {
                cells.add(cell, bin.rows);
                shares_.push_back({cell * values_ + value, bin.rows, 0});
            });
        });
        for (std::uint64_t value = 0; value < values_; ++value) {
            if (whole[value] != 0) whole_.push_back({value, whole[value], 0});
            count_ += whole[value];
        }
        std::sort(shares_.begin(), shares_.end(),
                  [](const Share& a, const Share& b) { return a.cell < b.cell; });
    }
    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::optional<double> of_all() const {
        if (whole_.empty()) return std::nullopt;
        auto at = whole_.begin();
        return next(at, whole_.end(), 0, count_);
    }
    // Of each of the cells, which are rising.
    [[nodiscard]] std::vector<double> of_cells(const std::vector<Share>& cells) const {
        std::vector<double> found;
        found.reserve(cells.size());
        auto at = shares_.begin();
        for (const auto& cell : cells) {
            found.push_back(next(at, shares_.end(), cell.cell, cell.count));
        }
        return found;
    }

private:
    // The smallest value that `percent` of the records of a cell do not exceed (SQL:2016,
    // PERCENTILE_DISC); goes on to the next cell.
    double next(std::vector<Share>::const_iterator& at, std::vector<Share>::const_iterator end,
                std::uint64_t cell, std::int64_t count) const {
        const auto wanted = (count * plan_.request->percent + 99) / 100;
        std::int64_t seen = 0;
        double value = 0;
        for (bool found = false; at != end && at->cell / values_ == cell; ++at) {
            seen += at->count;
            if (found || seen < wanted) continue;
            found = true;
            value =
                as_number(plan_, std::get<std::int64_t>((*axis_.dictionary)[at->cell % values_]));
        }
        return value;
    }

    const Plan& plan_;
    const Axis& axis_;
    std::uint64_t values_;
    std::vector<Share> shares_, whole_;
    std::int64_t count_ = 0;
};

}  // namespace

Problem too_many_cells(const TableRequest& request) {
    return {"statistics.too_many_cells",
            Place{"", 0, 0, "by"},
            {{"maximum", std::to_string(request.cells_max)}}};
}

Result<Table> table_of(const Plan& plan, Histogram& histogram) {
    const auto& request = *plan.request;
    Cells cells(plan);
    auto others = request.measure == Measure::persons ? plan.repeated : std::uint64_t{1};
    if (request.measure == Measure::distinct) others = cells.codes(plan.distinct).names.size();
    if (request.measure == Measure::percentile) {
        others = plan.axes[plan.distinct].dictionary->size();
    }
    if (!cells.fits_with(others)) return fail(too_many_cells(request));
    Whole whole;
    std::optional<Distribution> distribution;
    switch (request.measure) {
        case Measure::records:
        case Measure::sum:
        case Measure::mean:
            whole = add_rows(histogram, cells);
            break;
        case Measure::persons:
            whole.count = add_persons(plan, histogram, cells);
            break;
        case Measure::distinct:
            whole.count = add_codes(plan, histogram, cells);
            break;
        case Measure::percentile:
            whole.count = distribution.emplace(plan, histogram, cells).count();
            break;
        case Measure::share:
            AMATE_CHECK(!"a share is put together of two tables");
    }
    if (!cells.gather()) return fail(too_many_cells(request));
    auto table = cells.table();
    table.total = whole.count;
    if (request.measure == Measure::sum) {
        for (std::size_t cell = 0; cell < table.size(); ++cell) {
            table.counts[cell] = in_units(plan, cells.shares()[cell].amount);
        }
        table.total = in_units(plan, whole.amount);
    } else if (request.measure == Measure::mean) {
        for (const auto& share : cells.shares()) {
            table.values.push_back(as_number(plan, share.amount) /
                                   static_cast<double>(share.count));
        }
        if (whole.count != 0) {
            table.total_value = as_number(plan, whole.amount) / static_cast<double>(whole.count);
        }
    } else if (distribution) {
        table.values = distribution->of_cells(cells.shares());
        table.total_value = distribution->of_all();
    }
    // Without dimensions there is one cell, also of nothing.
    if (request.by.empty()) {
        table.counts = {table.total};
        if (request.has_values()) table.values = {table.total_value.value_or(kNoValue)};
    }
    return table;
}

}  // namespace amate::statistics::internal
