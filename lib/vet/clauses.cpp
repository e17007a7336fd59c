#include "vet/clauses.h"

#include <algorithm>
#include <array>

#include <unicode/uchar.h>

#include "base/utf8.h"

namespace mcprove::vet {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_wide(char c) { return static_cast<unsigned char>(c) >= 0x80; }
/// The first byte of kana and of Chinese characters, which stand beside words of other scripts without a space.
bool is_unspaced(char c) { return static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) <= 0xe9; }

/// What begins a path, an address or a name that is one word whatever stands in it.
bool begins_literal(std::string_view rest) {
  if (rest.front() == '~') return rest.size() > 1 && (rest[1] == '/' || rest[1] == '.');
  if (rest.front() == '/') return rest.size() > 2 && is_alnum(rest[1]);
  if (rest.front() == '.') return rest.size() > 2 && (is_alnum(rest[1]) || rest[1] == '/');
  if (rest.front() == '+') return rest.size() > 6 && rest[1] >= '0' && rest[1] <= '9';
  return rest.front() == '$' && rest.size() > 2 && (is_alnum(rest[1]) || rest[1] == '{');
}

/// Files that hold what opens doors, wherever they lie.
bool names_secret(std::string_view word) {
  constexpr std::array<std::string_view, 41> marks = {
      ".ssh",       "id_rsa",         "id_ed25519",     "id_ecdsa",     ".aws",        "/etc/shadow",      "/etc/passwd",
      ".netrc",     ".npmrc",         ".pypirc",        ".git-cred",    ".kube",       ".docker/con",      ".gnupg",
      "wallet.dat", "mcp.json",       "claude_desktop", "bash_history", "zsh_history", "/environ",         "keychain",
      "login data", "cookies.sqlite", "logins.json",    ".pem",         "/.env",       "://secrets",       "://admin",
      "://confid",  "://credent",     "://private",     "://internal",  ".pgpass",     "credentials.json", "secrets.y",
      "keystore",   ".kdbx",          "passwords.",     ".p12",         ".pfx",        ".git/config"};
  if (word == ".env" || word.starts_with(".env.")) return true;
  return std::any_of(marks.begin(), marks.end(), [word](std::string_view mark) { return word.find(mark) != word.npos; });
}

/// Files that an agent or a shell reads at the start of every session.
bool names_store(std::string_view word) {
  constexpr std::array<std::string_view, 14> marks = {
      ".bashrc",   ".zshrc",       "/.profile", "crontab",       "authorized_keys", "claude.md",     "agents.md",
      "gemini.md", ".cursorrules", "memory.md", "windsurfrules", ".clinerules",     "copilot-instr", ".cursor/rules"};
  return std::any_of(marks.begin(), marks.end(), [word](std::string_view mark) { return word.find(mark) != word.npos; });
}

/// The number of a bank account, a card or a wallet: long, and mostly digits.
bool names_account(std::string_view word) {
  constexpr std::size_t shortest = 6;
  if (word.size() < shortest || word.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-") != word.npos) return false;
  const auto digits = std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool wallet = word.size() >= 26 && (word.starts_with("0x") || word.starts_with("bc1") || digits >= 4);
  return wallet || (digits >= 7 && digits * 4 >= static_cast<std::ptrdiff_t>(word.size()) * 3);
}

bool names_address(std::string_view word) {
  const std::size_t at = word.find('@');
  if (at != word.npos && at > 0 && word.find('.', at) != word.npos) return true;
  if (word.starts_with("http://") || word.starts_with("https://") || word.starts_with("ftp://") || word.starts_with("s3://") ||
      word.starts_with("gs://") || word.starts_with("sftp://") || word.starts_with("ws"))
    return word.find("://") != word.npos;
  if (word.front() == '+') return word.size() > 6;
  // "hooks.example.net/in" is an address too; "and/or" and "src/main.cpp" are not.
  const std::size_t slash = word.find('/');
  const std::size_t dot = word.rfind('.', slash);
  return slash != word.npos && slash > 0 && dot != word.npos && dot > 0 && slash - dot >= 3 && slash - dot <= 7 &&
         std::count(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(slash), '.') >= 2;
}

constexpr Senses verbs = Sense::read | Sense::give | Sense::put | Sense::call | Sense::change | Sense::ignore | Sense::tell |
                         Sense::claim | Sense::ask | Sense::prefer | Sense::know;
constexpr Senses forms = Sense::third | Sense::past | Sense::ongoing;

class Splitter {
 public:
  Splitter(std::string_view text, const Lexicon& lexicon, const Place& place)
      : text_(text), lexicon_(lexicon), own_(place.own), sentence_(place.argument ? 1 : 0) {
    out_.text = text;
  }

  Clauses run() {
    constexpr std::size_t typical_word = 6;
    out_.tokens.reserve(text_.size() / typical_word + 1);
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (is_alnum(c) || c == '_' || begins_literal(text_.substr(at_))) return word();
    if (is_wide(c)) return wide();
    if (c == '\n' || ((c == '.' || c == '!' || c == '?' || c == ';') && (at_ + 1 >= text_.size() || is_space(text_[at_ + 1])))) {
      end_sentence();
    } else if (c == '"' || c == '`' || c == '\'') {
      quote(c);
    } else if (c != ' ' && c != '\t') {
      clause_ = true;
      if (c == '>' || c == ']') end_sentence();
    }
    ++at_;
  }

  void end_sentence() {
    if (!out_.tokens.empty() && out_.tokens.back().sentence == sentence_) ++sentence_;
    clause_ = true;
    quote_ = 0;
  }

  void quote(char c) {
    const bool opens = quote_ == 0 && (at_ == 0 || !is_alnum(text_[at_ - 1]));
    if (opens) {
      quote_ = c;
    } else if (quote_ == c) {
      quote_ = 0;
    }
  }

  void word() {
    const std::size_t from = at_;
    const bool literal = !is_alnum(text_[at_]) && text_[at_] != '_';
    std::size_t end = from + 1;
    bool address = literal;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (is_alnum(c) || c == '_' || (is_wide(c) && !is_unspaced(c))) continue;
      const char next = end + 1 < text_.size() ? text_[end + 1] : ' ';
      if ((c == '\'' || c == '-' || c == '.' || c == '@') && (is_alnum(next) || is_wide(next)) && quote_ != c) {
        address = address || c == '@' || c == '.';
        continue;
      }
      if (c == ':' && next == '/') {
        address = true;
        continue;
      }
      if (address && !is_space(c) && c != '"' && c != '\'' && c != '`' && c != ',' && c != ')' && c != '<' && c != '>' &&
          c != ';' && c != ']' && (is_alnum(next) || next == '/' || next == '.' || next == '{' || next == '=' || next == '$'))
        continue;
      break;
    }
    add(from, end);
    at_ = end;
  }

  /// A run of letters that are not ASCII: a word where words have spaces, else the longest words that are known.
  void wide() {
    const text::Decoded first = text::decode_utf8(text_, at_);
    const auto c = static_cast<UChar32>(first.code_point);
    if (!first.valid || !(u_isalpha(c) || u_charType(c) == U_NON_SPACING_MARK)) {
      if (c == 0x3002 || c == 0xff0c || c == 0xff1b || c == 0x964 || c == 0x6d4 || c == 0x3001 || c == 0x60c) {
        clause_ = true;
        if (c == 0x3002 || c == 0x964 || c == 0x6d4) end_sentence();
      }
      if (c == 0x2014 || c == 0x2013) clause_ = true;
      at_ += first.bytes;
      return;
    }
    const bool unspaced = c >= 0x3040 && c <= 0x9fff;
    std::size_t end = at_ + first.bytes;
    if (unspaced) {
      Lexicon::Entry entry;
      const std::size_t size = lexicon_.longest_prefix(text_.substr(at_), entry);
      if (size > 0) end = at_ + size;
      add_entry(at_, end, entry);
      at_ = end;
      return;
    }
    while (end < text_.size()) {
      const char b = text_[end];
      if (is_alnum(b) || b == '_') {
        ++end;
        continue;
      }
      if (!is_wide(b)) break;
      const text::Decoded next = text::decode_utf8(text_, end);
      const auto n = static_cast<UChar32>(next.code_point);
      const auto type = u_charType(n);
      if (!next.valid || !(u_isalpha(n) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK)) break;
      end += next.bytes;
    }
    add(at_, end);
    at_ = end;
  }

  void add(std::size_t from, std::size_t end) {
    lower_.clear();
    for (std::size_t i = from; i < end;) {
      const char c = text_[i];
      if (!is_wide(c)) {
        lower_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        ++i;
        continue;
      }
      const text::Decoded one = text::decode_utf8(text_, i);
      text::append_utf8(lower_, static_cast<std::uint32_t>(u_tolower(static_cast<UChar32>(one.code_point))));
      i += one.bytes;
    }
    Lexicon::Entry entry = lexicon_.find(lower_);
    if (entry.id == 0 && lower_.size() > 3) {
      const bool plain_word = lower_.find_first_of("./_:@+") == lower_.npos;
      if (plain_word) entry = inflected();
      else if (names_secret(lower_)) entry.senses |= bit(Sense::secret);
      else if (names_store(lower_)) entry.senses |= bit(Sense::store);
      else if (names_address(lower_)) entry.senses |= bit(Sense::external);
    }
    if (entry.id == 0 && names_account(lower_)) entry.senses |= bit(Sense::number);
    if (own_ != nullptr && own_->contains(lower_)) entry.senses |= bit(Sense::own);
    add_entry(from, end, entry);
  }

  Lexicon::Entry inflected() const {
    if (is_wide(lower_.front())) return stemmed(lower_);
    if (lower_.ends_with("'s")) return lexicon_.find(std::string_view(lower_).substr(0, lower_.size() - 2));
    return lower_.find_first_of("013457") == lower_.npos ? Lexicon::Entry{} : unmasked();
  }

  /// Arabic writes "and", "with" and the article together with the word.
  Lexicon::Entry stemmed(std::string_view word) const {
    Lexicon::Entry entry = lexicon_.find_stem(word);
    for (const std::string_view before : {"وال", "بال", "ال", "و", "ف", "ب", "ل"}) {
      if (entry.id != 0) break;
      if (!word.starts_with(before) || word.size() <= before.size()) continue;
      entry = lexicon_.find(word.substr(before.size()));
      if (entry.id == 0) entry = lexicon_.find_stem(word.substr(before.size()));
    }
    return entry;
  }

  /// "1gn0re" is read as the word that it looks like, if that is one we know.
  Lexicon::Entry unmasked() const {
    constexpr std::string_view digits = "013457";
    constexpr std::string_view letters = "oieast";
    std::string word = lower_;
    std::size_t changed = 0;
    for (char& c : word) {
      const std::size_t index = digits.find(c);
      if (index == digits.npos) continue;
      c = letters[index];
      ++changed;
    }
    return changed < word.size() ? lexicon_.find(word) : Lexicon::Entry{};
  }

  void add_entry(std::size_t from, std::size_t end, const Lexicon::Entry& entry) {
    Token token;
    token.at = static_cast<std::uint32_t>(from);
    token.size = static_cast<std::uint32_t>(end - from);
    token.sentence = sentence_;
    token.id = entry.id;
    token.senses = entry.senses | (quote_ != 0 ? bit(Sense::quoted) : 0);
    // A verb alone between quotation marks is a name: {"email": ...}.
    const char mark = from > 0 ? text_[from - 1] : ' ';
    const bool alone = (mark == '"' || mark == '`' || mark == '\'') && end < text_.size() && text_[end] == mark;
    if (alone) token.senses &= ~verbs;
    token.starts_clause = clause_;
    clause_ = false;
    out_.tokens.push_back(token);
    groups(from, end);
  }

  /// "DE89 3704 0044 0532" is one number.
  void groups(std::size_t from, std::size_t end) {
    const auto digit = [&](std::size_t at) { return text_[at] >= '0' && text_[at] <= '9'; };
    const bool group = end - from == 4 && digit(end - 1) && digit(end - 2);
    const bool follows = out_.tokens.size() > 1 && from == out_.tokens[out_.tokens.size() - 2].at + 5;
    groups_ = !group ? 0 : follows ? groups_ + 1 : 1;
    constexpr int number = 3;
    if (groups_ >= number) out_.tokens[out_.tokens.size() - number].senses |= bit(Sense::number);
  }

  std::string_view text_;
  const Lexicon& lexicon_;
  Clauses out_{};
  std::string lower_{};
  const Names* own_ = nullptr;
  std::size_t at_ = 0;
  std::uint32_t sentence_ = 0;
  int groups_ = 0;  ///< of four digits each, in a row
  char quote_ = 0;
  bool clause_ = true;
};

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
    if (is_word(before, "will") && p > 1 && is_word(tokens_[p - 2], "you")) return order(token);
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
    if (demanded_ || (p > 1 && has(tokens_[p - 2].senses, Sense::modal))) order(tokens_[i]);
    // "the copy is to be kept"
    if (p > 2 && is_word(tokens_[p - 2], "to") && has(tokens_[p - 3].senses, Sense::copula)) order(tokens_[i]);
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
  bool demanded_ = false;     ///< "it is important that ..."
  bool denied_ = false;       ///< the sentence says what something does not do
  bool ordered_ = false;      ///< an order came before in this sentence
};

}  // namespace

Clauses read_clauses(std::string_view text, const Lexicon& lexicon, const Place& place) {
  return Splitter(text, lexicon, place).run();
}

void mark_orders(Clauses& clauses) { Moods(clauses).run(); }

}  // namespace mcprove::vet
