// SPDX-License-Identifier: Apache-2.0
// Problems as the API tells them.
#pragma once

#include <string>

#include "core/result.hpp"
#include "server/message.hpp"

namespace amate::server {

// SPEC: RFC 9457. The first problem gives status, type and title; all stand in `problems`.
[[nodiscard]] Response problem_json(const Problems& problems, const std::string& language);

}  // namespace amate::server
