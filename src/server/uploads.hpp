// SPDX-License-Identifier: Apache-2.0
// Files that come in parts, kept until they are whole: over a line that breaks, a file goes on
// where it stopped.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "exchange/spool.hpp"
#include "ledger/unit_of_work.hpp"

namespace amate::server {

struct Upload {
    std::string id;  // 32 hexadecimal digits, drawn at random
    std::string source_name;
    std::string media_type;   // "": the first bytes decide
    std::int64_t length = 0;  // bytes of the whole file
    std::int64_t offset = 0;  // those that are here
    bool here = true;         // false: its batch has ended
    ledger::Actor actor;      // who began it; nobody else sees it
    std::string batch;        // digest of the file once it was handed on; "" before
    std::chrono::sys_seconds expires;
};

// A folder, its owner's alone: ID.json says what is expected, ID.part is what has come. The file
// goes when its batch has ended; what the first says stays until it expires, so that whoever lost
// the last answer learns that all came. Nothing is kept in memory: safe from many threads and
// programs. Throws IoFailure.
class Uploads {
public:
    static constexpr std::size_t kPartsMax = 64;    // files kept at once
    static constexpr std::chrono::hours kKept{24};  // since bytes came last

    explicit Uploads(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Expects such a file. Problem registry.busy.
    [[nodiscard]] Result<Upload> begin(const std::string& source_name,
                                       const std::string& media_type, std::int64_t length,
                                       const ledger::Actor& actor) const;
    // Nothing: there is none of that name, it has expired, or it is somebody else's.
    [[nodiscard]] std::optional<Upload> find(std::string_view id, const ledger::Actor& actor) const;
    // To add behind its offset. Null while somebody adds to it or its batch is taken in, and once
    // that has ended.
    [[nodiscard]] std::shared_ptr<exchange::Spool> go_on(const Upload& upload) const;
    // Its file was handed on and is called so.
    void hand_on(const Upload& upload, const std::string& batch) const;
    // Nothing of it is left. False, and nothing is done, while somebody adds to it or its batch is
    // taken in.
    [[nodiscard]] bool end(const Upload& upload) const;
    // Ends those that have expired by then; how many.
    std::size_t sweep(std::chrono::sys_seconds now) const;

private:
    [[nodiscard]] std::filesystem::path facts_of(std::string_view id) const;
    [[nodiscard]] std::filesystem::path part_of(std::string_view id) const;

    std::filesystem::path folder_;
};

}  // namespace amate::server
