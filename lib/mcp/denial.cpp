#include "mcp/denial.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "mcp/client.h"

namespace mcprove::mcp {
namespace {

/// A refusal is said at once; what comes later in a long text is content.
constexpr std::size_t read_bytes = 2048;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

using Words = std::vector<std::string>;

// Phrases are matched word by word: '|' separates words that may stand in one place, a trailing '*' stands for any ending.
// Articles and auxiliaries are left out of the text before, so "token has been revoked" is "token revoked".
constexpr auto fillers = std::to_array<std::string_view>(
    {"the", "a", "an", "is", "are", "was", "were", "be", "been", "has", "your", "this", "that", "any", "currently"});

constexpr auto system_phrases = std::to_array<std::string_view>({"eacces|eperm|erofs|errno", "permission denied os error"});

constexpr auto limit_phrases =
    std::to_array<std::string_view>({"rate limit*", "ratelimit*|throttl*", "too many request*", "quota exceeded"});

constexpr auto unknown_phrases = std::to_array<std::string_view>({
    "method not found|supported|allowed|implemented",
    "unknown|unsupported method|tool|prompt|resource|session",
    "no such tool|method|prompt",
    "tool|prompt|resource|session not found",
    "not implemented",
    "does not exist",
    "doesnt exist",
});

constexpr auto validation_phrases = std::to_array<std::string_view>({
    "invalid param*|arg*|input*|type*|union|value*|literal|enum*",
    "input validation*",
    "validation error*|failed",
    "failed validation",
    "schema*|jsonschema*|zod*|pydantic*|unmarshal*|deserializ*|typeerror|additionalpropert*",
    "additional|unevaluated propert*",
    "extra input*|field*|arg*",
    "unrecognized|unknown|unexpected propert*|arg*|field*|param*|key*|keyword",
    "not|must of type",
    "must|should|expected string|number|integer|object|array|boolean|valid",
    "field required",
    "required field*|propert*|param*|arg*",
    "missing field*|propert*|param*|arg*",
    "type error|mismatch",
    "parse error",
});

constexpr auto denial_phrases = std::to_array<std::string_view>({
    "unauthori*|unauthenticated|forbidden|accessdenied*",
    "not authori*|authenticated|permitted|entitled|allowed",
    "permission|permissions|access denied*",
    "denied access",
    "access not granted|allowed",
    "no permission*",
    "no access to",
    "not|dont have access",
    "insufficient permission*|scope*|privilege*|right*|role*|access|authori*",
    "authentication|authorization|authorisation required|failed",
    "requires authentication|authorization|admin*",
    "must authenticate*|authorized",
    "must logged in",
    "login required",
    "admin|admins only",
    "invalid|expired token",
    "invalid access|bearer token",
    "invalid or expired token",
    "token invalid|expired|revoked",
    "missing token",
    "missing access|bearer token",
    "missing|no authorization",
    "invalid|missing api key",
    "api key required",
    "invalid|bad credentials",
});

constexpr auto rights = std::to_array<std::string_view>(
    {"permission", "permissions", "scope", "scopes", "privilege", "privileges", "role", "roles", "entitlement", "entitlements"});

constexpr auto wants = std::to_array<std::string_view>(
    {"insufficient", "missing", "lack", "lacks", "lacking", "require", "requires", "required", "needs", "without"});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool word_matches(std::string_view pattern, std::string_view word) {
  while (true) {
    const auto bar = pattern.find('|');
    const auto choice = pattern.substr(0, bar);
    const bool open = choice.ends_with('*');
    if (open ? word.starts_with(choice.substr(0, choice.size() - 1)) : word == choice) return true;
    if (bar == std::string_view::npos) return false;
    pattern.remove_prefix(bar + 1);
  }
}

bool matches_at(const Words& words, std::size_t at, std::string_view phrase) {
  while (!phrase.empty()) {
    const auto space = phrase.find(' ');
    if (at >= words.size() || !word_matches(phrase.substr(0, space), words[at])) return false;
    ++at;
    phrase = space == std::string_view::npos ? std::string_view{} : phrase.substr(space + 1);
  }
  return true;
}

bool contains_any(const Words& words, std::span<const std::string_view> phrases) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (std::ranges::any_of(phrases, [&](std::string_view phrase) { return matches_at(words, at, phrase); })) return true;
  }
  return false;
}

bool near(const Words& words, std::size_t at, std::size_t reach, const auto& accept) {
  const auto from = at > reach ? at - reach : 0;
  const auto to = std::min(words.size(), at + reach + 1);
  return std::any_of(words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to), accept);
}

/// "Tool 'x' not found": the name stands between.
bool names_unknown_object(const Words& words) {
  constexpr auto objects = std::to_array<std::string_view>({"tool", "method", "prompt", "resource", "session"});
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!matches_at(words, at, "not found") && !matches_at(words, at, "disabled")) continue;
    if (near(words, at, 8, [&](const std::string& word) { return is_one_of(objects, word); })) return true;
  }
  return contains_any(words, unknown_phrases);
}

/// "requires scope x", "you do not have the admin role": the right and the want of it, a few words apart.
bool wants_a_right(const Words& words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is_one_of(rights, words[at])) continue;
    if (near(words, at, 3, [](const std::string& word) { return is_one_of(wants, word); })) return true;
    for (std::size_t back = at >= 5 ? at - 5 : 0; back + 1 < at; ++back) {
      const bool negated = words[back] == "not" || words[back] == "dont" || words[back] == "doesnt";
      if (negated && words[back + 1] == "have") return true;
    }
  }
  return false;
}

Complaint complaint(std::string_view text, bool only_phrases) {
  auto words = plain_words(text.substr(0, read_bytes));
  std::erase_if(words, [](const std::string& word) { return is_one_of(fillers, word); });
  if (contains_any(words, system_phrases)) return Complaint::system;
  if (contains_any(words, limit_phrases)) return Complaint::limit;
  if (contains_any(words, validation_phrases)) return Complaint::validation;
  if (names_unknown_object(words)) return Complaint::unknown_object;
  if (contains_any(words, denial_phrases)) return Complaint::denial;
  if (!only_phrases && wants_a_right(words)) return Complaint::denial;
  return Complaint::none;
}

}  // namespace

std::vector<std::string> plain_words(std::string_view text) {
  Words words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  char before = ' ';
  for (const char c : text) {
    if (is_upper(c)) {
      if (is_lower(before) || is_digit(before)) end_word();
      word += static_cast<char>(c - 'A' + 'a');
    } else if (is_lower(c) || is_digit(c)) {
      word += c;
    } else if (c != '\'') {
      end_word();
    }
    before = c;
  }
  end_word();
  return words;
}

Complaint complaint_of(std::string_view text) { return complaint(text, false); }
Complaint complaint_of_params_error(std::string_view text) { return complaint(text, true); }

bool denial_text(std::string_view text) { return complaint_of(text) == Complaint::denial; }

}  // namespace mcprove::mcp
