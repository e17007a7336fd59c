#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "jose/jwk.h"

namespace mcprove::jose {

namespace {

/// A document with more keys than this costs time and tells nothing more.
constexpr std::size_t most_keys = 256;

constexpr std::array<std::string_view, 8> private_names{"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

}  // namespace

KeySet KeySet::parse(const json::Value& document) {
  KeySet set;
  const json::Value entries = document.at("keys");
  if (!entries.is_array()) {
    set.unreadable.emplace_back("/keys: not an array");
    return set;
  }
  std::vector<std::string> kids;
  const std::size_t count = std::min(entries.size(), most_keys);
  for (std::size_t i = 0; i < count; ++i) {
    const json::Value entry = entries.at(i);
    const std::string place = fmt::format("/keys/{}", i);
    for (const std::string_view name : private_names) {
      if (entry.has(name)) set.private_members.push_back(fmt::format("{}/{}", place, name));
    }
    if (const auto kid = entry.string("kid")) {
      const bool known = std::find(kids.begin(), kids.end(), *kid) != kids.end();
      const bool noted = std::find(set.duplicate_kids.begin(), set.duplicate_kids.end(), *kid) != set.duplicate_kids.end();
      if (known && !noted) set.duplicate_kids.push_back(*kid);
      kids.push_back(*kid);
    }
    auto key = Key::from_jwk(entry);
    if (key) {
      set.keys.push_back(std::move(*key));
    } else {
      set.unreadable.push_back(fmt::format("{}: {}", place, key.error().message));
    }
  }
  if (entries.size() > most_keys)
    set.unreadable.push_back(fmt::format("/keys: {} entries, of which the first {} were read", entries.size(), most_keys));
  return set;
}

const Key* KeySet::find(std::string_view kid, std::string_view alg) const {
  for (const Key& key : keys) {
    if (!kid.empty() && key.kid() == kid && key.fits(alg)) return &key;
  }
  const Key* only = nullptr;
  for (const Key& key : keys) {
    if (!key.fits(alg) || key.use() == "enc") continue;
    if (only != nullptr) return nullptr;
    only = &key;
  }
  return only;
}

}  // namespace mcprove::jose
