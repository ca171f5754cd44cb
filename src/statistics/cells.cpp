// SPDX-License-Identifier: Apache-2.0
// Opens combinations into cells and counts what stands in each.
#include "statistics/internal/cells.hpp"

#include <algorithm>
#include <map>

#include <boost/sort/spreadsort/integer_sort.hpp>

namespace amate::statistics::internal {

namespace {

using definitions::MeasureKind;
using definitions::Type;

// The codes that the places of a dictionary stand for: one each, or of a set as many as are in it.
// What is missing and a set of none are the code "".
struct CodesOfPlaces {
    explicit CodesOfPlaces(const Column& column) {
        std::map<std::string, std::uint32_t> numbers;
        const auto number = [&](const std::string& code) {
            const auto [found, fresh] =
                numbers.emplace(code, static_cast<std::uint32_t>(names.size()));
            if (fresh) names.push_back(code);
            return found->second;
        };
        for (const auto& value : column.dictionary) {
            auto& mine = of_place.emplace_back();
            if (const auto* several = std::get_if<Codes>(&value)) {
                for (const auto& code : *several) mine.push_back(number(code));
            } else if (!is_missing(value)) {
                mine.push_back(number(canonical(value)));
            }
            if (mine.empty()) mine.push_back(number(""));
        }
    }
    [[nodiscard]] bool is_none(std::uint32_t code) const { return names[code].empty(); }

    std::vector<std::string> names;
    std::vector<std::vector<std::uint32_t>> of_place;
};

using Keys = std::vector<std::uint64_t>;

void make_unique(Keys& keys) {
    boost::sort::spreadsort::integer_sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// The cells of one request. A cell is a number: the codes of the dimensions, the first counting
// fastest.
class Opener {
public:
    explicit Opener(const Plan& plan) : plan_(plan), by_(plan.request->by.size()) {
        for (const auto& axis : plan.axes) codes_.emplace_back(*axis.column);
        for (std::size_t at = 0; at < by_; ++at) {
            strides_.push_back(numbers_);
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
    }
    [[nodiscard]] std::uint32_t chosen(std::size_t axis) const { return chosen_[axis]; }

    [[nodiscard]] std::vector<std::string> names_of(std::uint64_t cell) const {
        std::vector<std::string> names;
        for (std::size_t at = 0; at < by_; ++at) {
            names.push_back(codes_[at].names[cell / strides_[at] % codes_[at].names.size()]);
        }
        return names;
    }

private:
    const Plan& plan_;
    std::size_t by_;
    std::vector<CodesOfPlaces> codes_;  // one an axis
    std::vector<std::uint64_t> strides_;
    std::uint64_t numbers_ = 1;
    bool fits_ = true;
    std::vector<std::uint32_t> chosen_;
};

using Cells = boost::unordered_flat_map<std::uint64_t, std::int64_t>;

// Of money in hundredths to the nearest whole unit, halves away from zero.
std::int64_t in_units(const Plan& plan, std::int64_t amount) {
    if (plan.summed == nullptr || plan.request->summed->type != Type::money) return amount;
    const auto rest = amount % 100;
    const auto whole = amount / 100;
    if (rest >= 50) return whole + 1;
    return rest <= -50 ? whole - 1 : whole;
}

std::int64_t plain_cells(const Plan& plan, const Histogram& histogram, Opener& opener,
                         Cells& cells) {
    std::int64_t total = 0;
    const bool sum = plan.summed != nullptr;
    histogram.each_bin([&](std::uint64_t combination, const Histogram::Bin& bin) {
        const auto worth = sum ? bin.amount : bin.rows;
        total += worth;
        if (cells.size() > Tabulator::kCellsMax) return;
        opener.each_cell(combination, [&](std::uint64_t cell) { cells[cell] += worth; });
    });
    return total;
}

std::int64_t person_cells(const Plan& plan, Histogram& histogram, Opener& opener, Cells& cells) {
    const auto once = plain_cells(plan, histogram, opener, cells);
    if (plan.request->by.empty()) return once + histogram.repeated();
    const auto& repeated = histogram.repeated_by_combination();
    const bool opens = std::any_of(plan.axes.begin(), plan.axes.end(), [](const Axis& axis) {
        return axis.dimension->type == Type::codes;
    });
    if (opens) {
        // The same person may stand in a cell by several sets of codes.
        Keys keys;
        for (const auto key : repeated) {
            opener.each_cell(key / plan.repeated, [&](std::uint64_t cell) {
                keys.push_back(cell * plan.repeated + key % plan.repeated);
            });
        }
        make_unique(keys);
        for (const auto key : keys) ++cells[key / plan.repeated];
    } else {
        for (auto at = repeated.begin(); at != repeated.end();) {
            const auto combination = *at / plan.repeated;
            const auto beyond =
                std::lower_bound(at, repeated.end(), (combination + 1) * plan.repeated);
            const auto persons = beyond - at;
            opener.each_cell(combination, [&](std::uint64_t cell) { cells[cell] += persons; });
            at = beyond;
        }
    }
    return once + histogram.repeated();
}

std::int64_t distinct_cells(const Plan& plan, const Histogram& histogram, Opener& opener,
                            Cells& cells) {
    const auto& codes = opener.codes(plan.distinct);
    const auto& axis = plan.axes[plan.distinct];
    const bool by_itself = plan.distinct < plan.request->by.size();
    Keys keys, all;
    histogram.each_bin([&](std::uint64_t combination, const Histogram::Bin&) {
        const auto& here = codes.of_place[axis.place_in(combination)];
        if (codes.is_none(here.front())) return;
        all.insert(all.end(), here.begin(), here.end());
        opener.each_cell(combination, [&](std::uint64_t cell) {
            // By itself each code stands in its own cell alone.
            if (by_itself) {
                keys.push_back(cell * codes.names.size() + opener.chosen(plan.distinct));
                return;
            }
            for (const auto code : here) keys.push_back(cell * codes.names.size() + code);
        });
    });
    make_unique(all);
    make_unique(keys);
    for (const auto key : keys) ++cells[key / codes.names.size()];
    return static_cast<std::int64_t>(all.size());
}

}  // namespace

Problem too_many_cells() {
    return {"statistics.too_many_cells",
            Place{"", 0, 0, "by"},
            {{"maximum", std::to_string(Tabulator::kCellsMax)}}};
}

Result<Counted> cells_of(const Plan& plan, Histogram& histogram) {
    Opener opener(plan);
    const auto measure = plan.request->measure;
    auto others = measure == MeasureKind::persons ? plan.repeated : std::uint64_t{1};
    if (measure == MeasureKind::distinct) others = opener.codes(plan.distinct).names.size();
    if (!opener.fits_with(others)) return fail(too_many_cells());
    Cells cells;
    Counted counted;
    switch (measure) {
        case MeasureKind::records:
        case MeasureKind::sum:
            counted.total = plain_cells(plan, histogram, opener, cells);
            break;
        case MeasureKind::persons:
            counted.total = person_cells(plan, histogram, opener, cells);
            break;
        case MeasureKind::distinct:
            counted.total = distinct_cells(plan, histogram, opener, cells);
            break;
    }
    if (cells.size() > Tabulator::kCellsMax) return fail(too_many_cells());
    counted.total = in_units(plan, counted.total);
    counted.cells.reserve(cells.size());
    for (const auto& [cell, count] : cells) {
        counted.cells.push_back({opener.names_of(cell), in_units(plan, count)});
    }
    return counted;
}

}  // namespace amate::statistics::internal
