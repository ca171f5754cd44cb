// SPDX-License-Identifier: Apache-2.0
// Hears of a line's JSON as it is parsed: a parsed tree would lose digits and repeated keys.
#include "exchange/internal/json_line_parser.hpp"

#include <algorithm>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>

#include "exchange/internal/number_text.hpp"
#include "exchange/limits.hpp"

namespace amate::exchange::internal {
namespace {

namespace json = boost::json;
using Failed = json::error_code;

class Handler {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    void reset() {
        members.clear();
        fault = JsonFault::none;
        depth_ = 0;
        text_.clear();
        keys_.clear();
    }

    bool on_document_begin(Failed&) { return true; }
    bool on_document_end(Failed&) { return true; }
    bool on_object_begin(Failed& failed) {
        if (depth_++ == 0) return true;
        open('{', failed);
        keys_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, Failed&) {
        if (--depth_ == 0) return true;
        keys_.pop_back();
        close('}');
        return true;
    }
    bool on_array_begin(Failed& failed) {
        if (depth_++ == 0) return refuse(JsonFault::not_object, failed);
        if (depth_ == 2) members.back().is_array = true;
        open('[', failed);
        return true;
    }
    bool on_array_end(std::size_t, Failed&) {
        --depth_;
        close(']');
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, Failed&) {
        text_ += std::string_view(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, Failed& failed) {
        text_ += std::string_view(part);
        if (depth_ == 1) {
            if (members.size() == kColumnsMax) return refuse(JsonFault::too_many_members, failed);
            members.emplace_back().key = text_;
        } else {
            auto& seen = keys_.back();
            auto& member = members.back();
            if (std::find(seen.begin(), seen.end(), text_) != seen.end()) {
                member.repeats_inside = true;
            } else if (seen.size() < kColumnsMax) {
                seen.push_back(text_);
            }
            separate(member.text);
            member.text += json::serialize(text_);
            member.text += ':';
        }
        text_.clear();
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, Failed&) {
        text_ += std::string_view(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, Failed& failed) {
        text_ += std::string_view(part);
        const bool holds_null = text_.find('\0') != text_.npos;
        if (depth_ > 0 && holds_null) members.back().holds_null = true;
        return value(depth_ > 1 ? json::serialize(text_) : text_, CellKind::iso_text, failed);
    }
    bool on_number_part(json::string_view part, Failed&) {
        text_ += std::string_view(part);
        return true;
    }
    bool on_int64(std::int64_t, json::string_view part, Failed& failed) {
        return number(part, failed);
    }
    bool on_uint64(std::uint64_t, json::string_view part, Failed& failed) {
        return number(part, failed);
    }
    bool on_double(double, json::string_view part, Failed& failed) { return number(part, failed); }
    bool on_bool(bool truth, Failed& failed) {
        return value(truth ? "true" : "false", CellKind::boolean, failed);
    }
    bool on_null(Failed& failed) { return value(depth_ > 1 ? "null" : "", CellKind::text, failed); }
    bool on_comment_part(json::string_view, Failed&) { return true; }
    bool on_comment(json::string_view, Failed&) { return true; }

    std::vector<JsonMember> members;
    JsonFault fault = JsonFault::none;

private:
    bool refuse(JsonFault why, Failed& failed) {
        fault = why;
        failed = json::error::syntax;
        return false;
    }
    // A comma, unless what is written begins or follows a key.
    static void separate(std::string& text) {
        if (!text.empty() && text.back() != '[' && text.back() != '{' && text.back() != ':') {
            text += ',';
        }
    }
    void open(char bracket, Failed&) {
        auto& member = members.back();
        if (depth_ == 2) {
            member.is_nested = true;
            member.kind = CellKind::text;
        }
        separate(member.text);
        member.text += bracket;
    }
    void close(char bracket) { members.back().text += bracket; }
    bool number(json::string_view part, Failed& failed) {
        text_ += std::string_view(part);
        return value(plain_number(text_), CellKind::number, failed);
    }
    bool value(std::string_view text, CellKind kind, Failed& failed) {
        if (depth_ == 0) return refuse(JsonFault::not_object, failed);
        auto& member = members.back();
        if (depth_ == 1) {
            member.kind = kind;
        } else {
            separate(member.text);
        }
        member.text += text;
        text_.clear();
        return true;
    }

    std::size_t depth_ = 0;
    std::string text_;                            // of the key, string or number that is being read
    std::vector<std::vector<std::string>> keys_;  // of the open objects within a member
};

json::parse_options options() {
    json::parse_options made;
    made.max_depth = kJsonDepthMax;
    return made;
}

}  // namespace

struct JsonLineParser::State {
    json::basic_parser<Handler> parser{options()};
    std::size_t understood = 0;
};

JsonLineParser::JsonLineParser() : state_(std::make_unique<State>()) {}
JsonLineParser::~JsonLineParser() = default;

JsonFault JsonLineParser::parse(std::string_view line) {
    auto& parser = state_->parser;
    parser.reset();
    parser.handler().reset();
    Failed failed;
    state_->understood = parser.write_some(false, line.data(), line.size(), failed);
    if (parser.handler().fault != JsonFault::none) return parser.handler().fault;
    const auto rest = line.substr(std::min(state_->understood, line.size()));
    const bool ended = rest.find_first_not_of(" \t\r") == rest.npos;
    return failed || !ended ? JsonFault::malformed : JsonFault::none;
}

std::vector<JsonMember>& JsonLineParser::members() {
    return state_->parser.handler().members;
}
std::size_t JsonLineParser::understood() const {
    return state_->understood;
}

}  // namespace amate::exchange::internal
