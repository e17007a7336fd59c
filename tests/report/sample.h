#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/outcome.h"

namespace mcprove::test {

/// An audit as it might have been: two findings, one at two wires, something hidden, untested, left behind. Everything a
/// server said in it is hostile: escape bytes, bidi controls, markup, and a secret in every place that a server can
/// write to.
RunOutcome sample_outcome();
/// Nobody answered.
RunOutcome unreachable_outcome();
/// The checks of sample_outcome().
Registry sample_registry();

/// A secret of sample_outcome(), known to its redactor.
inline constexpr std::string_view sample_token = "eyJhbGciOiJub25lIn0.c2VjcmV0LWNsYWltcw.c2lnbmF0dXJlLWJ5dGVz";
inline constexpr std::string_view sample_password = "correct horse/battery+staple";

/// The file tests/golden/NAME. With MCPROVE_ACCEPT=1 it is rewritten and `accepted` becomes true.
std::string golden(const std::string& name, const std::string& actual, bool& accepted);

}  // namespace mcprove::test
