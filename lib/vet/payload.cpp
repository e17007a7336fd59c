#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '-' ||
         c == '_';
}

/// Images, keys and digests decode to no text.
bool readable(std::string_view s) {
  const bool printable = std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t' || c == '\r' || static_cast<unsigned char>(c) >= 0x80;
  });
  return printable && text::valid_utf8(s) && (text::words(s).size() >= 3 || s.find_first_not_of(" -~") != s.npos);
}

int value_of(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

std::optional<std::string> from_hex(std::string_view run) {
  if (run.size() % 2 != 0) run.remove_suffix(1);
  std::string out;
  for (std::size_t i = 0; i < run.size(); i += 2) out += static_cast<char>(value_of(run[i]) * 16 + value_of(run[i + 1]));
  return out;
}

std::string turned(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>((c - 'a' + 13) % 26 + 'a');
    else if (c >= 'A' && c <= 'Z') c = static_cast<char>((c - 'A' + 13) % 26 + 'A');
  }
  return out;
}

/// "I g n o r e  a l l" without the spaces inside of words; empty if nothing is spelt so.
std::string closed_up(std::string_view text) {
  std::string out;
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = [&](std::size_t at) {
      return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
    };
    const bool alone = letter(i) && !letter(i + 1) && (i == 0 || !letter(i - 1));
    if (alone) longest = std::max(longest, ++run);
    else if (text[i] != ' ') run = 0;
    const bool between = text[i] == ' ' && i > 0 && letter(i - 1) && letter(i + 1) && (i < 2 || !letter(i - 2)) && !letter(i + 2);
    if (!between) out += text[i];
  }
  constexpr std::size_t word = 6;
  return longest >= word ? out : std::string();
}

/// Look-alike letters of words that mix them with Latin ones, as the Latin letters that they look like.
std::string latinised(std::string_view text) {
  constexpr std::string_view alike = "аaеeоoрpсcхxуyіiѕsјjԁdкkмmтtнhвbзzгrпnαaοoνvιiρpτtυuκkεe";
  std::string out;
  bool mixed = false;
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded one = text::decode_utf8(text, at);
    const bool two = one.valid && one.bytes == 2;
    const std::size_t found = two ? alike.find(text.substr(at, 2)) : alike.npos;
    if (found != alike.npos) {
      out += alike[found + 2];
      const bool beside = (at > 0 && std::isalpha(static_cast<unsigned char>(text[at - 1])) != 0) ||
                          (at + 2 < text.size() && std::isalpha(static_cast<unsigned char>(text[at + 2])) != 0);
      mixed = mixed || beside;
    } else {
      out += text.substr(at, one.bytes);
    }
    at += one.bytes;
  }
  return mixed ? out : std::string();
}

/// &#105; and &lt;, \u0069 and \x69.
std::string unescaped(std::string_view text) {
  std::string out;
  std::size_t changed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const bool numeric = rest.starts_with("&#");
    const bool unicode = rest.starts_with("\\u");
    if (!numeric && !unicode && !rest.starts_with("\\x")) {
      out += text[at];
      continue;
    }
    const bool hex = !numeric || (rest.size() > 2 && (rest[2] | 0x20) == 'x');
    std::size_t end = numeric && hex ? 3 : 2;
    const std::size_t limit = end + (unicode ? 4 : numeric ? 7 : 2);
    std::uint32_t code = 0;
    std::size_t digits = 0;
    for (; end < rest.size() && end < limit && (hex ? is_hex(rest[end]) : rest[end] >= '0' && rest[end] <= '9'); ++end, ++digits)
      code = code * (hex ? 16U : 10U) + static_cast<std::uint32_t>(value_of(rest[end]));
    if (digits < 2) {
      out += text[at];
      continue;
    }
    text::append_utf8(out, code);
    ++changed;
    at += end - (numeric && end < rest.size() && rest[end] == ';' ? 0 : 1);
  }
  constexpr std::size_t accident = 6;
  return changed >= accident ? out : std::string();
}

class Payloads {
 public:
  Payloads(std::string_view pointer, std::vector<Signal>& out) : pointer_(pointer), out_(out) {}

  /// The words are judged as if they stood there in the open; that they were hidden weighs more.
  void judge(std::string_view words, std::string_view how) {
    if (found_ || words.empty()) return;
    const auto inside = judge_hidden(words);
    const bool speaks = speaks_to_model(words);
    if (inside.empty() && (!speaks || how == "look-alike letters")) return;
    found_ = true;
    out_.push_back({"encoded-text", Family::hidden, inside.empty() ? Weight::medium : Weight::high, std::string(pointer_),
                    fmt::format("\"{}\" in {}", text::one_line(words, 160), how), "hidden words for the model"});
  }

 private:
  std::string_view pointer_;
  std::vector<Signal>& out_;
  bool found_ = false;
};

void scan_runs(std::string_view text, Payloads& payloads) {
  constexpr std::size_t shortest = 24;
  constexpr std::size_t most = 1U << 16U;
  for (std::size_t at = 0; at + shortest <= text.size();) {
    // Read backwards: what ends a run ends all that are too short before it.
    std::size_t from = at + shortest;
    while (from > at && is_base64(text[from - 1])) --from;
    if (from > at) {
      at = from;
      continue;
    }
    std::size_t end = at + shortest;
    while (end < text.size() && is_base64(text[end])) ++end;
    const std::string_view run = text.substr(at, std::min(end - at, most));
    const bool hex =
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end), is_hex);
    const auto decoded = hex ? from_hex(run) : text::base64_decode(run.substr(0, run.size() - run.size() % 4));
    if (decoded && readable(*decoded)) payloads.judge(*decoded, hex ? "hexadecimal" : "base64");
    at = end;
  }
}

}  // namespace

std::vector<Signal> judge_hidden(std::string_view words) {
  std::vector<Signal> inside;
  // Hidden words describe no tool: their first sentence may be an order.
  scan_injection(fmt::format("Hidden.\n\n{}", words), "", inside);
  return inside;
}

void scan_payloads(std::string_view text, const Glance& seen, std::string_view pointer, Senses known, std::vector<Signal>& out) {
  constexpr std::size_t shortest = 16;
  if (text.size() < shortest) return;
  Payloads payloads(pointer, out);
  scan_runs(text, payloads);
  if (seen.holds('%') && std::count(text.begin(), text.end(), '%') >= 8)
    payloads.judge(text::percent_decode(text), "percent escapes");
  if ((seen.holds('&') && text.find("&#") != text.npos) ||
      (seen.holds('\\') && (text.find("\\u") != text.npos || text.find("\\x") != text.npos)))
    payloads.judge(unescaped(text), "escapes");
  const auto stands = [&](std::string_view words) { return seen.may_hold(words) && text.find(words) != text.npos; };
  if (stands(" i ") || stands(" e ") || stands(" o ")) payloads.judge(closed_up(text), "spaced letters");
  constexpr std::string_view cyrillic_and_greek = "\xd0\xd1\xd2\xd3\xce\xcf";  // first bytes
  if (seen.holds_any(cyrillic_and_greek)) payloads.judge(latinised(text), "look-alike letters");
  if (has(known, Sense::rot13)) payloads.judge(turned(text), "rot13");
  if (has(known, Sense::reversed)) payloads.judge(std::string(text.rbegin(), text.rend()), "reversed letters");
}

}  // namespace mcprove::vet
