#include "net/recorder.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::net {

namespace {

// The innermost capture of each thread: a Capture names no Recorder, and evidence belongs to the thread that asked.
thread_local Recorder::Capture* innermost = nullptr;

/// Seconds or an HTTP date (RFC 9110 section 10.2.3).
std::optional<std::chrono::seconds> retry_after(const std::string& value, Clock::Wall now) {
  const auto trimmed = std::string(text::trim(value));
  constexpr std::int64_t most = 366LL * 24 * 3600;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), seconds);
  if (error == std::errc{} && end == trimmed.data() + trimmed.size()) {
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
  }
  const auto date = curl_getdate(trimmed.c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const auto wait = static_cast<std::int64_t>(date) - Clock::Wall::clock::to_time_t(now);
  return std::chrono::seconds(std::clamp<std::int64_t>(wait, 0, most));
}

}  // namespace

Recorder::Capture::Capture() : outer_(innermost) { innermost = this; }

Recorder::Capture::~Capture() { innermost = outer_; }

void Recorder::Capture::see(ExchangeId id) {
  for (auto* capture = innermost; capture != nullptr; capture = capture->outer_) {
    auto& seen = capture->seen_;
    if (std::find(seen.begin(), seen.end(), id) == seen.end()) seen.push_back(id);
  }
}

Recorder::Recorder(Transport& transport, Scope& scope, Transcript& transcript, Clock& clock, PaceOptions pace)
    : transport_(transport), scope_(scope), transcript_(transcript), clock_(clock), pace_(pace) {}

Result<void> Recorder::pause(std::chrono::milliseconds duration) {
  const bool reached = clock_.sleep_until(clock_.tick() + duration, [this] { return stopped_.load(); });
  if (!reached || stopped_) return failure(Error::Kind::interrupted, "interrupted");
  return {};
}

Result<void> Recorder::keep_pace(const Place& place) {
  const auto limit = [&] {
    const std::lock_guard lock(mutex_);
    const auto found = not_before_.find(place);
    return found == not_before_.end() ? Clock::Tick{} : found->second;
  };
  const auto give_up = clock_.tick() + pace_.patience;
  // Another thread may meet the limit again while this one waits for it to lift.
  for (auto until = limit(); until > clock_.tick(); until = limit()) {
    if (until > give_up) {
      const auto left = std::chrono::ceil<std::chrono::seconds>(until - clock_.tick());
      return failure(Error::Kind::rate_limited, fmt::format("{}{} asked for no requests for another {} s", place.first,
                                                            text::one_line(place.second, 80), left.count()));
    }
    clock_.sleep_until(until, [this] { return stopped_.load(); });
    if (stopped_) break;
  }
  if (stopped_) return failure(Error::Kind::interrupted, "interrupted");
  return {};
}

void Recorder::learn_pace(const Place& place, const Response& response) {
  if (response.status != 429 && response.status != 503) return;
  const auto value = response.headers.find("Retry-After");
  if (!value) return;
  const auto wait = retry_after(*value, clock_.now());
  if (!wait) return;
  const std::lock_guard lock(mutex_);
  auto& until = not_before_[place];
  until = std::max(until, clock_.tick() + *wait);
}

ExchangeId Recorder::record(Exchange exchange) {
  // The transcript is no place for a caller's closure, whose captures end with the call.
  exchange.request.enough = nullptr;
  const auto thread = std::this_thread::get_id();
  const auto id = transcript_.add(std::move(exchange));
  {
    const std::lock_guard lock(mutex_);
    behind_[thread] = {id};
  }
  Capture::see(id);
  return id;
}

Exchange Recorder::begin(Request request) {
  const std::lock_guard lock(mutex_);
  Exchange exchange;
  exchange.request = std::move(request);
  const auto found = behind_.find(std::this_thread::get_id());
  if (found != behind_.end()) exchange.after = found->second;
  exchange.began = clock_.tick();
  return exchange;
}

Result<Recorder::Place> Recorder::admit(const Request& request) {
  if (auto allowed = scope_.may_send(request); !allowed) return tl::unexpected(std::move(allowed).error());
  const auto url = MCPROVE_TRY(Url::parse(request.url));
  Place place{url.origin(), url.path};
  if (auto paced = keep_pace(place); !paced) return tl::unexpected(std::move(paced).error());
  return place;
}

Result<Reply> Recorder::send(Request request) {
  if (finisher_ == nullptr) return send_once(std::move(request));
  const auto given = request;
  finisher_->finish(request);
  auto reply = send_once(request);
  if (!reply || !finisher_->again(request, reply->response)) return reply;
  auto fresh = given;
  finisher_->finish(fresh);
  return send_once(std::move(fresh));
}

Result<Recorder::Stream> Recorder::open(Request request) {
  if (finisher_ == nullptr) return open_once(std::move(request));
  const auto given = request;
  finisher_->finish(request);
  auto stream = open_once(request);
  if (!stream || !finisher_->again(request, stream->events->head())) return stream;
  auto fresh = given;
  finisher_->finish(fresh);
  return open_once(std::move(fresh));
}

Result<Reply> Recorder::send_once(Request request) {
  const auto place = MCPROVE_TRY(admit(request));
  auto exchange = begin(std::move(request));
  auto response = transport_.send(exchange.request);
  exchange.ended = clock_.tick();
  if (!response) {
    exchange.error = response.error();
    record(std::move(exchange));
    return tl::unexpected(std::move(response).error());
  }
  learn_pace(place, *response);
  exchange.response = *response;
  return Reply{record(std::move(exchange)), *std::move(response)};
}

Result<Recorder::Stream> Recorder::open_once(Request request) {
  const auto place = MCPROVE_TRY(admit(request));
  auto exchange = begin(std::move(request));
  auto events = transport_.open(exchange.request);
  exchange.ended = clock_.tick();
  if (!events) {
    exchange.error = events.error();
    record(std::move(exchange));
    return tl::unexpected(std::move(events).error());
  }
  learn_pace(place, (*events)->head());
  exchange.response = (*events)->head();
  return Stream{record(std::move(exchange)), *std::move(events)};
}

void Recorder::stop() {
  stopped_ = true;
  transport_.stop();
  clock_.wake();
}

void Recorder::join(const std::vector<ExchangeId>& exchanges) {
  {
    const std::lock_guard lock(mutex_);
    auto& behind = behind_[std::this_thread::get_id()];
    for (const auto id : exchanges) {
      if (std::find(behind.begin(), behind.end(), id) == behind.end()) behind.push_back(id);
    }
  }
  for (const auto id : exchanges) Capture::see(id);
}

std::vector<ExchangeId> Recorder::past() {
  const std::lock_guard lock(mutex_);
  const auto found = behind_.find(std::this_thread::get_id());
  return found == behind_.end() ? std::vector<ExchangeId>{} : found->second;
}

void Recorder::begin_task() {
  const std::lock_guard lock(mutex_);
  behind_.erase(std::this_thread::get_id());
}

}  // namespace mcprove::net
