// SPDX-License-Identifier: Apache-2.0
// Lays the members of each line's object out under the header.
#include "exchange/internal/json_rows.hpp"

#include <map>
#include <optional>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "core/text.hpp"
#include "core/text_stream.hpp"
#include "exchange/internal/json_line_parser.hpp"
#include "exchange/limits.hpp"

namespace amate::exchange::internal {
namespace {

class JsonRows final : public RowSource {
public:
    JsonRows(TextStream text, std::vector<JsonColumn> columns, std::string name)
        : text_(std::move(text)), name_(std::move(name)) {
        for (auto& column : columns) {
            declared_.push_back(column.header);
            add_column(column);
        }
    }

    Result<void> read_header() {
        if (!take_line()) {
            header_.cells.clear();  // an empty file has no header
            return {};
        }
        header_.line = line_number_;
        if (const auto problem = parse_line()) return fail(*problem);
        add_unknown_keys();
        if (header_.cells.size() > kColumnsMax) {
            return fail(problem("exchange.too_many_columns", 0,
                                {{"maximum", std::to_string(kColumnsMax)}}));
        }
        header_.decoded = header_.cells.size();
        first_waits_ = true;
        return {};
    }

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] const Row& header() const override { return header_; }
    [[nodiscard]] Result<RowState> next(Row& row, Problems& problems) override;
    [[nodiscard]] std::int64_t done() const override { return text_.bytes_read(); }
    [[nodiscard]] std::int64_t total() const override { return text_.bytes_total(); }
    [[nodiscard]] TextForm text_form() const override { return {Encoding::utf8, true}; }

private:
    void add_column(const JsonColumn& column) {
        by_key_.emplace(column.header, header_.cells.size());
        holds_rows_.push_back(column.holds_rows);
        header_.cells.push_back(column.header);
    }
    [[nodiscard]] Problem problem(const char* code, std::size_t column,
                                  std::map<std::string, std::string> parameters = {}) const {
        return {code,
                {name_, static_cast<int>(line_number_), static_cast<int>(column), {}},
                std::move(parameters)};
    }
    void add_unknown_keys();
    bool take_line();
    std::optional<Problem> parse_line();
    RowState lay_out(Row& row, Problems& problems);
    void keep_beside(const JsonMember& member, Row& row) const;
    [[nodiscard]] Problem unknown_key(const std::string& key, std::size_t at) const;

    TextStream text_;
    std::string name_;
    std::vector<std::string> declared_;
    std::map<std::string, std::size_t, std::less<>> by_key_;
    std::vector<bool> holds_rows_;
    Row header_;
    JsonLineParser parser_;
    std::string line_;
    std::int64_t line_number_ = 0;
    bool line_too_long_ = false;
    bool first_waits_ = false;  // the first object is parsed and not yet given out
};

// The registry refuses them by name. An object that has hardly a declared key may have persons'
// names for keys: they are numbered instead.
void JsonRows::add_unknown_keys() {
    const auto& members = parser_.members();
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (by_key_.contains(members[i].key)) continue;
        unknown.push_back(members[i].key);
    }
    const bool is_header = unknown.size() * 2 <= members.size();
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        add_column({is_header ? unknown[i] : fmt::format("#{}", i + 1), false});
    }
}

// The next line that is not blank; false at the end of the file.
bool JsonRows::take_line() {
    for (;;) {
        if (text_.peek() == TextStream::kEnd) return false;
        line_number_ = text_.line();
        line_.clear();
        line_too_long_ = false;
        for (int byte = text_.take(); byte != TextStream::kEnd && byte != '\n';
             byte = text_.take()) {
            line_too_long_ = line_too_long_ || line_.size() == kRowBytesMax;
            if (!line_too_long_) line_ += static_cast<char>(byte);
        }
        if (line_.find_first_not_of(" \t\r") != line_.npos) return true;
    }
}

// What makes the line as a whole no row.
std::optional<Problem> JsonRows::parse_line() {
    if (line_too_long_) {
        return problem("exchange.row_too_long", 0, {{"maximum", std::to_string(kRowBytesMax)}});
    }
    switch (parser_.parse(line_)) {
        case JsonFault::none:
            return std::nullopt;
        case JsonFault::not_object:
            return problem("exchange.json_not_object", 0);
        case JsonFault::too_many_members:
            return problem("exchange.too_many_columns", 0,
                           {{"maximum", std::to_string(kColumnsMax)}});
        case JsonFault::malformed:
            break;
    }
    return problem("exchange.json_malformed", 0,
                   {{"byte", std::to_string(parser_.understood() + 1)}});
}

Result<RowState> JsonRows::next(Row& row, Problems& problems) {
    if (!first_waits_) {
        if (!take_line()) return RowState::end;
        if (auto fault = parse_line()) {
            row.line = line_number_;
            row.cells.assign(header_.cells.size(), {});
            // What came is kept behind the cells, unless it is too long to be a row.
            if (!line_too_long_) row.cells.push_back(line_);
            row.kinds.assign(row.cells.size(), CellKind::text);
            row.decoded = find_invalid_utf8(line_) ? header_.cells.size() : row.cells.size();
            problems.push_back(std::move(*fault));
            return RowState::lost;
        }
    }
    first_waits_ = false;
    return lay_out(row, problems);
}

void JsonRows::keep_beside(const JsonMember& member, Row& row) const {
    const bool quoted = member.kind == CellKind::iso_text;
    row.cells.push_back(
        fmt::format("{}:{}", std::string(boost::json::serialize(member.key)),
                    quoted ? std::string(boost::json::serialize(member.text)) : member.text));
    row.kinds.push_back(CellKind::text);
}

// A key that is near no declared one may be anything, even a person's name: only its place is told.
Problem JsonRows::unknown_key(const std::string& key, std::size_t at) const {
    const auto near = closest(key, declared_);
    return problem("exchange.json_unknown_key", 0,
                   {{"key", near ? key : fmt::format("#{}", at + 1)},
                    {"suggestion_en", near ? fmt::format("; did you mean `{}`?", *near) : ""},
                    {"suggestion_es", near ? fmt::format("; ¿quiso decir `{}`?", *near) : ""}});
}

RowState JsonRows::lay_out(Row& row, Problems& problems) {
    row.line = line_number_;
    row.cells.assign(header_.cells.size(), {});
    row.kinds.assign(header_.cells.size(), CellKind::text);
    auto state = RowState::whole;
    std::vector<bool> seen(header_.cells.size(), false);
    auto& members = parser_.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto& member = members[i];
        const auto found = by_key_.find(member.key);
        if (found == by_key_.end()) {
            problems.push_back(unknown_key(member.key, i));
            keep_beside(member, row);
            state = RowState::lost;
            continue;
        }
        const auto column = found->second;
        if (seen[column]) {
            problems.push_back(problem("exchange.json_key_twice", column + 1));
            keep_beside(member, row);
            state = RowState::lost;
            continue;
        }
        seen[column] = true;
        const char* fault = nullptr;
        if (member.is_nested && !(member.is_array && holds_rows_[column])) {
            fault = "exchange.json_nested";
        } else if (member.repeats_inside) {
            fault = "exchange.json_key_twice";
        } else if (member.holds_null) {
            fault = "exchange.null_character";
        }
        if (fault != nullptr) {
            problems.push_back(problem(fault, column + 1));
            if (state == RowState::whole) state = RowState::faulty;
        }
        row.cells[column] = std::move(member.text);
        row.kinds[column] = member.kind;
    }
    row.decoded = row.cells.size();
    return state;
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_json_rows(const std::filesystem::path& file,
                                                  const std::vector<JsonColumn>& columns,
                                                  const std::string& name) {
    AMATE_TRY(auto text, TextStream::open(file));
    auto rows = std::make_unique<JsonRows>(std::move(text), columns, name);
    AMATE_TRY_VOID(rows->read_header());
    return rows;
}

}  // namespace amate::exchange::internal
