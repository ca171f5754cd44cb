// SPDX-License-Identifier: Apache-2.0
// Expected outcomes as values: problems with a place, results, and the check for bugs.
#pragma once

#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace amate {

// Where a problem sits: a file position (line and columns are 1-based, 0 when not known), a path
// inside a record or request ("person.birth"), or both. Never holds a value of a person.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;
    std::string path;

    bool operator==(const Place&) const = default;
};

// "file:line:column path", leaving out what is not known.
[[nodiscard]] std::string to_string(const Place& place);

// Something the caller can do something about. `code` is one of spec/problems.yaml, for ever;
// the texts of the catalogue take `parameters` by name. `parameters` never hold personal data.
struct Problem {
    std::string code;
    Place place;
    std::map<std::string, std::string> parameters;

    bool operator==(const Problem&) const = default;
};

// All problems found, in the order of the input; never empty when it stands for a failure.
using Problems = std::vector<Problem>;

template <class T>
using Result = tl::expected<T, Problems>;

// Text of a problem in `language` ("es" or "en"; others fall back to "en"), parameters filled in.
// An unknown code is a bug.
[[nodiscard]] std::string text_of(const Problem& problem, std::string_view language);

// What to do about it, from the catalogue; may be empty.
[[nodiscard]] std::string remedy_of(const Problem& problem, std::string_view language);

// HTTP status of the catalogue for this code.
[[nodiscard]] int http_status_of(const Problem& problem);

// "place: code: text" in English, as the command line prints it.
[[nodiscard]] std::string to_line(const Problem& problem);

[[nodiscard]] inline tl::unexpected<Problems> fail(Problem problem) {
    Problems problems;
    problems.push_back(std::move(problem));
    return tl::unexpected<Problems>(std::move(problems));
}

[[nodiscard]] inline tl::unexpected<Problems> fail(Problems problems) {
    return tl::unexpected<Problems>(std::move(problems));
}

// A broken promise inside the program. Caught only where a unit of work ends.
class Bug : public std::exception {
public:
    explicit Bug(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

// The surroundings broke: disk, database, network. Thrown by adapters, caught where a unit of work
// ends. The text is for operators and holds no personal data.
class IoFailure : public std::exception {
public:
    explicit IoFailure(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

// The surroundings broke as a unit of work was being committed: it may be written, or is. Whoever
// repeats it must look first; whoever only says "nothing was written" would lie.
class InDoubt : public IoFailure {
public:
    using IoFailure::IoFailure;
};

[[noreturn]] void raise_bug(const char* condition, const char* file, int line);

}  // namespace amate

// Always on. Throws Bug, so that one broken request does not end the program.
#define AMATE_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::amate::raise_bug(#condition, __FILE__, __LINE__))

#define AMATE_CONCAT_INNER(a, b) a##b
#define AMATE_CONCAT(a, b) AMATE_CONCAT_INNER(a, b)
#define AMATE_TRY_INNER(temporary, variable, expression)                                      \
    auto temporary = (expression);                                                            \
    if (!temporary) return ::tl::unexpected<::amate::Problems>(std::move(temporary).error()); \
    variable = std::move(temporary).value()

// AMATE_TRY(auto x, f()): x is the value, or the problems go to the caller.
#define AMATE_TRY(variable, expression) \
    AMATE_TRY_INNER(AMATE_CONCAT(amate_try_, __LINE__), variable, expression)
// AMATE_TRY_VOID(f()): for Result<void>.
#define AMATE_TRY_VOID(expression)                              \
    if (auto AMATE_CONCAT(amate_try_, __LINE__) = (expression); \
        !AMATE_CONCAT(amate_try_, __LINE__))                    \
    return ::tl::unexpected<::amate::Problems>(                 \
        std::move(AMATE_CONCAT(amate_try_, __LINE__)).error())
