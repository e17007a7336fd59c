#include "engine/token_view.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace mcprove {

std::optional<std::chrono::seconds> TokenView::lifetime() const {
  std::optional<std::chrono::seconds> shortest;
  for (const auto& known : {promised, written, introspected_left})
    if (known && (!shortest || *known < *shortest)) shortest = known;
  return shortest;
}

json::Value TokenView::claims() const {
  if (jws) return jws->claims;
  return introspection;
}

std::vector<std::string> scope_list(std::string_view text) {
  std::vector<std::string> list;
  for (auto& word : text::words(text))
    if (std::ranges::find(list, word) == list.end()) list.push_back(std::move(word));
  return list;
}

std::string scope_text(const std::vector<std::string>& scopes) { return text::join(scopes, " "); }

bool is_identity_scope(std::string_view scope) {
  constexpr std::array<std::string_view, 6> known{"openid", "profile", "email", "phone", "address", "offline_access"};
  return std::ranges::find(known, scope) != known.end();
}

bool is_privileged_scope(std::string_view scope) {
  if (is_identity_scope(scope)) return false;
  const auto low = text::lower(scope);
  if (low == "*" || low == "all" || low.ends_with("/.default") || low.ends_with(":*")) return true;
  // Words are taken whole, so that "metadata:read" is not mistaken for a mutation.
  constexpr std::array<std::string_view, 22> words{"admin",       "write",  "delete", "full_access", "full-access", "manage",
                                                   "root",        "owner",  "sudo",   "superuser",   "readwrite",   "rw",
                                                   "modify",      "create", "update", "remove",      "destructive", "execute",
                                                   "impersonate", "full",   "all",    "edit"};
  std::string word;
  const auto is_word = [&] { return std::ranges::find(words, std::string_view(word)) != words.end(); };
  for (const char c : low) {
    if ((c >= 'a' && c <= 'z') || c == '_') {
      word += c;
      continue;
    }
    if (is_word()) return true;
    word.clear();
  }
  if (is_word()) return true;
  // Also the parts of names such as "users_write".
  for (const auto& part : text::split(low, '_'))
    if (std::ranges::find(words, std::string_view(part)) != words.end()) return true;
  return false;
}

}  // namespace mcprove
