#include "base/utf8.h"

#include "base/text.h"

namespace mcprove::text {

namespace {

std::uint8_t byte_at(std::string_view s, std::size_t at) { return static_cast<std::uint8_t>(s[at]); }

/// How many bytes a lead byte announces and the bits that it carries; 0 for none.
std::size_t lead(std::uint8_t b, std::uint32_t& bits) {
  if (b >= 0xc2 && b <= 0xdf) return bits = b & 0x1fU, 2;
  if (b >= 0xe0 && b <= 0xef) return bits = b & 0x0fU, 3;
  if (b >= 0xf0 && b <= 0xf4) return bits = b & 0x07U, 4;
  return 0;
}

}  // namespace

Decoded decode_utf8(std::string_view s, std::size_t at) {
  if (at >= s.size()) return {};
  const std::uint8_t first = byte_at(s, at);
  if (first < 0x80) return {first, 1, true};
  std::uint32_t code_point = 0;
  const std::size_t length = lead(first, code_point);
  const Decoded bad{first, 1, false};
  if (length == 0 || s.size() - at < length) return bad;
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t b = byte_at(s, at + i);
    if ((b & 0xc0U) != 0x80U) return bad;
    code_point = (code_point << 6U) | (b & 0x3fU);
  }
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (overlong || surrogate || code_point > 0x10ffff) return bad;
  return {code_point, length, true};
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  if ((code_point >= 0xd800 && code_point <= 0xdfff) || code_point > 0x10ffff) code_point = 0xfffd;
  const auto put = [&](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xc0U | (code_point >> 6U));
  } else if (code_point < 0x10000) {
    put(0xe0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3fU));
  } else {
    put(0xf0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3fU));
    put(0x80U | ((code_point >> 6U) & 0x3fU));
  }
  put(0x80U | (code_point & 0x3fU));
}

bool valid_utf8(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    const Decoded one = decode_utf8(s, at);
    if (!one.valid) return false;
    at += one.bytes;
  }
  return true;
}

}  // namespace mcprove::text
