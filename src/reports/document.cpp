// SPDX-License-Identifier: Apache-2.0
// Hands the page to the program that knows the format, in a folder of its own.
#include "reports/document.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "render/view.hpp"
#include "reports/internal/other_pages.hpp"

namespace amate::reports {
namespace {

namespace fs = std::filesystem;

Problem unwritable(const fs::path& file, const std::string& reason) {
    return {"core.file_unwritable",
            {file.string(), 0, 0, {}},
            {{"file", file.string()}, {"reason", reason}}};
}

// A folder that goes with its owner.
class WorkFolder {
public:
    WorkFolder() {
        // mkdtemp puts a name of its own in place of the six signs.
        auto name = (fs::temp_directory_path() / ("amate-report-" + std::string(6, 'X'))).string();
        if (mkdtemp(name.data()) == nullptr) {
            throw IoFailure(std::string("making a folder failed: ") + std::strerror(errno));
        }
        path_ = name;
    }
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

Result<void> write_bytes(const fs::path& file, std::string_view bytes) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) return fail(unwritable(file, std::strerror(errno)));
    return {};
}

std::string last_lines_of(const fs::path& file) {
    constexpr std::size_t kBytesMax = 400;
    std::ifstream stream(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.size() <= kBytesMax ? text : "…" + text.substr(text.size() - kBytesMax);
}

struct Tool {
    const char* program;
    const char* package;  // of Debian
    const char* format;
};

// Runs a program with what it says going to `words`; its working folder is ours.
Result<void> run(const Tool& tool, std::vector<std::string> arguments, const fs::path& words) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, words.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    arguments.insert(arguments.begin(), tool.program);
    std::vector<char*> words_of_call;
    for (auto& argument : arguments) words_of_call.push_back(argument.data());
    words_of_call.push_back(nullptr);
    pid_t child = 0;
    const int failed =
        posix_spawnp(&child, tool.program, &actions, nullptr, words_of_call.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (failed == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (failed == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    // What spawns may find the program missing only once it is a process of its own.
    if (failed != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
        return fail({"reports.tool_missing",
                     {},
                     {{"format", tool.format}, {"tool", tool.program}, {"package", tool.package}}});
    }
    return fail(
        {"reports.tool_failed", {}, {{"tool", tool.program}, {"reason", last_lines_of(words)}}});
}

Result<void> convert(std::string_view html, Format format, const fs::path& folder,
                     const fs::path& made) {
    const auto page = folder / "report.html";
    const auto words = folder / "words";
    if (format == Format::pdf) {
        AMATE_TRY_VOID(write_bytes(page, internal::print_page(html)));
        return run({"weasyprint", "weasyprint", "PDF"},
                   {"--encoding", "utf-8", page.string(), made.string()}, words);
    }
    const auto word = internal::word_page(html);
    AMATE_TRY_VOID(write_bytes(page, word.html));
    for (std::size_t i = 0; i < word.drawings.size(); ++i) {
        const auto drawing = folder / ("drawing-" + std::to_string(i + 1));
        const auto svg = drawing.string() + ".svg";
        AMATE_TRY_VOID(write_bytes(svg, word.drawings[i]));
        AMATE_TRY_VOID(run({"rsvg-convert", "librsvg2-bin", "DOCX"},
                           {"--width=1440", "--keep-aspect-ratio", "--background-color=white",
                            "--output=" + drawing.string() + ".png", svg},
                           words));
    }
    const auto looks = folder / "looks.docx";
    const auto* reference = render::find_static("report.docx");
    AMATE_CHECK(reference != nullptr);
    AMATE_TRY_VOID(write_bytes(looks, reference->bytes));
    return run({"pandoc", "pandoc", "DOCX"},
               {"--from=html", "--to=docx", "--resource-path=" + folder.string(),
                "--reference-doc=" + looks.string(), "--output=" + made.string(), page.string()},
               words);
}

}  // namespace

Result<Format> format_of(const fs::path& file) {
    const auto ending = file.extension().string();
    if (ending == ".html" || ending == ".htm") return Format::html;
    if (ending == ".docx") return Format::docx;
    if (ending == ".pdf") return Format::pdf;
    return fail({"reports.unknown_format", {}, {{"value", ending}}});
}

Result<void> write_document(std::string_view html, Format format, const fs::path& file) {
    const auto unfinished = fs::path(file.string() + ".part");
    if (format == Format::html) {
        AMATE_TRY_VOID(write_bytes(unfinished, html));
    } else {
        const WorkFolder folder;
        const auto made = folder.path() / (format == Format::pdf ? "report.pdf" : "report.docx");
        AMATE_TRY_VOID(convert(html, format, folder.path(), made));
        std::error_code failed;
        fs::copy_file(made, unfinished, fs::copy_options::overwrite_existing, failed);
        if (failed) return fail(unwritable(file, failed.message()));
    }
    std::error_code failed;
    fs::rename(unfinished, file, failed);
    if (failed) return fail(unwritable(file, failed.message()));
    return {};
}

}  // namespace amate::reports
