// SPDX-License-Identifier: Apache-2.0
// Judges addresses of stores before anybody connects, so that no message can repeat a password.
#include "store/address.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace amate::store {
namespace {

constexpr std::size_t kSchemeBytesMax = 20;

bool is_postgresql(std::string_view address) {
    return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

// The word before the colon, if it looks like one: the rest is not repeated.
std::string scheme_of(std::string_view address) {
    const auto scheme = address.substr(0, address.find(':'));
    const bool plain =
        scheme.size() < address.size() && scheme.size() <= kSchemeBytesMax &&
        std::all_of(scheme.begin(), scheme.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return plain ? fmt::format(", not {}:", scheme) : std::string();
}

std::string fault_of_uri(const std::string& address) {
    constexpr std::string_view kForm =
        "it is no PostgreSQL URI (postgresql://[user@][host][:port]/database[?option=value]; "
        "within a part, @ is written %40 and / is written %2F)";
    // The parser's own message would repeat what it could not read.
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
        PQconninfoParse(address.c_str(), nullptr), PQconninfoFree);
    if (!options) return std::string(kForm);
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        const std::string_view name = option->keyword;
        if (name == "password" || name == "sslpassword") {
            return "it holds a password, and addresses are kept and shown: leave it out, and give "
                   "it in ~/.pgpass or in a service file";
        }
        // What is left of a password with an @ or a / in it.
        if (name != "user" && std::string_view(option->val).find('@') != std::string_view::npos) {
            return std::string(kForm);
        }
    }
    return {};
}

}  // namespace

bool is_sqlite_address(std::string_view address) {
    return address.starts_with(kSqliteAddress) && address.size() > kSqliteAddress.size();
}

std::string fault_of_address(const std::string& address) {
    if (is_sqlite_address(address)) return {};
    if (is_postgresql(address)) return fault_of_uri(address);
    return "expected sqlite:FILE or postgresql://..." + scheme_of(address);
}

}  // namespace amate::store
