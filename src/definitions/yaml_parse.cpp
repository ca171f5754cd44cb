// SPDX-License-Identifier: Apache-2.0
// Builds the tree of a YAML file from parser events, so that repeated keys and aliases are seen.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "definitions/internal/yaml_reader.hpp"

namespace amate::definitions::internal {
namespace {

// The parser can be left early in no other way than by an exception; caught in parse_yaml.
struct TooDeep {
    YAML::Mark mark;
};

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string file, Faults& faults) : file_(std::move(file)), faults_(faults) {}

    [[nodiscard]] YamlNode take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        finish(node_at(mark, NodeKind::nothing));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "alias `*`", "alias `*`");
        finish(node_at(mark, NodeKind::nothing));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        auto node = node_at(mark, NodeKind::scalar);
        node.quoted = tag == "!";
        node.scalar = value;
        finish(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, NodeKind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, NodeKind::map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        YamlNode node;
        std::optional<YamlNode> key;  // of the value to come
        std::vector<std::string> seen;
    };

    [[nodiscard]] static YamlNode node_at(const YAML::Mark& mark, NodeKind kind) {
        YamlNode node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        return node;
    }

    void refuse(const YAML::Mark& mark, const char* what_en, const char* what_es) {
        faults_.add("definitions.yaml_feature", {file_, mark.line + 1, mark.column + 1, {}},
                    {{"what_en", what_en}, {"what_es", what_es}});
    }
    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) refuse(mark, "anchor `&`", "ancla `&`");
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tag `!`", "etiqueta `!`");
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              NodeKind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (stack_.size() >= kYamlDepthMax) throw TooDeep{mark};
        stack_.push_back({node_at(mark, kind), std::nullopt, {}});
    }

    void close() {
        auto node = std::move(stack_.back().node);
        stack_.pop_back();
        finish(std::move(node));
    }

    void finish(YamlNode node) {
        if (stack_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& frame = stack_.back();
        if (frame.node.kind == NodeKind::list) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.key) {
            frame.key = std::move(node);
        } else {
            add_entry(frame, std::move(node));
        }
    }

    void add_entry(Frame& frame, YamlNode value) {
        auto key = std::move(*frame.key);
        frame.key.reset();
        const Place place{file_, key.line, key.column, {}};
        if (key.kind != NodeKind::scalar) {
            faults_.add("definitions.yaml_feature", place,
                        {{"what_en", "key that is no text"}, {"what_es", "clave que no es texto"}});
            return;
        }
        const auto slot = std::lower_bound(frame.seen.begin(), frame.seen.end(), key.scalar);
        if (slot != frame.seen.end() && *slot == key.scalar) {
            faults_.add("definitions.duplicate_key", place, {{"value", shown(key.scalar)}});
            return;
        }
        frame.seen.insert(slot, key.scalar);
        frame.node.entries.push_back({std::move(key), std::move(value)});
    }

    std::string file_;
    Faults& faults_;
    std::vector<Frame> stack_;
    YamlNode root_;
};

// Line and column (1-based, in bytes) of a byte.
Place place_of_byte(const std::string& file, const std::string& bytes, std::size_t at) {
    const auto before = std::string_view(bytes).substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = start == before.npos ? at + 1 : at - start;
    return {file, static_cast<int>(line), static_cast<int>(column), {}};
}

bool readable(const std::string& file, const std::string& bytes, Faults& faults) {
    if (bytes.size() > kYamlBytesMax) {
        faults.add("definitions.file_too_large", {file, 0, 0, {}},
                   {{"maximum", fmt::format("{} MiB", kYamlBytesMax >> 20U)}});
        return false;
    }
    // The parser takes byte 04 for the end of the file, so control characters go first.
    const auto control = std::find_if(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') ||
               c == 0x7F;
    });
    if (control != bytes.end()) {
        const auto at = static_cast<std::size_t>(control - bytes.begin());
        faults.add("definitions.control_character", place_of_byte(file, bytes, at),
                   {{"value", fmt::format("{:02X}", static_cast<unsigned char>(*control))}});
        return false;
    }
    if (const auto bad = find_invalid_utf8(bytes)) {
        faults.add("definitions.not_utf8", place_of_byte(file, bytes, *bad),
                   {{"value", fmt::format("{:02X}", static_cast<unsigned char>(bytes[*bad]))}});
        return false;
    }
    return true;
}

}  // namespace

std::optional<YamlNode> parse_yaml(const std::string& file, const std::string& bytes,
                                   Faults& faults) {
    if (!readable(file, bytes, faults)) return std::nullopt;
    TreeBuilder builder(file, faults);
    const auto place_at = [&](const YAML::Mark& mark) {
        return Place{file, mark.line + 1, mark.column + 1, {}};
    };
    try {
        std::istringstream stream(bytes);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) {
            faults.add("definitions.yaml_empty", {file, 1, 1, {}});
            return std::nullopt;
        }
        auto tree = builder.take();
        TreeBuilder second(file, faults);
        if (parser.HandleNextDocument(second)) {
            const auto extra = second.take();
            faults.add("definitions.yaml_feature", {file, extra.line, extra.column, {}},
                       {{"what_en", "second document after `---`"},
                        {"what_es", "segundo documento tras `---`"}});
        }
        return tree;
    } catch (const TooDeep& deep) {
        faults.add("definitions.too_deep", place_at(deep.mark),
                   {{"maximum", std::to_string(kYamlDepthMax)}});
    } catch (const YAML::Exception& failure) {
        faults.add("definitions.yaml_syntax", place_at(failure.mark), {{"reason", failure.msg}});
    }
    return std::nullopt;
}

}  // namespace amate::definitions::internal
