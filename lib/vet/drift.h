#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vet/lock.h"
#include "vet/manifest.h"

/// What changed since a review, and whether it matters.
namespace mcprove::vet {

/// One difference. A fault needs a new review; the rest is drift that a reviewer would wave through.
struct Change {
  std::string server{};
  Kind kind = Kind::tool;
  std::string name{};     ///< of the tool, prompt or resource; empty for instructions and the server itself
  std::string pointer{};  ///< RFC 6901, within it
  std::string rule{};     ///< "added", "removed", "renamed", "widened-schema", "flipped-annotation", "new-power",
                          ///< "newly-visible", "changed", or the rule of lib/vet that the new words break
  bool fault = false;
  Weight severity = Weight::low;
  std::string why{};
  std::string before{};  ///< printable, one line; empty: there was nothing
  std::string after{};
};

/// `now` against what was pinned; faults first. Servers that were pinned and are not in `now` are not compared.
std::vector<Change> drift(const std::vector<Pinned>& pinned, const std::vector<Pinned>& now);

/// What a schema allows that it did not: enum, const, pattern, bounds, required or additionalProperties loosened, types
/// added, at any depth. `why` and `pointer` of each change are set.
std::vector<Change> widened(const json::Value& before, const json::Value& after);

}  // namespace mcprove::vet
