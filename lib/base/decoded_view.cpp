#include "base/decoded_view.h"

#include <numeric>

#include "base/utf8.h"

namespace mcprove {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `digits` hexadecimal digits at `at`, or -1.
std::int32_t hex_number(std::string_view s, std::size_t at, std::size_t digits) {
  if (s.size() < at + digits) return -1;
  std::int32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(s[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

struct Unescaped {
  std::string bytes{};
  std::size_t read = 0;  ///< 0: no escape here
};

Unescaped json_escape(std::string_view s, std::size_t at) {
  if (s[at] != '\\' || at + 1 >= s.size()) return {};
  switch (s[at + 1]) {
    case '"': return {"\"", 2};
    case '\\': return {"\\", 2};
    case '/': return {"/", 2};
    case 'b': return {"\b", 2};
    case 'f': return {"\f", 2};
    case 'n': return {"\n", 2};
    case 'r': return {"\r", 2};
    case 't': return {"\t", 2};
    case 'u': break;
    default: return {};
  }
  const std::int32_t unit = hex_number(s, at + 2, 4);
  if (unit < 0) return {};
  auto code_point = static_cast<std::uint32_t>(unit);
  std::size_t read = 6;
  if (code_point >= 0xd800 && code_point <= 0xdbff && s.substr(at + 6, 2) == "\\u") {
    const std::int32_t low = hex_number(s, at + 8, 4);
    if (low >= 0xdc00 && low <= 0xdfff) {
      code_point = 0x10000U + ((code_point - 0xd800U) << 10U) + (static_cast<std::uint32_t>(low) - 0xdc00U);
      read = 12;
    }
  }
  Unescaped out{{}, read};
  text::append_utf8(out.bytes, code_point);
  return out;
}

Unescaped percent_escape(std::string_view s, std::size_t at) {
  if (s[at] != '%') return {};
  const std::int32_t value = hex_number(s, at + 1, 2);
  if (value < 0) return {};
  return {std::string(1, static_cast<char>(static_cast<unsigned char>(value))), 3};
}

template <class Escape>
DecodedView resolve(const DecodedView& view, Escape escape) {
  DecodedView out;
  out.text.reserve(view.text.size());
  out.origin.reserve(view.origin.size());
  for (std::size_t at = 0; at < view.text.size();) {
    const Unescaped one = escape(view.text, at);
    if (one.read == 0) {
      out.text += view.text[at];
      out.origin.push_back(view.origin[at]);
      ++at;
      continue;
    }
    out.text += one.bytes;
    out.origin.insert(out.origin.end(), one.bytes.size(), view.origin[at]);
    at += one.read;
  }
  out.origin.push_back(view.origin.back());
  return out;
}

}  // namespace

DecodedView DecodedView::of(std::string_view raw) {
  DecodedView view{std::string(raw), std::vector<std::uint32_t>(raw.size() + 1)};
  std::iota(view.origin.begin(), view.origin.end(), 0U);
  return view;
}

DecodedView DecodedView::without_percent() const { return resolve(*this, percent_escape); }

DecodedView DecodedView::without_json() const { return resolve(*this, json_escape); }

DecodedView DecodedView::without_plus() const {
  DecodedView out = *this;
  for (char& c : out.text) {
    if (c == '+') c = ' ';
  }
  return out;
}

}  // namespace mcprove
