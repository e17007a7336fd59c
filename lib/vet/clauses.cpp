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

/// What kinds of bytes a word holds: a set of these bits.
enum : std::uint8_t { letter = 1, digit = 2, underscore = 4, mark = 8, wide_byte = 16, capital = 32 };

constexpr std::array<std::uint8_t, 256> kinds = [] {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = 0; c < out.size(); ++c) {
    if (c >= 'a' && c <= 'z') out[c] = letter;
    if (c >= 'A' && c <= 'Z') out[c] = letter | capital;
    if (c >= '0' && c <= '9') out[c] = digit;
    if (c >= 0x80) out[c] = wide_byte;
  }
  out['_'] = underscore;
  for (const char c : std::string_view("./:@+")) out[static_cast<unsigned char>(c)] = mark;
  return out;
}();

std::uint8_t kind_of(char c) { return kinds[static_cast<unsigned char>(c)]; }

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

class Splitter {
 public:
  Splitter(std::string_view text, const Lexicon& lexicon, const Place& place, std::uint32_t sentences)
      : text_(text),
        lexicon_(lexicon),
        own_(place.own),
        own_letters_(place.own_letters),
        sentences_(sentences),
        sentence_(place.argument ? 1 : 0) {
    out_.text = text;
  }

  Clauses run() {
    constexpr std::size_t typical_word = 6;
    constexpr std::size_t most = 1000;  // of a text that may be read no further than its first sentences
    out_.tokens.reserve(std::min(text_.size() / typical_word + 1, most));
    while (at_ < text_.size() && sentence_ < sentences_) step();
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
      if ((kind_of(c) & (letter | digit | underscore)) != 0) continue;
      // Particles follow a number without a space: "000-111로".
      const bool particle = text_[from] >= '0' && text_[from] <= '9';
      if (is_alnum(c) || c == '_' || (is_wide(c) && !is_unspaced(c) && !particle)) continue;
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
      // Quotation marks that say which way they face; “ opens in English and closes in German.
      constexpr char faced = '\x01';
      const bool opens = c == 0x201c || c == 0x201e || c == 0x300c || c == 0x300e || c == 0xab;
      const bool closes = c == 0x201d || c == 0x201c || c == 0x300d || c == 0x300f || c == 0xbb;
      if (quote_ == 0 && opens) quote_ = faced;
      else if (quote_ == faced && closes) quote_ = 0;
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
    read_lower(from, end);
    Lexicon::Entry entry = lexicon_.find(lower_, hash_);
    if (entry.id == 0 && lower_.size() > 3) {
      if ((seen_ & (mark | underscore)) == 0) entry = inflected();
      else if (names_secret(lower_)) entry.senses |= bit(Sense::secret);
      else if (names_store(lower_)) entry.senses |= bit(Sense::store);
      else if (names_address(lower_)) entry.senses |= bit(Sense::external);
    }
    if (entry.id == 0 && (seen_ & digit) != 0 && names_account(lower_)) entry.senses |= bit(Sense::number);
    if (own_ != nullptr && (own_letters_ >> letter_of(lower_) & 1U) != 0 && own_->contains(lower_))
      entry.senses |= bit(Sense::own);
    add_entry(from, end, entry);
  }

  /// The word in lower case, its hash, and what kinds of bytes it holds.
  void read_lower(std::size_t from, std::size_t end) {
    hash_ = no_letters;
    seen_ = 0;
    lower_.resize(end - from);
    for (std::size_t i = from; i < end; ++i) {
      const std::uint8_t kind = kind_of(text_[i]);
      const char c = (kind & capital) != 0 ? static_cast<char>(text_[i] | 0x20) : text_[i];
      lower_[i - from] = c;
      hash_ = with_letter(hash_, c);
      seen_ |= kind;
    }
    if ((seen_ & wide_byte) != 0) read_wide(from, end);
  }

  /// The same of a word with letters beyond ASCII, which may become others.
  void read_wide(std::size_t from, std::size_t end) {
    lower_.clear();
    for (std::size_t i = from; i < end;) {
      const text::Decoded one = text::decode_utf8(text_, i);
      text::append_utf8(lower_, static_cast<std::uint32_t>(u_tolower(static_cast<UChar32>(one.code_point))));
      i += one.bytes;
    }
    hash_ = hash_of(lower_);
    seen_ = 0;
    for (const char c : lower_) seen_ |= kind_of(c);
  }

  Lexicon::Entry inflected() const {
    if (is_wide(lower_.front())) return stemmed(lower_);
    if (lower_.ends_with("'s")) return lexicon_.find(std::string_view(lower_).substr(0, lower_.size() - 2));
    return (seen_ & digit) == 0 ? Lexicon::Entry{} : unmasked();
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
    return changed > 0 && changed < word.size() ? lexicon_.find(word) : Lexicon::Entry{};
  }

  void add_entry(std::size_t from, std::size_t end, const Lexicon::Entry& entry) {
    Token token;
    token.at = static_cast<std::uint32_t>(from);
    token.size = static_cast<std::uint32_t>(end - from);
    token.sentence = sentence_;
    token.id = entry.id;
    token.senses = entry.senses | (quote_ != 0 ? bit(Sense::quoted) : 0);
    // A Latin word amid other letters stands out as much.
    if (has(token.senses, Sense::own) && amid_wide(from, end)) token.senses |= bit(Sense::quoted);
    // A verb alone between quotation marks is a name: {"email": ...}.
    const char mark = from > 0 ? text_[from - 1] : ' ';
    const bool alone = (mark == '"' || mark == '`' || mark == '\'') && end < text_.size() && text_[end] == mark;
    if (alone) token.senses &= ~verbs;
    token.starts_clause = clause_;
    clause_ = false;
    out_.tokens.push_back(token);
    groups(from, end);
  }

  bool amid_wide(std::size_t from, std::size_t end) const {
    const auto wide = [&](std::size_t at) { return at < text_.size() && is_wide(text_[at]); };
    return wide(end) || wide(end + 1) || wide(from - 1) || wide(from - 2);  // wraps around at the start
  }

  /// "DE89 3704 0044 0532" is one number.
  void groups(std::size_t from, std::size_t end) {
    const auto digit = [&](std::size_t at) { return text_[at] >= '0' && text_[at] <= '9'; };
    const bool group = end - from == 4 && digit(end - 1) && digit(end - 2);
    const bool follows = out_.tokens.size() > 1 && from == out_.tokens[out_.tokens.size() - 2].at + 5;
    // "+49 170 5550199"
    const bool dialled = end - from >= 3 && digit(from) && digit(end - 1) && out_.tokens.size() > 1 &&
                         text_[out_.tokens[out_.tokens.size() - 2].at] == '+';
    if (dialled) out_.tokens.back().senses |= bit(Sense::external);
    groups_ = !group ? 0 : follows ? groups_ + 1 : 1;
    constexpr int number = 3;
    if (groups_ >= number) out_.tokens[out_.tokens.size() - number].senses |= bit(Sense::number);
  }

  std::string_view text_;
  const Lexicon& lexicon_;
  Clauses out_{};
  std::string lower_{};  ///< the word that is being read
  std::uint64_t hash_ = no_letters;
  std::uint8_t seen_ = 0;
  const Names* own_ = nullptr;
  std::uint32_t own_letters_ = 0;
  std::uint32_t sentences_ = 0;
  std::size_t at_ = 0;
  std::uint32_t sentence_ = 0;
  int groups_ = 0;  ///< of four digits each, in a row
  char quote_ = 0;
  bool clause_ = true;
};

}  // namespace

Clauses read_clauses(std::string_view text, const Lexicon& lexicon, const Place& place, std::uint32_t sentences) {
  return Splitter(text, lexicon, place, sentences).run();
}

}  // namespace mcprove::vet
