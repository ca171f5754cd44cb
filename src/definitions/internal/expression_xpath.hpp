// SPDX-License-Identifier: Apache-2.0
// Writes a checked expression as XPath for phones; logic, days and functions are files of one
// class.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/internal/expression_node.hpp"

namespace amate::definitions::internal {

constexpr std::string_view kAlways = "true()";
constexpr std::string_view kNever = "false()";
// Beyond it XPath's numbers, which are all doubles, are no longer exact.
constexpr std::int64_t kExactMax = 9007199254740991;

// A text as XPath has it: 'it', "it's", or pieces joined by concat().
[[nodiscard]] std::string quote_xpath(std::string_view text);

// XPath knows no third truth and no missing value. So a statement is written twice, as what makes
// it true and as what makes it false, and any other expression as when it is known and as its value
// there. Only functions that the engines of ODK have are written: they know no floor() and no
// substring(), and a moment read as text loses its time there.
class XPathWriter {
public:
    explicit XPathWriter(const std::function<std::string(std::size_t)>& path_of)
        : path_of_(path_of) {}

    Result<std::string> run(const Node& node);

private:
    // What a value is written as. Days and moments are compared as numbers of their digits
    // (20180309), and counted in days since 1970 or in seconds since the year 1.
    enum class Form : unsigned char {
        plain,          // a number, or a text; of a statement, whether it is true
        day_text,       // '2018-03-09'
        day_digits,     // 20180309
        day_count,      // 17599
        moment_text,    // '2018-03-09T23:10:00'
        moment_digits,  // 20180309231000
        seconds,
        first_digits,  // of a date that lacks a day: the earliest it can be
        last_digits
    };

    std::string refuse(const Node& node, std::string_view what);
    // True once a fault is noted or the text grows out of hand: nothing more is written then.
    [[nodiscard]] bool given_up(const Node& node);

    std::string path(const Node& variable);
    std::string known(const Node& node);
    std::string known_operator(const Node& node);
    std::string truth(const Node& node, bool wanted);
    std::string value(const Node& node, Form form = Form::plain);

    std::string joined(const Node& node, bool wanted, bool all);
    std::string chosen_truth(const Node& node, bool wanted);
    std::string compare(Operation operation, const Node& left, const Node& right, bool wanted);
    std::string compare_stretches(Operation operation, const Node& left, const Node& right,
                                  bool wanted);
    std::string compare_statements(const Node& left, const Node& right, bool same);
    std::string membership(const Node& node, bool wanted);
    std::string statement(const Node& node);  // of a function, where its operands are known
    std::string group_truth(const Node& node, bool wanted);

    std::string choice(const Node& node, Form form);
    std::string plain(const Node& node);
    std::string literal(const Node& node);
    std::string arithmetic(const Node& node);
    std::string text_function(const Node& node);
    std::string band(const Node& node, const std::string& number);
    std::string age_group(const Node& node, bool is_known);
    std::string rows(const Node& node, std::string_view condition = {});
    std::string group(const Node& node);
    std::string group_known(const Node& node);
    std::string item_of(const Node& node);
    std::string validity(const Node& node);

    std::string day(const Node& node, Form form);
    std::string moment(const Node& node, Form form);
    std::string stretch(const Node& node, Form form);
    std::string moved_day(const Node& node, Form form);
    std::string day_of_text(const Node& node, const std::string& text, Form form);
    std::string part(const Node& day, char which);  // Y, m or d
    std::string hour(const Node& node);
    std::string day_function(const Node& node);
    std::string between_days(const Node& node);

    const std::function<std::string(std::size_t)>& path_of_;
    Problems problems_;
    std::size_t steps_ = 0;
};

// a and b and c, without what always holds.
[[nodiscard]] std::string all_of(std::initializer_list<std::string> parts);
[[nodiscard]] std::string all_of(const std::vector<std::string>& parts);
[[nodiscard]] std::string any_of(const std::vector<std::string>& parts);

}  // namespace amate::definitions::internal
