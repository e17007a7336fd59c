#include "vet/glance.h"

#include <algorithm>

namespace mcprove::vet {

Glance::Glance(std::string_view text) {
  std::uint32_t three = 0;
  for (const char c : text) {
    bytes_[static_cast<unsigned char>(c)] = true;
    three = with(three, c);
    const std::uint32_t place = place_of(three);
    threes_[place / 64] |= std::uint64_t{1} << (place % 64);
  }
  ascii_ = std::none_of(bytes_.begin() + 0x80, bytes_.end(), [](bool seen) { return seen; });
  printable_ = ascii_ && !bytes_[0x7f];
  for (unsigned char c = 0; c < 0x20; ++c)
    if (bytes_[c] && c != '\n' && c != '\t' && c != '\r') printable_ = false;
}

bool Glance::holds_any(std::string_view bytes) const {
  return std::any_of(bytes.begin(), bytes.end(), [this](char c) { return holds(c); });
}

bool Glance::may_hold(std::string_view words) const {
  std::uint32_t three = with(with(0, words[0]), words[1]);
  for (const char c : words.substr(2)) {
    three = with(three, c);
    const std::uint32_t place = place_of(three);
    if ((threes_[place / 64] >> (place % 64) & 1U) == 0) return false;
  }
  return true;
}

}  // namespace mcprove::vet
