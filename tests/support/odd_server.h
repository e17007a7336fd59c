#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "support/check_test.h"

namespace mcprove::testing {

/// An MCP server and its authorization server on one origin, in memory and plain: it registers https and loopback redirect
/// URIs, consents at once, checks PKCE, rotates refresh tokens, wants its opaque tokens at /mcp on the handshake wire. A test
/// answers some requests in its place, as odd servers do. Thread-safe as long as the test's function is.
class OddServer {
 public:
  static constexpr const char* url = "https://mcp.example/mcp";
  static constexpr const char* origin = "https://mcp.example";
  /// The answer instead of the plain one, or nothing. Its address without origin and query is `path`.
  using Oddity = std::function<std::optional<Result<net::Response>>(const net::Request& request, std::string_view path)>;

  explicit OddServer(Oddity oddity = {}) : oddity_(std::move(oddity)) {}
  OddServer(const OddServer&) = delete;
  OddServer& operator=(const OddServer&) = delete;

  /// One check (and what it assumes), or all if `id` is empty; allowed everything, on a clock that only sleepers move.
  CheckRun audit(std::string_view id, const std::function<void(Options&)>& change = {});
  int registrations() const;

  static net::Response json(int status, const std::string& body);
  static net::Response page(int status, const std::string& body);

 private:
  struct Code {
    net::Params request{};
    bool used = false;
  };
  Result<net::Response> answer(const net::Request& request);
  net::Response plain(const net::Request& request, const net::Url& at);
  net::Response rpc(const net::Request& request);
  net::Response register_client(const net::Request& request);
  net::Response authorize(const net::Url& at);
  net::Response token(const net::Request& request);
  net::Response issue(const std::string& scope);

  Oddity oddity_;
  mutable std::mutex mutex_;
  int counter_ = 0;
  int registrations_ = 0;
  std::map<std::string, std::vector<std::string>> clients_{};  ///< their redirect URIs
  std::map<std::string, Code> codes_{};
  std::set<std::string> tokens_{};
  std::map<std::string, std::string> refresh_tokens_{};  ///< with their scopes
};

}  // namespace mcprove::testing
