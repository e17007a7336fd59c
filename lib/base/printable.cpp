#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"

namespace mcprove::text {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Characters that a reader does not see, that reorder what the reader sees, or that XML 1.0 does not allow.
constexpr std::array hidden{
    Range{0x7f, 0x9f},     Range{0xad, 0xad},     Range{0x34f, 0x34f},     Range{0x61c, 0x61c},     Range{0x115f, 0x1160},
    Range{0x17b4, 0x17b5}, Range{0x180b, 0x180f}, Range{0x200b, 0x200f},   Range{0x2028, 0x202e},   Range{0x2060, 0x206f},
    Range{0x3164, 0x3164}, Range{0xfdd0, 0xfdef}, Range{0xfe00, 0xfe0d},   Range{0xfeff, 0xfeff},   Range{0xffa0, 0xffa0},
    Range{0xfff0, 0xfffb}, Range{0xfffe, 0xffff}, Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

bool is_hidden(std::uint32_t c) {
  return std::any_of(hidden.begin(), hidden.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

bool is_selector(std::uint32_t c) { return c >= 0xfe00 && c <= 0xfe0f; }

}  // namespace

std::string printable(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  std::uint32_t before = 0;
  for (std::size_t at = 0; at < raw.size();) {
    const Decoded one = decode_utf8(raw, at);
    const std::uint32_t c = one.code_point;
    const std::string_view bytes = raw.substr(at, one.bytes);
    at += one.bytes;
    // A carriage return alone would let a line overwrite itself on a terminal.
    const bool line_end = c == '\r' && at < raw.size() && raw[at] == '\n';
    // One emoji or text selector after a character is everyday writing; after another selector it carries data.
    const bool lone_selector = (c == 0xfe0e || c == 0xfe0f) && before >= 0x20 && !is_selector(before);
    if (!one.valid || (c < 0x20 && c != '\n' && c != '\t' && !line_end) || c == 0x7f) {
      out += fmt::format("\\x{:02x}", c);
    } else if (line_end) {
      // The newline that follows is enough.
    } else if (c >= 0x80 && (is_hidden(c) || (is_selector(c) && !lone_selector))) {
      out += fmt::format("\\u{{{:x}}}", c);
    } else {
      out += bytes;
    }
    before = one.valid ? c : 0;
  }
  return out;
}

std::string one_line(std::string_view raw, std::size_t width) {
  constexpr std::string_view ellipsis = "\u2026";
  // Nothing beyond this can be seen, and a hostile text may be megabytes.
  const bool cut_before = raw.size() > width * 4 + 16;
  std::string line = printable(raw.substr(0, width * 4 + 16));
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (line.size() <= width && !cut_before) return line;
  std::size_t keep = std::min(line.size(), width >= ellipsis.size() ? width - ellipsis.size() : 0);
  while (keep > 0 && keep < line.size() && (static_cast<unsigned char>(line[keep]) & 0xc0U) == 0x80U) --keep;
  line.resize(keep);
  if (width >= ellipsis.size()) line += ellipsis;
  return line;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  const auto columns = [](std::string_view s) {
    return static_cast<std::size_t>(
        std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
  };
  std::string out;
  std::size_t column = 0;
  for (const std::string& word : words(text)) {
    const std::size_t wide = columns(word);
    if (column != 0 && column + 1 + wide <= width) {
      out += ' ';
      ++column;
    } else {
      if (column != 0) out += '\n';
      out.append(indent, ' ');
      column = indent;
    }
    out += word;
    column += wide;
  }
  return out;
}

}  // namespace mcprove::text
