// SPDX-License-Identifier: Apache-2.0
// How a snapshot names its files, and the writing of manifest.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "snapshot/snapshot.hpp"

namespace amate::snapshot::internal {

inline constexpr const char* kManifestFile = "manifest.json";
[[nodiscard]] std::string file_name_of(std::string_view register_name);
// Throws IoFailure.
void write_manifest(const Manifest& manifest, const std::filesystem::path& file);

}  // namespace amate::snapshot::internal
