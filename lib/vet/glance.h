#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mcprove::vet {

/// What stands in a text, told by one look at each byte, so that most searches are done with before they begin.
class Glance {
 public:
  explicit Glance(std::string_view text);

  bool ascii() const { return ascii_; }
  /// Nothing but ASCII that prints, tabs and line ends.
  bool printable_ascii() const { return printable_; }
  bool holds(char c) const { return bytes_[static_cast<unsigned char>(c)]; }
  bool holds_any(std::string_view bytes) const;
  /// False only if these words stand nowhere in the text, whatever their case. At least three bytes of ASCII.
  bool may_hold(std::string_view words) const;

 private:
  /// Three bytes in a row, without the bit that tells the case of letters.
  static constexpr std::uint32_t with(std::uint32_t three, char c) {
    return ((three << 8U) | static_cast<unsigned char>(c) | 0x20U) & 0xffffffU;
  }
  static constexpr std::uint32_t place_of(std::uint32_t three) { return (three * 0x9e3779b1U) >> 19U; }

  std::array<bool, 256> bytes_{};
  std::array<std::uint64_t, 128> threes_{};
  bool ascii_ = true;
  bool printable_ = true;
};

}  // namespace mcprove::vet
