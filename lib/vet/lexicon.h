#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vet/sense.h"
#include "vet/word_table.h"

namespace mcprove::vet {

/// The words that rules know, in lower case, with their senses; every word has a number so that patterns compare numbers.
class Lexicon {
 public:
  struct Entry {
    Senses senses = 0;
    std::uint32_t id = 0;  ///< 0: unknown
  };

  Lexicon();
  Entry find(std::string_view word) const { return word.size() > longest_word_ ? Entry{} : find(word, hash_of(word)); }
  /// `hash` is hash_of(word).
  Entry find(std::string_view word, std::uint64_t hash) const {
    const Entry* found = words_.find(word, hash);
    return found == nullptr ? Entry{} : *found;
  }
  /// The longest stem ("инструкци*") that the word begins with, for languages that inflect.
  Entry find_stem(std::string_view word) const;
  /// The number of a word that a pattern names; a new one if it was unknown.
  std::uint32_t id_of(std::string_view word);
  /// The longest known word that `text` begins with, in bytes, for scripts without spaces; 0 if none.
  std::size_t longest_prefix(std::string_view text, Entry& entry) const;

 private:
  void add(std::string_view word, Senses senses);
  void add_verb(std::string_view word, Senses senses);
  void add_turned(std::string_view word);
  /// By the first character.
  static std::size_t place_of_sizes(std::string_view word) { return hash_of(word.substr(0, 3)) % most_sizes; }

  WordTable<Entry> words_;
  WordTable<Entry> stems_;
  std::size_t longest_stem_ = 0;
  std::size_t longest_word_ = 0;
  /// How long the words are that begin with a character of a script without spaces: a bit for each number of bytes.
  static constexpr std::size_t most_sizes = 1024;
  std::array<std::uint64_t, most_sizes> sizes_{};
};

/// One line of the lexicon: words separated by spaces, and what they all mean. A word that ends in * is a stem, which only
/// words with letters beyond ASCII are looked up by.
struct Words {
  Senses senses;
  bool verbs;  ///< add the forms with -s, -ed and -ing
  std::string_view words;
};

struct WordList {
  const Words* begin;
  const Words* end;
};

WordList english_words();
WordList western_words();  ///< Spanish, French, Portuguese, German, Indonesian
WordList eastern_words();  ///< Russian, Arabic, Urdu, Hindi, Bengali, Chinese, Japanese, Korean

}  // namespace mcprove::vet
