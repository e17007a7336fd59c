#pragma once

#include <string>

#include "base/result.h"
#include "cli/settings.h"

namespace mcprove::cli {

/// Reads mcprove.toml (mcprove.toml(5)) into the settings. Nothing is passed over: an unknown key or a value of the wrong
/// kind is an Error of kind usage with file and line, and the nearest right key. Secrets come from the environment
/// variables and files that it names, never from the file itself.
Result<void> read_config(const std::string& path, Settings& settings);

}  // namespace mcprove::cli
