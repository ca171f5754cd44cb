// SPDX-License-Identifier: Apache-2.0
// Reads and writes the file of grants.
#include "server/access.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "store/durable_file.hpp"

namespace amate::server {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::string_view kFormat = "amate-access-1";

fs::path file_of(const fs::path& keys) {
    return keys / "access.json";
}

[[noreturn]] void refuse() {
    throw IoFailure(
        "keys/access.json is damaged: restore it from its copy, or remove it and give "
        "access anew");
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(name);
    if (member == nullptr || !member->is_string()) refuse();
    return std::string(member->get_string());
}

Grant grant_of(const json::value& written) {
    if (!written.is_object()) refuse();
    const auto& object = written.get_object();
    Grant grant;
    grant.caller.actor = {text_of(object, "user"), text_of(object, "office"),
                          text_of(object, "purpose")};
    grant.token_digest = text_of(object, "token");
    grant.since = text_of(object, "since");
    const auto* roles = object.if_contains("roles");
    if (roles == nullptr || !roles->is_array()) refuse();
    for (const auto& role : roles->get_array()) {
        if (!role.is_string()) refuse();
        grant.caller.roles.emplace_back(role.get_string());
    }
    return grant;
}

void save(const fs::path& keys, const std::vector<Grant>& grants) {
    json::array all;
    for (const auto& grant : grants) {
        const auto& [actor, roles] = grant.caller;
        json::array names;
        for (const auto& role : roles) names.push_back(json::value(role));
        all.push_back(json::object{{"user", actor.user},
                                   {"office", actor.office},
                                   {"purpose", actor.purpose},
                                   {"roles", std::move(names)},
                                   {"token", grant.token_digest},
                                   {"since", grant.since}});
    }
    const json::object file{{"format", kFormat}, {"grants", std::move(all)}};
    store::write_durably(file_of(keys), json::serialize(file) + "\n",
                         store::FileRights::owner_only);
}

std::string digest_of(std::string_view token) {
    return crypto::to_hex(crypto::digest(token));
}

}  // namespace

std::vector<Grant> load_grants(const fs::path& keys) {
    std::vector<Grant> grants;
    if (!fs::exists(file_of(keys))) return grants;
    boost::system::error_code failed;
    const auto parsed = json::parse(store::read_small_file(file_of(keys)), failed);
    if (failed || !parsed.is_object()) refuse();
    if (text_of(parsed.get_object(), "format") != kFormat) refuse();
    const auto* all = parsed.get_object().if_contains("grants");
    if (all == nullptr || !all->is_array()) refuse();
    for (const auto& each : all->get_array()) grants.push_back(grant_of(each));
    return grants;
}

std::string add_grant(const fs::path& keys, const registry::Caller& caller,
                      const std::string& since) {
    store::make_folder(keys, store::FileRights::owner_only);
    const store::FileLock lock(keys / "access.lock");
    auto grants = load_grants(keys);
    const auto same = [&](const Grant& grant) {
        const auto& actor = grant.caller.actor;
        return actor.user == caller.actor.user && actor.purpose == caller.actor.purpose;
    };
    grants.erase(std::remove_if(grants.begin(), grants.end(), same), grants.end());
    auto token = "amate-" + crypto::to_hex(crypto::make_key());
    grants.push_back({caller, digest_of(token), since});
    save(keys, grants);
    return token;
}

int remove_grants(const fs::path& keys, std::string_view user) {
    const store::FileLock lock(keys / "access.lock");
    auto grants = load_grants(keys);
    const auto first = std::remove_if(grants.begin(), grants.end(), [&](const Grant& grant) {
        return grant.caller.actor.user == user;
    });
    const auto removed = static_cast<int>(grants.end() - first);
    grants.erase(first, grants.end());
    if (removed > 0) save(keys, grants);
    return removed;
}

std::optional<registry::Caller> find_caller(const std::vector<Grant>& grants,
                                            std::string_view token) {
    // The digest of what was sent, so that the time of a comparison tells nothing of a token.
    const auto digest = digest_of(token);
    for (const auto& grant : grants) {
        if (grant.token_digest == digest) return grant.caller;
    }
    return std::nullopt;
}

}  // namespace amate::server
