#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vet/lexicon.h"

namespace mcprove::vet {

/// Names in lower case.
using Names = std::set<std::string, std::less<>>;

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
  Senses subject = 0;  ///< what the tool's name and the first sentence speak of
};

/// What the reader of a text knows of the place where it stands.
struct Place {
  /// The first sentence of a description says what a tool does, often in the imperative; the first sentence about an
  /// argument says what is to be filled in.
  bool argument = false;
  const Names* own = nullptr;     ///< the tool's own arguments, in lower case
  std::uint32_t own_letters = 0;  ///< with which letters they begin, so that most words are done with at a glance
  Senses title = 0;               ///< what the tool's name and first sentence speak of
  bool trade = false;             ///< by its name and first line the tool deals with models, chats or memories
  bool manual = false;            ///< a text about a whole server: which of its tools comes first is what it is for
};

/// Of Place::own_letters.
constexpr unsigned letter_of(std::string_view word) { return word.empty() ? 0U : static_cast<unsigned char>(word[0]) & 31U; }

/// Splits into words and sentences and gives them their senses; linear in the text. `text` must outlive the result. Reads no
/// further than so many sentences.
Clauses read_clauses(std::string_view text, const Lexicon& lexicon, const Place& place = {}, std::uint32_t sentences = ~0U);
/// Marks the verbs that somebody is told to do. Phrases have had their say before: "look at" may have become a reading verb.
void mark_orders(Clauses& clauses);

}  // namespace mcprove::vet
