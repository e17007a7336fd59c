#include "net/challenge.h"

#include <iterator>
#include <utility>

#include "base/text.h"

namespace mcprove::net {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_token_char(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token68_char(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("-._~+/").find(c) != std::string_view::npos);
}

/// Reads from the front of what is left of a field.
class Scanner {
 public:
  explicit Scanner(std::string_view field) : left_(field) {}

  bool done() const { return left_.empty(); }
  bool at(char c) const { return !left_.empty() && left_.front() == c; }
  bool skip_spaces() { return !take_while(is_space).empty(); }
  void skip_separators() {
    take_while([](char c) { return is_space(c) || c == ','; });
  }
  void skip() { left_.remove_prefix(1); }
  std::string_view token() { return take_while(is_token_char); }

  /// A token68 counts only when nothing but a comma or the end may follow it.
  std::string_view token68() {
    const auto before = left_;
    auto taken = take_while(is_token68_char).size();
    if (taken != 0) taken += take_while([](char c) { return c == '='; }).size();
    skip_spaces();
    if (taken != 0 && (done() || at(','))) return before.substr(0, taken);
    left_ = before;
    return {};
  }

  /// A quoted string without its escapes, up to the end if nothing closes it; or the characters up to a comma or space.
  std::string value() {
    if (!at('"')) return std::string(take_while([](char c) { return !is_space(c) && c != ','; }));
    skip();
    std::string out;
    while (!done() && !at('"')) {
      if (at('\\') && left_.size() > 1) skip();
      out += left_.front();
      skip();
    }
    if (!done()) skip();
    return out;
  }

  /// The name of "name =", taken up to and with the sign; or nothing, and nothing is taken.
  std::string_view parameter_name() {
    const auto before = left_;
    const auto name = token();
    skip_spaces();
    if (!name.empty() && at('=')) {
      skip();
      skip_spaces();
      return name;
    }
    left_ = before;
    return {};
  }

 private:
  template <class Predicate>
  std::string_view take_while(Predicate wanted) {
    std::size_t size = 0;
    while (size < left_.size() && wanted(left_[size])) ++size;
    const auto taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
};

}  // namespace

std::optional<std::string> Challenge::param(std::string_view name) const {
  for (const auto& [key, value] : params) {
    if (text::iequals(key, name)) return value;
  }
  return std::nullopt;
}

bool Challenge::is(std::string_view scheme_name) const { return text::iequals(scheme, scheme_name); }

std::vector<Challenge> parse_challenges(std::string_view field) {
  std::vector<Challenge> found;
  Scanner scanner(field);
  for (scanner.skip_separators(); !scanner.done(); scanner.skip_separators()) {
    if (const auto name = scanner.parameter_name(); !name.empty()) {
      auto value = scanner.value();
      // A parameter before any scheme belongs to nobody.
      if (!found.empty()) found.back().params.emplace_back(text::lower(name), std::move(value));
      continue;
    }
    const auto scheme = scanner.token();
    if (scheme.empty()) {  // neither a name nor a scheme
      if (scanner.at('"')) {
        scanner.value();
      } else {
        scanner.skip();
      }
      continue;
    }
    found.push_back({.scheme = std::string(scheme)});
    if (!scanner.skip_spaces()) continue;
    found.back().token68 = scanner.token68();
  }
  return found;
}

std::vector<Challenge> challenges(const Headers& headers) {
  std::vector<Challenge> found;
  for (const auto& field : headers.all("WWW-Authenticate")) {
    auto more = parse_challenges(field);
    found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return found;
}

}  // namespace mcprove::net
