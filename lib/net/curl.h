#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/http.h"
#include "net/scope.h"

namespace mcprove::net {

struct CurlOptions {
  std::string ca_file{};         ///< PEM; trusted besides the system's
  std::string proxy{};           ///< URL; empty: none, whatever the environment says
  std::size_t connections = 32;  ///< kept open while idle, all hosts together
  /// "host:port:address", asked before the system's resolver: how tests give a name any address.
  std::vector<std::string> addresses{};
};

/// HTTP/1.1 and 2 over libcurl. One thread of its own owns a curl_multi; send() posts a request and waits.
/// An answer that libcurl cannot read, a field line without a colon among them, is Error::network.
/// Addresses are judged by `scope` in the socket-open callback. The thread starts with the first request.
std::unique_ptr<Transport> make_curl_transport(const Scope& scope, CurlOptions options = {});

/// "libcurl/7.88.1 OpenSSL/3.0 nghttp2/1.52": for --version.
std::string curl_version_line();

}  // namespace mcprove::net
