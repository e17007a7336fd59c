#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/answer.h"
#include "net/http.h"
#include "net/sse.h"

namespace mcprove::test {

/// A stream with everything already in it.
class ScriptedStream final : public net::EventStream {
 public:
  ScriptedStream(net::Response head, std::vector<net::Event> events)
      : head_(std::move(head)), events_(events.begin(), events.end()) {}
  const net::Response& head() const override { return head_; }
  Result<std::optional<net::Event>> next(std::chrono::milliseconds) override {
    if (events_.empty()) return std::optional<net::Event>{};
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  net::Response head_;
  std::deque<net::Event> events_;
};

/// Answers as a function says, and remembers what it was asked. The function may be called from several threads.
class ScriptedTransport final : public net::Transport {
 public:
  using Answer = std::function<Result<net::Response>(const net::Request&)>;
  explicit ScriptedTransport(Answer answer) : answer_(std::move(answer)) {}
  /// The same answer to everything.
  explicit ScriptedTransport(net::Response response)
      : answer_([response = std::move(response)](const net::Request&) { return response; }) {}
  /// One after the other; then Error::network.
  static ScriptedTransport replies(std::vector<net::Response> responses) {
    auto left = std::make_shared<std::deque<net::Response>>(responses.begin(), responses.end());
    return ScriptedTransport([left](const net::Request&) -> Result<net::Response> {
      if (left->empty()) return failure(Error::Kind::network, "the script has ended");
      auto response = std::move(left->front());
      left->pop_front();
      return response;
    });
  }

  Result<net::Response> send(const net::Request& request) override {
    {
      const std::lock_guard lock(*mutex_);
      if (stopped_) return failure(Error::Kind::interrupted, "interrupted");
      requests_.push_back(request);
    }
    return answer_(request);
  }
  Result<std::unique_ptr<net::EventStream>> open(const net::Request& request) override {
    auto head = send(request);
    if (!head) return tl::unexpected(std::move(head).error());
    // As on the wire: what is no event stream has a body instead.
    auto events = net::is_event_stream(*head) ? net::parse_events(std::exchange(head->body, {})) : std::vector<net::Event>{};
    return std::make_unique<ScriptedStream>(*std::move(head), std::move(events));
  }
  void stop() override {
    const std::lock_guard lock(*mutex_);
    stopped_ = true;
  }

  std::vector<net::Request> requests() const {
    const std::lock_guard lock(*mutex_);
    return requests_;
  }

 private:
  Answer answer_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  std::vector<net::Request> requests_{};
  bool stopped_ = false;
};

}  // namespace mcprove::test
