#pragma once

#include "engine/check.h"

namespace mcprove::cli {

/// Reads the command line and runs the command that it names. Returns the exit code.
int run(int argc, const char* const* argv, const Registry& registry);

}  // namespace mcprove::cli
