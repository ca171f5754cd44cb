// SPDX-License-Identifier: Apache-2.0
// Makes answers small for poor networks.
#pragma once

#include <string>
#include <string_view>

namespace amate::server {

// RFC 1952, one member.
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace amate::server
