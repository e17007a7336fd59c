#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/text.h"
#include "base/utf8.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

struct Character {
  std::uint32_t c = 0;
  std::size_t at = 0;  ///< offset in the text
};

UChar32 icu_char(std::uint32_t c) { return static_cast<UChar32>(c); }

std::vector<Character> characters_of(std::string_view text) {
  std::vector<Character> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded one = text::decode_utf8(text, at);
    out.push_back({one.valid ? one.code_point : 0xfffdU, at});
    at += one.bytes;
  }
  return out;
}

bool is_tag(std::uint32_t c) { return c >= 0xe0000 && c <= 0xe007f; }

bool is_selector(std::uint32_t c) { return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef); }

bool is_joiner(std::uint32_t c) { return c == 0x200c || c == 0x200d; }

bool is_zero_width(std::uint32_t c) {
  return (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2064) || (c >= 0x206a && c <= 0x206f) || c == 0xfeff ||
         c == 0x34f || c == 0x180e || c == 0x3164 || c == 0x115f || c == 0x1160 || c == 0xffa0;
}

bool is_direction_mark(std::uint32_t c) { return c == 0x200e || c == 0x200f || c == 0x61c; }

bool is_embedding(std::uint32_t c) { return (c >= 0x202a && c <= 0x202c) || (c >= 0x2066 && c <= 0x2069); }

bool is_override(std::uint32_t c) { return c == 0x202d || c == 0x202e; }

bool is_escape(std::uint32_t c) { return c == 0x1b || c == 0x9b; }

bool is_control(std::uint32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != 0x1b) || c == 0x7f;
}

/// One that some rule below looks for.
bool is_suspect(std::uint32_t c) {
  if (c >= 0x20 && c < 0x7f) return false;
  return is_tag(c) || is_selector(c) || is_zero_width(c) || is_direction_mark(c) || is_embedding(c) || is_override(c) ||
         is_escape(c) || is_control(c);
}

bool any_suspect(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const text::Decoded one = byte < 0x80 ? text::Decoded{byte, 1, true} : text::decode_utf8(text, at);
    if (one.valid && is_suspect(one.code_point)) return true;
    at += one.bytes;
  }
  return false;
}

/// Scripts whose letters take another shape around a joiner.
bool joins(std::uint32_t c) {
  const auto type = u_getIntPropertyValue(icu_char(c), UCHAR_JOINING_TYPE);
  if (type != U_JT_NON_JOINING && type != U_JT_TRANSPARENT) return true;
  return u_getIntPropertyValue(icu_char(c), UCHAR_CANONICAL_COMBINING_CLASS) == 9 ||  // a virama
         u_hasBinaryProperty(icu_char(c), UCHAR_GRAPHEME_LINK) || (c >= 0x900 && c <= 0xdff) || (c >= 0x1000 && c <= 0x109f) ||
         (c >= 0x1780 && c <= 0x17ff);
}

bool is_emoji_part(std::uint32_t c) {
  return u_hasBinaryProperty(icu_char(c), UCHAR_EXTENDED_PICTOGRAPHIC) ||
         u_hasBinaryProperty(icu_char(c), UCHAR_EMOJI_MODIFIER) || c == 0xfe0f;
}

bool right_to_left(std::uint32_t c) {
  const auto direction = u_charDirection(icu_char(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

class Scan {
 public:
  Scan(std::string_view text, std::string_view pointer, std::vector<Signal>& out)
      : text_(text), pointer_(pointer), out_(out), all_(characters_of(text)) {
    // The marks themselves are directional; only letters make a right-to-left text.
    right_to_left_ =
        std::any_of(all_.begin(), all_.end(), [](const Character& x) { return !is_direction_mark(x.c) && right_to_left(x.c); });
  }

  void run() {
    tags();
    selectors();
    zero_width();
    single("terminal-escape", Weight::high, "a terminal escape sequence", is_escape);
    single("control-character", Weight::medium, "a control character that is no white space", is_control);
    single("bidi-override", Weight::high, "a control that shows the text in another order than it is read", is_override);
    if (right_to_left_) return;
    single("bidi-embedding", Weight::medium, "a bidirectional control in a text without right-to-left letters", is_embedding);
    single("direction-mark", Weight::low, "a direction mark in a text without right-to-left letters", is_direction_mark);
  }

 private:
  std::uint32_t c(std::size_t i) const { return i < all_.size() ? all_[i].c : 0; }

  std::size_t end_of_run(std::size_t from, bool (*is)(std::uint32_t)) const {
    std::size_t end = from;
    while (end < all_.size() && is(all_[end].c)) ++end;
    return end;
  }

  void add(std::string rule, Weight weight, std::size_t from, std::size_t to, std::string why, std::string_view decoded = {}) {
    const std::size_t at = all_[from].at;
    const std::size_t end = to < all_.size() ? all_[to].at : text_.size();
    std::string excerpt = excerpt_of(text_, at, end - at);
    if (!decoded.empty()) excerpt = fmt::format("\"{}\" hidden in: {}", text::one_line(decoded, 160), excerpt);
    out_.push_back({std::move(rule), Family::hidden, weight, std::string(pointer_), std::move(excerpt), std::move(why)});
  }

  /// One signal for the first of its kind: the second tells a reader nothing new.
  template <class Is>
  void single(const char* rule, Weight weight, const char* why, Is is) {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Character& x) { return is(x.c); });
    if (found == all_.end()) return;
    const auto from = static_cast<std::size_t>(found - all_.begin());
    add(rule, weight, from, from + 1, why);
  }

  void tags() {
    for (std::size_t i = 0; i < all_.size();) {
      const std::size_t end = end_of_run(i, is_tag);
      if (end == i) {
        ++i;
        continue;
      }
      // The flags of England, Scotland and Wales are spelt so (UTS 51, emoji tag sequences).
      const bool flag = i > 0 && c(i - 1) == 0x1f3f4 && end - i <= 7 && c(end - 1) == 0xe007f;
      if (!flag) {
        std::string decoded;
        for (std::size_t k = i; k < end; ++k) {
          if (c(k) >= 0xe0020 && c(k) < 0xe007f) decoded += static_cast<char>(c(k) - 0xe0000);
        }
        add("tag-characters", Weight::high, i, end, "invisible tag characters, which spell text that only a model reads",
            decoded);
      }
      i = end;
    }
  }

  void selectors() {
    for (std::size_t i = 0; i < all_.size();) {
      const std::size_t end = end_of_run(i, is_selector);
      const std::size_t length = end - i;
      if (length >= 2) {
        std::string decoded;
        for (std::size_t k = i; k < end; ++k)
          decoded += static_cast<char>(static_cast<unsigned char>(c(k) >= 0xe0100 ? c(k) - 0xe0100 + 16 : c(k) - 0xfe00));
        const bool readable =
            length >= 4 && std::all_of(decoded.begin(), decoded.end(), [](char b) { return b >= 0x20 && b < 0x7f; });
        add("variation-selectors", length >= 4 ? Weight::high : Weight::medium, i, end,
            "a run of variation selectors, which can carry any bytes", readable ? decoded : std::string_view());
      }
      i = end + (length == 0 ? 1 : 0);
    }
  }

  bool harmless_joiner(std::size_t i) const {
    if (!is_joiner(c(i)) || i == 0) return false;
    if (is_emoji_part(c(i - 1)) && is_emoji_part(c(i + 1))) return true;
    return joins(c(i - 1)) && !is_joiner(c(i - 1)) && !is_zero_width(c(i - 1));
  }

  bool inside_word(std::size_t i) const {
    const auto latin = [](std::uint32_t x) { return (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z'); };
    return i > 0 && latin(c(i - 1)) && latin(c(i + 1));
  }

  void zero_width() {
    std::size_t count = 0;
    std::size_t first = 0;
    std::size_t longest = 0;
    std::size_t longest_from = 0;
    std::set<std::uint32_t> kinds;
    std::size_t run = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const bool counts = is_zero_width(c(i)) && !harmless_joiner(i) && (i != 0 || c(i) != 0xfeff);
      run = counts ? run + 1 : 0;
      if (!counts) continue;
      if (count++ == 0) first = i;
      kinds.insert(c(i));
      if (run > longest) {
        longest = run;
        longest_from = i + 1 - run;
      }
    }
    if (count == 0) return;
    // Two kinds in a row spell bits; a lone one is mostly a trace of copying from a web page.
    constexpr std::size_t message = 16;
    if (longest >= message && kinds.size() >= 2) {
      add("zero-width", Weight::high, longest_from, longest_from + longest,
          fmt::format("{} zero-width characters in a row of {} kinds", longest, kinds.size()));
    } else if ((longest >= 3 && kinds.size() >= 2) || longest >= message) {
      add("zero-width", Weight::medium, longest_from, longest_from + longest,
          fmt::format("{} zero-width characters in a row", longest));
    } else if (inside_word(first)) {
      add("zero-width", Weight::medium, first, first + 1,
          "a zero-width character inside a word, which hides the word from searches");
    } else {
      add("zero-width", Weight::low, first, first + 1, fmt::format("{} zero-width characters", count));
    }
  }

  std::string_view text_;
  std::string_view pointer_;
  std::vector<Signal>& out_;
  std::vector<Character> all_;
  bool right_to_left_ = false;
};

}  // namespace

void scan_characters(std::string_view text, std::string_view pointer, std::vector<Signal>& out) {
  if (any_suspect(text)) Scan(text, pointer, out).run();
}

}  // namespace mcprove::vet
