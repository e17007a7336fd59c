#include <algorithm>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include "base/text.h"
#include "base/utf8.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

std::string unified(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  if (U_SUCCESS(status))
    nfkc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, status);
  return U_SUCCESS(status) ? out : std::string(text);
}

std::string without_ignorable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded one = text::decode_utf8(text, at);
    const bool ignorable =
        one.valid && u_hasBinaryProperty(static_cast<UChar32>(one.code_point), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    if (!ignorable) out += text.substr(at, one.bytes);
    at += one.bytes;
  }
  return out;
}

/// A line that begins a list item, a heading or a tag stands by itself; others go on with the paragraph.
bool begins_item(std::string_view line) { return line.empty() || line.find_first_of("-*#<>[|") == 0; }

}  // namespace

std::string plain(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const std::string clean = ascii ? std::string(text) : without_ignorable(unified(text));
  std::string out;
  out.reserve(clean.size());
  for (const std::string& raw_line : text::split(clean, '\n')) {
    const std::string_view line = text::trim(raw_line);
    if (!out.empty()) out += begins_item(line) ? '\n' : ' ';
    bool space = false;
    for (const char c : line) {
      const bool blank = c == ' ' || c == '\t' || c == '\r';
      if (!blank || !space) out += blank ? ' ' : c;
      space = blank;
    }
  }
  return out;
}

std::string excerpt_of(std::string_view text, std::size_t from, std::size_t size) {
  constexpr std::size_t around = 40;
  constexpr std::size_t longest = 160;
  std::size_t begin = from > around ? from - around : 0;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0U) == 0x80U) --begin;
  std::size_t end = std::min(text.size(), from + std::min(size, longest) + around);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
  return text::one_line(text.substr(begin, end - begin), 2 * longest);
}

}  // namespace mcprove::vet
