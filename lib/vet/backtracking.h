#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcprove::vet {

/// The part of a regular expression that a backtracking engine may try in exponentially many ways (CWE-1333): a repetition
/// that may repeat what stands in it, such as "(a+)+", or whose alternatives begin alike, such as "(a|\w)*". A heuristic:
/// it reads ECMA-262 as JSON Schema has it ("pattern"), knows no look-around, and says nothing of what it cannot read.
/// Linear in the pattern.
std::optional<std::string> costly_part(std::string_view pattern);

}  // namespace mcprove::vet
