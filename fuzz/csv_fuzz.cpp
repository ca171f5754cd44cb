// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of CSV files: whatever the bytes, rows or problems, and it comes to an end.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/csv.hpp"

namespace {

void read_all(const std::filesystem::path& file, const amate::CsvFormat& format) {
    auto reader = amate::CsvReader::open(file, format);
    AMATE_CHECK(reader.has_value());
    amate::CsvRow row;
    std::int64_t line = 0;
    while (true) {
        const auto more = reader->next(row);
        if (!more) continue;  // a problem of one row; reading goes on
        if (!*more) break;
        AMATE_CHECK(row.line > line && row.cells.size() <= format.columns_max);
        line = row.line;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const int descriptor = memfd_create("csv", 0);
    AMATE_CHECK(descriptor >= 0);
    const auto length = static_cast<ssize_t>(size - 1);
    AMATE_CHECK(write(descriptor, data + 1, size - 1) == length);
    amate::CsvFormat format;
    format.delimiter = (data[0] & 1) != 0 ? ';' : ',';
    format.encoding = (data[0] & 2) != 0 ? amate::Encoding::windows_1252 : amate::Encoding::utf8;
    format.row_bytes_max = 200;
    format.columns_max = 10;
    read_all("/proc/self/fd/" + std::to_string(descriptor), format);
    close(descriptor);
    return 0;
}
