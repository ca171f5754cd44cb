// SPDX-License-Identifier: Apache-2.0
// What the commands share: problems on standard error, progress, the opened workspace.
#include "cli/command.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>

#include <unistd.h>

#include <fmt/format.h>

#include "core/text.hpp"
#include "definitions/pack.hpp"
#include "registry/desk.hpp"
#include "store/schema.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

class TerminalProgress final : public Progress {
public:
    TerminalProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}
    ~TerminalProgress() override {
        if (drawn_) std::fputs("\r\033[K", stderr);
    }
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;

    void advance(std::string_view what, std::int64_t done, std::int64_t total) override {
        const auto now = SteadyClock::now();
        if (now - began_ < kQuiet || now - told_ < (terminal_ ? kRedraw : kRepeat)) return;
        told_ = now;
        const auto line = total > 0
                              ? fmt::format("{}: {} %", what, done * 100 / total)
                              : fmt::format("{}: {}", what, group_thousands(std::to_string(done)));
        fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ ? "" : "\n");
        std::fflush(stderr);
        drawn_ = terminal_;
    }

private:
    static constexpr std::chrono::seconds kQuiet{2};
    static constexpr std::chrono::milliseconds kRedraw{200};
    static constexpr std::chrono::milliseconds kRepeat{10'000};

    bool terminal_;
    bool drawn_ = false;
    SteadyClock::time_point began_ = SteadyClock::now();
    SteadyClock::time_point told_{};
};

}  // namespace

int report(const Problems& problems) {
    for (const auto& problem : problems) std::cerr << to_line(problem) << "\n";
    return 1;
}

std::unique_ptr<Progress> make_terminal_progress() {
    return std::make_unique<TerminalProgress>();
}

Result<OpenWorkspace> open_workspace(const Shell& shell) {
    if (shell.workspace.empty()) return fail(Problem{"cli.no_workspace_given", {}, {}});
    OpenWorkspace open;
    AMATE_TRY(open.workspace, store::open_workspace(shell.workspace));
    AMATE_TRY(open.pack, definitions::load_pack(open.workspace.pack));
    return open;
}

Result<void> settle_schema(const OpenWorkspace& open) {
    {
        const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
        AMATE_TRY(const auto state, store::check_tables(*session, *open.pack));
        if (state == store::SchemaState::current) return {};
    }
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    const auto clock = make_system_clock(open.pack->time_zone);
    return registry::settle_schema(*open.pack, open.workspace, *session, *clock,
                                   command_line_actor());
}

Result<Date> parse_day(const std::string& text) {
    const auto day = Date::parse(text);
    if (!day) return fail(Problem{"cli.bad_date", {}, {{"date", text}}});
    return *day;
}

int write_text(const std::filesystem::path& file, std::string_view text) {
    if (file.empty() || file == "-") {
        std::cout << text << std::flush;
        return std::cout
                   ? 0
                   : report({Problem{"cli.output_failed", {}, {{"file", "standard output"}}}});
    }
    // Written beside and renamed, so that a reader never sees half a file.
    auto unfinished = file;
    unfinished += ".tmp";
    {
        std::ofstream stream(unfinished, std::ios::binary | std::ios::trunc);
        stream << text;
        stream.close();
        std::error_code error;
        if (stream) std::filesystem::rename(unfinished, file, error);
        if (stream && !error) return 0;
    }
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    return report({Problem{"cli.output_failed", {}, {{"file", file.string()}}}});
}

ledger::Actor command_line_actor() {
    return {"command-line", "", "administration"};
}

}  // namespace amate::cli
