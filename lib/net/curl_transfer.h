#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/curl.h"
#include "net/curl_handles.h"
#include "net/http.h"
#include "net/scope.h"
#include "net/url.h"

namespace mcprove::net {

/// Finds the ends of events in a text/event-stream as its bytes come.
class EventEnds {
 public:
  /// How many bytes of `bytes` lie up to and with the end of the first event that ends in it; 0 if none does.
  std::size_t next(std::string_view bytes);

 private:
  bool line_is_empty_ = true;
  bool event_is_empty_ = true;
  bool last_was_cr_ = false;
};

/// One request on its way through libcurl. The caller's thread makes and prepares it and waits; between submission and
/// completion it belongs to the I/O thread, whose callbacks end here.
class Transfer {
 public:
  Transfer(EasyHandle easy, Request request, const Scope& scope);
  virtual ~Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Sets every option. `ca_directory` holds the system's authorities by hash, or is empty. Error::malformed for what must not be sent: line breaks in fields, credentials in the URL.
  Result<void> prepare(const CurlOptions& options, const std::string& ca_directory);

  CURL* easy() const { return easy_.get(); }
  const Request& request() const { return request_; }
  /// Transfers with equal keys may share connections; computed by prepare().
  const std::string& lane() const { return lane_; }

  // On the I/O thread:
  bool has_enough() const { return enough_; }
  void complete(CURLcode code);
  void interrupt();
  EasyHandle give_back() { return std::move(easy_); }

 protected:
  virtual bool is_stream() const { return false; }
  virtual void on_head() {}
  /// False ends the transfer as an error, unless has_enough().
  virtual bool on_body(std::string_view bytes);
  virtual void on_end(std::optional<Error> error) = 0;

  bool is_event_stream() const { return event_stream_; }
  void too_large(std::string what);
  std::string origin() const { return url_.origin(); }

  Request request_;
  Response response_{};
  bool enough_ = false;
  std::exception_ptr bug_{};  // what a callback of the caller threw: rethrown on the caller's thread

 private:
  friend struct CurlCallbacks;
  bool on_field_line(std::string_view line);
  curl_socket_t open_socket(curl_sockaddr* address);
  void set_method();
  Result<void> set_headers();
  void set_version();
  void set_connection(const CurlOptions& options);
  void set_trust(const CurlOptions& options, const std::string& ca_directory);
  void set_callbacks();
  Error describe(CURLcode code) const;
  bool ask_enough(std::string_view bytes);

  EasyHandle easy_;
  const Scope& scope_;
  Url url_{};
  std::string lane_{};
  Slist headers_{};
  Slist addresses_{};
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::optional<Error> failure_{};  // why a callback ended it
  std::string refused_address_{};   // by the scope
  std::string tried_address_{};
  std::size_t header_bytes_ = 0;
  bool head_done_ = false;
  bool event_stream_ = false;
  EventEnds event_ends_{};
};

/// A transfer that somebody waits for.
class Exchanged final : public Transfer {
 public:
  using Transfer::Transfer;
  Result<Response> wait();

 private:
  void on_end(std::optional<Error> error) override;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::optional<Error> error_{};
};

}  // namespace mcprove::net
