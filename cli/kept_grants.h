#pragma once

#include "base/result.h"
#include "cli/settings.h"

namespace mcprove::cli {

/// A kept grant that runs out is renewed before it is used. Error: it could not be.
Result<void> renew_kept(Settings& settings);

}  // namespace mcprove::cli
