// What a client does that can be asked something back.
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "mcp/message.h"
#include "mcp/session.h"
#include "net/answer.h"

namespace mcprove::mcp {
namespace {

constexpr int most_returns = 5;  ///< to a stream that ended
constexpr int most_rounds = 8;   ///< of one request that wants input
constexpr std::size_t most_inputs = 32;
constexpr std::chrono::milliseconds usual_retry{1'000};

constexpr std::chrono::milliseconds aside_patience{2'000};
constexpr std::size_t most_aside = 100;  ///< events at once

bool is_stream(const net::Response& head) { return head.status == 200 && net::is_event_stream(head); }

/// The answers to all that is asked; nothing if the client has none to one of them.
std::optional<json::Value> inputs_for(const Client::Options& options, const json::Value& asked) {
  std::vector<std::pair<std::string, json::Value>> answers;
  const auto keys = asked.keys();
  if (keys.size() > most_inputs) return std::nullopt;
  for (const auto& key : keys) {
    auto answer = options.answer(asked.at(key).string("method").value_or(""), asked.at(key).at("params"));
    if (!answer) return std::nullopt;
    answers.emplace_back(key, *std::move(answer));
  }
  return json::Value::object(std::move(answers));
}

void judge_again(Outcome& outcome) {
  auto judged = judge(outcome.response, outcome.message);
  outcome.answer = judged.answer;
  outcome.why = std::move(judged.why);
}

}  // namespace

void Session::reply(const json::Value& asked) {
  const auto method = asked.string("method").value_or("");
  auto request = build(method, {}, std::nullopt, {.purpose = "answer to the server's request"}, session_);
  request.body = response_to(asked, options_.answer(method, asked.at("params"))).dump();
  // Whether the server took it shows in the answer that it then gives.
  const auto taken = recorder_.send(request);
  if (taken && options_.heard) options_.heard(request, taken->response);
}

Result<net::Recorder::Stream> Session::get_stream(const std::string& last_id, std::chrono::milliseconds patience) {
  net::Request request;
  request.url = endpoint_.url;
  request.headers.add("Accept", "text/event-stream");
  if (!last_id.empty()) request.headers.add("Last-Event-ID", last_id);
  if (!session_.empty()) request.headers.add("Mcp-Session-Id", session_);
  if (at_least(endpoint_.revision, "2025-06-18")) request.headers.add("MCP-Protocol-Version", endpoint_.revision);
  for (const auto& [name, value] : options_.credential.headers.fields) request.headers.add(name, value);
  for (const auto& [name, value] : options_.extra.fields) request.headers.add(name, value);
  if (options_.present) options_.present(request);
  request.limits.total = patience;
  request.purpose = last_id.empty() ? "event stream" : "event stream, taken up again";
  auto stream = MCPROVE_TRY(recorder_.open(request));
  if (options_.heard) options_.heard(request, stream.events->head());
  return stream;
}

void Session::listen() {
  if (aside_ || no_aside_) return;
  auto stream = get_stream({}, aside_patience);
  if (stream && is_stream(stream->events->head())) aside_ = std::move(stream->events);
  // A stream refused for want of a token may be had with one.
  no_aside_ = !stream || (!aside_ && stream->events->head().status != 401 && stream->events->head().status != 403);
}

void Session::hear_aside() {
  for (std::size_t seen = 0; aside_ && seen < most_aside; ++seen) {
    const auto event = aside_->next(std::chrono::milliseconds(0));
    if (!event && event.error().kind == Error::Kind::timeout) return;
    if (!event || !event->has_value()) return aside_.reset();
    if (const auto message = json::parse((*event)->data); message && is_request(*message)) reply(*message);
  }
}

Result<net::Recorder::Stream> Session::take_up_again(const Overheard& overheard) {
  MCPROVE_TRY(recorder_.pause(std::min(overheard.retry.value_or(usual_retry), options_.patience)));
  auto stream = MCPROVE_TRY(get_stream(overheard.last_id, options_.patience));
  if (is_stream(stream.events->head())) return stream;
  return failure(Error::Kind::network,
                 fmt::format("the event stream ended before the answer came, and could not be taken up again: {}",
                             stream.events->head().status));
}

Result<Outcome> Session::converse(net::Request request, int id) {
  request.enough = {};
  auto stream = MCPROVE_TRY(recorder_.open(request));
  Outcome outcome;
  outcome.exchange = stream.id;
  outcome.exchanges = {stream.id};
  outcome.response = stream.events->head();
  if (options_.heard) options_.heard(request, outcome.response);
  if (!is_stream(outcome.response)) {
    outcome.message = message_with_id(outcome.response, id);
    judge_again(outcome);
    return outcome;
  }
  Overheard overheard{.asked = [this](const json::Value& asked) { reply(asked); }, .meanwhile = [this] { hear_aside(); }};
  for (int returns = 0;; ++returns) {
    auto answer = await_answer(recorder_, stream.id, *stream.events, id, options_.patience, &overheard);
    if (answer) {
      outcome.message = std::move(answer->message);
      outcome.exchanges.push_back(answer->exchange);
      judge_again(outcome);
      return outcome;
    }
    const bool ended = answer.error().kind == Error::Kind::network;
    if (!ended || overheard.last_id.empty() || returns == most_returns) return tl::unexpected(answer.error());
    stream = MCPROVE_TRY(take_up_again(overheard));
    outcome.exchanges.push_back(stream.id);
  }
}

Result<Outcome> Session::answer_inputs(Outcome outcome, std::string_view method, const json::Value& params,
                                       const CallOptions& options) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto result = outcome.result();
    if (result.string("resultType") != "input_required") break;
    const auto asked = result.at("inputRequests");
    const auto inputs = inputs_for(options_, asked);
    if (!inputs) break;
    auto again = params.is_object() ? params : json::Value::object({});
    if (asked.is_object()) again = again.with("inputResponses", *inputs);
    // The state is the server's: it goes back as it came, and only if it came.
    if (result.has("requestState")) again = again.with("requestState", result.at("requestState"));
    const auto earlier = std::move(outcome.exchanges);
    outcome = MCPROVE_TRY(post(method, again, options, {}));
    outcome.exchanges.insert(outcome.exchanges.begin(), earlier.begin(), earlier.end());
  }
  return outcome;
}

}  // namespace mcprove::mcp
