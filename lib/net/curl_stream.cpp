#include "net/curl_stream.h"

#include <fmt/format.h>

namespace mcprove::net {

void Streamed::on_head() {
  if (!is_event_stream()) return;
  const std::lock_guard lock(mutex_);
  head_ = response_;
  changed_.notify_all();
}

bool Streamed::on_body(std::string_view bytes) {
  if (!is_event_stream()) return Transfer::on_body(bytes);
  auto events = parser_.feed(bytes);
  const std::lock_guard lock(mutex_);
  for (auto& event : events) {
    queued_bytes_ += event.data.size() + sizeof event;
    events_.push_back(std::move(event));
  }
  changed_.notify_all();
  if (queued_bytes_ <= request_.limits.body) return true;
  too_large(fmt::format("the event stream ran {} bytes ahead of its reader", request_.limits.body));
  return false;
}

void Streamed::on_end(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  if (!error && !head_) head_ = std::move(response_);
  error_ = std::move(error);
  ended_ = true;
  changed_.notify_all();
}

Result<Response> Streamed::head(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return head_ || ended_; });
  if (bug_) std::rethrow_exception(bug_);
  if (head_) return *head_;
  if (error_) return tl::unexpected(*error_);
  return failure(Error::Kind::timeout, fmt::format("no answer from {} within {} ms", origin(), request_.limits.total.count()));
}

Result<std::optional<Event>> Streamed::next(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return !events_.empty() || ended_; });
  if (!events_.empty()) {
    auto event = std::move(events_.front());
    events_.pop_front();
    queued_bytes_ -= event.data.size() + sizeof event;
    return event;
  }
  if (bug_) std::rethrow_exception(bug_);
  if (error_) return tl::unexpected(*error_);
  if (ended_) return std::optional<Event>{};
  return failure(Error::Kind::timeout, fmt::format("no event from {} in time", origin()));
}

}  // namespace mcprove::net
