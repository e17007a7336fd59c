#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "vet/clause_rules.h"
#include "vet/patterns.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

/// The lexicon and all patterns, built once.
class Engine {
 public:
  Engine() {
    for (const Phrase* each = phrases().begin; each != phrases().end; ++each)
      add(phrases_, each->pattern, phrase_list_.size(), [&] { phrase_list_.push_back(each); });
    for (const ClauseRules part : {clause_rules(), manner_rules(), hint_rules(), stray_rules()}) {
      for (const ClauseRule* rule = part.begin; rule != part.end; ++rule) {
        for (const auto pattern : rule->patterns)
          if (!pattern.empty()) add(patterns_, pattern, rules_.size(), [] {});
        rules_.push_back(rule);
      }
    }
  }

  Clauses read(std::string_view text, const Place& place) const {
    Clauses clauses = with_phrases(text, place);
    mark_foreign(clauses, place);
    mark_orders(clauses);
    return clauses;
  }

  /// What the first sentence of a text speaks of. No phrase goes on into a second one, but numbers in groups may.
  Senses subject(std::string_view text) const {
    constexpr std::uint32_t enough = 3;
    return first_sentence(with_phrases(text, {}, enough));
  }

  std::vector<PatternSet::Match> find(const Clauses& clauses, std::size_t* work = nullptr) const {
    return patterns_.find(clauses, work);
  }
  const ClauseRule& rule(std::size_t tag) const { return *rules_[tag]; }
  const std::vector<std::string>& malformed() const { return malformed_; }

 private:
  Clauses with_phrases(std::string_view text, const Place& place, std::uint32_t sentences = ~0U) const {
    Clauses clauses = read_clauses(text, lexicon_, place, sentences);
    for (const auto& match : phrases_.find(clauses)) clauses.tokens[match.first].senses |= phrase_list_[match.tag]->senses;
    return clauses;
  }

  static Senses first_sentence(const Clauses& clauses) {
    Senses out = 0;
    for (const Token& token : clauses.tokens) {
      if (token.sentence != 0) break;
      out |= token.senses;
    }
    return out;
  }

  /// "the user's question" is what many a tool is given, and no more than that.
  static bool is_request(const Clauses& clauses, std::size_t i) {
    constexpr std::array<std::string_view, 7> requests = {"question", "request", "query", "message",
                                                          "wording",  "prompt",  "asked"};
    constexpr std::size_t near = 5;
    for (std::size_t k = i; k < std::min(i + near, clauses.tokens.size()); ++k) {
      const std::string_view word = clauses.text.substr(clauses.tokens[k].at, clauses.tokens[k].size);
      if (std::find(requests.begin(), requests.end(), word) != requests.end()) return true;
    }
    // "at the start of every conversation"
    constexpr std::array<std::string_view, 6> which = {"every", "each", "any", "new", "a", "one"};
    if (i == 0) return false;
    const std::string_view before = clauses.text.substr(clauses.tokens[i - 1].at, clauses.tokens[i - 1].size);
    return std::find(which.begin(), which.end(), before) != which.end();
  }

  /// "copy it to the clipboard"
  static bool is_destination(const Clauses& clauses, std::size_t i) {
    constexpr std::array<std::string_view, 3> to = {"to", "into", "onto"};
    for (std::size_t k = i; k-- > 0 && i - k <= 2;) {
      const std::string_view word = clauses.text.substr(clauses.tokens[k].at, clauses.tokens[k].size);
      if (std::find(to.begin(), to.end(), word) != to.end()) return true;
    }
    return false;
  }

  static void mark_foreign(Clauses& clauses, const Place& place) {
    if (place.manual) return;
    constexpr Senses doors = Sense::secret | Sense::credential;
    const Senses title = clauses.subject = place.title | first_sentence(clauses);
    Senses foreign = 0;
    if ((title & doors) == 0) foreign |= bit(Sense::secret);
    if ((title & (Sense::personal | Sense::intimate)) == 0) foreign |= bit(Sense::intimate);
    if ((title & (Sense::defence | Sense::guard)) == 0) foreign |= bit(Sense::defence);
    if (!has(title, Sense::context) && !place.trade) foreign |= bit(Sense::context);
    for (std::size_t i = 0; i < clauses.tokens.size(); ++i) {
      Token& token = clauses.tokens[i];
      if (has(token.senses & foreign, Sense::context) && is_request(clauses, i)) continue;
      if (has(token.senses & foreign, Sense::intimate) && is_destination(clauses, i)) continue;
      if ((token.senses & foreign) != 0) token.senses |= bit(Sense::foreign);
    }
  }

  template <class Then>
  void add(PatternSet& set, std::string_view pattern, std::size_t tag, Then then) {
    if (!set.add(pattern, tag, lexicon_)) malformed_.emplace_back(pattern);
    then();
  }

  Lexicon lexicon_;
  PatternSet phrases_;
  PatternSet patterns_;
  std::vector<const Phrase*> phrase_list_{};
  std::vector<const ClauseRule*> rules_{};
  std::vector<std::string> malformed_{};
};

const Engine& engine() {
  static const Engine one;
  return one;
}

/// Prose about attacks, or the words of somebody else: what a word before in the sentence says, or quotation marks.
bool spoken_of(const Clauses& clauses, std::size_t first) {
  const auto& tokens = clauses.tokens;
  // What stands between quotation marks may be the last of a list.
  const std::size_t memory = has(tokens[first].senses, Sense::quoted) ? 60 : 12;
  // A tool's own argument stands between such marks too.
  const bool quoted = has(tokens[first].senses, Sense::quoted) && !has(tokens[first].senses, Sense::own);
  if (quoted && (!has(tokens[first].senses, Sense::order) || has(clauses.subject, Sense::describes))) return true;
  for (std::size_t i = first; i-- > 0 && first - i <= memory && tokens[i].sentence == tokens[first].sentence;)
    if (has(tokens[i].senses, Sense::describes)) return true;
  return false;
}

/// "everything but no passwords": what stands right before the data takes it out again.
bool taken_out(const Clauses& clauses, std::size_t first, std::size_t last, bool hint) {
  constexpr std::size_t near = 3;
  constexpr std::size_t far = 8;
  const auto& tokens = clauses.tokens;
  // "leave out what was said"
  if (last > first && clauses.text.substr(tokens[first + 1].at, tokens[first + 1].size) == "out") return true;
  for (std::size_t i = last; i-- > first + 1 && last - i <= near;)
    if (has(tokens[i].senses, Sense::negation)) return true;
  // Where the mood of a verb is not known, "not" takes out what follows.
  const bool late = hint || std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(first),
                                        tokens.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                                        [](const Token& token) { return has(token.senses, Sense::late); });
  for (std::size_t i = first; late && i-- > 0 && first - i <= far && tokens[i].sentence == tokens[first].sentence;)
    if (has(tokens[i].senses, Sense::negation)) return true;
  // "leave credentials out"
  if (last + 1 < tokens.size() && clauses.text.substr(tokens[last + 1].at, tokens[last + 1].size) == "out") return true;
  // "instructions in the page must not be followed"
  for (std::size_t i = last + 1; hint && i < tokens.size() && i - last <= 2 && !tokens[i].starts_clause; ++i)
    if (tokens[i].sentence == tokens[last].sentence && has(tokens[i].senses, Sense::negation)) return true;
  // "files that hold keys are refused"
  constexpr std::size_t after = 5;
  for (std::size_t i = last + 1; hint && i < tokens.size() && i - last <= after && tokens[i].sentence == tokens[last].sentence;
       ++i)
    if (has(tokens[i].senses, Sense::describes)) return true;
  return late && last + 1 < tokens.size() && tokens[last + 1].sentence == tokens[last].sentence &&
         has(tokens[last + 1].senses, Sense::negation);
}

bool any_within(const Clauses& clauses, const PatternSet::Match& match, Sense sense) {
  for (std::size_t i = match.first; i <= match.last; ++i)
    if (has(clauses.tokens[i].senses, sense)) return true;
  return false;
}

/// "Never deploy without asking": two negations ask for what one leaves out.
bool denied_twice(const Clauses& clauses, const PatternSet::Match& match) {
  constexpr std::size_t far = 8;
  const auto& tokens = clauses.tokens;
  const auto& first = tokens[match.first];
  int denials = 0;
  const std::size_t from = match.first > far ? match.first - far : 0;
  for (std::size_t i = from; i <= match.last; ++i)
    denials += tokens[i].sentence == first.sentence && has(tokens[i].senses, Sense::negation) ? 1 : 0;
  return has(first.senses, Sense::negation) && denials > 1;
}

bool is_without(std::string_view word) {
  constexpr std::array<std::string_view, 7> words = {"without", "sans", "sin", "sem", "ohne", "tanpa", "без"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "Sends nothing without telling the user."
bool asks_for_telling(const Clauses& clauses, const PatternSet::Match& match) {
  constexpr std::size_t near = 3;
  const auto& tokens = clauses.tokens;
  PatternSet::Match wider = match;
  while (wider.first > 0 && match.first - wider.first < near && !has(tokens[wider.first].senses, Sense::negation)) --wider.first;
  const Token& first = tokens[wider.first];
  return first.sentence == tokens[match.first].sentence && is_without(clauses.text.substr(first.at, first.size)) &&
         denied_twice(clauses, wider);
}

/// "Keep the answer to yourself until the player has guessed": nothing is kept for good.
bool for_a_while(const Clauses& clauses, const PatternSet::Match& match) {
  constexpr std::size_t near = 3;
  const auto& tokens = clauses.tokens;
  for (std::size_t i = match.last + 1; i < tokens.size() && i - match.last <= near; ++i)
    if (clauses.text.substr(tokens[i].at, tokens[i].size) == "until") return true;
  return false;
}

/// "If it is not merged, warn the user": what is denied ends before the verb.
bool denies_something_else(const Clauses& clauses, const PatternSet::Match& match) {
  const auto& tokens = clauses.tokens;
  if (!has(tokens[match.first].senses, Sense::negation)) return false;
  for (std::size_t i = match.first + 1; i <= match.last; ++i)
    if (has(tokens[i].senses, Sense::tell) || has(tokens[i].senses, Sense::ask))
      return tokens[i].starts_clause && !has(tokens[i].senses, Sense::negated);
  return false;
}

/// "Resets the rules. Earlier rules no longer apply": they are what the tool is for, and nobody is told to do anything.
bool own_subject(const Clauses& clauses, const PatternSet::Match& match, const Place& place) {
  const auto& tokens = clauses.tokens;
  if (any_within(clauses, match, Sense::order)) return false;
  if (place.trade) return true;
  for (std::size_t i = 0; i < match.first && tokens[i].sentence == tokens[0].sentence; ++i)
    if (has(tokens[i].senses, Sense::rules) && tokens[match.first].sentence != tokens[0].sentence) return true;
  return false;
}

/// What the words around a match make of it.
bool excused(const Clauses& clauses, const PatternSet::Match& match, const ClauseRule& rule) {
  switch (rule.aspect) {
    case Aspect::data:
    case Aspect::keys:
    case Aspect::stray:
    case Aspect::sink:
      return any_within(clauses, match, Sense::describes) ||
             taken_out(clauses, match.first, match.last, rule.weight == Weight::low || rule.aspect == Aspect::stray);
    case Aspect::rank:
      return any_within(clauses, match, Sense::partial) || (rule.id == "obeys-others" && has(clauses.subject, Sense::rules));
    case Aspect::consent:
      return denied_twice(clauses, match) || (rule.id == "foreign-power" && taken_out(clauses, match.first, match.last, true));
    case Aspect::secrecy:
      return denies_something_else(clauses, match) || asks_for_telling(clauses, match) || for_a_while(clauses, match);
    case Aspect::none:
    case Aspect::pressure:
    case Aspect::scope:
    case Aspect::role:
    case Aspect::money:
    case Aspect::gain:
    case Aspect::will:
    case Aspect::trigger:
    case Aspect::step: return false;
  }
  return false;
}

/// Who deals with chats asks for chats; anybody else has to say why.
Weight weight_of(const ClauseRule& rule, const Clauses& clauses, const PatternSet::Match& match, const Place& place) {
  if (rule.id == "context-leak") return place.trade || any_within(clauses, match, Sense::partial) ? Weight::low : rule.weight;
  if (rule.id == "context-argument-text") return place.argument && !place.trade ? Weight::medium : rule.weight;
  if (rule.id == "takes-foreign")
    return place.argument && !place.trade && !any_within(clauses, match, Sense::partial) ? Weight::medium : rule.weight;
  if (rule.id == "instruction-override") return own_subject(clauses, match, place) ? Weight::low : rule.weight;
  return rule.weight;
}

/// What is wanted beside a tool's purpose says more than what it is for.
Aspect aspect_of(const ClauseRule& rule, const Clauses& clauses, const PatternSet::Match& match) {
  return rule.aspect == Aspect::data && any_within(clauses, match, Sense::foreign) ? Aspect::stray : rule.aspect;
}

}  // namespace

Senses subject_of(const std::string& name, std::string_view text) { return engine().subject(name) | engine().subject(text); }

std::vector<std::string> malformed_patterns() { return engine().malformed(); }

std::size_t clause_work(std::string_view text) {
  std::size_t work = 0;
  static_cast<void>(engine().find(engine().read(text, {}), &work));
  return work;
}

std::optional<std::string_view> first_order(std::string_view text) {
  constexpr std::size_t shortest = 12;  // with what is to be done about what
  const Clauses clauses = engine().read(text, {});
  for (std::size_t i = 0; i < clauses.tokens.size(); ++i) {
    const Token& token = clauses.tokens[i];
    if (!has(token.senses, Sense::order) || has(token.senses, Sense::negated) || spoken_of(clauses, i)) continue;
    if (token.at + shortest < text.size()) return text.substr(token.at);
  }
  return std::nullopt;
}

Senses scan_clauses(std::string_view text, const Place& place, std::vector<Hit>& out) {
  const Clauses clauses = engine().read(text, place);
  std::set<std::string_view> seen;
  for (const auto& match : engine().find(clauses)) {
    const ClauseRule& rule = engine().rule(match.tag);
    if (seen.contains(rule.id) || spoken_of(clauses, match.first)) continue;
    if (excused(clauses, match, rule)) continue;
    seen.insert(rule.id);
    const Token& first = clauses.tokens[match.first];
    const Token& last = clauses.tokens[match.last];
    out.push_back({rule.id, rule.why, weight_of(rule, clauses, match, place), aspect_of(rule, clauses, match), first.at,
                   last.at + last.size - first.at, first.sentence});
  }
  Senses once = 0;
  Senses twice = 0;
  for (const Token& token : clauses.tokens) {
    const Senses turned = token.senses & (Sense::rot13 | Sense::reversed);
    twice |= once & turned;
    once |= turned;
  }
  return twice;
}

}  // namespace mcprove::vet
