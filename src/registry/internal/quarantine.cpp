// SPDX-License-Identifier: Apache-2.0
// Writes rows as they came with what is wrong with them behind.
#include "registry/internal/quarantine.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace amate::registry::internal {
namespace {

constexpr std::size_t kBufferBytes = 1U << 18U;

[[noreturn]] void refuse(const char* what) {
    throw IoFailure(
        fmt::format("the quarantine file cannot be {}: {}", what, std::strerror(errno)));
}

// SPEC: OWASP, CSV injection: the signs with which a spreadsheet begins a formula.
constexpr std::string_view kFormulaSigns = "=+-@\t\r";

bool is_number(std::string_view cell) {
    if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
    return !cell.empty() && cell.find_first_not_of("0123456789.,") == cell.npos;
}

// Formula signs behind any number of apostrophes.
bool needs_closing(std::string_view cell) {
    const auto sign = cell.find_first_not_of('\'');
    return sign != cell.npos && kFormulaSigns.find(cell[sign]) != kFormulaSigns.npos;
}

}  // namespace

void close_cell(std::string& cell) {
    if (needs_closing(cell) && !is_number(cell)) cell.insert(cell.begin(), '\'');
}

void open_cell(std::string& cell) {
    if (cell.starts_with('\'') && needs_closing(cell)) cell.erase(cell.begin());
}

Quarantine::Quarantine(const FileLayout& layout, char delimiter, TextForm form,
                       std::filesystem::path file, std::string language)
    : writer_(form.encoding, delimiter),
      layout_(layout),
      marked_(form.marked),
      file_(std::move(file)),
      unfinished_(file_.string() + ".part"),
      language_(std::move(language)) {}

Quarantine::~Quarantine() {
    std::error_code ignored;
    if (stream_) std::filesystem::remove(unfinished_, ignored);
    if (published_ && !kept_) std::filesystem::remove(file_, ignored);
}

void Quarantine::open() {
    std::error_code failed;
    std::filesystem::create_directories(file_.parent_path(), failed);
    const int descriptor =
        ::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) refuse("made");
    stream_.reset(::fdopen(descriptor, "wb"));
    if (!stream_) {
        ::close(descriptor);
        refuse("made");
    }
    if (marked_) writer_.text() += "\xEF\xBB\xBF";
    for (const auto& header : layout_.headers) writer_.add_cell(header);
    for (const auto header : kQuarantineHeaders) writer_.add_cell(header);
    writer_.end_row();
}

void Quarantine::write_out() {
    auto& text = writer_.text();
    if (std::fwrite(text.data(), 1, text.size(), stream_.get()) != text.size()) refuse("written");
    text.clear();
}

void Quarantine::add_cell(std::string cell, bool decoded) {
    close_cell(cell);
    if (decoded) {
        writer_.add_cell(cell);
    } else {
        writer_.add_bytes(cell);
    }
}

void Quarantine::add(const SetApart& row) {
    if (!stream_) open();
    for (std::size_t i = 0; i < layout_.headers.size(); ++i) {
        add_cell(i < row.cells.size() ? row.cells[i] : std::string(), i < row.decoded);
    }
    std::string codes;
    std::string reasons;
    for (const auto& problem : *row.problems) {
        if (!codes.empty()) codes += "; ";
        codes += problem.code;
        if (!reasons.empty()) reasons += "; ";
        if (!problem.place.path.empty()) reasons += problem.place.path + ": ";
        reasons += text_of(problem, language_);
    }
    writer_.add_cell(fmt::format("{}", row.line));
    writer_.add_cell(codes);
    writer_.add_cell(reasons);
    add_cell(row.rest, row.rest_decoded);
    writer_.end_row();
    if (writer_.text().size() >= kBufferBytes) write_out();
}

bool Quarantine::publish() {
    if (!stream_) return false;
    write_out();
    if (std::fflush(stream_.get()) != 0 || ::fsync(::fileno(stream_.get())) != 0) {
        refuse("written");
    }
    if (std::rename(unfinished_.c_str(), file_.c_str()) != 0) refuse("named");
    stream_.reset();
    published_ = true;
    return true;
}

}  // namespace amate::registry::internal
