// SPDX-License-Identifier: Apache-2.0
// Turns a syntax tree into a checked one; operators and functions are two files of one class.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/internal/expression_node.hpp"

namespace amate::definitions::internal {

using NodePointer = std::unique_ptr<Node>;

// Collects all problems. A part that failed is a null node; what stands above it stays silent
// about it, so that one fault is told once.
class Checker {
public:
    Checker(const SourceText& source, const Environment& environment)
        : source_(source), environment_(environment) {}

    [[nodiscard]] NodePointer check(const Syntax& syntax);
    // The whole, which must give a code of `list`.
    [[nodiscard]] NodePointer check_code_expression(const Syntax& syntax, const CodeList& list);
    [[nodiscard]] Problems take_problems() { return std::move(problems_); }
    [[nodiscard]] std::vector<std::size_t> slots() const;
    // Of every function there is, those over groups too.
    [[nodiscard]] static std::vector<std::string> function_names();

private:
    struct Function;
    static const std::vector<Function>& functions();
    static const Function* find_function(std::string_view name);

    NodePointer check_literal(const Syntax& syntax);
    NodePointer check_name(const Syntax& syntax);
    NodePointer check_operation(const Syntax& syntax);
    NodePointer check_comparison(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_arithmetic(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_duration_arithmetic(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_call(const Syntax& syntax);

    // One checker a function of the language; the operands are there and as many as it takes.
    NodePointer check_choice(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_is_known(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_age(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_band(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_calendar(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_clock(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_codes(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_within(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_text(const Syntax& syntax, std::vector<NodePointer> operands);

    NodePointer check_concat(const Syntax& syntax, std::vector<NodePointer> operands);
    NodePointer check_signature(const Syntax& syntax, std::vector<NodePointer> operands);
    bool require_kind(const Node& node, const Syntax& written, char kind);
    bool keep_literal(Node& node, const Node& operand, const Syntax& written, char kind);
    bool settle_signature(const Syntax& syntax, Node& node);
    // count, any, all, sum, min and max over a repeating group.
    NodePointer check_group(const Syntax& syntax);
    // The table `named` names, with its place in `node`; null once a fault is noted.
    const Variable* find_group(const Syntax& named, bool of_field, Node& node);

    // Brings operands [first, end) to one type, adding conversions and reading texts as codes.
    bool unify(const Syntax& syntax, std::vector<NodePointer>& operands, std::size_t first = 0);
    bool unify_codes(const Syntax& syntax, std::vector<NodePointer>& operands, std::size_t first,
                     const Node& model);
    // Reads a literal text (or the texts a choice gives) as a code of `list`.
    bool adopt(Node& node, const Syntax& syntax, const CodeList* list);
    bool check_code(const Syntax& literal, const std::string& code, const CodeList* list,
                    const std::string& missing_hint);
    bool read_bands(Node& node, const Syntax& where, std::string_view list_name);

    bool require(const Node& node, const Syntax& syntax, std::initializer_list<Type> types);
    bool require_literal_text(const Node& node, const Syntax& syntax);

    NodePointer make(const Syntax& syntax, Operation operation, Type type,
                     std::vector<NodePointer> operands) const;
    void note(std::string code, Span span, std::map<std::string, std::string> parameters);
    void note_type(const Syntax& syntax, std::string found, std::string expected);

    const SourceText& source_;
    const Environment& environment_;
    Problems problems_;
    std::vector<std::size_t> slots_;
    const std::vector<Variable>* row_ = nullptr;  // the fields of the row, inside a `where`
};

// "code (sex)", "integer".
[[nodiscard]] std::string describe(const Node& node);
// Wraps `node` in conversions until it is of `type`, which must be reachable.
[[nodiscard]] NodePointer convert(NodePointer node, Type type);
// The nearest candidate, or the first of them, as people read a list.
[[nodiscard]] std::string what_fits(std::string_view word,
                                    const std::vector<std::string>& candidates);

}  // namespace amate::definitions::internal
