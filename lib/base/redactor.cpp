#include "base/redactor.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "base/decoded_view.h"
#include "base/text.h"

namespace mcprove {

namespace {

constexpr std::size_t short_secret = 4;        ///< shorter ones count only where they stand alone
constexpr std::size_t shortest_part = 16;      ///< of a JWT part or a line of a key that is a secret by itself
constexpr std::size_t shortest_encoded = 6;    ///< secret bytes from which the inside of a base64 run is distinctive
constexpr std::size_t shortest_beginning = 8;  ///< of a secret that is cut off by the end of the text

bool is_base64(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '-' ||
         c == '_';
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::uint32_t prefix_of(std::string_view s) {
  std::uint32_t key = 0;
  for (std::size_t i = 0; i < short_secret; ++i) key = (key << 8U) | static_cast<unsigned char>(s[i]);
  return key;
}

struct Pattern {
  std::string bytes{};
  std::size_t name = 0;      ///< index of the placeholder
  bool alone = false;        ///< only between separators
  bool grows_left = false;   ///< a base64 character before it carries some bits of the secret
  bool grows_right = false;  ///< likewise after it
};

struct Match {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t weight = 0;  ///< bytes of the pattern: the longest names what overlaps
  std::size_t name = 0;
};

/// What of the base64 text of `secret` is its alone when `before` bytes precede it in the same encoded run.
Pattern encoded_inside(std::string_view secret, std::size_t before) {
  const std::string encoded = text::base64_encode(std::string(before, '\0') + std::string(secret));
  const std::size_t bits = (before + secret.size()) * 8;
  const std::size_t skipped = (before * 8 + 5) / 6;
  const std::size_t whole = bits / 6;
  Pattern pattern;
  if (whole > skipped) pattern.bytes = encoded.substr(skipped, whole - skipped);
  pattern.grows_left = before != 0;
  pattern.grows_right = bits % 6 != 0;
  return pattern;
}

std::string url_alphabet(std::string s) {
  std::replace(s.begin(), s.end(), '+', '-');
  std::replace(s.begin(), s.end(), '/', '_');
  return s;
}

/// The parts of a JWT (three, or five if encrypted) that are secret; its header is common text.
std::vector<std::string> jwt_parts(std::string_view secret) {
  std::vector<std::string> parts = text::split(secret, '.');
  if (!secret.starts_with("eyJ") || (parts.size() != 3 && parts.size() != 5)) return {};
  parts.erase(parts.begin());
  return parts;
}

std::vector<std::string> key_lines(std::string_view secret) {
  std::vector<std::string> lines;
  if (secret.find('\n') == std::string_view::npos) return lines;
  for (const std::string& line : text::split(secret, '\n')) {
    const std::string_view trimmed = text::trim(line);
    if (!trimmed.starts_with("-----")) lines.emplace_back(trimmed);
  }
  return lines;
}

}  // namespace

struct Redactor::Impl {
  mutable std::shared_mutex mutex{};
  std::vector<std::string> names{};
  std::map<std::string, std::size_t, std::less<>> counts{};
  std::unordered_map<std::string, std::size_t> secrets{};
  std::unordered_set<std::string> known{};
  std::vector<Pattern> patterns{};
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_prefix{};
  std::vector<bool> begins = std::vector<bool>(65536);  ///< the first two bytes of long patterns
  std::vector<std::size_t> shorts{};

  std::size_t name_for(std::string_view kind);
  void learn(Pattern pattern, std::size_t name);
  void learn_encoded(std::string_view secret, std::size_t name);
  void learn_all(std::string_view secret, std::size_t name);
  std::size_t length_at(const Pattern& pattern, std::string_view s, std::size_t at) const;
  void find(const DecodedView& view, std::vector<Match>& out) const;
};

std::size_t Redactor::Impl::name_for(std::string_view kind) {
  auto count = counts.find(kind);
  if (count == counts.end()) count = counts.emplace(std::string(kind), 0).first;
  names.push_back(fmt::format("{}#{}", kind, ++count->second));
  return names.size() - 1;
}

void Redactor::Impl::learn(Pattern pattern, std::size_t name) {
  if (pattern.bytes.empty() || !known.insert(pattern.bytes).second) return;
  pattern.name = name;
  pattern.alone = pattern.alone || pattern.bytes.size() < short_secret;
  const std::string& bytes = pattern.bytes;
  if (bytes.size() < short_secret) {
    shorts.push_back(patterns.size());
  } else {
    begins[prefix_of(bytes) >> 16U] = true;
    by_prefix[prefix_of(bytes)].push_back(patterns.size());
  }
  patterns.push_back(std::move(pattern));
}

void Redactor::Impl::learn_encoded(std::string_view secret, std::size_t name) {
  for (std::size_t before = 0; before < 3; ++before) {
    Pattern pattern;
    if (secret.size() >= shortest_encoded) {
      pattern = encoded_inside(secret, before);
    } else if (before == 0) {
      pattern.bytes = text::base64url_encode(secret);
      pattern.alone = true;
    }
    Pattern other = pattern;
    other.bytes = url_alphabet(other.bytes);
    learn(std::move(pattern), name);
    learn(std::move(other), name);
  }
}

void Redactor::Impl::learn_all(std::string_view secret, std::size_t name) {
  const auto plain = [&](std::string_view s) {
    Pattern pattern;
    pattern.bytes = std::string(s);
    learn(std::move(pattern), name);
  };
  plain(secret);
  learn_encoded(secret, name);
  // RFC 6749 2.3.1 form-encodes a client's secret before Basic encodes the pair.
  if (const std::string encoded = text::percent_encode(secret); encoded != secret) learn_encoded(encoded, name);
  for (const auto& parts : {jwt_parts(secret), key_lines(secret)}) {
    for (const std::string& part : parts) {
      if (part.size() < shortest_part) continue;
      plain(part);
      learn_encoded(part, name);
    }
  }
}

/// How many bytes at `at` are this secret; 0 for none.
std::size_t Redactor::Impl::length_at(const Pattern& pattern, std::string_view s, std::size_t at) const {
  const std::string_view rest = s.substr(at);
  const std::string_view bytes = pattern.bytes;
  if (rest.size() < bytes.size()) return rest.size() >= shortest_beginning && bytes.starts_with(rest) ? rest.size() : 0;
  if (!rest.starts_with(bytes)) return 0;
  if (pattern.alone && ((at > 0 && is_word(s[at - 1])) || (rest.size() > bytes.size() && is_word(rest[bytes.size()])))) return 0;
  return bytes.size();
}

void Redactor::Impl::find(const DecodedView& view, std::vector<Match>& out) const {
  const std::string_view s = view.text;
  const auto consider = [&](std::size_t index, std::size_t at) {
    const Pattern& pattern = patterns[index];
    const std::size_t length = length_at(pattern, s, at);
    if (length == 0) return;
    std::size_t from = at;
    std::size_t to = at + length;
    if (pattern.grows_left && from > 0 && is_base64(s[from - 1])) --from;
    if (pattern.grows_right && to < s.size() && is_base64(s[to])) ++to;
    while (pattern.grows_right && to < s.size() && s[to] == '=' && to < at + length + 3) ++to;
    // A character of the original may hold several bytes of the view; it goes as a whole.
    std::size_t end = to;
    while (end < s.size() && view.origin[end] == view.origin[to - 1]) ++end;
    out.push_back({view.origin[from], view.origin[end], length, pattern.name});
  };
  for (std::size_t at = 0; at < s.size(); ++at) {
    for (const std::size_t index : shorts) {
      if (patterns[index].bytes.front() == s[at]) consider(index, at);
    }
    if (at + short_secret > s.size()) continue;
    const std::uint32_t key = prefix_of(s.substr(at, short_secret));
    if (!begins[key >> 16U]) continue;
    const auto bucket = by_prefix.find(key);
    if (bucket == by_prefix.end()) continue;
    for (const std::size_t index : bucket->second) consider(index, at);
  }
}

Redactor::Redactor() : impl_(std::make_unique<Impl>()) {}
Redactor::~Redactor() = default;

std::string Redactor::add(std::string_view kind, std::string_view secret) {
  if (secret.empty()) return {};
  const std::unique_lock lock(impl_->mutex);
  const auto seen = impl_->secrets.find(std::string(secret));
  if (seen != impl_->secrets.end()) return impl_->names[seen->second];
  const std::size_t name = impl_->name_for(kind);
  impl_->secrets.emplace(std::string(secret), name);
  impl_->learn_all(secret, name);
  return impl_->names[name];
}

void Redactor::add_basic_pair(std::string_view user, std::string_view secret) {
  if (secret.empty()) return;
  add("password", secret);
  const std::unique_lock lock(impl_->mutex);
  const std::size_t name = impl_->secrets.at(std::string(secret));
  for (const bool form : {false, true}) {
    const std::string pair =
        form ? text::percent_encode(user) + ":" + text::percent_encode(secret) : std::string(user) + ":" + std::string(secret);
    impl_->learn_encoded(pair, name);
  }
}

std::string Redactor::redact(std::string_view text) const {
  const std::shared_lock lock(impl_->mutex);
  if (impl_->patterns.empty()) return std::string(text);
  std::vector<Match> matches;
  const DecodedView raw = DecodedView::of(text);
  impl_->find(raw, matches);
  // Escapes may be nested: a URL within a URL, a JSON text within a JSON string. Each step undoes one layer of either.
  constexpr int layers = 3;
  DecodedView view = raw;
  for (int layer = 0; layer < layers; ++layer) {
    const std::size_t before = view.text.size();
    if (view.text.find('\\') != std::string::npos) {
      const DecodedView percent_only = view.without_percent();
      if (percent_only.text.size() != before) impl_->find(percent_only, matches);
      view = view.without_json();
      impl_->find(view, matches);
    }
    if (view.text.find('+') != std::string::npos) impl_->find(view.without_plus().without_percent(), matches);
    if (view.text.find('%') != std::string::npos) {
      view = view.without_percent();
      impl_->find(view, matches);
    }
    if (view.text.size() == before) break;
  }
  std::sort(matches.begin(), matches.end(),
            [](const Match& a, const Match& b) { return a.from != b.from ? a.from < b.from : a.weight > b.weight; });
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < matches.size();) {
    // Secrets that overlap are blotted out together, so that no end of the other one stays.
    Match all = matches[i];
    for (++i; i < matches.size() && matches[i].from < all.to; ++i) {
      if (matches[i].weight > all.weight) all.weight = matches[i].weight, all.name = matches[i].name;
      all.to = std::max(all.to, matches[i].to);
    }
    out += text.substr(done, all.from - done);
    out += impl_->names[all.name];
    done = all.to;
  }
  out += text.substr(done);
  return out;
}

std::string Redactor::name_of(std::string_view secret) const {
  const std::shared_lock lock(impl_->mutex);
  const auto seen = impl_->secrets.find(std::string(secret));
  return seen == impl_->secrets.end() ? std::string() : impl_->names[seen->second];
}

}  // namespace mcprove
