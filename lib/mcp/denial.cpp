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

// Phrases are matched word by word; a trailing '*' stands for any ending. Articles and auxiliaries are left out of the
// text before, so "token has been revoked" is "token revoked".
constexpr std::array fillers{std::string_view{"the"}, std::string_view{"a"},    std::string_view{"an"},  std::string_view{"is"},
                             std::string_view{"are"}, std::string_view{"was"},  std::string_view{"were"}, std::string_view{"be"},
                             std::string_view{"been"}, std::string_view{"has"}, std::string_view{"your"}, std::string_view{"this"},
                             std::string_view{"that"}, std::string_view{"any"}, std::string_view{"currently"}};

constexpr std::array system_phrases{std::string_view{"eacces"}, std::string_view{"eperm"}, std::string_view{"errno"},
                                    std::string_view{"erofs"}, std::string_view{"permission denied os error"}};

constexpr std::array limit_phrases{std::string_view{"rate limit*"}, std::string_view{"ratelimit*"}, std::string_view{"too many request*"},
                                   std::string_view{"quota exceeded"}, std::string_view{"throttl*"}};

constexpr std::array unknown_phrases{
    std::string_view{"method not found"},   std::string_view{"unknown method"},     std::string_view{"unsupported method"},
    std::string_view{"method not supported"}, std::string_view{"method not allowed"}, std::string_view{"method not implemented"},
    std::string_view{"unknown tool"},       std::string_view{"no such tool"},       std::string_view{"tool not found"},
    std::string_view{"unknown prompt"},     std::string_view{"prompt not found"},   std::string_view{"unknown resource"},
    std::string_view{"resource not found"}, std::string_view{"session not found"},  std::string_view{"unknown session"},
    std::string_view{"not implemented"},    std::string_view{"does not exist"},     std::string_view{"doesnt exist"},
};

constexpr std::array validation_phrases{
    std::string_view{"invalid param*"},     std::string_view{"invalid argument*"},  std::string_view{"invalid input*"},
    std::string_view{"invalid type*"},      std::string_view{"invalid union"},      std::string_view{"invalid value*"},
    std::string_view{"invalid arg*"},       std::string_view{"invalid literal"},    std::string_view{"invalid enum*"},
    std::string_view{"input validation*"},  std::string_view{"validation error*"},  std::string_view{"validation failed"},
    std::string_view{"failed validation"},  std::string_view{"schema*"},            std::string_view{"additional propert*"},
    std::string_view{"unevaluated propert*"}, std::string_view{"additionalpropert*"}, std::string_view{"extra input*"},
    std::string_view{"extra field*"},       std::string_view{"unrecognized key*"},  std::string_view{"unknown propert*"},
    std::string_view{"unknown argument*"},  std::string_view{"unknown field*"},     std::string_view{"unknown param*"},
    std::string_view{"unexpected propert*"}, std::string_view{"unexpected keyword"}, std::string_view{"unexpected argument*"},
    std::string_view{"unexpected field*"},  std::string_view{"unexpected param*"},  std::string_view{"not of type"},
    std::string_view{"must of type"},       std::string_view{"must string"},        std::string_view{"must number"},
    std::string_view{"must integer"},       std::string_view{"must object"},        std::string_view{"must array"},
    std::string_view{"must boolean"},       std::string_view{"should valid"},       std::string_view{"must valid"},
    std::string_view{"expected string"},    std::string_view{"expected number"},    std::string_view{"expected object"},
    std::string_view{"expected array"},     std::string_view{"expected boolean"},   std::string_view{"expected integer"},
    std::string_view{"field required"},     std::string_view{"required field*"},    std::string_view{"required propert*"},
    std::string_view{"required param*"},    std::string_view{"required arg*"},      std::string_view{"missing param*"},
    std::string_view{"missing argument*"},  std::string_view{"missing field*"},     std::string_view{"typeerror"},
    std::string_view{"type error"},         std::string_view{"zod*"},               std::string_view{"pydantic*"},
    std::string_view{"unmarshal*"},         std::string_view{"deserializ*"},        std::string_view{"parse error"},
    std::string_view{"jsonschema*"},        std::string_view{"type mismatch"},
};

constexpr std::array denial_phrases{
    std::string_view{"unauthori*"},         std::string_view{"unauthenticated"},    std::string_view{"not authori*"},
    std::string_view{"not authenticated"},  std::string_view{"forbidden"},          std::string_view{"permission denied"},
    std::string_view{"permissions denied"}, std::string_view{"no permission*"},     std::string_view{"insufficient permission*"},
    std::string_view{"insufficient scope*"}, std::string_view{"insufficient privilege*"}, std::string_view{"insufficient right*"},
    std::string_view{"insufficient role*"}, std::string_view{"insufficient access"}, std::string_view{"insufficient authori*"},
    std::string_view{"access denied*"},     std::string_view{"accessdenied*"},      std::string_view{"denied access"},
    std::string_view{"not permitted"},      std::string_view{"not entitled"},       std::string_view{"not allowed"},
    std::string_view{"access not granted"}, std::string_view{"no access to"},       std::string_view{"not have access"},
    std::string_view{"dont have access"},   std::string_view{"authentication required"}, std::string_view{"authorization required"},
    std::string_view{"authorisation required"}, std::string_view{"requires authentication"}, std::string_view{"requires authorization"},
    std::string_view{"authentication failed"}, std::string_view{"authorization failed"}, std::string_view{"must authenticate*"},
    std::string_view{"must authorized"},    std::string_view{"must logged in"},     std::string_view{"login required"},
    std::string_view{"invalid token"},      std::string_view{"invalid access token"}, std::string_view{"invalid bearer token"},
    std::string_view{"invalid or expired token"}, std::string_view{"token invalid"}, std::string_view{"token expired"},
    std::string_view{"expired token"},      std::string_view{"token revoked"},      std::string_view{"missing token"},
    std::string_view{"missing access token"}, std::string_view{"missing bearer token"}, std::string_view{"missing authorization"},
    std::string_view{"no authorization"},   std::string_view{"invalid api key"},    std::string_view{"missing api key"},
    std::string_view{"api key required"},   std::string_view{"invalid credentials"}, std::string_view{"bad credentials"},
    std::string_view{"requires admin*"},    std::string_view{"admin only"},         std::string_view{"admins only"},
};

constexpr std::array rights{std::string_view{"permission"}, std::string_view{"permissions"}, std::string_view{"scope"},
                            std::string_view{"scopes"},     std::string_view{"privilege"},   std::string_view{"privileges"},
                            std::string_view{"role"},       std::string_view{"roles"},       std::string_view{"entitlement"},
                            std::string_view{"entitlements"}};

constexpr std::array wants{std::string_view{"insufficient"}, std::string_view{"missing"}, std::string_view{"lack"},
                           std::string_view{"lacks"},        std::string_view{"lacking"}, std::string_view{"require"},
                           std::string_view{"requires"},     std::string_view{"required"}, std::string_view{"needs"},
                           std::string_view{"without"}};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool word_matches(std::string_view pattern, std::string_view word) {
  if (pattern.ends_with('*')) return word.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == word;
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
  constexpr std::array objects{std::string_view{"tool"}, std::string_view{"method"}, std::string_view{"prompt"},
                               std::string_view{"resource"}, std::string_view{"session"}};
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
