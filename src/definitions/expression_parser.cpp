// SPDX-License-Identifier: Apache-2.0
// Builds the syntax tree: or < and < not < comparison < + - < * / < unary minus.
#include "definitions/internal/expression_syntax.hpp"

#include <algorithm>
#include <array>

namespace amate::definitions::internal {
namespace {

using Tree = std::unique_ptr<Syntax>;

constexpr std::string_view kOperandExpected = "12, 'abc', x, f(x), (x)";
constexpr std::string_view kOperatorExpected =
    "and, or, =, !=, <, <=, >, >=, between, in, +, -, *, /";
constexpr std::array<std::string_view, 5> kKeywords = {"or", "and", "not", "between", "in"};

struct Sign {
    std::string_view text;
    Operation operation;
};
constexpr std::array kComparisons = {
    Sign{"=", Operation::equal},   Sign{"!=", Operation::not_equal},
    Sign{"<", Operation::less},    Sign{"<=", Operation::less_equal},
    Sign{">", Operation::greater}, Sign{">=", Operation::greater_equal}};

bool is_keyword(std::string_view word) {
    return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

std::string lower(std::string_view text) {
    std::string low(text);
    for (auto& c : low) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return low;
}

// Recursive descent. A function returns null once a fault is noted; nothing is parsed after it.
class Parser {
public:
    Parser(const SourceText& source, std::vector<Token> tokens)
        : source_(source), tokens_(std::move(tokens)) {}

    Result<Tree> run() {
        auto tree = alternatives();
        if (tree && current().kind != TokenKind::end) {
            note_unexpected(std::string(kOperatorExpected));
        }
        if (!fault_.empty()) return fail(std::move(fault_));
        return tree;
    }

private:
    [[nodiscard]] const Token& current() const { return tokens_[at_]; }
    [[nodiscard]] bool at_symbol(std::string_view text) const {
        return current().kind == TokenKind::symbol && current().text == text;
    }
    [[nodiscard]] bool at_word(std::string_view text) const {
        return current().kind == TokenKind::word && current().text == text;
    }

    std::nullptr_t note(std::string code, std::size_t offset,
                        std::map<std::string, std::string> parameters) {
        if (fault_.empty()) {
            fault_.push_back({std::move(code), source_.place_of(offset), std::move(parameters)});
        }
        return nullptr;
    }

    std::nullptr_t note_unexpected(std::string expected) {
        const auto& token = current();
        if (token.kind == TokenKind::end) {
            return note("definitions.expression_incomplete", token.span.begin,
                        {{"expected", std::move(expected)}});
        }
        if (token.kind == TokenKind::word && is_keyword(lower(token.text)) &&
            !is_keyword(token.text)) {
            expected = lower(token.text);  // AND, Or
        }
        return note("definitions.expression_syntax", token.span.begin,
                    {{"value", source_.excerpt(token.span)}, {"expected", std::move(expected)}});
    }

    std::nullptr_t note_depth(std::size_t offset) {
        return note("definitions.expression_too_deep", offset,
                    {{"maximum", std::to_string(kDepthMax)}});
    }

    Tree make(Operation operation, std::vector<Tree> children, std::size_t begin) {
        auto tree = std::make_unique<Syntax>();
        tree->kind = Syntax::Kind::operation;
        tree->operation = operation;
        tree->span = {begin, tokens_[at_ == 0 ? 0 : at_ - 1].span.end};
        tree->children = std::move(children);
        return measured(std::move(tree));
    }

    // Notes a tree too deep to be walked safely.
    Tree measured(Tree tree) {
        for (const auto& child : tree->children) {
            tree->depth = std::max(tree->depth, child->depth + 1);
        }
        if (tree->where) tree->depth = std::max(tree->depth, tree->where->depth + 1);
        if (tree->depth > kDepthMax) return note_depth(tree->span.begin);
        return tree;
    }

    static std::vector<Tree> pair_of(Tree left, Tree right) {
        std::vector<Tree> children;
        children.push_back(std::move(left));
        children.push_back(std::move(right));
        return children;
    }

    // a or b or c, a and b and c: one node of many children, so that long lists are not deep.
    Tree joined(std::string_view word, Operation operation, Tree (Parser::*part)()) {
        const auto begin = current().span.begin;
        std::vector<Tree> parts;
        for (;;) {
            auto tree = (this->*part)();
            if (!tree) return nullptr;
            parts.push_back(std::move(tree));
            if (!at_word(word)) break;
            ++at_;
        }
        if (parts.size() == 1) return std::move(parts.front());
        return make(operation, std::move(parts), begin);
    }

    Tree alternatives() { return joined("or", Operation::logical_or, &Parser::conjunction); }
    Tree conjunction() { return joined("and", Operation::logical_and, &Parser::negation); }

    Tree negation() {
        if (!at_word("not")) return comparison();
        return nested([this] {
            const auto begin = current().span.begin;
            ++at_;
            return wrapped(Operation::logical_not, negation(), begin);
        });
    }

    Tree wrapped(Operation operation, Tree child, std::size_t begin) {
        if (!child) return nullptr;
        std::vector<Tree> children;
        children.push_back(std::move(child));
        return make(operation, std::move(children), begin);
    }

    template <class Body>
    Tree nested(Body body) {
        if (++depth_ > kDepthMax) return note_depth(current().span.begin);
        auto tree = body();
        --depth_;
        return tree;
    }

    Tree comparison() {
        const auto begin = current().span.begin;
        auto left = sum();
        if (!left) return nullptr;
        if (current().kind == TokenKind::symbol) {
            for (const auto& sign : kComparisons) {
                if (!at_symbol(sign.text)) continue;
                ++at_;
                auto right = sum();
                if (!right) return nullptr;
                return make(sign.operation, pair_of(std::move(left), std::move(right)), begin);
            }
            return left;
        }
        const bool negated = at_word("not") && (next_is_word("between") || next_is_word("in"));
        if (negated) ++at_;
        if (at_word("between")) {
            left = range(std::move(left), begin);
        } else if (at_word("in")) {
            left = membership(std::move(left), begin);
        }
        if (!negated) return left;
        return wrapped(Operation::logical_not, std::move(left), begin);
    }

    [[nodiscard]] bool next_is_word(std::string_view text) const {
        const auto& next = tokens_[std::min(at_ + 1, tokens_.size() - 1)];
        return next.kind == TokenKind::word && next.text == text;
    }

    Tree range(Tree left, std::size_t begin) {
        ++at_;
        auto children = pair_of(std::move(left), sum());
        if (!children.back()) return nullptr;
        if (!at_word("and")) return note_unexpected("and");
        ++at_;
        children.push_back(sum());
        if (!children.back()) return nullptr;
        return make(Operation::between, std::move(children), begin);
    }

    Tree membership(Tree left, std::size_t begin) {
        ++at_;
        if (!at_symbol("(")) return note_unexpected("(");
        std::vector<Tree> children;
        children.push_back(std::move(left));
        if (!arguments(children)) return nullptr;
        if (children.size() == 1) {
            --at_;
            return note_unexpected(std::string(kOperandExpected));
        }
        return make(Operation::in, std::move(children), begin);
    }

    // "(a, b, ...)" added to `children`; false once a fault is noted. "(a where c)" if `where` is
    // not null.
    bool arguments(std::vector<Tree>& children, Tree* where = nullptr) {
        ++at_;
        if (at_symbol(")")) {
            ++at_;
            return true;
        }
        for (;;) {
            auto argument = nested([this] { return alternatives(); });
            if (!argument) return false;
            children.push_back(std::move(argument));
            if (where != nullptr && at_word("where")) {
                ++at_;
                *where = nested([this] { return alternatives(); });
                if (!*where) return false;
            }
            if (at_symbol(",")) {
                ++at_;
                continue;
            }
            if (!at_symbol(")")) {
                note_unexpected(", )");
                return false;
            }
            ++at_;
            return true;
        }
    }

    Tree chain(std::string_view first, Operation first_operation, std::string_view second,
               Operation second_operation, Tree (Parser::*part)()) {
        const auto begin = current().span.begin;
        auto left = (this->*part)();
        while (left && (at_symbol(first) || at_symbol(second))) {
            const auto operation = at_symbol(first) ? first_operation : second_operation;
            ++at_;
            auto right = (this->*part)();
            if (!right) return nullptr;
            left = make(operation, pair_of(std::move(left), std::move(right)), begin);
        }
        return left;
    }

    Tree sum() { return chain("+", Operation::add, "-", Operation::subtract, &Parser::product); }
    Tree product() {
        return chain("*", Operation::multiply, "/", Operation::divide, &Parser::signed_operand);
    }

    Tree signed_operand() {
        if (!at_symbol("-")) return operand();
        return nested([this] {
            const auto begin = current().span.begin;
            ++at_;
            return wrapped(Operation::negate, signed_operand(), begin);
        });
    }

    Tree operand() {
        const auto& token = current();
        if (at_symbol("(")) {
            ++at_;
            auto inner = nested([this] { return alternatives(); });
            if (!inner) return nullptr;
            if (!at_symbol(")")) {
                return note_unexpected(
                    current().kind == TokenKind::end ? ")" : ") " + std::string(kOperatorExpected));
            }
            ++at_;
            return inner;
        }
        const bool is_word = token.kind == TokenKind::word && !is_keyword(token.text);
        if (token.kind != TokenKind::literal && !is_word) {
            return note_unexpected(std::string(kOperandExpected));
        }
        auto tree = std::make_unique<Syntax>();
        tree->span = tree->head = token.span;
        tree->kind = is_word ? Syntax::Kind::name : Syntax::Kind::literal;
        tree->literal = token.literal;
        tree->type = token.type;
        tree->name = is_word ? token.text : "";
        ++at_;
        if (!is_word || !at_symbol("(")) return tree;
        tree->kind = Syntax::Kind::call;
        auto* where = is_group_function(tree->name) ? &tree->where : nullptr;
        if (!arguments(tree->children, where)) return nullptr;
        tree->span.end = tokens_[at_ - 1].span.end;
        return measured(std::move(tree));
    }

    const SourceText& source_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    Problems fault_;
};

}  // namespace

Result<std::unique_ptr<Syntax>> parse(const SourceText& source) {
    if (source.text().size() > kTextBytesMax) {
        return fail(Problem{"definitions.expression_too_long",
                            source.place_of(0),
                            {{"maximum", std::to_string(kTextBytesMax)}}});
    }
    AMATE_TRY(auto tokens, read_tokens(source));
    return Parser(source, std::move(tokens)).run();
}

}  // namespace amate::definitions::internal
