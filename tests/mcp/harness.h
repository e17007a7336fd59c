#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "json/json.h"
#include "net/recorder.h"
#include "tests/support/scripted_transport.h"

namespace mcprove::test {

inline constexpr const char* target = "http://127.0.0.1:9/mcp";

inline json::Value parsed(std::string_view text) { return json::parse(text).value(); }

inline net::Response answer(int status, std::string body, std::string type = "application/json") {
  net::Response response;
  response.status = status;
  if (!type.empty()) response.headers.add("Content-Type", std::move(type));
  response.body = std::move(body);
  return response;
}

inline net::Response events(std::string body) { return answer(200, std::move(body), "text/event-stream"); }

/// What a request of ours says, read back as a server would.
inline json::Value body_of(const net::Request& request) { return json::parse(request.body).value_or(json::Value{}); }
inline std::string method_of(const net::Request& request) { return body_of(request).string("method").value_or(""); }
inline std::string id_of(const net::Request& request) { return body_of(request).at("id").dump(); }
inline net::Response result_for(const net::Request& request, const std::string& result) {
  return answer(200, R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"result":)" + result + "}");
}
inline net::Response error_for(const net::Request& request, int status, int code, const std::string& message,
                               const std::string& data = "null") {
  return answer(status, R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"error":{"code":)" + std::to_string(code) +
                            R"(,"message":")" + message + R"(","data":)" + data + "}}");
}

/// A recorder over a server that is one function.
struct Wired {
  explicit Wired(ScriptedTransport::Answer server) : transport(std::move(server)) {
    scope.name_origin("http://127.0.0.1:9", net::Reach::active);
  }
  ScriptedTransport transport;
  net::Scope scope{};
  net::Transcript transcript{};
  ManualClock clock{Clock::Wall{}};
  net::Recorder recorder{transport, scope, transcript, clock};

  /// "POST initialize", "DELETE", "GET": what was asked, in order.
  std::vector<std::string> asked() const {
    std::vector<std::string> all;
    for (const auto& request : transport.requests()) {
      all.push_back(request.method == "POST" ? "POST " + method_of(request) : request.method);
    }
    return all;
  }
  net::Request request(std::size_t index) const { return transport.requests().at(index); }
};

}  // namespace mcprove::test
