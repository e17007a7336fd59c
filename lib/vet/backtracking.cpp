#include "vet/backtracking.h"

#include <bitset>
#include <cctype>
#include <vector>

namespace mcprove::vet {

namespace {

using Set = std::bitset<256>;

/// What a repetition needs to know of what it repeats.
struct Piece {
  Set first{};            ///< characters that it may begin with
  bool optional = false;  ///< may be empty
  bool endless = false;   ///< may go on for ever
  bool single = false;    ///< one character
};

/// One alternative, read so far.
struct Branch {
  std::vector<Piece> pieces{};
};

Set characters(bool (*is)(unsigned char)) {
  Set out;
  for (unsigned c = 0; c < 256; ++c) out[c] = is(static_cast<unsigned char>(c));
  return out;
}

Set escaped(char c) {
  static const Set digits = characters([](unsigned char x) { return std::isdigit(x) != 0; });
  static const Set words = characters([](unsigned char x) { return std::isalnum(x) != 0 || x == '_'; });
  static const Set blanks = characters([](unsigned char x) { return std::isspace(x) != 0; });
  switch (c) {
    case 'd': return digits;
    case 'D': return ~digits;
    case 'w': return words;
    case 'W': return ~words;
    case 's': return blanks;
    case 'S': return ~blanks;
    default: return Set().set(static_cast<unsigned char>(c));
  }
}

/// Can the branch be cut in more than one way when it is repeated? It can if something endless in it is not fenced by
/// something that has to stand there and looks different.
bool runs_over(const Branch& branch) {
  constexpr std::size_t most = 64;  // what is longer costs more to judge than it is worth
  if (branch.pieces.size() > most) return false;
  for (std::size_t i = 0; i < branch.pieces.size(); ++i) {
    if (!branch.pieces[i].endless) continue;
    bool fenced = false;
    for (std::size_t k = 0; k < branch.pieces.size(); ++k) {
      const Piece& other = branch.pieces[k];
      fenced = fenced || (k != i && !other.optional && (other.first & branch.pieces[i].first).none());
    }
    if (!fenced) return true;
  }
  return false;
}

bool begin_alike(const std::vector<Branch>& branches) {
  Set seen;
  for (const Branch& branch : branches) {
    if (branch.pieces.size() != 1 || !branch.pieces.front().single) continue;
    if ((seen & branch.pieces.front().first).any()) return true;
    seen |= branch.pieces.front().first;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  std::optional<std::string> run() {
    open_.push_back({0, {Branch{}}});
    while (at_ < pattern_.size() && !found_) {
      if (!step()) return std::nullopt;
    }
    return found_;
  }

 private:
  struct Group {
    std::size_t from = 0;
    std::vector<Branch> branches{};
  };

  /// False if this is no pattern that we can read.
  bool step() {
    const char c = pattern_[at_];
    if (c == '(') return begin_group();
    if (c == ')') return end_group();
    if (c == '|') {
      open_.back().branches.emplace_back();
      ++at_;
      return true;
    }
    if (c == '^' || c == '$') {
      ++at_;
      return true;
    }
    Piece piece;
    piece.single = true;
    const std::size_t from = at_;
    if (c == '[') {
      if (!bracket(piece.first)) return false;
    } else if (c == '\\') {
      if (at_ + 1 >= pattern_.size()) return false;
      piece.first = escaped(pattern_[at_ + 1]);
      at_ += 2;
    } else {
      if (c == '.') piece.first.set();
      else piece.first.set(static_cast<unsigned char>(c));
      ++at_;
    }
    repeat(piece, {}, from);
    open_.back().branches.back().pieces.push_back(piece);
    return true;
  }

  bool begin_group() {
    constexpr std::size_t deepest = 64;
    if (open_.size() > deepest) return false;
    open_.push_back({at_, {Branch{}}});
    const std::string_view rest = pattern_.substr(at_);
    if (rest.starts_with("(?:")) at_ += 3;
    else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      const std::size_t end = pattern_.find('>', at_);
      if (end == pattern_.npos) return false;
      at_ = end + 1;
    } else if (rest.starts_with("(?")) return false;
    else ++at_;
    return true;
  }

  bool end_group() {
    if (open_.size() < 2) return false;
    const Group group = std::move(open_.back());
    open_.pop_back();
    ++at_;
    Piece piece;
    for (const Branch& branch : group.branches) {
      bool empty = true;
      for (const Piece& each : branch.pieces) {
        if (empty) piece.first |= each.first;
        piece.endless = piece.endless || each.endless;
        empty = empty && each.optional;
      }
      piece.optional = piece.optional || empty;
    }
    piece.single = false;
    repeat(piece, group.branches, group.from);
    open_.back().branches.back().pieces.push_back(piece);
    return true;
  }

  /// Reads *, +, ? or {...} after a piece that begins at `from`; `branches` is what a group holds.
  void repeat(Piece& piece, const std::vector<Branch>& branches, std::size_t from) {
    if (at_ >= pattern_.size()) return;
    const char c = pattern_[at_];
    bool endless = c == '*' || c == '+';
    if (c == '*' || c == '?') piece.optional = true;
    if (c == '{') {
      const std::size_t end = pattern_.find('}', at_);
      constexpr std::size_t longest = 16;
      if (end == pattern_.npos || end - at_ > longest) return;
      const std::string_view bounds = pattern_.substr(at_ + 1, end - at_ - 1);
      if (bounds.find_first_not_of("0123456789,") != bounds.npos) return;
      endless = bounds.ends_with(',');
      if (bounds.starts_with("0") || bounds.starts_with(",")) piece.optional = true;
      at_ = end + 1;
    } else if (endless || c == '?') {
      ++at_;
    } else {
      return;
    }
    if (at_ < pattern_.size() && pattern_[at_] == '?') ++at_;  // lazy
    if (!endless) return;
    bool costly = begin_alike(branches);
    for (const Branch& branch : branches) costly = costly || runs_over(branch);
    if (costly) found_ = std::string(pattern_.substr(from, at_ - from));
    piece.endless = true;
    piece.single = false;
  }

  bool bracket(Set& out) {
    std::size_t i = at_ + 1;
    const bool inverted = i < pattern_.size() && pattern_[i] == '^';
    if (inverted) ++i;
    for (; i < pattern_.size() && pattern_[i] != ']'; ++i) {
      const auto from = static_cast<unsigned char>(pattern_[i]);
      if (from == '\\' && i + 1 < pattern_.size()) {
        out |= escaped(pattern_[++i]);
        continue;
      }
      const bool range = i + 2 < pattern_.size() && pattern_[i + 1] == '-' && pattern_[i + 2] != ']';
      const auto to = range ? static_cast<unsigned char>(pattern_[i + 2]) : from;
      for (unsigned c = from; c <= to; ++c) out.set(c);
      if (range) i += 2;
    }
    if (i >= pattern_.size()) return false;
    if (inverted) out.flip();
    at_ = i + 1;
    return true;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::vector<Group> open_{};
  std::optional<std::string> found_{};
};

}  // namespace

std::optional<std::string> costly_part(std::string_view pattern) {
  constexpr std::size_t longest = 4096;
  if (pattern.size() > longest || pattern.find('(') == pattern.npos) return std::nullopt;
  return Reader(pattern).run();
}

}  // namespace mcprove::vet
