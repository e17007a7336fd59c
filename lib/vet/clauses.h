#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vet/lexicon.h"

namespace mcprove::vet {

struct Token {
  std::uint32_t at = 0;        ///< offset in the text
  std::uint32_t size = 0;      ///< bytes
  std::uint32_t sentence = 0;  ///< number of the sentence, from 0
  std::uint32_t id = 0;        ///< in the lexicon; 0: a word that no rule knows
  Senses senses = 0;
  bool starts_clause = false;  ///< first of its sentence, or after a comma, colon, bracket or dash
};

/// A text as its words: who is told to do what is marked on the verbs (Sense::order).
struct Clauses {
  std::string_view text;
  std::vector<Token> tokens{};
};

/// Splits into words and sentences and gives them their senses; linear in the text. `text` must outlive the result.
Clauses read_clauses(std::string_view text, const Lexicon& lexicon);
/// Marks the verbs that somebody is told to do. Phrases have had their say before: "look at" may have become a reading verb.
void mark_orders(Clauses& clauses);

}  // namespace mcprove::vet
