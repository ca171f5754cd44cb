// SPDX-License-Identifier: Apache-2.0
// Bytes that come once and are read twice: a private file that leaves no trace.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/result.hpp"

namespace amate::exchange {

inline constexpr std::int64_t kSpoolBytesMax = std::int64_t{16} << 30;

// The file has no name from the moment it is made, so it is gone when this is, or the program,
// whatever happens. Only its owner could read it. Resource; one thread at a time. Throws IoFailure.
class Spool {
public:
    // In that folder, which is there.
    explicit Spool(const std::filesystem::path& folder);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    // Problem exchange.too_large beyond kSpoolBytesMax.
    [[nodiscard]] Result<void> add(std::string_view bytes);
    // All that a descriptor gives until its end.
    [[nodiscard]] Result<void> add_all_of(int descriptor);
    // By which it can be opened, as often as wanted, while this is there.
    [[nodiscard]] std::filesystem::path path() const;

private:
    int descriptor_ = -1;
    std::int64_t size_ = 0;
};

}  // namespace amate::exchange
