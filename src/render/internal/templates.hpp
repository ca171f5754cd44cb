// SPDX-License-Identifier: Apache-2.0
// A closed set of templates and how one of them is expanded.
#pragma once

#include "render/internal/assets.hpp"
#include "render/view.hpp"

#include <cstring>  // ctemplate/str_ref.h uses strlen without it
#include <memory>
#include <string>
#include <vector>

#include <ctemplate/template_cache.h>

namespace amate::render::internal {

// Parses all of them with auto-escaping on; one that does not parse is a bug that names it.
// Never changed after: many threads may expand from it without a lock.
[[nodiscard]] std::unique_ptr<ctemplate::TemplateCache> parse_templates(
    const std::vector<Asset>& files);

[[nodiscard]] std::string expand(const ctemplate::TemplateCache& templates,
                                 const std::string& template_name, const View& view);

}  // namespace amate::render::internal
