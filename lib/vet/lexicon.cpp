#include "vet/lexicon.h"

#include <algorithm>
#include <array>

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

Lexicon::Entry Lexicon::find(std::string_view word) const {
  if (word.size() > longest_word_) return {};
  const auto found = words_.find(word);
  return found == words_.end() ? Entry{} : found->second;
}

Lexicon::Entry Lexicon::find_stem(std::string_view word) const {
  for (std::size_t size = std::min(longest_stem_, word.size()); size > 0; --size) {
    const auto found = stems_.find(word.substr(0, size));
    if (found != stems_.end()) return found->second;
  }
  return {};
}

std::uint32_t Lexicon::id_of(std::string_view word) {
  add(word, 0);
  return words_.find(word)->second.id;
}

std::size_t Lexicon::longest_prefix(std::string_view text, Entry& entry) const {
  for (std::size_t size = std::min(longest_, text.size()); size > 0; --size) {
    const auto found = words_.find(text.substr(0, size));
    if (found == words_.end()) continue;
    entry = found->second;
    return size;
  }
  return 0;
}

void Lexicon::add(std::string_view word, Senses senses) {
  if (word.ends_with('*')) {
    word.remove_suffix(1);
    longest_stem_ = std::max(longest_stem_, word.size());
    Entry& stem = stems_[std::string(word)];
    // A stem needs no number of its own: patterns name whole words.
    stem.id = ~0U;
    stem.senses |= senses;
    return;
  }
  Entry& entry = words_[std::string(word)];
  if (entry.id == 0) entry.id = static_cast<std::uint32_t>(words_.size());
  entry.senses |= senses;
  longest_word_ = std::max(longest_word_, word.size());
  if (without_spaces(word)) longest_ = std::max(longest_, word.size());
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
