// SPDX-License-Identifier: Apache-2.0
// Charts and maps as SVG. Nothing but numbers and escaped labels goes in.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "followup/wording.hpp"
#include "reports/internal/colours.hpp"
#include "reports/internal/count.hpp"

namespace amate::reports::internal {
namespace {

constexpr double kWidth = 720, kHeight = 300;
constexpr double kLeft = 74, kRight = 14, kTop = 22, kBottom = 46;
constexpr std::size_t kLabelSigns = 14;
constexpr std::size_t kColours = 6;
constexpr std::size_t kShades = 5;

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

// Cut at a whole character.
std::string shortened(const std::string& text) {
    std::size_t signs = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (++signs > kLabelSigns) return text.substr(0, i) + "…";
    }
    return text;
}

// 1, 2 or 5 times a power of ten: at most five lines above nothing.
double step_for(double largest) {
    const double rough = std::max(largest, 1e-9) / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (rough <= factor * power) return factor * power;
    }
    return 10 * power;
}

// The rows and columns that a chart shows: no totals.
struct Shown {
    std::vector<const Grid::Row*> rows;
    std::size_t columns = 0;
    double largest = 0;
};
Shown shown_of(const Grid& grid) {
    Shown shown;
    shown.columns = grid.columns.size() - (grid.total_column ? 1 : 0);
    for (const auto& row : grid.rows) {
        if (row.total) continue;
        shown.rows.push_back(&row);
        for (std::size_t i = 0; i < shown.columns; ++i) {
            shown.largest = std::max(shown.largest, row.cells[i].value_or(0));
        }
    }
    return shown;
}

// Frame, lines of the scale and labels of the rows below; every chart stands on it.
class Canvas {
public:
    Canvas(const Count& count, const Shown& shown) : count_(count), shown_(shown) {
        step_ = step_for(shown.largest);
        if (!count.request.has_values()) step_ = std::max(step_, 1.0);
        top_ = std::max(step_, std::ceil(shown.largest / step_ - 1e-9) * step_);
        svg_ = fmt::format(
            "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" "
            "font-family=\"sans-serif\" font-size=\"12\">",
            kWidth, kHeight, escaped(count.title));
        for (double value = 0; value <= top_ + step_ / 2; value += step_) draw_line(value);
        draw_labels();
    }

    [[nodiscard]] double y_of(double value) const {
        return kHeight - kBottom - value / top_ * (kHeight - kTop - kBottom);
    }
    [[nodiscard]] double room() const {
        return (kWidth - kLeft - kRight) /
               static_cast<double>(std::max<std::size_t>(shown_.rows.size(), 1));
    }
    [[nodiscard]] double middle_of(std::size_t row) const {
        return kLeft + (static_cast<double>(row) + 0.5) * room();
    }
    void add(const std::string& markup) { svg_ += markup; }
    [[nodiscard]] std::string finish() { return svg_ + "</svg>"; }

private:
    void draw_line(double value) {
        const double y = y_of(value);
        svg_ += fmt::format(
            "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>"
            "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\" fill=\"{}\">{}</text>",
            kLeft, kWidth - kRight, y, y, kLine, kLeft - 8, y + 4, kSoft,
            escaped(cell_words(count_, value)));
    }

    // As many as stand beside each other without touching.
    void draw_labels() {
        std::size_t longest = 1;
        for (const auto* row : shown_.rows) {
            longest = std::max(longest, std::min(kLabelSigns + 1, row->labels.front().size()));
        }
        const double wanted = static_cast<double>(longest) * 7 + 10;
        const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(wanted / room())));
        for (std::size_t i = 0; i < shown_.rows.size(); i += every) {
            svg_ += fmt::format(
                "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
                middle_of(i), kHeight - kBottom + 20, kInk,
                escaped(shortened(shown_.rows[i]->labels.front())));
        }
    }

    const Count& count_;
    const Shown& shown_;
    double step_ = 1, top_ = 1;
    std::string svg_;
};

constexpr const char* kSeries[kColours] = {kCochineal, kIndigo, kOchre, kLeaf, kPlum, kStone};
constexpr const char* kShade[kShades] = {"#f4e3cf", "#e6b98f", "#d08560", "#b34a41", "#7d1728"};
constexpr const char* kNothing = "#efe9dc";

}  // namespace

std::string draw_columns(const Count& count, const Grid& grid) {
    const auto shown = shown_of(grid);
    Canvas canvas(count, shown);
    const auto columns = static_cast<double>(shown.columns);
    const double width = std::min(56.0 * columns, canvas.room() * 0.74) / columns;
    const bool says_numbers = shown.columns == 1 && shown.rows.size() <= 12;
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
        const auto& row = *shown.rows[i];
        for (std::size_t k = 0; k < shown.columns; ++k) {
            const double value = std::max(0.0, row.cells[k].value_or(0));
            const double x = canvas.middle_of(i) + (static_cast<double>(k) - columns / 2) * width;
            const double y = canvas.y_of(value);
            canvas.add(fmt::format(
                "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">"
                "<title>{}: {}</title></rect>",
                x, y, std::max(1.0, width - 1), kHeight - kBottom - y, kSeries[k % kColours],
                escaped(row.labels.front() + (shown.columns > 1 ? ", " + grid.columns[k] : "")),
                escaped(cell_words(count, row.cells[k]))));
            if (says_numbers) {
                canvas.add(fmt::format(
                    "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" "
                    "font-size=\"11\" fill=\"#2a1a12\">{}</text>",
                    canvas.middle_of(i), y - 5, escaped(cell_words(count, row.cells[k]))));
            }
        }
    }
    return canvas.finish();
}

std::string draw_lines(const Count& count, const Grid& grid) {
    const auto shown = shown_of(grid);
    Canvas canvas(count, shown);
    for (std::size_t k = 0; k < shown.columns; ++k) {
        std::string points, dots;
        for (std::size_t i = 0; i < shown.rows.size(); ++i) {
            const auto& cell = shown.rows[i]->cells[k];
            if (!cell) continue;
            const double x = canvas.middle_of(i), y = canvas.y_of(std::max(0.0, *cell));
            points += fmt::format("{:.1f},{:.1f} ", x, y);
            dots += fmt::format(
                "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"><title>{}: {}</title>"
                "</circle>",
                x, y, kSeries[k % kColours],
                escaped(shown.rows[i]->labels.front() +
                        (shown.columns > 1 ? ", " + grid.columns[k] : "")),
                escaped(cell_words(count, cell)));
        }
        canvas.add(fmt::format(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.2\"/>{}", points,
            kSeries[k % kColours], dots));
    }
    return canvas.finish();
}

DrawnMap draw_map(const Count& count, const Grid& grid, std::string_view language) {
    std::map<std::string, double> value_of;
    std::set<double> values;
    for (const auto& row : grid.rows) {
        if (row.total || !row.cells.front()) continue;
        value_of[row.codes.front()] = *row.cells.front();
    }
    const auto& map = *count.map;
    for (const auto& area : map.areas) {
        const auto found = value_of.find(area.code);
        if (found != value_of.end() && found->second != 0) values.insert(found->second);
    }
    // Fifths of the values that occur; fewer where there are fewer.
    const std::vector<double> sorted(values.begin(), values.end());
    const std::size_t shades = std::min(kShades, sorted.size());
    DrawnMap drawn;
    for (std::size_t i = 0; i < shades; ++i) {
        drawn.shades.push_back(
            {sorted[i * sorted.size() / shades], sorted[(i + 1) * sorted.size() / shades - 1]});
    }
    drawn.svg =
        fmt::format("<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                    map.width, map.height, escaped(count.title));
    for (const auto& area : map.areas) {
        const auto found = value_of.find(area.code);
        const double value = found == value_of.end() ? 0 : found->second;
        const char* colour = kNothing;
        if (value == 0) {
            ++drawn.areas_without;
        } else {
            std::size_t shade = 0;
            while (shade + 1 < shades && value > drawn.shades[shade].high) ++shade;
            colour = kShade[shade + kShades - shades];
        }
        drawn.svg += fmt::format(
            "<path d=\"{}\" fill=\"{}\" stroke=\"#fff\" stroke-width=\"0.8\"><title>{}: {}</title>"
            "</path>",
            area.path, colour, escaped(map.codelist->label(area.code, language)),
            escaped(
                cell_words(count, found == value_of.end() ? std::nullopt : std::optional(value))));
    }
    drawn.svg += "</svg>";
    return drawn;
}

}  // namespace amate::reports::internal
