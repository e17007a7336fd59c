#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "vet/manifest.h"

namespace mcprove::vet {

/// Manifests out of what somebody saved: a tools/list result, the JSON-RPC response around it, an array of tools,
/// `{server, tools, instructions, ...}`, an array of these, or JSON lines of any of them. A server that is not named
/// there is called `name`. Error::malformed says what was expected; nothing is guessed.
Result<std::vector<Manifest>> read_capture(std::string_view text, std::string_view name);

}  // namespace mcprove::vet
