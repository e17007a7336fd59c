#include "mcp/stream.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "mcp/message.h"
#include "net/answer.h"
#include "net/url.h"

namespace mcprove::mcp {
namespace {

constexpr std::chrono::milliseconds slice{20};

/// The transcript keeps what an event said: the stream's head alone would prove nothing.
net::ExchangeId record_event(net::Recorder& recorder, net::ExchangeId opening, const net::Event& event) {
  net::Exchange heard = recorder.transcript().at(opening);
  heard.request.purpose = "event on the stream";
  heard.response->body = fmt::format("event: {}\ndata: {}\n\n", event.type, event.data);
  heard.after = {opening};
  heard.event = true;
  const auto& latest = recorder.transcript().at(net::ExchangeId{static_cast<std::uint32_t>(recorder.transcript().size() - 1)});
  heard.began = latest.ended;
  heard.ended = latest.ended;
  const auto id = recorder.transcript().add(std::move(heard));
  recorder.join({id});
  return id;
}

}  // namespace

Result<StreamOpening> open_stream(net::Recorder& recorder, const std::string& url, const Client::Options& options,
                                  std::chrono::milliseconds within) {
  net::Request request;
  request.url = url;
  request.headers.add("Accept", "text/event-stream");
  for (const auto& [name, value] : options.extra.fields) request.headers.add(name, value);
  for (const auto& [name, value] : options.credential.headers.fields) request.headers.add(name, value);
  if (options.present) options.present(request);
  // A stream holds its connection for as long as it is open: the name is for the messages, which would wait for ever.
  request.connection = options.connection.kind == net::Connection::Kind::named ? net::Connection::fresh() : options.connection;
  request.limits.total = options.patience;
  request.purpose = "event stream";

  auto stream = MCPROVE_TRY(recorder.open(std::move(request)));
  StreamOpening opening{.exchange = stream.id, .head = stream.events->head()};
  if (opening.head.status != 200 || !net::is_event_stream(opening.head)) return opening;
  opening.events = std::move(stream.events);
  const auto first = opening.events->next(within);
  if (!first || !first->has_value()) return opening;
  opening.first_event = (*first)->type;
  record_event(recorder, opening.exchange, **first);
  if ((*first)->type == "endpoint") opening.reference = std::string{text::trim((*first)->data)};
  return opening;
}

Result<std::string> message_url_of(const std::string& stream_url, const std::string& reference) {
  const auto base = MCPROVE_TRY(net::Url::parse(stream_url));
  const auto target = net::resolve(base, reference);
  if (!target)
    return failure(Error::Kind::malformed,
                   fmt::format("the endpoint event names no URL: \"{}\"", text::one_line(reference, 120)));
  if (!target->same_origin(base)) {
    return failure(Error::Kind::malformed,
                   fmt::format("the endpoint event leads to another origin, {}", text::one_line(target->origin(), 120)));
  }
  return target->text();
}

std::string session_of(const std::string& message_url) {
  const auto url = net::Url::parse(message_url);
  if (!url) return {};
  const auto params = url->params();
  for (const auto* name : {"sessionId", "session_id", "session"}) {
    if (params.has(name)) return params.get(name);
  }
  return {};
}

Result<StreamAnswer> await_answer(net::Recorder& recorder, net::ExchangeId opening, net::EventStream& events, int id,
                                  std::chrono::milliseconds patience, Overheard* overheard) {
  // The stream waits in real time, and so does this bound on many short waits.
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t seen = 0; seen < most_events; ++seen) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    const bool sliced = overheard != nullptr && overheard->meanwhile;
    if (sliced) overheard->meanwhile();
    auto next = events.next(sliced ? std::min(left, slice) : left);
    if (!next && sliced && next.error().kind == Error::Kind::timeout && left > slice) continue;
    const auto event = MCPROVE_TRY(std::move(next));
    if (!event) return failure(Error::Kind::network, "the event stream ended before the answer came");
    if (overheard != nullptr) {
      if (!event->id.empty()) overheard->last_id = event->id;
      if (event->retry) overheard->retry = event->retry;
    }
    const auto message = json::parse(event->data);
    if (!message) continue;
    if (overheard != nullptr && overheard->asked && is_request(*message)) overheard->asked(*message);
    auto answer = answer_in(*message, id);
    if (!answers(answer, id)) continue;
    const auto exchange = record_event(recorder, opening, *event);
    return StreamAnswer{std::move(answer), exchange};
  }
  return failure(Error::Kind::timeout, "no answer came on the event stream");
}

}  // namespace mcprove::mcp
