// SPDX-License-Identifier: Apache-2.0
// Bytes that come once and are read twice: a private file that leaves no trace; or one that does,
// until it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "core/result.hpp"

namespace amate::exchange {

inline constexpr std::int64_t kSpoolBytesMax = std::int64_t{16} << 30;

// The file has no name from the moment it is made, so it is gone when this is, or the program,
// whatever happens; one of go_on() keeps its name. Only its owner could read it. Resource; one
// thread at a time. Throws IoFailure.
class Spool {
public:
    // In that folder, which is there.
    explicit Spool(const std::filesystem::path& folder);
    // An empty file of that name, which is not there yet.
    static void begin(const std::filesystem::path& file);
    // The file of that name; what is added comes behind what it holds. Null if there is none, or
    // while another Spool, of whatever program, has it (flock).
    [[nodiscard]] static std::shared_ptr<Spool> go_on(const std::filesystem::path& file);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    // Problem exchange.too_large beyond kSpoolBytesMax.
    [[nodiscard]] Result<void> add(std::string_view bytes);
    // All that a descriptor gives until its end.
    [[nodiscard]] Result<void> add_all_of(int descriptor);
    // By which it can be opened, as often as wanted, while this is there.
    [[nodiscard]] std::filesystem::path path() const;
    [[nodiscard]] std::int64_t size() const { return size_; }
    // What was added is on the disk.
    void flush();
    // Takes the name away, where there is one: the file is gone when this is.
    void let_go();

private:
    Spool(int descriptor, std::filesystem::path name, std::int64_t size);

    int descriptor_ = -1;
    std::filesystem::path name_;  // empty: it has none
    std::int64_t size_ = 0;
};

}  // namespace amate::exchange
