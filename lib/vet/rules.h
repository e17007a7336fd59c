#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "vet/clause_rules.h"
#include "vet/vet.h"

namespace mcprove::vet {

/// What keeps honest prose from matching.
struct Guard {
  bool negation = true;     ///< "never reads ~/.ssh" says the opposite
  bool description = true;  ///< "detects ..." and quoted words speak of an attack
  bool command = false;     ///< needs a word before it that commands the model: "you must", "first", "always"
};

/// A regular expression that is compiled when first a text is worth it.
class LatePattern {
 public:
  LatePattern(std::string source, const RE2::Options& options) : source_(std::move(source)), options_(options) {}
  const RE2& compiled() const {
    std::call_once(once_, [this] { pattern_ = std::make_unique<const RE2>(source_, options_); });
    return *pattern_;
  }
  bool ok() const { return compiled().ok(); }
  const std::string& error() const { return compiled().error(); }

 private:
  std::string source_;
  RE2::Options options_;
  mutable std::once_flag once_{};
  mutable std::unique_ptr<const RE2> pattern_{};
};

struct Rule {
  std::string id{};
  Weight weight = Weight::low;
  Aspect aspect = Aspect::none;
  std::string why{};
  Guard guard{};
  std::string_view marks{};  ///< one of these characters stands in every match; empty: any
  /// So does one word of each, in whatever case, in the text as it is sent; empty: any.
  std::array<std::vector<std::string_view>, 2> words{};
  std::unique_ptr<const LatePattern> pattern{};  ///< group 1 is what commands
};

/// Every gap is bounded and stays within a sentence.
const std::vector<Rule>& rules();

}  // namespace mcprove::vet
