#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
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

/// Sentences between two hints that still speak of one thing.
constexpr std::uint32_t near = 2;

/// Sides that honest authors seldom show; of two hints one has to be such.
bool sharp(Aspect aspect) {
  switch (aspect) {
    case Aspect::keys:
    case Aspect::stray:
    case Aspect::sink:
    case Aspect::secrecy:
    case Aspect::consent:
    case Aspect::rank:
    case Aspect::role:
    case Aspect::money:
    case Aspect::gain:
    case Aspect::will:
    case Aspect::trigger: return true;
    case Aspect::none:
    case Aspect::data:
    case Aspect::pressure:
    case Aspect::scope:
    case Aspect::step: return false;
  }
  return false;
}

bool agree(const Hit& a, const Hit& b) {
  const auto apart = a.sentence > b.sentence ? a.sentence - b.sentence : b.sentence - a.sentence;
  const auto wanted = [](Aspect aspect) { return aspect == Aspect::data || aspect == Aspect::keys || aspect == Aspect::stray; };
  if (wanted(a.aspect) && wanted(b.aspect)) return false;
  return a.aspect != b.aspect && a.aspect != Aspect::none && b.aspect != Aspect::none && apart <= near &&
         (sharp(a.aspect) || sharp(b.aspect));
}

/// Two hints of different sides, close to each other, weigh as much as one rule that is sure of itself.
void join_hints(std::vector<Hit>& hits, std::vector<std::string>& told) {
  const bool sure = std::any_of(hits.begin(), hits.end(), [](const Hit& hit) { return hit.weight != Weight::low; });
  if (sure) return;  // corroborate() takes the hints into account
  for (std::size_t i = 0; i < hits.size(); ++i) {
    for (std::size_t k = i + 1; k < hits.size(); ++k) {
      if (!agree(hits[i], hits[k])) continue;
      Hit one = hits[i];
      const std::size_t end = std::max(one.at + one.size, hits[k].at + hits[k].size);
      told.push_back(fmt::format("{}, and {}", hits[i].why, hits[k].why));
      one.rule = "agreeing-hints";
      one.why = {};
      one.weight = Weight::medium;
      one.at = std::min(one.at, hits[k].at);
      one.size = end - one.at;
      hits[i] = one;
      hits.erase(hits.begin() + static_cast<std::ptrdiff_t>(k));
      return;
    }
  }
}

/// As the clause reader counts them, roughly: marks stand where sentences are loose.
std::uint32_t sentences_before(std::string_view text, std::size_t at) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i + 1 < at; ++i) {
    const char c = text[i];
    count += c == '\n' || ((c == '.' || c == '!' || c == '?' || c == ';') && text[i + 1] == ' ') ? 1 : 0;
  }
  return count;
}

bool may_match(const Rule& rule, const Glance& seen) {
  const auto stands = [&](std::string_view word) { return seen.may_hold(word); };
  if (!rule.marks.empty() && !seen.holds_any(rule.marks)) return false;
  return std::ranges::all_of(rule.words, [&](const auto& any) { return any.empty() || std::ranges::any_of(any, stands); });
}

/// What the other rules see: brackets, headings and shell lines. `seen` is what stands in `read`, and perhaps more.
void scan_marks(const std::string& read, const Glance& seen, std::vector<Hit>& out) {
  if (!seen.holds_any("[<#|:$/-_")) return;
  // Nobody honest denies it this often; a text that does is made to wear us out.
  constexpr int most_denials = 200;
  for (const Rule& rule : rules()) {
    if (!may_match(rule, seen)) continue;
    re2::StringPiece rest = piece(read);
    re2::StringPiece match;
    int denials = 0;
    while (RE2::FindAndConsume(&rest, rule.pattern->compiled(), &match)) {
      const auto at = static_cast<std::size_t>(match.data() - read.data());
      if (honest(rule.guard, read, at, at + match.size()) && ++denials < most_denials) continue;
      out.push_back({rule.id, rule.why, rule.weight, rule.aspect, at, match.size(), sentences_before(read, at)});
      break;
    }
  }
}

}  // namespace

Senses scan_injection(std::string_view text, std::string_view pointer, std::vector<Signal>& out, const Place& place) {
  return scan_injection(text, Glance(text), pointer, out, place);
}

Senses scan_injection(std::string_view text, const Glance& seen, std::string_view pointer, std::vector<Signal>& out,
                      const Place& place) {
  // No phrase that a rule knows is shorter; most strings of a schema are.
  constexpr std::size_t shortest = 6;
  if (text.size() < shortest) return 0;
  const std::string read = seen.ascii() ? plain_ascii(text) : plain(text);
  std::vector<Hit> hits;
  const Senses turned = scan_clauses(read, place, hits);
  scan_marks(read, seen.ascii() ? seen : Glance(read), hits);
  if (hits.empty()) return turned;
  std::vector<std::string> told;
  // What a server says of its own tools' order is no claim over others.
  if (place.manual)
    std::erase_if(hits, [](const Hit& hit) {
      return hit.weight == Weight::low &&
             (hit.aspect == Aspect::scope || hit.aspect == Aspect::rank || hit.aspect == Aspect::step);
    });
  if (hits.empty()) return turned;
  join_hints(hits, told);
  // The origin of a line end is where the next line begins.
  const bool as_it_stands = seen.ascii() && !seen.holds('\n') && read == text;
  const auto origins = as_it_stands ? std::vector<std::uint32_t>() : origins_of(text);
  for (const Hit& hit : hits) {
    const std::size_t from = as_it_stands ? hit.at : origins[hit.at];
    const std::size_t size = as_it_stands ? hit.size : origins[hit.at + hit.size] - from;
    out.push_back({std::string(hit.rule), Family::injection, hit.weight, std::string(pointer), excerpt_of(text, from, size),
                   hit.why.empty() ? told.front() : std::string(hit.why)});
  }
  return turned;
}

}  // namespace mcprove::vet
