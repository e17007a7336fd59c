#pragma once

#include <cstdint>
#include <memory>
#include <string>
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

struct Rule {
  std::string id{};
  Weight weight = Weight::low;
  Aspect aspect = Aspect::none;
  std::string why{};
  Guard guard{};
  std::string needs{};                   ///< one of these characters stands in every match; empty: any
  std::unique_ptr<const RE2> pattern{};  ///< group 1 is what commands
};

/// Compiled once; every gap is bounded and stays within a sentence.
const std::vector<Rule>& rules();

}  // namespace mcprove::vet
