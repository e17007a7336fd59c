#include "vet/wording.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include <unicode/uchar.h>

#include "base/utf8.h"
#include "vet/members.h"
#include "vet/word_table.h"

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

/// Where each term stands in `terms`.
const WordTable<std::uint32_t>& places() {
  static const auto all = [] {
    WordTable<std::uint32_t> out;
    for (std::size_t i = 0; i < std::size(terms); ++i) out[terms[i].words] = static_cast<std::uint32_t>(i);
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
    if (const auto* text = text_in(value)) {
      if (text->size() >= shortest_text && !is_silent(key)) add(*text);
      return;
    }
    each_item(value, [&](std::size_t, const json::Value& item) { read(item, key); });
    each_member(value, [&](const std::string& inner, const json::Value& member) { read(member, inner); });
  }

  Wording judged() const {
    Wording out;
    double sum = 0;
    std::vector<std::pair<double, std::string_view>> for_it;
    for (const std::uint32_t place : known_) {
      const Term& term = terms[place];
      sum += term.weight;
      if (term.weight > 0) for_it.emplace_back(-term.weight, term.words);
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
    for (std::size_t at = 0; at < text.size() && words_ < most_words;) {
      const char c = text[at];
      const char lower = static_cast<char>(c | 0x20);
      if (lower >= 'a' && lower <= 'z') {
        ++at;
        put(lower);
      } else if (static_cast<unsigned char>(c) < 0x80) {
        ++at;
        end();
      } else {
        at += add_wide(text, at);
      }
    }
    end();
  }

  /// A character beyond ASCII; returns its bytes.
  std::size_t add_wide(std::string_view text, std::size_t at) {
    const auto one = text::decode_utf8(text, at);
    const auto c = static_cast<char32_t>(u_tolower(static_cast<UChar32>(one.code_point)));
    std::string letters;
    text::append_utf8(letters, c);
    if (is_unspaced(c)) add_character(letters);
    if (u_isalpha(static_cast<UChar32>(c)) == 0) {
      end();
    } else {
      for (const char letter : letters) put(letter);
    }
    return one.bytes;
  }

  /// One more letter of the word.
  void put(char letter) {
    if (size_ < longest_word) {
      pair_[from_ + size_] = letter;
      hash_ = with_letter(hash_, letter);
      pair_hash_ = with_letter(pair_hash_, letter);
    }
    ++size_;
  }

  void end() {
    if (size_ == 0) return;
    if (size_ <= longest_word && words_ < most_words) {
      ++words_;
      know({pair_.data() + from_, size_}, hash_);
      if (from_ != 0) know({pair_.data(), from_ + size_}, pair_hash_);
      std::copy_n(pair_.data() + from_, size_, pair_.data());
      pair_[size_] = ' ';
      from_ = size_ + 1;
      last_hash_ = with_letter(hash_, ' ');
    }
    size_ = 0;
    hash_ = no_letters;
    pair_hash_ = last_hash_;
  }

  void add_character(const std::string& one) {
    if (characters_ == most_words) return;
    ++characters_;
    if (!character_.empty()) know(character_ + one, hash_of(character_ + one));
    character_ = one;
  }

  void know(std::string_view term, std::uint64_t hash) {
    const auto* place = places_.find(term, hash);
    if (place == nullptr || is_known_[*place]) return;
    is_known_[*place] = true;
    known_.push_back(*place);
  }

  const WordTable<std::uint32_t>& places_ = places();
  std::bitset<std::size(terms)> is_known_{};
  std::vector<std::uint32_t> known_{};  ///< in the order of the text
  /// The last word, a space, and the word that is being read.
  std::array<char, 2 * longest_word + 1> pair_{};
  std::size_t from_ = 0;  ///< where that begins
  std::size_t size_ = 0;  ///< of it, even if it is too long to be kept
  std::uint64_t hash_ = no_letters;
  std::uint64_t pair_hash_ = no_letters;  ///< of both
  std::uint64_t last_hash_ = no_letters;  ///< of the last one and the space
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
