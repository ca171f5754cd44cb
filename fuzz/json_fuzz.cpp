// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of JSON lines: whatever the bytes, rows or problems, and it comes to an end.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/text.hpp"
#include "exchange/internal/json_rows.hpp"

namespace {

namespace exchange = amate::exchange::internal;

void read_all(const std::filesystem::path& file) {
    const auto rows =
        exchange::open_json_rows(file, {{"day", false}, {"name", false}, {"rows", true}}, "f");
    if (!rows) {
        AMATE_CHECK(!rows.error().empty());
        return;
    }
    const auto width = (*rows)->header().cells.size();
    amate::Row row;
    std::int64_t line = 0;
    for (;;) {
        amate::Problems problems;
        const auto state = (*rows)->next(row, problems);
        AMATE_CHECK(state.has_value());
        if (*state == amate::RowState::end) return;
        AMATE_CHECK(row.line > line && row.cells.size() >= width);
        AMATE_CHECK(row.kinds.size() == row.cells.size());
        AMATE_CHECK((*state == amate::RowState::whole) == problems.empty());
        if (*state == amate::RowState::whole) {
            for (const auto& cell : row.cells) AMATE_CHECK(!amate::find_invalid_utf8(cell));
        }
        line = row.line;
    }
}

}  // namespace

// --seeds=DIR writes a few lines of every kind.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (int i = 1; i < *count; ++i) {
        const std::string argument = (*arguments)[i];
        if (!argument.starts_with("--seeds=")) continue;
        const std::filesystem::path folder = argument.substr(8);
        std::filesystem::create_directories(folder);
        const std::string seeds[] = {
            "{\"day\":\"2018-03-01\",\"name\":\"N\\u00fa\"}\n{\"rows\":[{\"a\":1},[null,true]]}\n",
            "{\"day\":1}\n{\"day\":1.50e2,\"nme\":null,\"day\":false}\n{\"day\":\"\\u0000\"}",
            "{}\n[1]\n{\"rows\":{\"a\":[]}}\n{\"name\":12345678901234567890123}\n",
        };
        for (std::size_t seed = 0; seed < std::size(seeds); ++seed) {
            std::ofstream(folder / std::to_string(seed), std::ios::binary) << seeds[seed];
        }
        std::exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int descriptor = memfd_create("jsonl", 0);
    AMATE_CHECK(descriptor >= 0);
    AMATE_CHECK(write(descriptor, data, size) == static_cast<ssize_t>(size));
    read_all("/proc/self/fd/" + std::to_string(descriptor));
    close(descriptor);
    return 0;
}
