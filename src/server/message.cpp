// SPDX-License-Identifier: Apache-2.0
// Reads targets and language preferences; whatever is odd is refused here.
#include "server/message.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"

namespace amate::server {
namespace {

constexpr std::size_t kParametersMax = 24;
constexpr std::size_t kSegmentsMax = 12;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

enum class Plus { stays, is_space };

std::optional<std::string> decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (find_invalid_utf8(decoded)) return std::nullopt;
    return decoded;
}

tl::unexpected<Problems> malformed() {
    return fail(Problem{"server.malformed_request", {}, {}});
}

// Quality of one entry of Accept-Language, in thousandths; 0 if it cannot be read.
int quality_of(std::string_view parameters) {
    const auto at = parameters.find("q=");
    if (at == parameters.npos) return 1000;
    const auto text = trim(parameters.substr(at + 2));
    if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
    int quality = (text[0] - '0') * 1000;
    int unit = 100;
    for (std::size_t i = 2; i < text.size() && i < 5; ++i, unit /= 10) {
        if (text[i] < '0' || text[i] > '9') return 0;
        quality += (text[i] - '0') * unit;
    }
    return std::min(quality, 1000);
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
    const auto found = others.find(name);
    return found == others.end() ? std::string() : found->second;
}

std::string Request::find(std::string_view name) const {
    for (const auto& [key, value] : parameters) {
        if (key == name) return value;
    }
    return {};
}

const std::string& Request::get(const std::string& name) const {
    const auto found = path_parameters.find(name);
    AMATE_CHECK(found != path_parameters.end());
    return found->second;
}

Result<Request> parse_target(std::string_view target) {
    if (target.empty() || target[0] != '/') return malformed();
    const auto mark = target.find('?');
    Request request;
    request.path = std::string(target.substr(0, mark));
    if (mark != target.npos) request.query = std::string(target.substr(mark + 1));
    if (request.path.find('#') != request.path.npos) return malformed();
    for (const auto& part : split(std::string_view(request.path).substr(1), '/')) {
        auto segment = decode(part, Plus::stays);
        if (!segment || segment->find('/') != segment->npos) return malformed();
        request.segments.push_back(std::move(*segment));
    }
    while (!request.segments.empty() && request.segments.back().empty()) {
        request.segments.pop_back();
    }
    if (request.segments.size() > kSegmentsMax) return malformed();
    for (const auto& part : split(request.query, '&')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto name = decode(std::string_view(part).substr(0, equals), Plus::is_space);
        const auto value = equals == part.npos
                               ? std::optional<std::string>("")
                               : decode(std::string_view(part).substr(equals + 1), Plus::is_space);
        if (!name || !value || request.parameters.size() >= kParametersMax) return malformed();
        const auto same = [&](const auto& parameter) { return parameter.first == *name; };
        if (std::any_of(request.parameters.begin(), request.parameters.end(), same)) {
            return malformed();
        }
        request.parameters.emplace_back(*name, *value);
    }
    return request;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' ||
                           byte == '_' || byte == '~';
        if (plain) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += kHex[byte >> 4];
            encoded += kHex[byte & 15];
        }
    }
    return encoded;
}

std::string preferred_language(std::string_view accept_language,
                               const std::vector<std::string>& languages) {
    AMATE_CHECK(!languages.empty());
    std::string best = languages.front();
    int best_quality = 0;
    for (const auto& entry : split(accept_language, ',')) {
        const auto semicolon = entry.find(';');
        const auto range = fold(trim(std::string_view(entry).substr(0, semicolon)));
        const int quality = semicolon == entry.npos
                                ? 1000
                                : quality_of(std::string_view(entry).substr(semicolon + 1));
        const auto primary = range.substr(0, range.find('-'));
        const auto found = std::find(languages.begin(), languages.end(), primary);
        if (found != languages.end() && quality > best_quality) {
            best = *found;
            best_quality = quality;
        }
    }
    return best;
}

}  // namespace amate::server
