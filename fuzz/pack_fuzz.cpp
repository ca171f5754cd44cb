// SPDX-License-Identifier: Apache-2.0
// Fuzzes the loader of packs: one file of the invented country's pack is replaced by any bytes.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/pack.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view bytes) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    AMATE_CHECK(out.good());
}

// A copy of the pack that may be spoilt, in memory where the machine has such a folder.
struct Copy {
    fs::path root;
    std::vector<fs::path> files;  // sorted: an input's first byte says which one it replaces
    std::vector<std::string> contents;

    Copy() {
        const fs::path memory = "/dev/shm";
        root = (fs::is_directory(memory) ? memory : fs::temp_directory_path()) /
               ("pack_fuzz." + std::to_string(getpid()));
        fs::remove_all(root);
        fs::copy(fs::path(AMATE_ROOT) / "packs/demo", root, fs::copy_options::recursive);
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.is_regular_file()) files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        AMATE_CHECK(files.size() < 256);
        for (const auto& file : files) contents.push_back(read(file));
    }
    ~Copy() { fs::remove_all(root); }
};

Copy& copy() {
    static Copy only;
    return only;
}

}  // namespace

// `--seeds=DIR` writes each file of the pack as an input to begin with, and stops.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    const std::string_view flag = "--seeds=";
    for (int i = 1; i < *argc; ++i) {
        const std::string_view argument = (*argv)[i];
        if (argument.substr(0, flag.size()) != flag) continue;
        const fs::path folder(argument.substr(flag.size()));
        fs::create_directories(folder);
        for (std::size_t n = 0; n < copy().files.size(); ++n) {
            write(folder / std::to_string(n), static_cast<char>(n) + copy().contents[n]);
        }
        std::exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto which = data[0] % copy().files.size();
    write(copy().files[which], bytes);
    const auto pack = amate::definitions::load_pack(copy().root);
    if (pack) {
        static_cast<void>(amate::definitions::run_definition_tests(**pack));
    } else {
        AMATE_CHECK(!pack.error().empty());
    }
    write(copy().files[which], copy().contents[which]);
    return 0;
}
