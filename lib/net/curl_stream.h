#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "net/curl_loop.h"
#include "net/curl_transfer.h"
#include "net/sse.h"

namespace mcprove::net {

/// A transfer whose body is read as events while it goes on. An answer of another kind is read whole instead.
class Streamed final : public Transfer {
 public:
  using Transfer::Transfer;
  /// Waits for the head, or for the end of an answer that is no event stream.
  Result<Response> head(std::chrono::steady_clock::time_point deadline);
  Result<std::optional<Event>> next(std::chrono::steady_clock::time_point deadline);

 private:
  bool is_stream() const override { return true; }
  void on_head() override;
  bool on_body(std::string_view bytes) override;
  void on_end(std::optional<Error> error) override;

  SseParser parser_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  std::size_t queued_bytes_ = 0;
  std::optional<Response> head_{};
  bool ended_ = false;
  std::optional<Error> error_{};
};

class CurlEventStream final : public EventStream {
 public:
  CurlEventStream(std::shared_ptr<CurlLoop> loop, std::shared_ptr<Streamed> transfer, Response head)
      : loop_(std::move(loop)), transfer_(std::move(transfer)), head_(std::move(head)) {}
  ~CurlEventStream() override { loop_->cancel(transfer_); }
  CurlEventStream(const CurlEventStream&) = delete;
  CurlEventStream& operator=(const CurlEventStream&) = delete;

  const Response& head() const override { return head_; }
  Result<std::optional<Event>> next(std::chrono::milliseconds within) override {
    return transfer_->next(std::chrono::steady_clock::now() + within);
  }

 private:
  std::shared_ptr<CurlLoop> loop_;
  std::shared_ptr<Streamed> transfer_;
  Response head_;
};

}  // namespace mcprove::net
