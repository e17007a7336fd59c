#include <algorithm>
#include <set>
#include <string>

#include <re2/re2.h>

#include "base/text.h"
#include "vet/rules.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

re2::StringPiece piece(std::string_view s) { return {s.data(), s.size()}; }

/// From the end of the sentence before, but no further back than a reader remembers.
std::string_view said_before(std::string_view text, std::size_t at) {
  constexpr std::size_t memory = 200;
  std::size_t from = at > memory ? at - memory : 0;
  for (std::size_t i = at; i > from; --i) {
    const char c = text[i - 1];
    const bool end = c == '\n' || ((c == '.' || c == '!' || c == '?') && i < text.size() && text[i] == ' ');
    if (end) {
      from = i;
      break;
    }
  }
  return text.substr(from, at - from);
}

bool negated(std::string_view before) {
  static const RE2 pattern(
      R"((?i)\b(?:never|not|n't|cannot|can't|won't|doesn't|don't|without|avoids?|no need to|refuses? to|nor)\s+(?:\w+\s+){0,2}$)");
  return RE2::PartialMatch(piece(before), pattern);
}

/// Prose about attacks, not an attack.
bool described(std::string_view before) {
  static const RE2 pattern(
      R"((?i)\b(?:detect(?:s|ing|ion|ed)?|scan(?:s|ning|ned)?|flag(?:s|ged|ging)?|block(?:s|ed|ing)?|prevent(?:s|ing|ed)?|protect(?:s|ing)?|saniti[sz]\w+|filter(?:s|ed|ing)?|attacks?|injections?|such as|looks? for|identif\w+|audit(?:s|ing)|classif\w+|warns?|reject(?:s|ed)?|refuse[sd]?)\b|(?:\bexample|\be\.g)\W[^\n]{0,40}$)");
  return RE2::PartialMatch(piece(before), pattern);
}

bool quoted(std::string_view text, std::size_t at, std::size_t end) {
  if (at == 0) return false;
  const char open = text[at - 1];
  if (open != '"' && open != '\'' && open != '`') return false;
  return text.substr(end, 80).find(open) != std::string_view::npos;
}

/// A word that addresses the reader stands before it, or a sentence that is not the first begins with it: the first one
/// says what the tool does, and many authors write that in the imperative.
bool commands(std::string_view before, bool first_sentence) {
  static const RE2 addressed(
      R"((?i)\b(?:(?:you|must|before|first|always|then|also|please|try to|attempt to|need to|make sure|ensure|required to)\b|(?:system|instructions?|important|requirement|note)\]?\s*:)[^\n]{0,80}$|>\s*$)");
  static const RE2 begins(R"(^\W*$)");
  // "The server must first read ..." and "... must be read" command nobody.
  static const RE2 others(
      R"((?i)\b(?:be|server|tool|it|client|cli|sdk|which|that|will|can|could|may|might)\s+(?:(?:will|can|may|must|then|also|first|always)\s+)*$)");
  if (RE2::PartialMatch(piece(before), others)) return false;
  return RE2::PartialMatch(piece(before), addressed) || (!first_sentence && RE2::PartialMatch(piece(before), begins));
}

bool honest(const Guard& guard, std::string_view text, std::size_t at, std::size_t end) {
  const std::string_view before = said_before(text, at);
  if (guard.negation && negated(before)) return true;
  if (guard.description && (described(before) || quoted(text, at, end))) return true;
  return guard.command && !commands(before, before.size() == at);
}

}  // namespace

Senses scan_injection(std::string_view text, std::string_view pointer, std::vector<Signal>& out) {
  // No phrase that a rule knows is shorter; most strings of a schema are.
  constexpr std::size_t shortest = 6;
  if (text.size() < shortest) return 0;
  const std::string read = plain(text);
  const Senses turned = scan_clauses(read, pointer, out);
  // The other rules look for brackets, headings and shell lines.
  if (read.find_first_of("[<#|:$/-_") == std::string::npos) return turned;
  // Nobody honest denies it this often; a text that does is made to wear us out.
  constexpr int most_denials = 200;
  std::set<std::string> seen;
  for (const Rule& rule : rules()) {
    if (!rule.needs.empty() && read.find_first_of(rule.needs) == std::string::npos) continue;
    re2::StringPiece rest = piece(read);
    re2::StringPiece match;
    int denials = 0;
    while (seen.count(rule.id) == 0 && RE2::FindAndConsume(&rest, *rule.pattern, &match)) {
      const auto at = static_cast<std::size_t>(match.data() - read.data());
      if (honest(rule.guard, read, at, at + match.size()) && ++denials < most_denials) continue;
      seen.insert(rule.id);
      out.push_back(
          {rule.id, Family::injection, rule.weight, std::string(pointer), excerpt_of(read, at, match.size()), rule.why});
    }
  }
  return turned;
}

}  // namespace mcprove::vet
