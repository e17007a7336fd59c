#include "vet/patterns.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <optional>

namespace mcprove::vet {

namespace {

template <class Each>
bool each_part(std::string_view list, char separator, Each each) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(separator, at), list.size());
    if (end > at && !each(list.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

bool add_sense(std::string_view name, Senses& senses) {
  const Sense sense = sense_named(name);
  if (sense == Sense::count_) return false;
  senses |= bit(sense);
  return true;
}

}  // namespace

bool PatternSet::parse_test(std::string_view word, Lexicon& lexicon, Item& item) {
  Test test;
  if (word == "$") {
    item.end = true;
    return true;
  }
  if (word.front() == '@') {
    const bool good = each_part(word.substr(1), '&', [&](std::string_view name) {
      return name.front() == '-' ? add_sense(name.substr(1), test.none) : add_sense(name, test.all);
    });
    if (!good) return false;
  } else if (word.back() == '!' || word.back() == '-') {
    if (!add_sense(word.substr(0, word.size() - 1), test.all)) return false;
    if (word.back() == '!') {
      test.all |= bit(Sense::order);
      test.none |= bit(Sense::negated);
    } else {
      test.all |= bit(Sense::negated);
    }
  } else {
    test.id = lexicon.id_of(word);
  }
  item.any.push_back(test);
  return true;
}

bool PatternSet::add(std::string_view source, std::size_t tag, Lexicon& lexicon) {
  std::vector<Item> items;
  Item item;
  std::optional<std::size_t> any_order;
  const bool good = each_part(source, ' ', [&](std::string_view part) {
    if (part.front() == '~') {
      std::size_t gap = 0;
      part.remove_prefix(1);
      if (std::from_chars(part.data(), part.data() + part.size(), gap).ec != std::errc{}) return false;
      any_order = gap;
      return items.empty();
    }
    if (part.front() == '*') {
      item.crosses = part.starts_with("**");
      part.remove_prefix(item.crosses ? 2 : 1);
      return std::from_chars(part.data(), part.data() + part.size(), item.gap).ec == std::errc{};
    }
    if (!each_part(part, '|', [&](std::string_view word) { return parse_test(word, lexicon, item); })) return false;
    items.push_back(std::move(item));
    item = Item{};
    return true;
  });
  if (!good || items.empty()) return false;
  if (!any_order) return add_ordered(std::move(items), tag);
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    std::vector<Item> turned;
    for (const std::size_t each : order) {
      turned.push_back(items[each]);
      turned.back().gap = turned.size() == 1 ? 0 : *any_order;
    }
    if (!add_ordered(std::move(turned), tag)) return false;
  } while (std::next_permutation(order.begin(), order.end()));
  return true;
}

bool PatternSet::add_ordered(std::vector<Item> items, std::size_t tag) {
  if (items.front().gap != 0 || items.front().end) return false;
  for (Item& item : items) item.hint = hint_of(item);
  const Attempt attempt{static_cast<std::uint32_t>(patterns_.size()), rarest_of(items)};
  for (const Test& test : items.front().any) {
    if (test.id != 0) {
      if (by_word_.size() <= test.id) by_word_.resize(test.id + 1);
      by_word_[test.id].push_back(attempt);
      continue;
    }
    if (test.all == 0) return false;
    // The rarest sense is the one with the highest bit that is no form: any of them finds the pattern.
    const auto sense = static_cast<std::size_t>(std::countr_zero(test.all));
    by_sense_[sense].push_back(attempt);
    heads_ |= Senses{1} << sense;
  }
  patterns_.push_back({std::move(items), tag});
  return true;
}

PatternSet::Hint PatternSet::hint_of(const Item& item) {
  Hint out;
  for (const Test& test : item.any) {
    if (test.id != 0) out.ids |= std::uint64_t{1} << (test.id & 63U);
    else if (test.all != 0) out.senses |= test.all & (~test.all + 1);  // one of them will do
    else out.ids = ~std::uint64_t{0};
  }
  return out;
}

PatternSet::Hint PatternSet::rarest_of(const std::vector<Item>& items) {
  Hint out{~std::uint64_t{0}, ~Senses{0}};
  const auto width = [](const Hint& hint) { return std::popcount(hint.ids) + 4 * std::popcount(hint.senses); };
  for (std::size_t i = 1; i < items.size() && !items[i].crosses; ++i)
    if (!items[i].end && width(items[i].hint) < width(out)) out = items[i].hint;
  return out;
}

std::vector<PatternSet::Hint> PatternSet::hints_of_sentences(const std::vector<Token>& tokens) {
  std::vector<Hint> out;
  for (const Token& token : tokens) {
    const std::size_t sentence = token.sentence - tokens.front().sentence;
    if (out.size() <= sentence) out.resize(sentence + 1);
    out[sentence].ids |= hint_of(token).ids;
    out[sentence].senses |= token.senses;
  }
  return out;
}

bool PatternSet::may_match(const Pattern& pattern, const Hint& sentence) {
  for (std::size_t i = 1; i < pattern.items.size(); ++i) {
    const Item& item = pattern.items[i];
    if (item.crosses) return true;
    if (!item.end && !sentence.fits(item.hint)) return false;
  }
  return true;
}

bool PatternSet::fits(const Item& item, const Token& token) {
  if (!hint_of(token).fits(item.hint)) return false;
  return std::any_of(item.any.begin(), item.any.end(), [&](const Test& test) {
    if (test.id != 0) return test.id == token.id;
    return (token.senses & test.all) == test.all && (token.senses & test.none) == 0;
  });
}

bool PatternSet::match(const Pattern& pattern, std::size_t index, const std::vector<Token>& tokens, std::size_t at,
                       std::size_t& last, int& steps) const {
  if (index == pattern.items.size()) return true;
  const Item& item = pattern.items[index];
  const std::uint32_t sentence = tokens[at].sentence;
  std::size_t here = at + 1;
  for (std::size_t gap = 0; gap <= item.gap; ++gap, ++here) {
    if (--steps < 0) return false;
    const bool over = here >= tokens.size() || tokens[here].sentence != sentence;
    if (item.end && (over || tokens[here].starts_clause)) return match(pattern, index + 1, tokens, at, last, steps);
    if (here >= tokens.size() || (over && (!item.crosses || tokens[here].sentence > sentence + 1))) return false;
    if (!fits(item, tokens[here])) continue;
    const std::size_t before = last;
    last = here;
    if (match(pattern, index + 1, tokens, here, last, steps)) return true;
    last = before;
  }
  return false;
}

std::vector<PatternSet::Match> PatternSet::find(const Clauses& clauses, std::size_t* work) const {
  constexpr int most_steps = 400;
  std::vector<Match> out;
  const auto& tokens = clauses.tokens;
  const auto sentences = hints_of_sentences(tokens);
  const auto attempt = [&](std::size_t i, const std::vector<Attempt>& attempts) {
    const Hint& sentence = sentences[tokens[i].sentence - tokens.front().sentence];
    for (const Attempt& each : attempts) {
      if (!sentence.fits(each.rarest)) continue;
      const Pattern& pattern = patterns_[each.pattern];
      if (!fits(pattern.items.front(), tokens[i]) || !may_match(pattern, sentence)) continue;
      int steps = most_steps;
      std::size_t last = i;
      if (match(pattern, 1, tokens, i, last, steps)) out.push_back({pattern.tag, i, last});
      if (work != nullptr) *work += static_cast<std::size_t>(most_steps - std::max(steps, 0)) + 1;
    }
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].id != 0 && tokens[i].id < by_word_.size()) attempt(i, by_word_[tokens[i].id]);
    for (Senses senses = tokens[i].senses & heads_; senses != 0; senses &= senses - 1)
      attempt(i, by_sense_[static_cast<std::size_t>(std::countr_zero(senses))]);
  }
  return out;
}

}  // namespace mcprove::vet
