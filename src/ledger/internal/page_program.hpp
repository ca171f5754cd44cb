// SPDX-License-Identifier: Apache-2.0
// For tests only: runs the programs that stand on the format page, as an outsider would.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "store/durable_file.hpp"

namespace amate::ledger::internal {

// The text of the program the page tells to run as `python3 NAME`; "" if there is none.
inline std::string page_program(const std::string& name) {
    const auto page = store::read_small_file(std::string(AMATE_ROOT) + "/docs/formats/ledger.md");
    const std::string fence = "```python\n";
    const auto told = page.find("`python3 " + name);
    if (told == page.npos) return {};
    const auto begin = page.find(fence, told) + fence.size();
    return page.substr(begin, page.find("```", begin) - begin);
}

// Its exit code, run on `arguments` with `folder` for its file; -1 if it could not be run.
inline int run_page_program(const std::string& name, const std::filesystem::path& folder,
                            std::vector<std::string> arguments) {
    const auto script = folder / name;
    store::write_durably(script, page_program(name), store::FileRights::everybody);
    arguments.insert(arguments.begin(), {"python3", script.string()});
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, 1);
        ::dup2(nowhere, 2);
        ::execvp("python3", words.data());
        _exit(126);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace amate::ledger::internal
