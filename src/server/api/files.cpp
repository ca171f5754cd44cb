// SPDX-License-Identifier: Apache-2.0
// Files of records: one sent for a field, one given out.
#include <algorithm>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "registry/desk.hpp"
#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

struct Target {
    const definitions::Register* register_ = nullptr;
    registry::FileField field;
};

Result<Target> target_of(const Site& site, const Request& request) {
    const auto* register_ = site.pack().find_register(request.get("name"));
    if (register_ == nullptr) return fail(Problem{"server.not_found", {}, {}});
    auto field = registry::find_file_field(*register_, request.get("field"));
    if (!field) return fail(Problem{"server.not_found", {}, {}});
    return Target{register_, std::move(*field)};
}

Problem bad_name() {
    return {"server.bad_member",
            {{}, 0, 0, "Content-Disposition"},
            {{"expected_en", "attachment; filename*=UTF-8''NAME (RFC 6266)"},
             {"expected_es", "attachment; filename*=UTF-8''NOMBRE (RFC 6266)"}}};
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lowered;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        const auto at = std::string_view("0123456789abcdef").find(lower({&c, 1}));
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = digit(text[i + 1]);
        const int low = digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (find_invalid_utf8(decoded)) return std::nullopt;
    return decoded;
}

// SPEC: RFC 6266, 4.3 and RFC 8187: `filename*` in UTF-8 is taken before `filename`.
Result<std::string> name_of_file(const std::string& disposition) {
    std::string plain;
    for (std::size_t at = disposition.find(';'); at < disposition.size();) {
        const auto equals = disposition.find('=', ++at);
        if (equals == disposition.npos) return fail(bad_name());
        const auto key = lower(trim(std::string_view(disposition).substr(at, equals - at)));
        auto begin = disposition.find_first_not_of(' ', equals + 1);
        std::string value;
        if (begin != disposition.npos && disposition[begin] == '"') {
            for (++begin; begin < disposition.size() && disposition[begin] != '"'; ++begin) {
                if (disposition[begin] == '\\') ++begin;
                if (begin < disposition.size()) value += disposition[begin];
            }
            if (begin >= disposition.size()) return fail(bad_name());
            at = disposition.find(';', begin);
        } else {
            at = disposition.find(';', equals);
            value = trim(std::string_view(disposition)
                             .substr(equals + 1, at == disposition.npos ? at : at - equals - 1));
        }
        if (key == "filename*") {
            if (!lower(value).starts_with("utf-8'")) return fail(bad_name());
            const auto tick = value.find('\'', 6);
            auto decoded =
                tick == value.npos ? std::nullopt : percent_decoded(value.substr(tick + 1));
            if (!decoded) return fail(bad_name());
            return std::move(*decoded);
        }
        if (key == "filename") plain = std::move(value);
    }
    if (find_invalid_utf8(plain)) return fail(bad_name());
    return plain;
}

std::string key_digest(const Request& request, const store::AttachmentFacts& facts) {
    return crypto::to_hex(
        crypto::digest(fmt::format("{}?{}\n{}\n{}\n{}", request.path, request.query, facts.digest,
                                   facts.media_type, facts.name)));
}

}  // namespace

Result<Body> receive_file(const Site& site, const Request& request) {
    AMATE_TRY(const auto target, target_of(site, request));
    AMATE_TRY_VOID(registry::check_right(*target.register_, request.caller, registry::Verb::read));
    return Body{std::make_shared<exchange::Spool>(site.workspace().root),
                static_cast<std::uint64_t>(store::kAttachmentBytesMax)};
}

Result<Response> send_file(const Site& site, const Request& request) {
    AMATE_TRY(const auto target, target_of(site, request));
    AMATE_TRY_VOID(registry::check_right(*target.register_, request.caller, registry::Verb::read));
    const auto& http = *request.http;
    if (http.file == nullptr) throw IoFailure("a file that came could not be kept");
    const auto type = std::string_view(http.content_type);
    registry::SentFile sent{http.file->path(), http.file,
                            lower(trim(type.substr(0, type.find(';')))), ""};
    AMATE_TRY(sent.name, name_of_file(http.header("Content-Disposition")));
    AMATE_TRY(auto facts, registry::examine(*target.field.declared, sent));
    registry::Change change;
    change.kind = registry::ChangeKind::amend;
    change.folio = request.get("folio");
    change.base = integer_or(request, "base", 0);
    if (!target.field.inner) change.values.push_back({target.field.column, facts.digest});
    registry::Request asked{target.register_, request.caller, std::move(change), "", ""};
    AMATE_TRY_VOID(set_key(request, key_digest(request, facts), asked));
    asked.file = std::make_shared<const registry::KeptFile>(
        registry::KeptFile{target.field, std::move(facts), std::move(sent)});
    AMATE_TRY(const auto receipt, site.desk().queue().carry_out(std::move(asked)));
    auto response = to_response(to_json(receipt));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Result<Response> record_file(const Site& site, const Request& request) {
    AMATE_TRY(const auto target, target_of(site, request));
    registry::WantedFile wanted{target.field, std::nullopt,
                                static_cast<std::size_t>(integer_or(request, "row", 1))};
    if (const auto revision = integer_or(request, "revision", 0); revision > 0) {
        wanted.revision = revision;
    }
    AMATE_TRY(const auto found, site.desk().find_file(*target.register_, request.get("folio"),
                                                      request.caller, wanted));
    const auto session = site.desk().reader();
    const auto& facts = found.attachment.facts;
    Response response{200,
                      facts.media_type,
                      store::read_attachment(
                          *session, {*target.register_, found.record_id, target.field.stored_as},
                          found.attachment),
                      {{"Cache-Control", "no-store"}}};
    response.headers.emplace_back(
        "Content-Disposition", facts.name.empty()
                                   ? "attachment"
                                   : "attachment; filename*=UTF-8''" + percent_encode(facts.name));
    return response;
}

}  // namespace amate::server::api
