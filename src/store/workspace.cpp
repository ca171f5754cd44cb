// SPDX-License-Identifier: Apache-2.0
// Makes, opens and saves workspace.json (docs/formats/workspace.md).
#include "store/workspace.hpp"

#include <optional>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "store/address.hpp"
#include "store/durable_file.hpp"

namespace amate::store {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kFormat = "amate-workspace-1";

fs::path file_of(const fs::path& root) {
    return root / "workspace.json";
}

bool holds_pack(const fs::path& folder) {
    std::error_code error;
    return !folder.empty() && fs::is_regular_file(folder / "pack.yaml", error);
}

Problem problem_of(const char* code, const fs::path& folder) {
    return {code, {}, {{"folder", folder.string()}}};
}

tl::unexpected<Problems> damaged(const fs::path& root, const std::string& reason) {
    Problem problem{"store.workspace_damaged", {}, {{"reason", reason}}};
    problem.place.file = file_of(root).string();
    return fail(std::move(problem));
}

// What workspace.json says, before the pack is looked for.
struct Written {
    std::string pack, pack_from_here, store;
    bool invented = false;
};

// Nothing wrong: "". Otherwise what is.
std::string read_fields(const json::object& object, Written& written) {
    const std::set<std::string_view> known = {"format", "pack", "pack_from_here", "store",
                                              "invented"};
    for (const auto& item : object) {
        if (!known.contains(item.key())) {
            return fmt::format("unknown key {}", std::string(item.key()));
        }
    }
    const auto text = [&](std::string_view key) -> std::optional<std::string> {
        const auto* value = object.if_contains(key);
        if (value == nullptr || !value->is_string()) return std::nullopt;
        return std::string(value->as_string());
    };
    if (text("format") != kFormat) return fmt::format("format is not {}", kFormat);
    const auto pack = text("pack");
    const auto store = text("store");
    const auto* invented = object.if_contains("invented");
    if (!pack || pack->empty()) return "pack is missing";
    if (!store) return "store is missing";
    if (const auto fault = fault_of_address(*store); !fault.empty()) {
        return "the address in store: " + fault;
    }
    if (invented == nullptr || !invented->is_bool()) return "invented is not true or false";
    written = {*pack, text("pack_from_here").value_or(""), *store, invented->as_bool()};
    return "";
}

}  // namespace

std::string Workspace::session_url() const {
    if (!is_sqlite_address(store_url)) return store_url;
    const fs::path file(store_url.substr(kSqliteAddress.size()));
    return std::string(kSqliteAddress) +
           fs::absolute(file.is_absolute() ? file : root / file).string();
}

Result<Workspace> make_workspace(const fs::path& root, const fs::path& pack,
                                 const std::string& store_url) {
    std::error_code error;
    if (fs::exists(file_of(root), error)) return fail(problem_of("store.workspace_exists", root));
    if (!holds_pack(pack)) return fail(problem_of("store.pack_missing", pack));
    if (const auto fault = fault_of_address(store_url); !fault.empty()) {
        return fail({"store.address_refused", {}, {{"reason", fault}}});
    }
    make_folder(root, FileRights::everybody);
    Workspace workspace{fs::canonical(root), fs::canonical(pack), store_url, false};
    make_folder(workspace.keys(), FileRights::owner_only);
    make_folder(workspace.snapshots(), FileRights::everybody);
    make_folder(workspace.quarantine(), FileRights::owner_only);
    save_workspace(workspace);
    return workspace;
}

Result<Workspace> open_workspace(const fs::path& root) {
    std::error_code error;
    if (!fs::exists(file_of(root), error)) return fail(problem_of("store.no_workspace", root));
    const auto bytes = read_small_file(file_of(root));
    json::error_code fault;
    const auto value = json::parse(bytes, fault);
    if (fault || !value.is_object()) return damaged(root, "it is not a JSON object");
    Written written;
    if (const auto reason = read_fields(value.get_object(), written); !reason.empty()) {
        return damaged(root, reason);
    }
    Workspace workspace{fs::canonical(root), written.pack, written.store, written.invented};
    if (holds_pack(workspace.pack)) return workspace;
    const auto from_here = (workspace.root / written.pack_from_here).lexically_normal();
    if (written.pack_from_here.empty() || !holds_pack(from_here)) {
        return fail(problem_of("store.pack_missing", written.pack));
    }
    workspace.pack = from_here;
    return workspace;
}

void save_workspace(const Workspace& workspace) {
    const auto pack = fs::absolute(workspace.pack).lexically_normal();
    const json::object object = {
        {"format", kFormat},
        {"pack", pack.string()},
        {"pack_from_here", pack.lexically_relative(fs::absolute(workspace.root)).string()},
        {"store", workspace.store_url},
        {"invented", workspace.invented}};
    write_durably(file_of(workspace.root), json::serialize(object) + "\n", FileRights::everybody);
}

}  // namespace amate::store
