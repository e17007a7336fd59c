#include "vet/lexicon.h"

#include <algorithm>
#include <array>
#include <bit>

namespace mcprove::vet {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Sense::count_)> names = {
    "read",    "give",       "put",     "call",       "change",    "ignore",   "tell",    "know",       "claim",     "ask",
    "prefer",  "obey",       "third",   "past",       "ongoing",   "agent",    "user",    "tool",       "parameter", "rules",
    "secret",  "credential", "context", "personal",   "intimate",  "external", "target",  "money",      "number",    "sink",
    "defence", "guard",      "store",   "excuse",     "late",      "own",      "screen",  "outcome",    "foreign",   "negation",
    "modal",   "copula",     "adverb",  "always",     "also",      "covert",   "before",  "condition",  "previous",  "system",
    "all",     "other",      "itself",  "henceforth", "describes", "joins",    "partial", "infinitive", "order",     "negated",
    "passive", "quoted",     "rot13",   "reversed"};

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

/// "stop" becomes stopping: a short word that ends in one vowel and one consonant.
bool doubles(std::string_view word) {
  if (word.size() < 3 || word.size() > 4) return false;
  const char last = word[word.size() - 1];
  return !is_vowel(last) && last != 'w' && last != 'x' && last != 'y' && is_vowel(word[word.size() - 2]) &&
         !is_vowel(word[word.size() - 3]);
}

template <class Each>
void each_word(std::string_view list, Each each) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    if (end > at) each(list.substr(at, end - at));
    at = end + 1;
  }
}

bool without_spaces(std::string_view word) {
  const auto first = static_cast<unsigned char>(word.front());
  return first >= 0xe3 && first <= 0xe9;  // kana and the Chinese characters
}

}  // namespace

Sense sense_named(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<Sense>(found - names.begin());
}

Lexicon::Lexicon() {
  for (const WordList list : {english_words(), western_words(), eastern_words()}) {
    for (const Words* line = list.begin; line != list.end; ++line) {
      each_word(line->words, [&](std::string_view word) {
        if (line->verbs) {
          add_verb(word, line->senses);
        } else {
          add(word, line->senses);
        }
      });
    }
  }
  for (const char* word :
       {"ignore", "previous", "instructions", "disregard", "system", "prompt", "password", "conversation", "user", "secret",
        "reveal", "credentials", "contents", "without", "telling", "override", "send", "read"})
    add_turned(word);
}

Lexicon::Entry Lexicon::find_stem(std::string_view word) const {
  const std::size_t longest = std::min(longest_stem_, word.size());
  Entry out;
  std::uint64_t hash = no_letters;
  for (std::size_t size = 1; size <= longest; ++size) {
    hash = with_letter(hash, word[size - 1]);
    if (const Entry* found = stems_.find(word.substr(0, size), hash)) out = *found;
  }
  return out;
}

std::uint32_t Lexicon::id_of(std::string_view word) {
  add(word, 0);
  return words_.find(word)->id;
}

std::size_t Lexicon::longest_prefix(std::string_view text, Entry& entry) const {
  std::size_t longest = 0;
  std::size_t read = 0;
  std::uint64_t hash = no_letters;
  for (std::uint64_t sizes = sizes_[place_of_sizes(text)]; sizes != 0; sizes &= sizes - 1) {
    const auto size = static_cast<std::size_t>(std::countr_zero(sizes));
    if (size > text.size()) break;
    while (read < size) hash = with_letter(hash, text[read++]);
    if (const Entry* found = words_.find(text.substr(0, size), hash)) {
      entry = *found;
      longest = size;
    }
  }
  return longest;
}

void Lexicon::add(std::string_view word, Senses senses) {
  if (word.ends_with('*')) {
    word.remove_suffix(1);
    longest_stem_ = std::max(longest_stem_, word.size());
    Entry& stem = stems_[word];
    // A stem needs no number of its own: patterns name whole words.
    stem.id = ~0U;
    stem.senses |= senses;
    return;
  }
  Entry& entry = words_[word];
  if (entry.id == 0) entry.id = static_cast<std::uint32_t>(words_.size());
  entry.senses |= senses;
  longest_word_ = std::max(longest_word_, word.size());
  if (without_spaces(word) && word.size() < 64) sizes_[place_of_sizes(word)] |= std::uint64_t{1} << word.size();
}

void Lexicon::add_verb(std::string_view word, Senses senses) {
  add(word, senses);
  std::string stem(word);
  const bool final_e = word.back() == 'e';
  const bool final_y = word.back() == 'y' && word.size() > 2 && !is_vowel(word[word.size() - 2]);
  const bool hissing = word.ends_with("s") || word.ends_with("x") || word.ends_with("sh") || word.ends_with("ch");
  if (final_y) {
    stem.pop_back();
    add(stem + "ies", senses | Sense::third);
    add(stem + "ied", senses | Sense::past);
    add(std::string(word) + "ing", senses | Sense::ongoing);
    return;
  }
  add(stem + (hissing ? "es" : "s"), senses | Sense::third);
  if (final_e) stem.pop_back();
  if (!final_e && doubles(word)) stem += word.back();
  add(stem + "ed", senses | Sense::past);
  add(stem + "ing", senses | Sense::ongoing);
}

void Lexicon::add_turned(std::string_view word) {
  std::string turned(word);
  for (char& c : turned) c = static_cast<char>((c - 'a' + 13) % 26 + 'a');
  add(turned, bit(Sense::rot13));
  add(std::string(word.rbegin(), word.rend()), bit(Sense::reversed));
}

}  // namespace mcprove::vet
