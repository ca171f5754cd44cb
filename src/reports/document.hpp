// SPDX-License-Identifier: Apache-2.0
// A report as a document of another format: DOCX by pandoc, PDF by WeasyPrint.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace amate::reports {

enum class Format : unsigned char { html, docx, pdf };

// By the file's ending. Problem reports.unknown_format.
[[nodiscard]] Result<Format> format_of(const std::filesystem::path& file);

// Writes `html`, as render_report makes it, to `file`, whole or not at all. The other formats run a
// program of the system, which must be there; it reads nothing but the page and asks no network.
// Problems: reports.tool_missing, reports.tool_failed, core.file_unwritable.
// Cost: of PDF about a second for ten pages.
[[nodiscard]] Result<void> write_document(std::string_view html, Format format,
                                          const std::filesystem::path& file);

}  // namespace amate::reports
