#pragma once

#include <span>

#include "engine/check.h"

namespace mcprove::checks {

/// Every check under checks/, sorted by file name. CMake writes the table; there is no second list anywhere.
std::span<const RegisteredCheck> all();

}  // namespace mcprove::checks
