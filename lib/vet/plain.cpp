#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include "base/text.h"
#include "base/utf8.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

/// A text on its way to what a reader means to read, and where each of its bytes (and its end) came from; `from` stays
/// empty unless somebody asks, since most texts are of no interest.
struct Traced {
  std::string text{};
  std::vector<std::uint32_t> from{};
};

std::vector<std::uint32_t> as_they_stand(std::size_t size) {
  std::vector<std::uint32_t> out(size + 1);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

/// What ICU says it changed, byte by byte.
std::vector<std::uint32_t> followed(const icu::Edits& edits, std::size_t size, std::size_t source_size) {
  std::vector<std::uint32_t> out;
  out.reserve(size + 1);
  UErrorCode status = U_ZERO_ERROR;
  for (auto each = edits.getFineIterator(); each.next(status) != 0;) {
    const auto source = static_cast<std::uint32_t>(each.sourceIndex());
    for (std::int32_t i = 0; i < each.newLength(); ++i)
      out.push_back(source + (each.hasChange() != 0 ? 0U : static_cast<std::uint32_t>(i)));
  }
  out.resize(size + 1, static_cast<std::uint32_t>(source_size));
  return out;
}

Traced unified(std::string_view text, bool trace) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  Traced out;
  icu::StringByteSink<std::string> sink(&out.text);
  icu::Edits edits;
  if (U_SUCCESS(status))
    nfkc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, trace ? &edits : nullptr,
                        status);
  if (U_FAILURE(status)) {
    out.text = text;
    if (trace) out.from = as_they_stand(text.size());
  } else if (trace) {
    out.from = followed(edits, out.text.size(), text.size());
  }
  return out;
}

std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

Traced without_ignorable(const Traced& in) {
  Traced out;
  out.text.reserve(in.text.size());
  out.from.reserve(in.from.size());
  const bool trace = !in.from.empty();
  for (std::size_t at = 0; at < in.text.size();) {
    std::size_t end = at;
    while (end < in.text.size() && static_cast<unsigned char>(in.text[end]) < 0x80) ++end;
    out.text.append(in.text, at, end - at);
    if (trace) out.from.insert(out.from.end(), in.from.begin() + offset(at), in.from.begin() + offset(end));
    at = end;
    if (at == in.text.size()) break;
    const text::Decoded one = text::decode_utf8(in.text, at);
    const bool ignorable =
        one.valid && u_hasBinaryProperty(static_cast<UChar32>(one.code_point), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    for (std::size_t i = at; !ignorable && i < at + one.bytes; ++i) {
      out.text += in.text[i];
      if (trace) out.from.push_back(in.from[i]);
    }
    at += one.bytes;
  }
  if (trace) out.from.push_back(in.from.back());
  return out;
}

/// A line that begins a list item, a heading or a tag stands by itself; others go on with the paragraph.
bool begins_item(std::string_view line) {
  return line.empty() || std::string_view("-*#<>[|").find(line.front()) != std::string_view::npos;
}

/// Lines of a paragraph joined, blanks in a row as one.
Traced joined(const Traced& in) {
  Traced out;
  out.text.reserve(in.text.size());
  out.from.reserve(in.from.size());
  const std::string_view all = in.text;
  const auto put = [&](char c, std::size_t from) {
    out.text += c;
    out.from.push_back(in.from[from]);
  };
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    const std::string_view line = text::trim(all.substr(begin, end - begin));
    const std::size_t first = line.empty() ? begin : static_cast<std::size_t>(line.data() - all.data());
    if (!out.text.empty()) put(begins_item(line) ? '\n' : ' ', begin);
    bool space = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool blank = line[i] == ' ' || line[i] == '\t' || line[i] == '\r';
      if (!blank || !space) put(blank ? ' ' : line[i], first + i);
      space = blank;
    }
    begin = end + 1;
  }
  out.from.push_back(in.from.back());
  return out;
}

/// joined() of one line, into `out`, which has room for it; returns the end.
char* put_line(std::string_view line, char* out) {
  bool space = false;
  for (const char c : line) {
    const bool blank = c == ' ' || c == '\t' || c == '\r';
    *out = blank ? ' ' : c;
    out += blank && space ? 0 : 1;
    space = blank;
  }
  return out;
}

/// joined() where nobody asks for the origins.
std::string on_its_lines(std::string_view text) {
  std::string out(text.size() + 1, '\0');
  char* end = out.data();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t stop = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text::trim(text.substr(begin, stop - begin));
    if (end != out.data()) *end++ = begins_item(line) ? '\n' : ' ';
    end = put_line(line, end);
    begin = stop + 1;
  }
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

Traced read(std::string_view text, bool trace) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!trace) return {ascii ? on_its_lines(text) : on_its_lines(without_ignorable(unified(text, trace)).text), {}};
  if (!ascii) return joined(without_ignorable(unified(text, trace)));
  return joined({std::string(text), as_they_stand(text.size())});
}

}  // namespace

std::string plain_ascii(std::string_view text) { return on_its_lines(text); }

std::string plain(std::string_view text) { return read(text, false).text; }

std::vector<std::uint32_t> origins_of(std::string_view text) { return read(text, true).from; }

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
