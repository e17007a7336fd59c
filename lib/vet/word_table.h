#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcprove::vet {

/// FNV-1a, letter by letter: words are short, and nobody chooses them to collide in a table that holds only ours.
constexpr std::uint64_t no_letters = 0xcbf29ce484222325U;

constexpr std::uint64_t with_letter(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
}

constexpr std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = no_letters;
  for (const char c : word) hash = with_letter(hash, c);
  return hash;
}

/// Words with a value each, to be found by a hash that the reader made as he read. At most half of the slots are taken, and
/// a slot is small, so that a word that is not there mostly costs one glance.
template <class Value>
class WordTable {
 public:
  std::size_t size() const { return entries_.size(); }

  Value& operator[](std::string_view word) {
    const std::uint64_t hash = hash_of(word);
    if (const std::size_t at = place_of(word, hash); at != nowhere) return entries_[at].value;
    entries_.push_back({static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint32_t>(word.size()), hash, Value{}});
    letters_ += word;
    if (slots_.size() < 2 * entries_.size()) grow();
    else take_slot(hash, entries_.size());
    return entries_.back().value;
  }

  const Value* find(std::string_view word) const { return find(word, hash_of(word)); }
  /// `hash` is hash_of(word).
  const Value* find(std::string_view word, std::uint64_t hash) const {
    const std::size_t at = place_of(word, hash);
    return at == nowhere ? nullptr : &entries_[at].value;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t entry = 0;  ///< counted from 1; 0: empty
  };
  struct Entry {
    std::uint32_t at = 0;  ///< in letters_
    std::uint32_t size = 0;
    std::uint64_t hash = 0;
    Value value{};
  };
  static constexpr std::size_t nowhere = ~std::size_t{0};
  /// Bits are what stays in the nearest cache: most words are not there, and a bit says so.
  static constexpr std::size_t most_bits = 1U << 16U;
  static std::size_t bit_of(std::uint64_t hash) { return (hash >> 24U) % most_bits; }
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

  std::size_t place_of(std::string_view word, std::uint64_t hash) const {
    if (slots_.empty() || (bits_[bit_of(hash) / 64] >> (bit_of(hash) % 64) & 1U) == 0) return nowhere;
    for (std::size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
      const Slot slot = slots_[i];
      if (slot.entry == 0) return nowhere;
      if (slot.tag != tag_of(hash)) continue;
      const Entry& entry = entries_[slot.entry - 1];
      if (std::string_view(letters_).substr(entry.at, entry.size) == word) return slot.entry - 1;
    }
  }

  void take_slot(std::uint64_t hash, std::size_t entry) {
    std::size_t i = hash & (slots_.size() - 1);
    while (slots_[i].entry != 0) i = (i + 1) & (slots_.size() - 1);
    bits_[bit_of(hash) / 64] |= std::uint64_t{1} << (bit_of(hash) % 64);
    slots_[i] = {tag_of(hash), static_cast<std::uint32_t>(entry)};
  }

  void grow() {
    constexpr std::size_t least = 64;
    slots_.assign(slots_.empty() ? least : 2 * slots_.size(), {});
    for (std::size_t i = 0; i < entries_.size(); ++i) take_slot(entries_[i].hash, i + 1);
  }

  std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>(most_bits / 64);
  std::vector<Slot> slots_{};  ///< a power of two of them
  std::vector<Entry> entries_{};
  std::string letters_{};
};

}  // namespace mcprove::vet
