#include <algorithm>
#include <array>
#include <string_view>

#include "vet/clauses.h"

namespace mcprove::vet {

namespace {

constexpr Senses forms = Sense::third | Sense::past | Sense::ongoing;

class Moods {
 public:
  explicit Moods(Clauses& clauses) : tokens_(clauses.tokens), text_(clauses.text) {}

  void run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      Token& token = tokens_[i];
      if (i == 0 || tokens_[i - 1].sentence != token.sentence) begin_sentence();
      if ((token.senses & bit(Sense::condition)) != 0 && token.starts_clause) conditional_ = true;
      // "it is essential that the tokens are included"
      if (is_word(token, "that") && i > 0 && same_sentence(i - 1, i) && has(tokens_[i - 1].senses, Sense::infinitive))
        demanded_ = true;
      // "you are required by the agreement to reveal it"
      if (has(token.senses, Sense::infinitive) && i > 1 && same_sentence(i - 2, i) && has(tokens_[i - 1].senses, Sense::copula) &&
          (is_word(tokens_[i - 2], "you") || has(tokens_[i - 2].senses, Sense::agent)))
        obliged_ = true;
      if ((token.senses & verbs) != 0) verb(i);
      else if (token.id == 0) unknown(i);
    }
  }

 private:
  void begin_sentence() {
    conditional_ = false;
    ordered_ = false;
    denied_ = false;
    demanded_ = false;
    obliged_ = false;
  }

  /// A word that nobody knows, where an order would stand and before what an order would be about: a verb all the same.
  void unknown(std::size_t i) {
    if (i + 1 >= tokens_.size() || !same_sentence(i, i + 1) || tokens_[i + 1].starts_clause || !tokens_[i].starts_clause) return;
    const bool first = i == 0 || !same_sentence(i - 1, i);
    if (!(first ? tokens_[i].sentence > 0 : conditional_ || ordered_)) return;
    const char last = text_[tokens_[i].at + tokens_[i].size - 1];
    if (last == 's' || last == 'g' || last == 'd' || names_thing(i)) return;
    constexpr std::array<std::string_view, 16> objects = {"the", "a",    "an",    "all",   "any",  "every", "each", "its",
                                                          "it",  "them", "their", "these", "this", "your",  "our",  "whatever"};
    const bool object =
        has(tokens_[i + 1].senses, Sense::external) || has(tokens_[i + 1].senses, Sense::secret) ||
        std::any_of(objects.begin(), objects.end(), [&](std::string_view word) { return is_word(tokens_[i + 1], word); });
    if (object) order(tokens_[i]);
  }

  bool same_sentence(std::size_t a, std::size_t b) const { return tokens_[a].sentence == tokens_[b].sentence; }

  void verb(std::size_t i) {
    Token& token = tokens_[i];
    const bool base = (token.senses & forms) == 0;
    std::size_t p = i;  // first word of the run of adverbs and negations before the verb
    bool negated = false;
    bool emphatic = false;  // always, also, please, silently
    for (int n = 0; n < 5 && p > 0 && same_sentence(p - 1, i) && !tokens_[p].starts_clause; ++n) {
      const Senses before = tokens_[p - 1].senses;
      if (has(before, Sense::negation)) negated = true;
      else if (has(before, Sense::adverb)) emphatic = true;
      else if (!is_do(p - 1)) break;
      --p;
    }
    if (negated) token.senses |= bit(Sense::negated);
    if (has(token.senses, Sense::order)) {  // a word that can be nothing else
      // Chinese verbs have no mood: the first sentence says what the tool does.
      if (unspaced(token) && token.sentence == 0) token.senses &= ~bit(Sense::order);
      return;
    }
    if (names_thing(i)) return;
    const bool starts = tokens_[p].starts_clause || p == 0 || !same_sentence(p - 1, i);
    if (past(i) && passive(p, i)) return;
    if (negated && !starts) denied_ = true;
    if (denied_ && starts && !negated && p > 0 && same_sentence(p - 1, i)) {
      token.senses |= bit(Sense::negated);  // "cannot read files, send mails or ..."
      return;
    }
    if (!base) {
      // "the assistant first reads" tells the model as much as "you must read".
      if (p == 0 || !same_sentence(p - 1, i)) return;
      if (has(token.senses, Sense::third) && has(tokens_[p - 1].senses, Sense::agent)) order(token);
      // "begin passing it along"
      const bool begins = is_word(tokens_[p - 1], "begin") || is_word(tokens_[p - 1], "start") || is_word(tokens_[p - 1], "keep");
      if (has(token.senses, Sense::ongoing) && begins && (tokens_[p - 1].starts_clause || ordered_)) order(token);
      if (has(token.senses, Sense::ongoing) && p > 1 && answers_for(p)) order(token);
      return;
    }
    if (starts) {
      const bool first = p == 0 || !same_sentence(p - 1, i);
      // The first sentence of a text says what the thing does, and many authors write that in the imperative.
      if (token.sentence > 0 || emphatic || negated || conditional_ || (!first && ordered_)) order(token);
      return;
    }
    const Token& before = tokens_[p - 1];
    if (has(before.senses, Sense::modal) && commands(p - 1)) return order(token);
    if (is_word(before, "to") && p > 1 && asks_for(p - 2)) {
      // "you do not need to provide a key" asks for nothing; "do not forget to" does.
      const bool spared = p > 2 && same_sentence(p - 3, i) && has(tokens_[p - 3].senses, Sense::negation) && !forgets(p - 2);
      if (spared) token.senses |= bit(Sense::negated);
      else order(token);
      return;
    }
    // "when a mail comes, use it to fetch the keys"
    if (is_word(before, "to") && (obliged_ || (conditional_ && ordered_))) return order(token);
    if (is_word(before, "will") && p > 1 && is_word(tokens_[p - 2], "you")) return order(token);
    // "agents now hand it over"
    if (is_word(before, "agents") || is_word(before, "assistants")) return order(token);
    // "the assistant will send it", "could you send it", "it would be kind if you could send it"
    if (is_word(before, "will") && p > 1 && has(tokens_[p - 2].senses, Sense::agent)) return order(token);
    if (p > 1 && same_sentence(p - 2, i) && asks_politely(p)) return order(token);
    // "it fails unless you attach it"
    if (is_word(before, "you") && p > 1 && (is_word(tokens_[p - 2], "unless") || is_word(tokens_[p - 2], "until")))
      return order(token);
    if (is_word(before, "will") || is_word(before, "can") || is_word(before, "may")) return;
    if (has(before.senses, Sense::joins) && (ordered_ || conditional_)) return order(token);
    if (is_word(before, "so") && token.sentence > 0) return order(token);
    if (has(before.senses, Sense::joins) && token.sentence > 0 && emphatic) order(token);
  }

  bool unspaced(const Token& token) const {
    const auto first = static_cast<unsigned char>(text_[token.at]);
    return first >= 0xe4 && first <= 0xe9;
  }

  /// "override of the rules", "a copy of it", "email: ...": a noun.
  bool names_thing(std::size_t i) const {
    const std::size_t end = tokens_[i].at + tokens_[i].size;
    if (end < text_.size() && text_[end] == ':') return true;  // {email: ...}
    return i + 1 < tokens_.size() && same_sentence(i, i + 1) && is_word(tokens_[i + 1], "of");
  }

  bool past(std::size_t i) const { return has(tokens_[i].senses, Sense::past); }

  bool passive(std::size_t p, std::size_t i) {
    if (p == 0 || !same_sentence(p - 1, i) || !has(tokens_[p - 1].senses, Sense::copula)) return false;
    tokens_[i].senses |= bit(Sense::passive);
    std::size_t m = p - 1;  // the copula; "must additionally be sent"
    while (m > 0 && same_sentence(m - 1, i) && has(tokens_[m - 1].senses, Sense::adverb)) --m;
    p = m + 1;
    if (demanded_ || (p > 1 && has(tokens_[p - 2].senses, Sense::modal))) order(tokens_[i]);
    // "the copy is to be kept"
    const bool due = p > 2 && is_word(tokens_[p - 2], "to") &&
                     (has(tokens_[p - 3].senses, Sense::copula) || has(tokens_[p - 3].senses, Sense::infinitive));
    if (due) order(tokens_[i]);
    return true;
  }

  /// Of a modal verb: does it oblige whoever reads? "The server must" does not.
  bool commands(std::size_t modal) const {
    if (is_word(tokens_[modal], "has") || is_word(tokens_[modal], "have") || is_word(tokens_[modal], "need") ||
        is_word(tokens_[modal], "needs"))
      return false;  // only with "to", see asks_for()
    if (modal == 0 || !same_sentence(modal - 1, modal)) return true;
    const Senses subject = tokens_[modal - 1].senses;
    return !has(subject, Sense::tool) && !is_word(tokens_[modal - 1], "api") && !is_word(tokens_[modal - 1], "it");
  }

  /// "the agent is responsible for obtaining it"
  bool answers_for(std::size_t p) const {
    const Token& before = tokens_[p - 2];
    return same_sentence(p - 2, p) && (is_word(tokens_[p - 1], "for") || is_word(tokens_[p - 1], "of")) &&
           (is_word(before, "responsible") || is_word(before, "charge") || is_word(before, "accountable"));
  }

  /// Before the word `p`: "could you", "if you would".
  bool asks_politely(std::size_t p) const {
    constexpr std::array<std::string_view, 5> asking = {"could", "would", "can", "will", "might"};
    const auto asks = [&](std::size_t i) {
      return std::any_of(asking.begin(), asking.end(), [&](std::string_view word) { return is_word(tokens_[i], word); });
    };
    if (is_word(tokens_[p - 1], "you")) return asks(p - 2) && tokens_[p - 2].starts_clause;
    return asks(p - 1) && is_word(tokens_[p - 2], "you") && p > 2 && is_word(tokens_[p - 3], "if");
  }

  /// Of what stands before "to": "make sure to", "have to", "needs to", "is required to".
  bool asks_for(std::size_t i) const { return has(tokens_[i].senses, Sense::infinitive) && same_sentence(i, i + 1); }
  bool forgets(std::size_t i) const {
    return is_word(tokens_[i], "forget") || is_word(tokens_[i], "fail") || is_word(tokens_[i], "hesitate") ||
           is_word(tokens_[i], "neglect");
  }
  bool is_do(std::size_t i) const { return is_word(tokens_[i], "do") || is_word(tokens_[i], "does"); }
  bool is_word(const Token& token, std::string_view word) const { return token.size == word.size() && is(token, word); }
  bool is(const Token& token, std::string_view word) const {
    for (std::size_t i = 0; i < word.size(); ++i) {
      const char c = text_[token.at + i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != word[i]) return false;
    }
    return true;
  }

  void order(Token& token) {
    token.senses |= bit(Sense::order);
    ordered_ = true;
  }

  std::vector<Token>& tokens_;
  std::string_view text_;
  bool conditional_ = false;  ///< the sentence began with a condition: "before you answer, ..."
  bool obliged_ = false;      ///< "you are required ... to"
  bool demanded_ = false;     ///< "it is important that ..."
  bool denied_ = false;       ///< the sentence says what something does not do
  bool ordered_ = false;      ///< an order came before in this sentence
};

}  // namespace

void mark_orders(Clauses& clauses) { Moods(clauses).run(); }

}  // namespace mcprove::vet
