// SPDX-License-Identifier: Apache-2.0
// What is counted of a register towards commitments, and what is aimed at.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/dates.hpp"
#include "core/text.hpp"
#include "definitions/expression.hpp"

namespace amate::definitions {

enum class MeasureKind : unsigned char { records, persons, distinct, sum };

enum class Direction : unsigned char { none, up, down };  // of an indicator, which way is better
enum class Step : unsigned char { year, quarter, month };

// What an indicator was, or shall be, in a period.
struct IndicatorPoint {
    Period period;                // with both ends
    std::optional<double> value;  // of a baseline without one: what is counted in its period
    std::string source;           // where it stands; may be empty
};

struct Indicator {
    std::string id, register_name;
    Text title, note;
    MeasureKind measure = MeasureKind::records;
    std::string of;    // the dimension of MeasureKind::distinct, the number of MeasureKind::sum
    Expression where;  // may be empty; over statistics_environment
    std::vector<std::string> programmes;
    std::map<std::string, std::vector<std::string>> framework;  // framework -> nodes
    std::map<std::string, std::string> disaggregation;          // key -> dimension; "" = by period
    std::vector<std::string> figures;
    Direction direction = Direction::none;  // not none where there are targets
    std::optional<IndicatorPoint> baseline;
    std::vector<IndicatorPoint> targets;  // in the order of their periods, after the baseline's
    // Shares of the way from baseline to target, of what was due by now, from which the light is
    // green and amber. SPEC: Eurostat, Sustainable development in the European Union, 2023 edition,
    // annex II: 95 and 60 per cent of the required path.
    double green = 0.95, amber = 0.6;
    Step step = Step::year;  // of its series
};

}  // namespace amate::definitions
