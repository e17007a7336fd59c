#include <algorithm>
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
    for (const ClauseRules part : {clause_rules(), manner_rules()}) {
      for (const ClauseRule* rule = part.begin; rule != part.end; ++rule) {
        for (const auto pattern : rule->patterns)
          if (!pattern.empty()) add(patterns_, pattern, rules_.size(), [] {});
        rules_.push_back(rule);
      }
    }
  }

  Clauses read(std::string_view text) const {
    Clauses clauses = read_clauses(text, lexicon_);
    for (const auto& match : phrases_.find(clauses)) clauses.tokens[match.first].senses |= phrase_list_[match.tag]->senses;
    mark_orders(clauses);
    return clauses;
  }

  std::vector<PatternSet::Match> find(const Clauses& clauses, std::size_t* work = nullptr) const {
    return patterns_.find(clauses, work);
  }
  const ClauseRule& rule(std::size_t tag) const { return *rules_[tag]; }
  const std::vector<std::string>& malformed() const { return malformed_; }

 private:
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
  constexpr std::size_t memory = 12;
  const auto& tokens = clauses.tokens;
  if (has(tokens[first].senses, Sense::quoted) && !has(tokens[first].senses, Sense::order)) return true;
  for (std::size_t i = first; i-- > 0 && first - i <= memory && tokens[i].sentence == tokens[first].sentence;)
    if (has(tokens[i].senses, Sense::describes)) return true;
  return false;
}

/// "everything but no passwords": what stands right before the data takes it out again.
bool taken_out(const Clauses& clauses, std::size_t first, std::size_t last) {
  constexpr std::size_t near = 3;
  for (std::size_t i = last; i-- > first + 1 && last - i <= near;)
    if (has(clauses.tokens[i].senses, Sense::negation)) return true;
  return false;
}

/// Rules over data, which a negation takes out; the others are about negations.
bool about_data(std::string_view rule) { return rule == "secret-access" || rule == "context-leak" || rule == "exfiltration"; }

}  // namespace

std::vector<std::string> malformed_patterns() { return engine().malformed(); }

std::size_t clause_work(std::string_view text) {
  std::size_t work = 0;
  static_cast<void>(engine().find(engine().read(text), &work));
  return work;
}

Senses scan_clauses(std::string_view text, std::string_view pointer, std::vector<Signal>& out) {
  const Clauses clauses = engine().read(text);
  std::set<std::string_view> seen;
  for (const auto& match : engine().find(clauses)) {
    const ClauseRule& rule = engine().rule(match.tag);
    if (seen.contains(rule.id) || spoken_of(clauses, match.first)) continue;
    if (about_data(rule.id) && taken_out(clauses, match.first, match.last)) continue;
    seen.insert(rule.id);
    const Token& first = clauses.tokens[match.first];
    const Token& last = clauses.tokens[match.last];
    out.push_back({std::string(rule.id), Family::injection, rule.weight, std::string(pointer),
                   excerpt_of(text, first.at, last.at + last.size - first.at), std::string(rule.why)});
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
