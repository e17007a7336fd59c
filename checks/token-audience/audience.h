#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/context.h"

namespace mcprove::checks {

/// The same address whatever the spelling of its host and its last slash.
inline bool same_address(const std::string& one, const std::string& other) {
  const auto plain = [](const std::string& text) {
    if (text.find('#') != std::string::npos) return text;
    const auto url = net::Url::parse(text);
    auto out = url ? url->text() : text;
    while (out.ends_with('/')) out.pop_back();
    return out;
  };
  return one == other || plain(one) == plain(other);
}

/// Does an audience name this MCP server: as its metadata or its address do, or by an alias that the operator declared?
inline bool is_ours(Context& at, const std::string& audience) {
  const auto& aliases = at.options().resource_aliases;
  return same_address(audience, at.facts().resource_id()) || same_address(audience, at.url().text()) ||
         std::ranges::find(aliases, audience) != aliases.end();
}

/// An address above this server's own on the same origin: it may be meant to cover it.
inline bool is_above_ours(Context& at, const std::string& audience) {
  const auto url = net::Url::parse(audience);
  if (!url || !url->same_origin(at.url()) || is_ours(at, audience)) return false;
  auto path = url->path;
  if (!path.ends_with('/')) path += '/';
  return at.url().path.starts_with(path);
}

inline bool names_ours(Context& at, const std::vector<std::string>& audience) {
  return std::ranges::any_of(audience, [&](const std::string& one) { return is_ours(at, one) || is_above_ours(at, one); });
}

/// An introspection answer may leave `aud` out of an audience that exists (RFC 7662 section 2.2); a JWT may not.
inline bool shows_audience(const TokenView& view) { return view.audience && (view.jws || !view.audience->empty()); }

inline std::string audience_text(const std::vector<std::string>& audience) {
  return audience.empty() ? "nobody" : text::one_line(text::join(audience, ", "), 160);
}

}  // namespace mcprove::checks
