#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

/// Addresses that a server hands to a client for display, read as leniently as a browser reads them.
namespace mcprove::checks {

/// Lower case; blanks and controls around it, and line ends within it, do not count (WHATWG URL, basic parser).
inline std::string scheme_of(std::string_view uri) {
  std::string scheme;
  for (const char c : uri) {
    if (static_cast<unsigned char>(c) <= 0x20) continue;
    if (c == ':') return text::lower(scheme);
    if (c == '/' || c == '?' || c == '#') return {};
    scheme += c;
  }
  return {};
}

/// A scheme that makes whoever opens the address run what it holds.
inline bool runs_code(std::string_view uri) {
  const auto scheme = scheme_of(uri);
  return scheme == "javascript" || scheme == "vbscript";
}

/// The media type of a data URL in lower case ("text/plain" if it names none), and its content, decoded.
struct DataUrl {
  std::string type{};
  std::string content{};
};
inline std::optional<DataUrl> data_url(std::string_view uri) {
  const auto colon = uri.find(':');
  const auto comma = uri.find(',');
  if (scheme_of(uri) != "data" || comma == std::string_view::npos || comma < colon) return std::nullopt;
  const auto head = text::lower(uri.substr(colon + 1, comma - colon - 1));
  DataUrl out{.type = std::string(text::trim(head.substr(0, head.find(';'))))};
  if (out.type.empty()) out.type = "text/plain";
  const auto body = uri.substr(comma + 1);
  out.content =
      head.ends_with(";base64") ? text::base64_decode(text::percent_decode(body)).value_or("") : text::percent_decode(body);
  return out;
}

/// What in an SVG image does more than draw; empty: nothing was found.
inline std::string_view active_part(std::string_view svg) {
  constexpr auto parts =
      std::to_array<std::string_view>({"<script", "<foreignobject", "javascript:", "<iframe", "<embed", "<object", " onload",
                                       " onerror", " onclick", " onmouseover", " onbegin", "<!entity"});
  const auto found = std::ranges::find_if(parts, [&](std::string_view part) { return text::icontains(svg, part); });
  return found == parts.end() ? std::string_view{} : *found;
}

}  // namespace mcprove::checks
