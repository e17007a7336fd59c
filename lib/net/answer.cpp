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
constexpr std::array block_words{
    std::string_view{"attention required"}, std::string_view{"just a moment"},        std::string_view{"cf-chl"},
    std::string_view{"cf-error-details"},   std::string_view{"captcha"},              std::string_view{"incapsula"},
    std::string_view{"incident id"},        std::string_view{"sucuri"},               std::string_view{"errors.edgesuite.net"},
    std::string_view{"request blocked"},    std::string_view{"request was blocked"},  std::string_view{"been blocked"},
    std::string_view{"could not be satisfied"}, std::string_view{"requested url was rejected"},
    std::string_view{"web application firewall"}, std::string_view{"mod_security"},   std::string_view{"datadome"},
    std::string_view{"perimeterx"},         std::string_view{"ddos protection"},      std::string_view{"verify you are human"},
    std::string_view{"checking your browser"},
};

/// Fields by which a shield says that it, and not the server behind it, has answered.
constexpr std::array block_fields{std::string_view{"cf-mitigated"}, std::string_view{"x-amzn-waf-action"},
                                  std::string_view{"x-sucuri-block"}};

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
