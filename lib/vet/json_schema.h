#pragma once

#include <cstdint>
#include <string>

#include "json/json.h"

namespace mcprove::vet {

/// Does a value fit a JSON schema (2020-12, and what drafts 4 to 7 spell otherwise)?
struct Fit {
  enum class Answer : std::uint8_t { fits, misfits, unknown };
  Answer answer = Answer::fits;
  std::string pointer{};  ///< within the value, where it does not, or where we cannot tell
  std::string why{};      ///< "has the type string, not integer"; for unknown: what we do not judge
};

/// Never a network request, never more than a bounded number of steps, and never a guess: a keyword that is not judged here
/// ($dynamicRef, unevaluatedProperties, an expression that RE2 does not read, ...) and on which the answer hangs gives
/// unknown. `format` only annotates, as the standard has it.
Fit fit(const json::Value& schema, const json::Value& value);

}  // namespace mcprove::vet
