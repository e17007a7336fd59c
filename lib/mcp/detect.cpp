#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "mcp/client.h"
#include "mcp/message.h"
#include "mcp/stream.h"
#include "net/answer.h"

namespace mcprove::mcp {
namespace {

constexpr std::chrono::milliseconds answer_patience{8'000};
/// For the head of an event stream and its first event: a server of that wire sends both at once.
constexpr std::chrono::milliseconds stream_patience{3'000};
constexpr std::chrono::milliseconds first_event_patience{1'000};
/// No server speaks it, so one that knows the stateless wire says which it does speak.
constexpr std::string_view impossible_revision = "2999-01-01";

/// Errors of the stateless wire, under their published numbers and those of the release candidate.
enum class StatelessError : unsigned char { none, header_mismatch, missing_capability, unsupported_version };

/// The candidate's numbers are in a range where other servers put anything ("Session not found" is -32001 too), so they
/// need a word or a field of their own beside them.
StatelessError stateless_error(const Outcome& outcome) {
  if (outcome.response.status != 400) return StatelessError::none;
  const auto error = outcome.error();
  const auto number = error.integer("code");
  const auto data = error.at("data");
  if (number == code::header_mismatch) return StatelessError::header_mismatch;
  if (number == code::missing_capability) return StatelessError::missing_capability;
  if (number == code::unsupported_version) return StatelessError::unsupported_version;
  if (number == -32001 && (data.has("mismatch") || text::icontains(error.string("message").value_or(""), "mismatch"))) {
    return StatelessError::header_mismatch;
  }
  if (number == -32003 && data.has("requiredCapabilities")) return StatelessError::missing_capability;
  if (number == -32004 && data.at("supported").is_array()) return StatelessError::unsupported_version;
  return StatelessError::none;
}

bool names_stateless_revision(const std::vector<std::string>& revisions_named) {
  return std::ranges::any_of(revisions_named, [](const std::string& named) { return at_least(named, stateless_revision); });
}

bool describes_server(const json::Value& result) {
  return result.at("protocolVersion").is_string() &&
         (result.at("serverInfo").is_object() || result.at("capabilities").is_object());
}

void cite(WireReport& report, const std::vector<net::ExchangeId>& exchanges) {
  for (const auto id : exchanges) {
    if (std::ranges::find(report.exchanges, id) == report.exchanges.end()) report.exchanges.push_back(id);
  }
}

void learn_greeting(WireReport& report, const json::Value& result) {
  report.server_info = result.at("serverInfo");
  if (report.server_info.is_null()) report.server_info = result.at("_meta").at("io.modelcontextprotocol/serverInfo");
  report.instructions = result.string("instructions").value_or("");
}

Client::Options options_for(const Credential& credential) {
  Client::Options options;
  options.credential = credential;
  options.patience = answer_patience;
  return options;
}

/// Before the wire comes the token: a refusal says only that (catalogue 1.2). True if that is what the outcome is.
bool wants_token(WireReport& report, const Outcome& outcome, const Credential& credential) {
  if (outcome.answer != Answer::denied) return false;
  report.needs_token = true;
  report.why = outcome.why + (credential.empty() ? "" : ", with the credential given");
  return true;
}

/// Asks with a revision that nobody has; a server of this wire answers with those that it has.
Result<void> ask_for_versions(net::Recorder& recorder, WireReport& report, const Credential& credential) {
  auto endpoint = report.endpoint;
  endpoint.revision = impossible_revision;
  Client client(recorder, endpoint, options_for(credential));
  const auto outcome = MCPROVE_TRY(client.raw("server/discover", {}, {.purpose = "unsupported revision"}));
  cite(report, outcome.exchanges);
  const auto supported = outcome.error().at("data").strings("supported");
  if (stateless_error(outcome) != StatelessError::unsupported_version || !names_stateless_revision(supported)) return {};
  report.speaks = true;
  report.supported = supported;
  report.why = "an unsupported revision was refused with the list of supported ones, though there is no server/discover";
  return {};
}

Result<void> ask_stateless(net::Recorder& recorder, WireReport& report, const Credential& credential) {
  Client client(recorder, report.endpoint, options_for(credential));
  const auto outcome = MCPROVE_TRY(client.greet());
  cite(report, outcome.exchanges);
  if (wants_token(report, outcome, credential)) return {};
  report.endpoint.revision = client.endpoint().revision;
  const auto result = outcome.result();
  if (outcome.answer == Answer::accepted) {
    const auto supported = result.strings("supportedVersions");
    report.speaks = proves_wire(Wire::stateless, outcome);
    report.why = report.speaks ? "server/discover names its supported revisions"
                               : "server/discover was answered, but without a stateless revision among supportedVersions";
    if (!report.speaks) return {};
    report.supported = supported;
    learn_greeting(report, result);
    return {};
  }
  report.why = outcome.why;
  report.speaks = proves_wire(Wire::stateless, outcome);
  if (stateless_error(outcome) == StatelessError::unsupported_version) {
    if (report.speaks) report.supported = outcome.error().at("data").strings("supported");
  } else if (report.speaks) {
    return {};
  } else if (outcome.response.status == 404 && outcome.error().integer("code") == code::method_not_found) {
    return ask_for_versions(recorder, report, credential);
  }
  return {};
}

Result<void> ask_handshake(net::Recorder& recorder, WireReport& report, const Credential& credential) {
  Client client(recorder, report.endpoint, options_for(credential));
  const auto outcome = MCPROVE_TRY(client.greet());
  cite(report, outcome.exchanges);
  if (wants_token(report, outcome, credential)) return {};
  report.why = outcome.why;
  if (outcome.answer != Answer::accepted) return {};
  const auto result = outcome.result();
  report.speaks = describes_server(result);
  if (!report.speaks) {
    report.why = "initialize was answered, but not with a protocol version and a server's description";
    return {};
  }
  report.why = "initialize agreed on a revision";
  report.endpoint.revision = client.endpoint().revision;
  report.supported = {report.endpoint.revision};
  learn_greeting(report, result);
  return {};
}

/// The greeting over a stream that is open; it only adds to what the endpoint event has proven.
void greet_on_stream(net::Recorder& recorder, WireReport& report, const Credential& credential, const StreamOpening& opening) {
  const auto post_url = message_url_of(report.endpoint.url, opening.reference);
  if (!post_url) {
    report.why = post_url.error().message;
    return;
  }
  auto request = build_request(report.endpoint, "initialize", {}, 1, credential);
  request.url = *post_url;
  request.limits.total = answer_patience;
  const auto reply = recorder.send(std::move(request));
  if (!reply) return;
  cite(report, {reply->id});
  if (reply->response.status < 200 || reply->response.status >= 300) {
    const auto judged = judge(reply->response, message_with_id(reply->response, 1));
    report.needs_token = judged.answer == Answer::denied;
    report.why = "the stream opened; initialize: " + judged.why;
    return;
  }
  const auto answer = await_answer(recorder, opening.exchange, *opening.events, 1, stream_patience);
  if (!answer) return;
  cite(report, {answer->exchange});
  const auto result = answer->message.at("result");
  if (const auto agreed = result.string("protocolVersion"); agreed && std::ranges::find(revisions, *agreed) != revisions.end()) {
    report.endpoint.revision = *agreed;
    report.supported = {*agreed};
  }
  learn_greeting(report, result);
}

Result<void> ask_sse(net::Recorder& recorder, WireReport& report, const Credential& credential) {
  auto options = options_for(credential);
  options.patience = stream_patience;
  const auto opening = MCPROVE_TRY(open_stream(recorder, report.endpoint.url, options, first_event_patience));
  cite(report, {opening.exchange});
  if (!opening.events) {
    const auto judged = judge(opening.head, {});
    report.needs_token = judged.answer == Answer::denied;
    report.why = "event stream: " + judged.why;
    return {};
  }
  report.speaks = opening.first_event == "endpoint";
  if (!report.speaks) {
    report.why = opening.first_event.empty() ? "an event stream, but no endpoint event within a second"
                                             : "an event stream whose first event is not the endpoint";
    return {};
  }
  report.why = "the event stream begins with an endpoint event";
  report.supported = {std::string{sse_revision}};
  greet_on_stream(recorder, report, credential, opening);
  return {};
}

/// Errors after which asking on is pointless or unwelcome.
bool ends_everything(Error::Kind kind) {
  return kind == Error::Kind::out_of_scope || kind == Error::Kind::budget || kind == Error::Kind::interrupted ||
         kind == Error::Kind::usage;
}

using Ask = Result<void> (*)(net::Recorder&, WireReport&, const Credential&);

/// Places of the HTTP+SSE wire: the URL itself, and `sse` beside it, where most servers of that time have it.
std::vector<std::string> stream_places(const net::Url& url) {
  std::vector<std::string> places{url.text()};
  if (const auto beside = net::resolve(url, "sse"); beside && beside->text() != url.text()) places.push_back(beside->text());
  return places;
}

}  // namespace

bool proves_wire(Wire wire, const Outcome& greeted) {
  if (wire != Wire::stateless) return greeted.answer == Answer::accepted && describes_server(greeted.result());
  if (greeted.answer == Answer::accepted) return names_stateless_revision(greeted.result().strings("supportedVersions"));
  const auto error = stateless_error(greeted);
  if (error != StatelessError::unsupported_version) return error != StatelessError::none;
  return names_stateless_revision(greeted.error().at("data").strings("supported"));
}

Result<std::vector<WireReport>> detect_wires(net::Recorder& recorder, const net::Url& url, const Credential& credential) {
  std::optional<Error> first_error;
  bool anything = false;
  const auto ask = [&](Ask how, Endpoint endpoint) -> Result<WireReport> {
    WireReport report;
    report.endpoint = std::move(endpoint);
    const net::Recorder::Capture capture;
    const auto asked = how(recorder, report, credential);
    cite(report, capture.exchanges());
    anything = anything || asked.has_value();
    if (asked) return report;
    if (ends_everything(asked.error().kind)) return tl::unexpected(asked.error());
    if (!first_error) first_error = asked.error();
    report.why = asked.error().message;
    return report;
  };

  const auto at = url.text();
  std::vector<WireReport> reports;
  reports.push_back(MCPROVE_TRY(ask(&ask_stateless, {Wire::stateless, at, std::string{stateless_revision}})));
  reports.push_back(MCPROVE_TRY(ask(&ask_handshake, {Wire::handshake, at, std::string{newest_handshake}})));
  std::optional<WireReport> best;
  std::vector<net::ExchangeId> tried;
  for (const auto& place : stream_places(url)) {
    auto report = MCPROVE_TRY(ask(&ask_sse, {Wire::sse, place, std::string{sse_revision}}));
    std::ranges::copy(report.exchanges, std::back_inserter(tried));
    const bool better = !best || (report.speaks && !best->speaks) || (report.needs_token && !best->needs_token && !best->speaks);
    if (better) best = std::move(report);
    if (best->speaks) break;
  }
  best->exchanges = std::move(tried);
  reports.push_back(*std::move(best));
  if (!anything && first_error) return tl::unexpected(*std::move(first_error));
  return reports;
}

}  // namespace mcprove::mcp
