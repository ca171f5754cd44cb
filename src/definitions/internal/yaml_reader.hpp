// SPDX-License-Identifier: Apache-2.0
// A cursor over a YAML file that knows its place and collects faults instead of failing.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dates.hpp"
#include "core/text.hpp"
#include "definitions/internal/faults.hpp"
#include "definitions/model.hpp"

namespace amate::definitions::internal {

enum class NodeKind : unsigned char { nothing, scalar, list, map };

struct YamlEntry;

// A YAML node with its place; the tree has no sharing, because aliases are refused.
struct YamlNode {
    NodeKind kind = NodeKind::nothing;
    bool quoted = false;
    int line = 0;
    int column = 0;
    std::string scalar;
    std::vector<YamlNode> items;
    std::vector<YamlEntry> entries;  // keys are scalars, none twice
};

struct YamlEntry {
    YamlNode key;
    YamlNode value;
};

// Bounds that keep a hostile file from costing more than a moment.
inline constexpr std::size_t kYamlBytesMax = 8U << 20U;
inline constexpr std::size_t kYamlDepthMax = 32;

// Parses one document. Nothing after faults that leave no tree: definitions.not_utf8,
// _control_character, _file_too_large, _yaml_syntax, _too_deep. Faults that leave one:
// _duplicate_key, _yaml_feature (aliases, tags, keys that are no scalars, second documents).
[[nodiscard]] std::optional<YamlNode> parse_yaml(const std::string& file, const std::string& bytes,
                                                 Faults& faults);

// What all cursors of a file share.
struct YamlContext {
    std::string file;
    Faults* faults = nullptr;
    const std::vector<std::string>* languages = nullptr;
};

// Points at a node, or at nothing (an optional key that is not there, or a missing one that has
// been reported). Every accessor of a cursor at nothing gives an empty value without a fault;
// of a node of the wrong kind, an empty value and a fault. Cheap value; borrows tree and context.
class Cursor {
public:
    struct Entry;

    Cursor() = default;
    Cursor(const YamlNode* node, const YamlContext* context) : node_(node), context_(context) {}

    [[nodiscard]] bool present() const { return node_ != nullptr; }
    [[nodiscard]] bool is(NodeKind kind) const { return node_ != nullptr && node_->kind == kind; }
    [[nodiscard]] const YamlNode* node() const { return node_; }
    [[nodiscard]] Place place() const;
    // Where the text of a scalar begins: after the quote, if it is quoted.
    [[nodiscard]] Place text_place() const;

    // Maps. expect_keys reports every other key; false if this is no map.
    bool expect_keys(std::initializer_list<std::string_view> keys) const;
    [[nodiscard]] Cursor get(std::string_view key) const;   // reports a missing key
    [[nodiscard]] Cursor find(std::string_view key) const;  // may be absent
    [[nodiscard]] std::vector<Entry> entries() const;
    // Lists. items_or_one also takes a lone scalar.
    [[nodiscard]] std::vector<Cursor> items() const;
    [[nodiscard]] std::vector<Cursor> items_or_one() const;

    // Scalars.
    [[nodiscard]] std::string text() const;      // not empty
    [[nodiscard]] std::string raw_text() const;  // may be empty
    [[nodiscard]] std::string name() const;      // snake_case
    [[nodiscard]] std::string id() const;        // letters, digits, '-', '_', '.'
    [[nodiscard]] std::optional<Date> date() const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t first, std::int64_t last) const;
    [[nodiscard]] std::optional<double> number(double first, double last) const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::string duration(std::string_view units) const;  // "24h"; units e.g. "hd"
    // The text if it is one of `names`, else "" and a fault.
    [[nodiscard]] std::string choice(const std::vector<std::string>& names) const;
    // A text in every language of the pack.
    [[nodiscard]] Text label() const;
    [[nodiscard]] std::vector<std::string> names() const;  // list of snake_case names

    void bad_value(const Words& expected, const std::vector<std::string>& candidates = {}) const;
    void fault(std::string code, Faults::Parameters parameters = {}) const;
    [[nodiscard]] DataNode to_data() const;

private:
    [[nodiscard]] bool is_scalar_or_fault(const Words& expected) const;
    void wrong_kind(const Words& expected) const;

    const YamlNode* node_ = nullptr;
    const YamlContext* context_ = nullptr;
};

struct Cursor::Entry {
    Cursor key;
    Cursor value;
};

// A parsed file that owns its tree; its root is empty when the file could not be parsed.
class YamlFile {
public:
    YamlFile(std::string file, const std::string& bytes, Faults& faults,
             const std::vector<std::string>& languages);
    YamlFile(const YamlFile&) = delete;
    YamlFile& operator=(const YamlFile&) = delete;
    [[nodiscard]] Cursor root() const;

private:
    YamlContext context_;
    std::optional<YamlNode> tree_;
};

[[nodiscard]] bool is_id(std::string_view text);

}  // namespace amate::definitions::internal
