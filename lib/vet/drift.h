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
                          ///< "newly-visible", "moved", "changed", or the rule of lib/vet that the new words break
  bool fault = false;
  Weight severity = Weight::low;
  std::string why{};
  std::string before{};  ///< printable, one line; empty: there was nothing
  std::string after{};
};

/// `now` against what was pinned; faults first. Servers that were pinned and are not in `now` are not compared, but stay
/// part of the set that the new words are judged in.
///
/// Who may see a tool: a pinned tool that an identity did not see and now sees is a fault, unless it was shown to strangers
/// ("anonymous") alone, who are below everybody; of two who log in, nothing says who is above the other. Whom the lock does
/// not name cannot be compared; "anonymous" saw nothing where only others were pinned.
std::vector<Change> drift(const std::vector<Pinned>& pinned, const std::vector<Pinned>& now);

/// What a schema allows that it did not, at any depth and through references, allOf, anyOf and oneOf: values, types, forms
/// or members that it refused. What is narrower, or says the same in other words, is none. `why` and `pointer` of each
/// change are set. Work is bounded: what is too large to be compared is told as one change of the whole.
std::vector<Change> widened(const json::Value& before, const json::Value& after);

}  // namespace mcprove::vet
