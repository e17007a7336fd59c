#include "vet/wording.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/uchar.h>

#include "base/utf8.h"
#include "vet/members.h"
#include "vet/word_table.h"

namespace mcprove::vet {

namespace {

#include "vet/word_weights.inc"

constexpr std::size_t shortest_text = 13;
constexpr std::size_t longest_word = 24;
constexpr std::size_t most_words = 600;
constexpr double length_weighs = 0.6;  // 0.5 favours long texts, 1 short ones

/// The terms of the model, to be found by the hash of their letters. Each lies in `terms` as "words TAB hundredths NEWLINE".
class Terms {
 public:
  Terms() : slots_(most_slots) {
    for (std::size_t at = 0; at < terms.size(); at = terms.find('\n', at) + 1) {
      const auto hash = hash_of(words_at(at));
      auto slot = hash % most_slots;
      while (slots_[slot].place != 0) slot = (slot + 1) % most_slots;
      slots_[slot] = {tag_of(hash), static_cast<std::uint32_t>(at + 1)};
      bits_.set(bit_of(hash));
    }
  }

  /// Where it begins in `terms`; `hash` is hash_of(words).
  std::optional<std::uint32_t> find(std::string_view words, std::uint64_t hash) const {
    if (!bits_.test(bit_of(hash))) return std::nullopt;
    for (auto slot = hash % most_slots; slots_[slot].place != 0; slot = (slot + 1) % most_slots)
      if (slots_[slot].tag == tag_of(hash) && words_at(slots_[slot].place - 1) == words) return slots_[slot].place - 1;
    return std::nullopt;
  }

  static std::string_view words_at(std::size_t at) { return terms.substr(at, terms.find('\t', at) - at); }
  static double weight_at(std::size_t at) {
    const auto from = terms.find('\t', at) + 1;
    int hundredths = 0;
    std::from_chars(terms.data() + from, terms.data() + terms.size(), hundredths);
    return hundredths / 100.0;
  }

 private:
  static constexpr std::size_t most_slots = 1U << 15U;
  static constexpr std::size_t most_bits = 1U << 16U;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = 0;  ///< counted from 1; 0: empty
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }
  static std::size_t bit_of(std::uint64_t hash) { return (hash >> 24U) % most_bits; }

  std::vector<Slot> slots_;
  std::bitset<most_bits> bits_{};  ///< most pairs are unknown, and a bit says so
};

const Terms& known_terms() {
  static const Terms all;
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

  Wording judged() {
    std::ranges::sort(known_);
    known_.erase(std::ranges::unique(known_).begin(), known_.end());
    Wording out;
    double sum = 0;
    std::vector<std::pair<double, std::string_view>> for_it;
    for (const std::uint32_t at : known_) {
      const double weight = Terms::weight_at(at);
      sum += weight;
      if (weight > 0) for_it.emplace_back(-weight, Terms::words_at(at));
    }
    out.score = bias + sum / std::pow(static_cast<double>(known_.size()) + 1, length_weighs);
    const auto shown = std::min<std::size_t>(3, for_it.size());
    std::ranges::partial_sort(for_it, for_it.begin() + static_cast<std::ptrdiff_t>(shown));
    for (std::size_t i = 0; i < shown; ++i) out.terms.emplace_back(for_it[i].second);
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
    if (const auto at = terms_.find(term, hash)) known_.push_back(*at);
  }

  const Terms& terms_ = known_terms();
  std::vector<std::uint32_t> known_{};  ///< where each begins; again for each time that it was met
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

std::string_view wording_texts() { return texts_digest; }

}  // namespace mcprove::vet
