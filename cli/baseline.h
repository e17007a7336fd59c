#pragma once

#include "base/result.h"
#include "cli/settings.h"

namespace mcprove::cli {

/// Reads the files that say what the server was when somebody looked at it, and lays them and [trust] into the options.
/// Error::usage for a file that cannot be read or is not what it should be. A lock whose signature does not hold is no such
/// error: the audit says that nothing was compared with it.
Result<void> read_reviewed(Settings& settings);

}  // namespace mcprove::cli
