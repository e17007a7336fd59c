#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "net/curl.h"
#include "tests/support/raw_server.h"

namespace mcprove::net {

class CurlTransport : public testing::Test {
 protected:
  CurlTransport() { scope_.name_origin("http://127.0.0.1", Reach::active); }
  Result<Response> get(const test::RawServer& server, Connection connection = {}) {
    return transport_->send({.url = server.url(), .connection = std::move(connection)});
  }
  Result<Response> send(const Request& request) { return transport_->send(request); }

  Scope scope_;
  std::unique_ptr<Transport> transport_ = make_curl_transport(scope_);
};

inline Error error_of(const Result<Response>& result) { return result ? Error{Error::Kind::usage, "no error"} : result.error(); }

constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string chunk(std::string_view bytes) {
  std::array<char, 16> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return std::string(size.data()).append(bytes).append("\r\n");
}

}  // namespace mcprove::net
