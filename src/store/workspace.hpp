// SPDX-License-Identifier: Apache-2.0
// The folder a country works in (`-w DIR`): where pack, store, keys, snapshots and quarantine lie.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "store/session.hpp"

namespace amate::store {

struct Workspace {
    std::filesystem::path root;
    std::filesystem::path pack;  // folder of the pack
    std::string store_url;       // "sqlite:FILE" (relative to root) or "postgresql://..."
    bool invented = false;       // true: filled with synthetic data, said wherever data is shown

    // store_url, a file in it made absolute, as Session::open takes it.
    [[nodiscard]] std::string session_url() const;
    [[nodiscard]] std::filesystem::path keys() const { return root / "keys"; }
    [[nodiscard]] std::filesystem::path snapshots() const { return root / "snapshots"; }
    [[nodiscard]] std::filesystem::path quarantine() const { return root / "quarantine"; }
    // Made when first needed.
    [[nodiscard]] std::filesystem::path uploads() const { return root / "uploads"; }
};

// Opens the workspace's store with its keys at hand. Throws IoFailure.
[[nodiscard]] std::unique_ptr<Session> open_session(const Workspace& workspace, Session::Mode mode);

// Makes `root` with workspace.json in it and the folders keys (its owner's alone), snapshots and
// quarantine. Problems: store.workspace_exists, store.pack_missing,
// store.address_refused.
[[nodiscard]] Result<Workspace> make_workspace(const std::filesystem::path& root,
                                               const std::filesystem::path& pack,
                                               const std::string& store_url);
// The pack is looked for where it was, then where it lay seen from the workspace, so that moving
// one or both together is no harm. Problems: store.no_workspace, store.workspace_damaged,
// store.pack_missing.
[[nodiscard]] Result<Workspace> open_workspace(const std::filesystem::path& root);
// Writes workspace.json anew (atomically).
void save_workspace(const Workspace& workspace);  // throws IoFailure

}  // namespace amate::store
