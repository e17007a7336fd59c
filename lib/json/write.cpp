#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "base/utf8.h"
#include "json/json.h"
#include "json/node.h"

namespace mcprove::json {

namespace {

enum class Style { compact, pretty, canonical };

/// How many characters stand for themselves: nearly all of nearly every text.
std::size_t plain_run(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' && s[n] != '\\') ++n;
  return n;
}

void write_string(std::string_view s, std::string& out) {
  out += '"';
  for (std::size_t at = 0; at < s.size();) {
    const std::size_t plain = plain_run(s.substr(at));
    out += s.substr(at, plain);
    at += plain;
    if (at == s.size()) break;
    const text::Decoded one = text::decode_utf8(s, at);
    switch (one.code_point) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (!one.valid) {
          text::append_utf8(out, 0xfffd);
        } else if (one.code_point < 0x20) {
          out += fmt::format("\\u{:04x}", one.code_point);
        } else {
          out += s.substr(at, one.bytes);
        }
    }
    at += one.bytes;
  }
  out += '"';
}

void write_number(const Value& value, Style style, std::string& out) {
  const auto* whole = as<std::int64_t>(value);
  if (style == Style::canonical || (whole == nullptr && !as<Number>(value)->digits)) {
    out += shortest_digits(*value.number());
  } else if (whole != nullptr) {
    out += fmt::format("{}", *whole);
  } else {
    out += as<Number>(value)->written();
  }
}

/// UTF-16 code units, by which RFC 8785 section 3.2.3 sorts names.
std::u16string utf16(std::string_view s) {
  std::u16string out;
  for (std::size_t at = 0; at < s.size();) {
    const text::Decoded one = text::decode_utf8(s, at);
    const std::uint32_t c = one.valid ? one.code_point : 0xfffdU;
    if (c < 0x10000) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(0xd800U + ((c - 0x10000U) >> 10U));
      out += static_cast<char16_t>(0xdc00U + ((c - 0x10000U) & 0x3ffU));
    }
    at += one.bytes;
  }
  return out;
}

using Member = std::pair<std::string, Value>;

std::vector<const Member*> ordered(const Members& members, Style style) {
  std::vector<const Member*> out;
  out.reserve(members.list.size());
  for (const Member& member : members.list) out.push_back(&member);
  if (style != Style::canonical) return out;
  const bool ascii = std::ranges::all_of(members.list, [](const Member& member) {
    return std::ranges::all_of(member.first, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
  // The order of UTF-16 (RFC 8785 section 3.2.3), which for ASCII is that of the bytes.
  std::stable_sort(out.begin(), out.end(), [ascii](const Member* a, const Member* b) {
    return ascii ? a->first < b->first : utf16(a->first) < utf16(b->first);
  });
  return out;
}

class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  void write(const Value& value) {
    switch (value.type()) {
      case Value::Type::null: out_ += "null"; break;
      case Value::Type::boolean: out_ += *as<bool>(value) ? "true" : "false"; break;
      case Value::Type::number: write_number(value, style_, out_); break;
      case Value::Type::string: write_string(*as<std::string>(value), out_); break;
      case Value::Type::array: write_items(*as<Items>(value)); break;
      case Value::Type::object: write_members(*as<Members>(value)); break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void line(std::size_t levels) {
    if (style_ != Style::pretty) return;
    out_ += '\n';
    out_.append(levels * 2, ' ');
  }

  template <class List, class One>
  void write_list(char open, char close, const List& list, One one) {
    out_ += open;
    ++level_;
    bool first = true;
    for (const auto& entry : list) {
      if (!first) out_ += ',';
      first = false;
      line(level_);
      one(entry);
    }
    --level_;
    if (!first) line(level_);
    out_ += close;
  }

  void write_items(const Items& items) {
    write_list('[', ']', items.list, [this](const Value& item) { write(item); });
  }

  void write_members(const Members& members) {
    write_list('{', '}', ordered(members, style_), [this](const Member* member) {
      write_string(member->first, out_);
      out_ += style_ == Style::pretty ? ": " : ":";
      write(member->second);
    });
  }

  Style style_;
  std::size_t level_ = 0;
  std::string out_{};
};

std::string written(const Value& value, Style style) {
  Writer writer(style);
  writer.write(value);
  return writer.take();
}

}  // namespace

std::string shortest_digits(double number) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";  // Minus zero too (ECMAScript Number::toString).
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific).ptr;
  const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = scientific.find('e');
  std::string digits(scientific.substr(0, e));
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  const int exponent = std::atoi(std::string(scientific.substr(e + 1)).c_str());
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // where the decimal point stands among the digits
  const std::string sign = number < 0 ? "-" : "";
  const auto zeros = [](int many) { return std::string(static_cast<std::size_t>(many), '0'); };
  if (count <= point && point <= 21) return fmt::format("{}{}{}", sign, digits, zeros(point - count));
  if (0 < point && point <= 21) {
    const auto whole = static_cast<std::size_t>(point);
    return fmt::format("{}{}.{}", sign, digits.substr(0, whole), digits.substr(whole));
  }
  if (-6 < point && point <= 0) return fmt::format("{}0.{}{}", sign, zeros(-point), digits);
  const std::string fraction = count > 1 ? "." + digits.substr(1) : "";
  return fmt::format("{}{}{}e{}{}", sign, digits.substr(0, 1), fraction, exponent < 0 ? "-" : "+", std::abs(exponent));
}

std::string Value::dump() const { return written(*this, Style::compact); }

std::string Value::pretty() const { return written(*this, Style::pretty); }

std::string Value::canonical() const { return written(*this, Style::canonical); }

}  // namespace mcprove::json
