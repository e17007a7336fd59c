#include "vet/wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <unicode/uchar.h>

#include "base/utf8.h"

namespace mcprove::vet {

namespace {

struct Term {
  std::string_view words;
  double weight;
};

#include "vet/word_weights.inc"

constexpr std::size_t shortest_text = 13;
constexpr std::size_t longest_word = 24;
constexpr std::size_t most_words = 600;

const std::unordered_map<std::string_view, double>& weights() {
  static const auto all = [] {
    std::unordered_map<std::string_view, double> out;
    for (const Term& term : terms) out.emplace(term.words, term.weight);
    return out;
  }();
  return all;
}

/// Japanese, Chinese and Korean, read by pairs of characters.
bool is_unspaced(char32_t c) { return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3); }

/// The terms of a tool that the model knows; each counts once.
class Reader {
 public:
  void read(const json::Value& value, std::string_view key) {
    if (const auto text = value.string()) {
      if (text->size() >= shortest_text && !is_silent(key)) add(*text);
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) read(value.at(i), key);
    } else if (value.is_object()) {
      for (const std::string& inner : value.keys()) read(value.at(inner), inner);
    }
  }

  Wording judged() const {
    Wording out;
    double sum = 0;
    std::vector<std::pair<double, std::string_view>> for_it;
    for (const auto& [words, weight] : known_) {
      sum += weight;
      if (weight > 0) for_it.emplace_back(-weight, words);
    }
    out.score = bias + sum / std::sqrt(static_cast<double>(known_.size()) + 1);
    std::ranges::sort(for_it);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, for_it.size()); ++i) out.terms.emplace_back(for_it[i].second);
    return out;
  }

 private:
  static bool is_silent(std::string_view key) {
    constexpr std::array<std::string_view, 7> keys = {"name", "$ref", "$schema", "$id", "pattern", "format", "type"};
    return std::ranges::find(keys, key) != keys.end();
  }

  void add(std::string_view text) {
    std::string word;
    for (std::size_t at = 0; at < text.size() && words_ < most_words;) {
      const auto one = text::decode_utf8(text, at);
      at += one.bytes;
      const auto c = static_cast<char32_t>(u_tolower(static_cast<UChar32>(one.code_point)));
      if (is_unspaced(c)) add_character(c);
      if (u_isalpha(static_cast<UChar32>(c)) != 0) text::append_utf8(word, c);
      else end(word);
    }
    end(word);
  }

  void end(std::string& word) {
    if (word.empty()) return;
    if (word.size() <= longest_word && words_ < most_words) {
      ++words_;
      know(word);
      if (!last_.empty()) know(last_ + " " + word);
      last_ = word;
    }
    word.clear();
  }

  void add_character(char32_t c) {
    if (characters_ == most_words) return;
    ++characters_;
    std::string one;
    text::append_utf8(one, c);
    if (!character_.empty()) know(character_ + one);
    character_ = std::move(one);
  }

  void know(std::string_view term) {
    const auto found = weights().find(term);
    if (found != weights().end()) known_.emplace(found->first, found->second);
  }

  std::unordered_map<std::string_view, double> known_{};
  std::string last_{};
  std::string character_{};
  std::size_t words_ = 0;
  std::size_t characters_ = 0;
};

}  // namespace

Wording wording_of(const json::Value& tool) {
  Reader reader;
  reader.read(tool, {});
  return reader.judged();
}

}  // namespace mcprove::vet
