// SPDX-License-Identifier: Apache-2.0
// Broken packs and the faults they must show: runs tests/cases/definitions/*.case.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    EXPECT_TRUE(stream.good()) << path;
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

// A copy of packs/demo that the case then breaks.
class BrokenPack {
public:
    BrokenPack()
        : folder_(fs::temp_directory_path() /
                  ("amate_pack_" + crypto::make_uuid_v7(static_cast<std::int64_t>(1)))) {
        fs::copy(fs::path(AMATE_ROOT) / "packs/demo", folder_, fs::copy_options::recursive);
    }
    ~BrokenPack() { fs::remove_all(folder_); }
    BrokenPack(const BrokenPack&) = delete;
    BrokenPack& operator=(const BrokenPack&) = delete;
    [[nodiscard]] const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
};

std::string from_hex(const std::string& hex) {
    std::string bytes;
    std::istringstream stream(hex);
    for (std::string pair; stream >> pair;) {
        bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
    }
    return bytes;
}

// One command with the lines under it.
struct Command {
    std::string verb, file;
    std::string body;    // of `|` lines
    std::string before;  // of `-` lines
    std::string after;   // of `+` lines
};

void apply(const Command& command, const fs::path& folder) {
    const auto path = folder / command.file;
    if (command.verb == "write") {
        write_file(path, command.body);
    } else if (command.verb == "hex") {
        write_file(path, from_hex(command.body));
    } else if (command.verb == "remove") {
        ASSERT_GT(fs::remove_all(path), 0U) << command.file;
    } else if (command.verb == "append") {
        write_file(path, read_file(path) + command.body);
    } else if (command.verb == "edit") {
        auto text = read_file(path);
        const auto at = text.find(command.before);
        ASSERT_NE(at, text.npos) << "not in " << command.file << ":\n" << command.before;
        ASSERT_EQ(text.find(command.before, at + 1), text.npos)
            << "more than once in " << command.file << ":\n"
            << command.before;
        write_file(path, text.replace(at, command.before.size(), command.after));
    } else {
        FAIL() << "no such command: " << command.verb;
    }
}

struct Case {
    std::string head;  // everything up to and with the line `----`
    std::vector<Command> commands;
    std::string expected;
};

void take_line(const std::string& line, Case& read) {
    if (line.empty() || line.starts_with("name:") || line.starts_with("purpose:") ||
        line.starts_with("source:")) {
        return;
    }
    const auto rest = line.size() > 2 ? line.substr(2) + "\n" : std::string("\n");
    if (line[0] == '|' || line[0] == '-' || line[0] == '+') {
        ASSERT_FALSE(read.commands.empty()) << line;
        auto& command = read.commands.back();
        (line[0] == '|' ? command.body : line[0] == '-' ? command.before : command.after) += rest;
        return;
    }
    // An edit is over when the next one begins, even in the same file.
    std::istringstream words(line);
    Command command;
    words >> command.verb >> command.file;
    read.commands.push_back(std::move(command));
}

// A file holds one case, or several with a line `====` between.
std::vector<Case> read_cases(const fs::path& path) {
    std::vector<Case> cases(1);
    std::istringstream stream(read_file(path));
    bool expecting = false;
    for (std::string line; std::getline(stream, line);) {
        if (line == "====") {
            EXPECT_TRUE(expecting) << "no ---- before ==== in " << path;
            cases.emplace_back();
            expecting = false;
        } else if (expecting) {
            cases.back().expected += line + "\n";
        } else {
            cases.back().head += line + "\n";
            expecting = line == "----";
            if (!expecting) take_line(line, cases.back());
        }
    }
    EXPECT_TRUE(expecting) << "no ---- in " << path;
    return cases;
}

std::string faults_of(const fs::path& folder) {
    const auto pack = load_pack(folder);
    std::string lines;
    if (!pack) {
        for (const auto& problem : pack.error()) lines += to_line(problem) + "\n";
        return lines;
    }
    const auto run = run_definition_tests(**pack);
    if (run) return "sound\n";
    for (const auto& problem : run.error()) lines += to_line(problem) + "\n";
    return lines;
}

// Whoever writes a pack works from these lines, so their places and words are held to the letter.
// AMATE_REWRITE=NAME.case (or `all`) writes what is shown now into that case; the diff is then
// reviewed.
void run_cases(const fs::path& folder, std::size_t at_least) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".case") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    const char* rewrite = std::getenv("AMATE_REWRITE");
    std::size_t count = 0;
    for (const auto& file : files) {
        std::string found;
        auto cases = read_cases(file);
        for (const auto& each : cases) {
            SCOPED_TRACE(file.filename().string() + ", " +
                         each.head.substr(0, each.head.find('\n')));
            const BrokenPack pack;
            for (const auto& command : each.commands) apply(command, pack.folder());
            if (testing::Test::HasFatalFailure()) return;
            const auto faults = faults_of(pack.folder());
            if (rewrite == nullptr) EXPECT_EQ(each.expected, faults);
            found += (found.empty() ? "" : "====\n") + each.head + faults;
        }
        count += cases.size();
        const bool named = rewrite != nullptr &&
                           (file.filename() == rewrite || std::string_view(rewrite) == "all");
        if (named) write_file(file, found);
    }
    EXPECT_GE(count, at_least);
}

TEST(BrokenPacks, ShowAllTheirFaultsInOrder) {
    run_cases(fs::path(AMATE_ROOT) / "tests/cases/definitions", 120);
}

}  // namespace
}  // namespace amate::definitions
