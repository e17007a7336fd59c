#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "net/scope.h"

namespace mcprove::net {

namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

struct Range4 {
  V4 network{};
  int bits = 0;
};

/// IANA's special-purpose registry: what is not globally reachable, and multicast.
constexpr std::array special4{
    Range4{{0, 0, 0, 0}, 8},      Range4{{10, 0, 0, 0}, 8},    Range4{{100, 64, 0, 0}, 10}, Range4{{127, 0, 0, 0}, 8},
    Range4{{169, 254, 0, 0}, 16}, Range4{{172, 16, 0, 0}, 12}, Range4{{192, 0, 0, 0}, 24},  Range4{{192, 168, 0, 0}, 16},
    Range4{{198, 18, 0, 0}, 15},  Range4{{224, 0, 0, 0}, 4},   Range4{{240, 0, 0, 0}, 4},
};

template <std::size_t size>
bool has_prefix(const std::array<std::uint8_t, size>& address, std::span<const std::uint8_t> network, int bits) {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const auto mask = static_cast<std::uint8_t>(bits >= 8 ? 0xff : 0xff << (8 - bits));
    if ((address[i] & mask) != (network[i] & mask)) return false;
  }
  return true;
}

bool is_private(const V4& address) {
  return std::any_of(special4.begin(), special4.end(),
                     [&](const Range4& range) { return has_prefix(address, range.network, range.bits); });
}

V4 four_bytes(const V6& address, std::size_t at) { return {address[at], address[at + 1], address[at + 2], address[at + 3]}; }

bool is_zero(const V6& address, std::size_t bytes) {
  return std::all_of(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(bytes), [](auto byte) { return byte == 0; });
}

/// The IPv4 address behind a mapped or compatible one (RFC 4291 section 2.5.5); ::1 is not among them.
std::optional<V4> mapped(const V6& address) {
  if (!is_zero(address, 10)) return std::nullopt;
  const bool is_mapped = address[10] == 0xff && address[11] == 0xff;
  const bool is_compatible = is_zero(address, 12) && (address[12] != 0 || address[13] != 0);
  if (!is_mapped && !is_compatible) return std::nullopt;
  return four_bytes(address, 12);
}

bool is_private(const V6& address) {
  if (const auto inner = mapped(address)) return is_private(*inner);
  if (is_zero(address, 12)) return true;                                                  // ::, ::1 and what is left of ::/96
  constexpr std::array<std::uint8_t, 12> nat64{0x00, 0x64, 0xff, 0x9b};                   // RFC 6052
  constexpr std::array<std::uint8_t, 6> local_nat64{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01};  // RFC 8215
  constexpr std::array<std::uint8_t, 2> six_to_four{0x20, 0x02};                          // RFC 3056
  constexpr std::array<std::uint8_t, 4> teredo{0x20, 0x01, 0x00, 0x00};                   // RFC 4380
  constexpr std::array<std::uint8_t, 8> discard{0x01, 0x00};                              // RFC 6666
  constexpr std::array<std::uint8_t, 1> unique_local{0xfc};                               // RFC 4193
  constexpr std::array<std::uint8_t, 2> link_local{0xfe, 0x80};
  constexpr std::array<std::uint8_t, 2> site_local{0xfe, 0xc0};
  constexpr std::array<std::uint8_t, 1> multicast{0xff};
  if (has_prefix(address, nat64, 96)) return is_private(four_bytes(address, 12));
  if (has_prefix(address, six_to_four, 16)) return is_private(four_bytes(address, 2));
  return has_prefix(address, local_nat64, 48) || has_prefix(address, teredo, 32) || has_prefix(address, discard, 64) ||
         has_prefix(address, unique_local, 7) || has_prefix(address, link_local, 10) || has_prefix(address, site_local, 10) ||
         has_prefix(address, multicast, 8);
}

/// As the socket API writes it, or as a URL does: brackets and a zone are passed over.
std::string bare(std::string_view numeric) {
  if (numeric.size() > 2 && numeric.front() == '[' && numeric.back() == ']') numeric = numeric.substr(1, numeric.size() - 2);
  return std::string(numeric.substr(0, numeric.find('%')));
}

std::optional<V4> read_v4(const std::string& text) {
  V4 address{};
  if (inet_pton(AF_INET, text.c_str(), address.data()) != 1) return std::nullopt;
  return address;
}

std::optional<V6> read_v6(const std::string& text) {
  V6 address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) != 1) return std::nullopt;
  return address;
}

}  // namespace

bool is_private_address(std::string_view numeric) {
  const auto text = bare(numeric);
  if (const auto address = read_v4(text)) return is_private(*address);
  if (const auto address = read_v6(text)) return is_private(*address);
  return true;
}

bool is_loopback_address(std::string_view numeric) {
  const auto text = bare(numeric);
  if (const auto address = read_v4(text)) return (*address)[0] == 127;
  const auto address = read_v6(text);
  if (!address) return false;
  if (const auto inner = mapped(*address)) return (*inner)[0] == 127;
  return is_zero(*address, 15) && (*address)[15] == 1;
}

}  // namespace mcprove::net
