#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcprove::text {

/// One code point decoded from UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t bytes = 0;  ///< read; 1 for an invalid byte, 0 at the end
  bool valid = false;
};

/// Decodes what stands at `at`.
Decoded decode_utf8(std::string_view s, std::size_t at);
/// Appends the UTF-8 form; what is no scalar value becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace mcprove::text
