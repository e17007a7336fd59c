#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"

namespace mcprove {

/// What an answer to a probe means. `other` is never read as `denied`: a 500, a time-out, a login page, a 429 and a
/// validation error are not refusals.
enum class Answer : std::uint8_t { accepted, denied, other };

std::string_view name(Answer answer);

namespace net {

/// Why an answer is `other`, as far as transport tells: rate limit, firewall or bot page, HTML where JSON was due.
enum class Oddity : std::uint8_t { none, rate_limited, blocked, html, server_error, redirect };

/// 429, or 503 with Retry-After; known block pages (403/503 HTML of proxies and CDNs); HTML; other 5xx; 3xx.
Oddity oddity(const Response& response);
bool is_json(const Response& response);  ///< media type application/json or +json
bool is_html(const Response& response);
bool is_event_stream(const Response& response);
std::string media_type(const Response& response);  ///< lower case, without parameters

}  // namespace net
}  // namespace mcprove
