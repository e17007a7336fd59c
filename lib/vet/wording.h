#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace mcprove::vet {

/// How much the words of a tool sound like poison rather than like a description: the logarithm of the odds by a linear model
/// over words and pairs of words. tests/vet/train_words.py trains it on the project's own texts. Deterministic.
struct Wording {
  double score = 0;                  ///< 0: as likely as not, on texts of which half are poisoned
  std::vector<std::string> terms{};  ///< the three that say most for poison, heaviest first
};
Wording wording_of(const json::Value& tool);
/// SHA-256 of the texts that it was trained on, one behind the other.
std::string_view wording_texts();

/// A score above which few honest tools lie: 0.3 % of those that are published.
constexpr double suspicious_wording = 1.7;

}  // namespace mcprove::vet
