// SPDX-License-Identifier: Apache-2.0
// What a file says it is, what it begins with, and what its field takes.
#include "registry/attachments.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/crypto.hpp"

namespace amate::registry {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kHeadBytes = 16;

// What files of a type begin with: `bytes` at `at`.
struct Beginning {
    std::string_view media_type, bytes;
    std::size_t at = 0;
};
constexpr std::array<Beginning, 8> kBeginnings = {{
    {"application/pdf", "%PDF-"sv},        // SPEC: ISO 32000-2, 7.5.2
    {"image/jpeg", "\xFF\xD8\xFF"sv},      // SPEC: ITU-T T.81, B.1.1.3
    {"image/png", "\x89PNG\r\n\x1A\n"sv},  // SPEC: ISO 15948, 5.2
    {"image/gif", "GIF87a"sv},
    {"image/gif", "GIF89a"sv},
    {"image/tiff", "II*\0"sv},
    {"image/tiff", "MM\0*"sv},
    {"image/webp", "WEBP"sv, 8}  // SPEC: RFC 9649, 2.4
}};

const std::vector<std::string> kAnything = {"*/*"};

bool takes(const std::string& accepted, std::string_view media_type) {
    if (accepted == "*/*") return true;
    if (!accepted.ends_with("/*")) return accepted == media_type;
    return media_type.starts_with(std::string_view(accepted).substr(0, accepted.size() - 1));
}

// SPEC: RFC 6838, 4.2.
bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    return slash != text.npos && slash > 0 && slash + 1 < text.size() && text.size() <= 127 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+/") == text.npos &&
           text.find('/', slash + 1) == text.npos;
}

bool begins_with(std::string_view head, const Beginning& beginning) {
    return head.size() >= beginning.at && head.substr(beginning.at).starts_with(beginning.bytes);
}

// A type that can be told by its beginning has it, and nothing else has that of another.
bool is_what_it_says(std::string_view head, std::string_view media_type) {
    const auto is_of = [&](const Beginning& each) { return each.media_type == media_type; };
    const bool told = std::any_of(kBeginnings.begin(), kBeginnings.end(), is_of);
    const bool has_own = std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](const auto& each) {
        return is_of(each) && begins_with(head, each);
    });
    const bool has_any = std::any_of(kBeginnings.begin(), kBeginnings.end(),
                                     [&](const auto& each) { return begins_with(head, each); });
    return told ? has_own : !has_any;
}

bool is_plain_name(std::string_view name) {
    return name.size() <= kNameBytesMax && std::none_of(name.begin(), name.end(), [](char each) {
               const auto byte = static_cast<unsigned char>(each);
               return byte < 0x20 || byte == 0x7F || each == '/' || each == '\\';
           });
}

Problem problem(const char* code, const definitions::Column& column,
                std::map<std::string, std::string> parameters = {}) {
    return {code, {{}, 0, 0, column.name}, std::move(parameters)};
}

}  // namespace

std::optional<FileField> find_file_field(const definitions::Register& register_,
                                         std::string_view name) {
    using definitions::Type;
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        const auto& column = register_.columns[i];
        if (column.type == Type::file && column.name == name) {
            return FileField{column.name, column.sql_name, i, std::nullopt, &column};
        }
        for (std::size_t j = 0; j < column.fields.size(); ++j) {
            const auto& inner = column.fields[j];
            if (inner.type != Type::file || column.name + "." + inner.name != name) continue;
            return FileField{std::string(name), column.sql_name + "." + inner.sql_name, i, j,
                             &inner};
        }
    }
    return std::nullopt;
}

std::vector<std::string> stated_digests(const store::StoredRecord& record, const FileField& field) {
    std::vector<std::string> digests;
    const auto add = [&](const Value& value) {
        const auto* digest = std::get_if<std::string>(&value);
        digests.push_back(digest == nullptr ? std::string() : *digest);
    };
    const auto& value = record.values[field.column];
    if (!field.inner) {
        add(value);
    } else if (const auto* rows = std::get_if<Rows>(&value)) {
        for (const auto& row : rows->data().rows) add(row[*field.inner]);
    }
    return digests;
}

Result<store::AttachmentFacts> examine(const definitions::Column& column, const SentFile& file) {
    AMATE_CHECK(column.type == definitions::Type::file);
    std::ifstream stream(file.path, std::ios::binary);
    std::string head(kHeadBytes, '\0');
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
    stream.clear();
    stream.seekg(0, std::ios::end);
    const auto bytes = static_cast<std::int64_t>(stream.tellg());
    if (!stream) throw IoFailure("a file that came cannot be read");
    const auto own = column.size_bytes_max;
    const auto maximum =
        own > 0 ? std::min(own, store::kAttachmentBytesMax) : store::kAttachmentBytesMax;
    Problems problems;
    if (bytes == 0) problems.push_back(problem("registry.file_empty", column));
    if (bytes > maximum) {
        problems.push_back(problem("registry.file_too_large", column,
                                   {{"maximum", std::to_string(maximum / 1000)}}));
    }
    const auto& accept = column.accept.empty() ? kAnything : column.accept;
    const bool taken = is_media_type(file.media_type) &&
                       std::any_of(accept.begin(), accept.end(),
                                   [&](const auto& each) { return takes(each, file.media_type); });
    if (!taken) {
        problems.push_back(problem("registry.file_type_refused", column,
                                   {{"expected", fmt::format("{}", fmt::join(accept, ", "))}}));
    } else if (bytes > 0 && !is_what_it_says(head, file.media_type)) {
        problems.push_back(problem("registry.file_not_its_type", column));
    }
    if (!is_plain_name(file.name))
        problems.push_back(problem("registry.file_name_refused", column));
    if (!problems.empty()) return fail(std::move(problems));
    return store::AttachmentFacts{crypto::to_hex(crypto::digest_of_file(file.path)), bytes,
                                  file.media_type, file.name};
}

}  // namespace amate::registry
