#include "mcp/session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "mcp/message.h"
#include "net/answer.h"

namespace mcprove::mcp {
namespace {

constexpr std::chrono::milliseconds farewell_patience{2'000};
/// Of the release candidate of 2026-07-28; renumbered before publication.
constexpr int candidate_unsupported_version = -32004;

/// What a server names goes into a header field of ours, so it must look like a revision.
bool is_revision(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  });
}

bool is_session_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7e; });
}

void put_before(std::vector<net::ExchangeId>& exchanges, const std::vector<net::ExchangeId>& earlier) {
  exchanges.insert(exchanges.begin(), earlier.begin(), earlier.end());
}

Judged judge_notification(const net::Response& response) {
  if (response.status >= 200 && response.status < 300 && net::oddity(response) == net::Oddity::none) {
    return {Answer::accepted, fmt::format("{} to a notification", response.status)};
  }
  return judge(response, json::parse(response.body).value_or(json::Value{}));
}

/// The newest of the revisions that a version error names and that `fits`; empty if there is none but ours.
template <class Fits>
std::string counter_offer(const Outcome& outcome, std::string_view ours, Fits fits) {
  std::string best;
  for (const auto& named : outcome.error().at("data").strings("supported")) {
    if (is_revision(named) && named != ours && fits(named) && named > best) best = named;
  }
  return best;
}

bool is_version_error(const Outcome& outcome) {
  const auto code = outcome.error().integer("code");
  return code == code::unsupported_version || code == candidate_unsupported_version;
}

}  // namespace

Session::Session(net::Recorder& recorder, Endpoint endpoint, Client::Options options)
    : recorder_(recorder), endpoint_(std::move(endpoint)), options_(std::move(options)) {}

net::Request Session::build(std::string_view method, const json::Value& params, std::optional<int> id, const CallOptions& options,
                            const std::string& session_id) {
  auto request = build_message(endpoint_, method, params, id, options_.credential, session_id,
                               {options_.client_name, options_.client_version, options_.capabilities});
  request.url = message_url();
  for (const auto& [name, value] : options_.extra.fields) request.headers.add(name, value);
  for (const auto& [name, value] : options.headers.fields) request.headers.add(name, value);
  request.connection = options.connection.kind == net::Connection::Kind::any ? options_.connection : options.connection;
  request.limits.total = options_.patience;
  if (!options.purpose.empty()) request.purpose = options.purpose;
  if (options_.present) options_.present(request);
  if (options.bend) options.bend(request);
  return request;
}

Result<Outcome> Session::post(std::string_view method, const json::Value& params, const CallOptions& options,
                              const std::string& session_id) {
  const auto id = next_id_++;
  auto request = build(method, params, options.notification ? std::nullopt : std::optional(id), options, session_id);
  if (options_.answer && endpoint_.wire == Wire::handshake && !options.notification) return converse(std::move(request), id);
  auto reply = MCPROVE_TRY(recorder_.send(request));
  if (options_.heard) options_.heard(request, reply.response);
  Outcome outcome;
  outcome.exchange = reply.id;
  outcome.exchanges = {reply.id};
  outcome.response = std::move(reply.response);
  if (!options.notification) outcome.message = message_with_id(outcome.response, id);
  auto judged = options.notification ? judge_notification(outcome.response) : judge(outcome.response, outcome.message);
  outcome.answer = judged.answer;
  outcome.why = std::move(judged.why);
  return outcome;
}

Result<Outcome> Session::call_stateless(std::string_view method, const json::Value& params, const CallOptions& options) {
  auto outcome = MCPROVE_TRY(post(method, params, options, {}));
  if (is_version_error(outcome) && !options.bend) {
    const auto offer =
        counter_offer(outcome, endpoint_.revision.empty() ? stateless_revision : std::string_view{endpoint_.revision},
                      [](std::string_view named) { return at_least(named, stateless_revision); });
    if (!offer.empty()) {
      endpoint_.revision = offer;
      const auto first = std::move(outcome.exchanges);
      outcome = MCPROVE_TRY(post(method, params, options, {}));
      put_before(outcome.exchanges, first);
    }
  }
  if (method == "server/discover" && outcome.answer == Answer::accepted) greeting_ = outcome.result();
  return options_.answer ? answer_inputs(std::move(outcome), method, params, options) : outcome;
}

void Session::begin(const Outcome& greeted) {
  greeted_ = true;
  greeting_ = greeted.result();
  start_ = greeted.exchanges;
  if (const auto agreed = greeting_.string("protocolVersion"); agreed && is_revision(*agreed)) endpoint_.revision = *agreed;
}

Result<Outcome> Session::initialize(const json::Value& params, const CallOptions& options) {
  close();
  const auto offered = endpoint_.revision;
  auto outcome = MCPROVE_TRY(post("initialize", params, options, {}));
  if (outcome.answer == Answer::other && !options.bend && !params.has("protocolVersion")) {
    const auto offer =
        counter_offer(outcome, offered, [](std::string_view named) { return !at_least(named, stateless_revision); });
    if (!offer.empty() && offer != newest_handshake) {
      endpoint_.revision = offer;
      const auto first = std::move(outcome.exchanges);
      outcome = MCPROVE_TRY(post("initialize", params, options, {}));
      put_before(outcome.exchanges, first);
    }
  }
  if (outcome.answer != Answer::accepted) return outcome;
  begin(outcome);
  if (const auto id = outcome.response.headers.find("Mcp-Session-Id"); id && is_session_id(*id)) session_ = *id;
  // What the server thinks of the notification shows in the calls that follow.
  const auto told = post("notifications/initialized", {}, {.connection = options.connection, .notification = true}, session_);
  if (told) std::ranges::copy(told->exchanges, std::back_inserter(outcome.exchanges));
  start_ = outcome.exchanges;
  return outcome;
}

Result<Outcome> Session::call_handshake(std::string_view method, const json::Value& params, const CallOptions& options) {
  if (method == "initialize") return initialize(params, options);
  for (bool again = false;; again = true) {
    if (!greeted_) {
      auto greeted = MCPROVE_TRY(initialize({}, {.connection = options.connection}));
      if (greeted.answer != Answer::accepted) {
        greeted.refused_at_start = true;
        greeted.why = "initialize: " + greeted.why;
        return greeted;
      }
    }
    if (options_.answer) listen();
    auto sent_with = session_;
    CallOptions watched = options;
    watched.bend = [&](net::Request& request) {
      if (options.bend) options.bend(request);
      sent_with = request.headers.find("Mcp-Session-Id").value_or("");
    };
    auto outcome = MCPROVE_TRY(post(method, params, watched, session_));
    put_before(outcome.exchanges, start_);
    // 404 to our session's id says that the session is over (2025-11-25, transports, session management).
    const bool ended = outcome.response.status == 404 && !session_.empty() && sent_with == session_ &&
                       outcome.error().integer("code") != code::method_not_found;
    if (!ended || again) return outcome;
    session_.clear();
    greeted_ = false;
  }
}

Result<std::optional<Outcome>> Session::open() {
  close();
  auto opening = MCPROVE_TRY(open_stream(recorder_, endpoint_.url, options_, options_.patience));
  start_ = {opening.exchange};
  if (opening.reference.empty()) {
    Outcome refusal;
    refusal.exchange = opening.exchange;
    refusal.exchanges = {opening.exchange};
    refusal.refused_at_start = true;
    auto judged = judge(opening.head, {});
    refusal.answer = judged.answer == Answer::denied ? Answer::denied : Answer::other;
    refusal.why = "event stream: " + (opening.events ? std::string{"no endpoint event came first"} : judged.why);
    refusal.response = std::move(opening.head);
    return refusal;
  }
  post_url_ = MCPROVE_TRY(message_url_of(endpoint_.url, opening.reference));
  session_ = session_of(post_url_);
  events_ = std::move(opening.events);
  opening_ = opening.exchange;
  return std::optional<Outcome>{};
}

Result<Outcome> Session::exchange_on_stream(std::string_view method, const json::Value& params, const CallOptions& options) {
  const auto id = next_id_;
  auto outcome = MCPROVE_TRY(post(method, params, options, {}));
  put_before(outcome.exchanges, start_);
  const bool taken = outcome.response.status >= 200 && outcome.response.status < 300;
  if (options.notification || !taken || !outcome.message.is_null()) return outcome;
  Overheard overheard{.asked = [this](const json::Value& asked) { reply(asked); }};
  auto answer = await_answer(recorder_, opening_, *events_, id, options_.patience, options_.answer ? &overheard : nullptr);
  if (!answer) {
    // A stream that has ended or fallen silent is of no use to the next call.
    close();
    return tl::unexpected(std::move(answer).error());
  }
  outcome.message = std::move(answer->message);
  outcome.exchanges.push_back(answer->exchange);
  auto judged = judge(outcome.response, outcome.message);
  outcome.answer = judged.answer;
  outcome.why = std::move(judged.why);
  return outcome;
}

Result<Outcome> Session::initialize_on_stream(const json::Value& params, const CallOptions& options) {
  if (auto refusal = MCPROVE_TRY(open())) return *std::move(refusal);
  auto outcome = MCPROVE_TRY(exchange_on_stream("initialize", params, options));
  if (outcome.answer != Answer::accepted) return outcome;
  begin(outcome);
  const auto told = post("notifications/initialized", {}, {.connection = options.connection, .notification = true}, {});
  if (told) std::ranges::copy(told->exchanges, std::back_inserter(outcome.exchanges));
  start_ = outcome.exchanges;
  return outcome;
}

Result<Outcome> Session::call_sse(std::string_view method, const json::Value& params, const CallOptions& options) {
  if (method == "initialize") return initialize_on_stream(params, options);
  if (!greeted_) {
    auto greeted = MCPROVE_TRY(initialize_on_stream({}, {.connection = options.connection}));
    if (greeted.answer != Answer::accepted) {
      greeted.refused_at_start = true;
      greeted.why = "initialize: " + greeted.why;
      return greeted;
    }
  }
  return exchange_on_stream(method, params, options);
}

void Session::close() {
  events_.reset();
  aside_.reset();
  no_aside_ = false;
  if (endpoint_.wire == Wire::handshake && greeted_ && !session_.empty()) {
    net::Request farewell;
    farewell.method = "DELETE";
    farewell.url = endpoint_.url;
    farewell.headers.add("Mcp-Session-Id", session_);
    if (at_least(endpoint_.revision, "2025-06-18")) farewell.headers.add("MCP-Protocol-Version", endpoint_.revision);
    for (const auto& [name, value] : options_.credential.headers.fields) farewell.headers.add(name, value);
    for (const auto& [name, value] : options_.extra.fields) farewell.headers.add(name, value);
    if (options_.present) options_.present(farewell);
    farewell.connection = options_.connection;
    farewell.limits.total = std::min(options_.patience, farewell_patience);
    farewell.purpose = "end of the session";
    // Many servers do not offer it (405), and nothing of ours rests on the answer.
    const auto ignored = recorder_.send(std::move(farewell));
    static_cast<void>(ignored);
  }
  greeted_ = false;
  session_.clear();
  post_url_.clear();
  start_.clear();
}

}  // namespace mcprove::mcp
