#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "vet/sense.h"
#include "vet/vet.h"

namespace mcprove::vet {

/// Which side of a poisoned text a rule sees. A low rule describes how honest authors write too; two of different sides,
/// close to each other, are a sign that neither is alone.
enum class Aspect : std::uint8_t {
  none,      ///< says nothing together with others
  data,      ///< what is wanted from the user or the model
  keys,      ///< what opens doors is wanted
  stray,     ///< data is wanted that is none of the tool's business
  sink,      ///< where it goes
  secrecy,   ///< against whose knowledge
  consent,   ///< what keeps the user safe is left out
  pressure,  ///< authority, threats, rewards, pretexts
  scope,     ///< other tools, other times, every request
  rank,      ///< whose word counts
  role,      ///< who the model is to be
  money,     ///< sums and where they go
  gain,      ///< what pays the author: sponsors, referrals
  will,      ///< other than the user said
  trigger,   ///< only at some time, or after some word
  step,      ///< beside what the tool is for
};

/// A rule over who is told to do what: data, with what it must find and what it must leave alone.
struct ClauseRule {
  std::string_view id;
  Weight weight;
  Aspect aspect;
  std::string_view why;
  std::array<std::string_view, 80> patterns;  ///< see PatternSet; empty ones are unused
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
ClauseRules hint_rules();    ///< what is worth little by itself
ClauseRules stray_rules();   ///< hints of what is none of the tool's business
Phrases phrases();

}  // namespace mcprove::vet
