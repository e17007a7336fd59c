#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vet/clauses.h"

namespace mcprove::vet {

/// Patterns over words and senses, all tried in one pass. A pattern is items separated by spaces:
///   word        that word, in lower case
///   @read       a word with that sense; @read&past: with all of them, @read&-past: without the second
///   read!       a verb of that sense that the reader is ordered to do; read-: that he is told not to do
///   a|b|@read   any of these
///   *5          up to five other words in between, within the sentence; **5 goes on into the next one
///   $           nothing: the sentence or clause ends
/// A pattern that begins with ~5 takes its items in any order, up to five other words between two of them: other languages
/// put their verbs elsewhere.
/// Each attempt takes a bounded number of steps, so that no text costs more than linear time.
class PatternSet {
 public:
  struct Match {
    std::size_t tag = 0;    ///< what add() was given
    std::size_t first = 0;  ///< tokens, inclusive
    std::size_t last = 0;
  };

  /// False if the pattern is malformed: a mistake of ours that a test finds.
  bool add(std::string_view pattern, std::size_t tag, Lexicon& lexicon);
  /// The matches, in the order of the text; of one pattern at most one at each word.
  /// Adds to `work` the steps that it took.
  std::vector<Match> find(const Clauses& clauses, std::size_t* work = nullptr) const;

 private:
  struct Test {
    std::uint32_t id = 0;  ///< a word, if not 0
    Senses all = 0;
    Senses none = 0;
  };
  /// What a word, or one of a sentence, has to be: one of these, at least as far as a bit can tell.
  struct Hint {
    std::uint64_t ids = 0;  ///< a bit for the number of each word
    Senses senses = 0;
    bool fits(const Hint& hint) const { return ((ids & hint.ids) | (senses & hint.senses)) != 0; }
  };
  struct Item {
    std::vector<Test> any{};
    Hint hint{};           ///< bits without which no test holds
    std::size_t gap = 0;   ///< words that may stand before
    bool crosses = false;  ///< the gap may go on into the next sentence
    bool end = false;      ///< matches the end of a clause
  };
  struct Pattern {
    std::vector<Item> items{};
    std::size_t tag = 0;
  };
  /// A pattern that a word may begin.
  struct Attempt {
    std::uint32_t pattern = 0;
    Hint rarest{};  ///< what its sentence holds if the pattern matches; of its items the one that the fewest words fit
  };

  bool add_ordered(std::vector<Item> items, std::size_t tag);
  static bool parse_test(std::string_view word, Lexicon& lexicon, Item& item);
  static Hint hint_of(const Token& token) { return {std::uint64_t{1} << (token.id & 63U), token.senses}; }
  static Hint hint_of(const Item& item);
  static Hint rarest_of(const std::vector<Item>& items);
  static std::vector<Hint> hints_of_sentences(const std::vector<Token>& tokens);
  static bool fits(const Item& item, const Token& token);
  /// The items after the first may find their words in this sentence.
  static bool may_match(const Pattern& pattern, const Hint& sentence);
  bool match(const Pattern& pattern, std::size_t item, const std::vector<Token>& tokens, std::size_t at, std::size_t& last,
             int& steps) const;

  std::vector<Pattern> patterns_{};
  std::vector<std::vector<Attempt>> by_word_{};  ///< index: the number of the word
  std::vector<std::vector<Attempt>> by_sense_ = std::vector<std::vector<Attempt>>(64);
  Senses heads_ = 0;
};

}  // namespace mcprove::vet
