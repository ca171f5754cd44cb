// SPDX-License-Identifier: Apache-2.0
// Where a store lies, as a text: "sqlite:FILE" or "postgresql://[user@][host][:port]/database".
#pragma once

#include <string>
#include <string_view>

namespace amate::store {

inline constexpr std::string_view kSqliteAddress = "sqlite:";

[[nodiscard]] bool is_sqlite_address(std::string_view address);

// What is wrong with an address, never a part of it that may be secret; "" if it is sound. An
// address that holds a password is not: addresses stand in files and are shown. The password goes
// into ~/.pgpass or a service file (docs/formats/workspace.md).
[[nodiscard]] std::string fault_of_address(const std::string& address);

}  // namespace amate::store
