#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "vet/sense.h"
#include "vet/vet.h"

namespace mcprove::vet {

/// A rule over who is told to do what: data, with what it must find and what it must leave alone.
struct ClauseRule {
  std::string_view id;
  Weight weight;
  std::string_view why;
  std::array<std::string_view, 32> patterns;  ///< see PatternSet; empty ones are unused
  std::array<std::string_view, 8> bad;        ///< texts that it must point at
  std::array<std::string_view, 8> good;       ///< texts that it must not
};

/// Several words that mean something together; tried before the rules, in this order.
struct Phrase {
  Senses senses;
  std::string_view pattern;
};

struct ClauseRules {
  const ClauseRule* begin;
  const ClauseRule* end;
};

struct Phrases {
  const Phrase* begin;
  const Phrase* end;
};

ClauseRules clause_rules();  ///< what is told, with which data
ClauseRules manner_rules();  ///< against whose knowledge, in whose place, with which pressure
Phrases phrases();

}  // namespace mcprove::vet
