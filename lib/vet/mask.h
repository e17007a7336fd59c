#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "vet/lock.h"

namespace re2 {
class RE2;
}

namespace mcprove::vet {

/// Words that change by themselves, such as dates and counters, made the same on both sides of a comparison.
class Mask {
 public:
  /// Error::usage names the expression that is none. RE2's syntax.
  static Result<Mask> of(const std::vector<std::string>& expressions);
  bool empty() const { return expressions_.empty(); }

  /// Every string but the names by which things are told apart; `places` grows by how many were changed.
  Pinned masked(Pinned server, std::size_t& places) const;

 private:
  json::Value masked(const json::Value& value, std::size_t depth, std::size_t& places) const;
  std::string masked(std::string text, std::size_t& places) const;
  std::vector<std::shared_ptr<const re2::RE2>> expressions_{};
};

}  // namespace mcprove::vet
