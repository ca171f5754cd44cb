// SPDX-License-Identifier: Apache-2.0
// One JSON array a line.
#include "backup/internal/table_file.hpp"

#include <charconv>
#include <fstream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/result.hpp"

namespace amate::backup::internal {
namespace {

namespace json = boost::json;

struct AppendCell {
    std::string& lines;
    void operator()(std::monostate) const { lines += "null"; }
    void operator()(std::int64_t number) const {
        const fmt::format_int digits(number);
        lines.append(digits.data(), digits.size());
    }
    // As text: readers of JSON do not all round the last digit alike.
    void operator()(double number) const { lines += fmt::format(R"(["{}"])", number); }
    void operator()(const std::string& text) const {
        lines += json::serialize(json::string_view(text));
    }
};

bool to_decimal(const json::value& value, store::SqlValue& cell) {
    const auto* parts = value.if_array();
    const auto* text = parts == nullptr || parts->size() != 1 ? nullptr : (*parts)[0].if_string();
    if (text == nullptr) return false;
    double number = 0;
    const auto* end = text->data() + text->size();
    const auto [at, error] = std::from_chars(text->data(), end, number);
    cell = number;
    return error == std::errc() && at == end;
}

bool to_cell(const json::value& value, store::SqlValue& cell) {
    if (value.is_null()) {
        cell = std::monostate{};
    } else if (const auto* whole = value.if_int64()) {
        cell = *whole;
    } else if (const auto* text = value.if_string()) {
        cell = std::string(*text);
    } else {
        return to_decimal(value, cell);
    }
    return true;
}

bool to_row(const json::value& value, std::size_t columns, store::SqlRow& row) {
    const auto* cells = value.if_array();
    if (cells == nullptr || cells->size() != columns) return false;
    row.resize(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        if (!to_cell((*cells)[i], row[i])) return false;
    }
    return true;
}

}  // namespace

void append_row(const store::SqlRow& row, std::string& lines) {
    lines += '[';
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) lines += ',';
        std::visit(AppendCell{lines}, row[i]);
    }
    lines += "]\n";
}

void for_each_row(const std::filesystem::path& file, std::size_t columns,
                  const std::function<bool(const store::SqlRow&)>& each) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw IoFailure(fmt::format("cannot read {}", file.string()));
    store::SqlRow row;
    std::string line;
    for (std::int64_t number = 1; std::getline(in, line); ++number) {
        json::error_code fault;
        const auto value = json::parse(line, fault);
        if (fault || !to_row(value, columns, row)) {
            throw IoFailure(fmt::format("{}:{}: no row of its table", file.string(), number));
        }
        if (!each(row)) return;
    }
    if (in.bad()) throw IoFailure(fmt::format("cannot read {}", file.string()));
}

}  // namespace amate::backup::internal
