#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "mcp/client.h"
#include "mcp/denial.h"
#include "net/answer.h"
#include "net/challenge.h"

namespace mcprove::mcp {
namespace {

/// An ordinary result beyond this is content, not a sentence of refusal (catalogue 0.4).
constexpr std::size_t soft_denial_bytes = 1024;
constexpr std::size_t content_parts = 16;
constexpr std::string_view denial_envelope = "io.modelcontextprotocol/authorization";

bool success(int status) { return status >= 200 && status < 300; }

std::string quoted(std::string_view text) { return text::one_line(text::trim(text), 120); }

/// The scheme of a challenge that is about tokens, or empty.
std::string token_challenge(const net::Headers& headers) {
  for (const auto& challenge : net::challenges(headers)) {
    if (challenge.is("Bearer")) return "Bearer";
    if (challenge.is("DPoP")) return "DPoP";
  }
  return {};
}

bool has_json_body(const net::Response& response) {
  const auto body = json::parse(response.body);
  return body && (body->is_object() || body->is_array());
}

/// A structured denial (SEP-2643), wherever in the error it was put.
bool has_denial_envelope(const json::Value& part) {
  return part.at("_meta").has(denial_envelope) || part.at("data").at("_meta").has(denial_envelope) ||
         part.at("structuredContent").at("_meta").has(denial_envelope);
}

void append(std::string& text, const json::Value& value) {
  if (const auto words = value.string()) text += ' ' + *words;
}

/// The words of an error: its message, and its data as far as servers put a reason there.
std::string error_text(const json::Value& error) {
  std::string text;
  append(text, error.at("message"));
  const auto data = error.at("data");
  append(text, data);
  for (const auto* key : {"code", "reason", "error", "type", "message", "detail", "error_description"})
    append(text, data.at(key));
  append(text, error.at("code"));
  return text;
}

std::string result_text(const json::Value& result) {
  std::string text;
  const auto content = result.at("content");
  for (std::size_t i = 0; i < std::min(content.size(), content_parts); ++i) append(text, content.at(i).at("text"));
  const auto structured = result.at("structuredContent");
  for (const auto* key : {"error", "message", "reason", "detail", "code", "status"}) append(text, structured.at(key));
  return text;
}

std::string_view reading(Complaint complaint) {
  switch (complaint) {
    case Complaint::none: return "says nothing of access";
    case Complaint::validation: return "a complaint about the arguments";
    case Complaint::unknown_object: return "an unknown method, tool or object";
    case Complaint::limit: return "a rate limit";
    case Complaint::system: return "an error of the operating system";
    case Complaint::denial: return "a denial";
  }
  return {};
}

/// Numbers that mean refusal by themselves: HTTP's own, and those as vendors fold them into JSON-RPC's range.
bool denial_code(std::int64_t number) {
  constexpr std::array codes{401, 403, -401, -403, -32401, -32403};
  return std::ranges::find(codes, number) != codes.end();
}

Judged judge_error(const net::Response& response, const json::Value& error) {
  const auto number = error.integer("code");
  const auto text = error_text(error);
  const auto shown = number ? fmt::format("JSON-RPC error {} \"{}\" in a {}", *number,
                                          quoted(error.string("message").value_or("")), response.status)
                            : fmt::format("JSON-RPC error \"{}\" in a {}", quoted(text), response.status);
  if (has_denial_envelope(error)) return {Answer::denied, shown + ", with a structured denial"};
  if (number && denial_code(*number)) return {Answer::denied, shown};
  if (number == code::method_not_found || number == code::parse_error) return {Answer::other, shown};
  const auto complaint = number == code::invalid_params ? complaint_of_params_error(text) : complaint_of(text);
  if (complaint == Complaint::denial) return {Answer::denied, shown};
  return {Answer::other, fmt::format("{}: {}", shown, reading(complaint))};
}

Judged judge_result(const net::Response& response, const json::Value& result) {
  if (!success(response.status)) return {Answer::other, fmt::format("a JSON-RPC result in a {}", response.status)};
  if (!result.is_object()) return {Answer::other, fmt::format("{} with a result that is not an object", response.status)};
  if (result.boolean("isError") != true) return {Answer::accepted, fmt::format("{} with a result", response.status)};
  const auto text = result_text(result);
  const auto shown = fmt::format("{} with a tool error \"{}\"", response.status, quoted(text));
  if (has_denial_envelope(result)) return {Answer::denied, shown + ", with a structured denial"};
  const auto complaint = complaint_of(text);
  if (complaint == Complaint::denial) return {Answer::denied, shown};
  return {Answer::other, fmt::format("{}: {}", shown, reading(complaint))};
}

Judged judge_401(const net::Response& response) {
  const auto scheme = token_challenge(response.headers);
  if (!scheme.empty()) return {Answer::denied, fmt::format("401 with a {} challenge", scheme)};
  return {Answer::denied,
          response.headers.has("www-authenticate") ? "401 with a challenge of another scheme" : "401 without a challenge"};
}

Judged judge_403(const net::Response& response, const json::Value& message) {
  const auto scheme = token_challenge(response.headers);
  if (!scheme.empty()) return {Answer::denied, fmt::format("403 with a {} challenge", scheme)};
  if (!message.is_null() || has_json_body(response)) return {Answer::denied, "403 with a JSON body"};
  return {Answer::other, "403 without a challenge or a JSON body, as a firewall answers"};
}

Judged judge_silence(const net::Response& response) {
  switch (net::oddity(response)) {
    case net::Oddity::none: break;
    case net::Oddity::rate_limited: return {Answer::other, fmt::format("{}: a rate limit", response.status)};
    case net::Oddity::blocked: return {Answer::other, fmt::format("{}: a firewall's or a bot page", response.status)};
    case net::Oddity::html: return {Answer::other, fmt::format("{} with an HTML page", response.status)};
    case net::Oddity::server_error: return {Answer::other, fmt::format("{}: a server error", response.status)};
    case net::Oddity::redirect: return {Answer::other, fmt::format("{}: a redirect", response.status)};
  }
  const auto scheme = token_challenge(response.headers);
  if (!success(response.status) && !scheme.empty()) {
    return {Answer::other, fmt::format("{} with a {} challenge", response.status, scheme)};
  }
  return {Answer::other, fmt::format("{} without a JSON-RPC answer", response.status)};
}

}  // namespace

Judged judge(const net::Response& response, const json::Value& message) {
  if (response.status == 401) return judge_401(response);
  const auto oddity = net::oddity(response);
  if (oddity == net::Oddity::blocked || oddity == net::Oddity::rate_limited) return judge_silence(response);
  if (response.status == 403) return judge_403(response, message);
  if (response.status >= 300 && response.status < 400) return judge_silence(response);
  if (response.status >= 500) return {Answer::other, fmt::format("{}: a server error", response.status)};
  // Careless servers send `"error": null` beside a result, and the other way round.
  if (!message.at("error").is_null()) return judge_error(response, message.at("error"));
  if (message.has("result")) return judge_result(response, message.at("result"));
  return judge_silence(response);
}

bool soft_denied(const json::Value& result) {
  if (!result.is_object() || result.boolean("isError") == true) return false;
  return result.dump().size() < soft_denial_bytes && denial_text(result_text(result));
}

}  // namespace mcprove::mcp
