#include "net/answer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace mcprove {

std::string_view name(Answer answer) {
  switch (answer) {
    case Answer::accepted: return "accepted";
    case Answer::denied: return "denied";
    case Answer::other: return "other";
  }
  return "other";
}

namespace net {
namespace {

/// Pages look alike in their first bytes; what comes later is text that a server may have been given by anyone.
constexpr std::size_t sniffed_bytes = 8192;

/// Words that only firewalls, bot shields and CDNs put on their own error pages.
constexpr auto block_words = std::to_array<std::string_view>({"attention required",
                                                              "just a moment",
                                                              "cf-chl",
                                                              "cf-error-details",
                                                              "captcha",
                                                              "incapsula",
                                                              "incident id",
                                                              "sucuri",
                                                              "errors.edgesuite.net",
                                                              "request blocked",
                                                              "request was blocked",
                                                              "been blocked",
                                                              "could not be satisfied",
                                                              "requested url was rejected",
                                                              "web application firewall",
                                                              "mod_security",
                                                              "datadome",
                                                              "perimeterx",
                                                              "ddos protection",
                                                              "verify you are human",
                                                              "checking your browser"});

/// Fields by which a shield says that it, and not the server behind it, has answered.
constexpr auto block_fields = std::to_array<std::string_view>({"cf-mitigated", "x-amzn-waf-action", "x-sucuri-block"});

bool begins_like_html(std::string_view body) {
  const auto start = text::lower(text::trim(body.substr(0, 256)));
  return start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head");
}

bool is_block_page(const Response& response) {
  if (std::ranges::any_of(block_fields, [&](std::string_view field) { return response.headers.has(field); })) return true;
  const bool refusing = response.status == 403 || response.status == 406 || response.status == 503;
  if (!refusing || !is_html(response)) return false;
  const auto body = text::lower(std::string_view{response.body}.substr(0, sniffed_bytes));
  return std::ranges::any_of(block_words, [&](std::string_view word) { return body.find(word) != std::string::npos; });
}

}  // namespace

std::string media_type(const Response& response) {
  const auto field = response.headers.find("content-type");
  if (!field) return {};
  const std::string_view value{*field};
  return text::lower(text::trim(value.substr(0, value.find(';'))));
}

bool is_json(const Response& response) {
  const auto type = media_type(response);
  return type == "application/json" || type.ends_with("+json");
}

bool is_html(const Response& response) {
  const auto type = media_type(response);
  if (type.empty() || type == "text/plain") return begins_like_html(response.body);
  return type == "text/html" || type == "application/xhtml+xml";
}

bool is_event_stream(const Response& response) { return media_type(response) == "text/event-stream"; }

Oddity oddity(const Response& response) {
  if (response.status == 429) return Oddity::rate_limited;
  if (is_block_page(response)) return Oddity::blocked;
  if (response.status == 503 && response.headers.has("retry-after")) return Oddity::rate_limited;
  if (response.status >= 300 && response.status < 400) return Oddity::redirect;
  if (is_html(response)) return Oddity::html;
  if (response.status >= 500) return Oddity::server_error;
  return Oddity::none;
}

}  // namespace net
}  // namespace mcprove
