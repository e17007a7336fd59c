#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mcprove::oauth {

/// A Date field as servers must send it: "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7).
std::optional<std::chrono::system_clock::time_point> http_date(std::string_view field);

/// The Expires attribute of a cookie: day, month, year and time in whatever order (RFC 6265 section 5.1.1).
std::optional<std::chrono::system_clock::time_point> cookie_date(std::string_view attribute);

}  // namespace mcprove::oauth
