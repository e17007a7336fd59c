#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "vet/sense.h"

namespace mcprove::vet {

/// The words that rules know, in lower case, with their senses; every word has a number so that patterns compare numbers.
class Lexicon {
 public:
  struct Entry {
    Senses senses = 0;
    std::uint32_t id = 0;  ///< 0: unknown
  };

  Lexicon();
  Entry find(std::string_view word) const;
  /// The longest stem ("инструкци*") that the word begins with, for languages that inflect.
  Entry find_stem(std::string_view word) const;
  /// The number of a word that a pattern names; a new one if it was unknown.
  std::uint32_t id_of(std::string_view word);
  /// The longest known word that `text` begins with, in bytes, for scripts without spaces; 0 if none.
  std::size_t longest_prefix(std::string_view text, Entry& entry) const;

 private:
  struct Hash {
    using is_transparent = void;
    /// FNV-1a: words are short, and nobody chooses them to collide in a table that holds only ours.
    std::size_t operator()(std::string_view s) const {
      std::size_t hash = 0xcbf29ce484222325U;
      for (const char c : s) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
      return hash;
    }
  };
  void add(std::string_view word, Senses senses);
  void add_verb(std::string_view word, Senses senses);
  void add_turned(std::string_view word);

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> words_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> stems_;
  std::size_t longest_stem_ = 0;
  std::size_t longest_word_ = 0;
  std::size_t longest_ = 0;  ///< bytes of the longest word in a script without spaces
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
