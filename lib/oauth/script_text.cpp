#include "oauth/script_text.h"

#include <cstddef>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t max_script = 256U << 10U;
constexpr std::size_t max_literal = 16U << 10U;
constexpr std::size_t npos = std::string_view::npos;

std::optional<unsigned> hex_value(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    const char low = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    if (low >= '0' && low <= '9') {
      value = value * 16 + static_cast<unsigned>(low - '0');
    } else if (low >= 'a' && low <= 'f') {
      value = value * 16 + static_cast<unsigned>(low - 'a') + 10;
    } else {
      return std::nullopt;
    }
  }
  return value;
}

/// A literal's bytes with the escapes that URLs in scripts have: a slash, \x26, \u0026. Nothing if it does not end.
std::optional<std::string> read_literal(std::string_view from) {
  const char quote = from.front();
  std::string out;
  for (std::size_t i = 1; i < from.size() && i < max_literal; ++i) {
    if (from[i] == quote) return out;
    if (from[i] != '\\') {
      out += from[i];
      continue;
    }
    const std::size_t digits = i + 1 < from.size() && from[i + 1] == 'u' ? 4 : i + 1 < from.size() && from[i + 1] == 'x' ? 2 : 0;
    const auto code = digits > 0 && i + 1 + digits < from.size() ? hex_value(from.substr(i + 2, digits)) : std::nullopt;
    if (code && *code < 0x80) {
      out += static_cast<char>(*code);
      i += 1 + digits;
    } else if (i + 1 < from.size()) {
      out += from[++i];
    }
  }
  return std::nullopt;
}

/// What stands between `location` and the literal: ".href = ", ".replace(" and the like.
bool leads_to_target(std::string_view between) {
  std::string code(between);
  std::erase_if(code, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return code == "=" || code == ".href=" || code == ".replace(" || code == ".assign(";
}

}  // namespace

std::optional<std::string> refresh_target(std::string_view content) {
  content = text::trim(content.substr(0, max_literal));
  std::size_t digits = 0;
  while (digits < content.size() && content[digits] >= '0' && content[digits] <= '9') ++digits;
  if (digits > 2 || (digits == 0 && !content.starts_with('.'))) return std::nullopt;
  if (digits == 2 && content.substr(0, 2) > "30") return std::nullopt;
  const auto separator = content.find_first_of(";,", digits);
  if (separator == npos) return std::nullopt;
  auto target = text::trim(content.substr(separator + 1));
  if (text::iequals(target.substr(0, 3), "url")) {
    const auto rest = text::trim(target.substr(3));
    if (rest.starts_with('=')) target = text::trim(rest.substr(1));
  }
  if (!target.empty() && (target.front() == '"' || target.front() == '\'')) {
    const auto end = target.find(target.front(), 1);
    target = target.substr(1, end == npos ? npos : end - 1);
  }
  return target.empty() ? std::nullopt : std::optional(std::string(target));
}

bool submits_form(std::string_view script) {
  script = script.substr(0, max_script);
  for (auto at = script.find("submit"); at != npos; at = script.find("submit", at + 1)) {
    const auto after = text::trim(script.substr(at + 6, 8));
    if (after.starts_with('(') && at > 0 && (script[at - 1] == '.' || script[at - 1] == ']')) return true;
  }
  return false;
}

std::optional<std::string> location_written(std::string_view script) {
  script = script.substr(0, max_script);
  for (auto at = script.find("location"); at != npos; at = script.find("location", at + 1)) {
    const auto from = at + std::string_view("location").size();
    const auto quote = script.find_first_of("\"'`", from);
    if (quote == npos) return std::nullopt;
    if (quote - from > 24 || !leads_to_target(script.substr(from, quote - from))) continue;
    if (auto literal = read_literal(script.substr(quote))) return literal;
  }
  return std::nullopt;
}

}  // namespace mcprove::oauth
