#pragma once

#include <optional>
#include <string_view>

#include "json/json.h"

namespace mcprove::client {

/// The capability of a client that answers elicitation/create by form (2025-11-25, elicitation).
json::Value elicitation_capability();

/// An answer for when nobody is there to be asked: elicitation/create is accepted with the defaults of its schema if these
/// cover what it requires, and else declined; a URL is never opened. ping is answered, everything else is not.
std::optional<json::Value> answer_with_defaults(std::string_view method, const json::Value& params);

}  // namespace mcprove::client
