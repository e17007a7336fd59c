#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "client/connection.h"
#include "net/recorder.h"
#include "oauth/login.h"
#include "tests/support/scripted_transport.h"

namespace mcprove::client::test {

inline constexpr const char* server_url = "https://rs.example/mcp";
inline constexpr const char* first_issuer = "https://as.example";
inline constexpr const char* second_issuer = "https://as2.example";
inline constexpr const char* evil = "https://evil.example";

/// A request as the other side saw it: its parameters, wherever they stood, and its header fields.
struct Seen {
  std::string url{};
  net::Params params{};
  net::Headers headers{};
};

/// An MCP server and its authorization servers, in memory and honest, but for what a test changes. It consents at once,
/// checks PKCE as it must, and remembers what it was asked.
struct Town {
  // Of the MCP server.
  std::string resource = server_url;
  std::vector<std::string> issuers{first_issuer};
  std::vector<std::string> scopes_supported{};
  bool has_resource_metadata = true;
  bool stateless = true;  ///< else it speaks with a handshake
  bool wants_dpop = false;
  std::string nonce{};                                                ///< of DPoP, wanted by both; empty: none
  std::function<std::string(const std::string& method)> scope_for{};  ///< needed for a method; empty: none
  std::set<std::string> refused_tokens{};
  // Of every authorization server.
  std::string claimed_issuer{};                    ///< empty: the right one
  std::string token_endpoint{};                    ///< empty: the right one
  std::optional<std::string> iss = std::string();  ///< in the redirect; "" the right one; empty: none
  std::string state{};                             ///< in the redirect; empty: the right one
  std::vector<std::string> challenge_methods{"S256"};
  std::vector<std::string> auth_methods{"none"};
  std::vector<std::pair<std::string, json::Value>> more_metadata{};
  bool gives_refresh_tokens = false;
  std::function<std::optional<net::Response>(const Seen&)> at_registration{};
  std::function<std::optional<net::Response>(const Seen&)> at_token{};

  std::vector<Seen> authorizations{};
  std::vector<Seen> token_requests{};
  std::vector<Seen> registrations{};  ///< the body is in params "body"
  std::vector<Seen> pushed{};
  std::vector<Seen> calls{};           ///< to the MCP server, its method in params "method"
  std::vector<std::string> visited{};  ///< origins, once each

  // The client's side.
  mcprove::test::ScriptedTransport transport{[this](const net::Request& request) { return answer(request); }};
  net::Scope scope{};
  net::Transcript transcript{};
  ManualClock clock{Clock::Wall{} + std::chrono::hours(24 * 20'000)};
  SeededRandom random{1};
  Redactor redactor{};
  net::Recorder recorder{transport, scope, transcript, clock};
  oauth::CookieJar jar{};
  std::unique_ptr<oauth::LoginDriver> driver = oauth::make_form_driver(std::nullopt);
  const Conduct* conduct = nullptr;
  Keeper* keeper = nullptr;

  Town() { scope.name_origin("https://rs.example", net::Reach::honest); }
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  Result<std::unique_ptr<Connection>> connect(Options options = {});
  bool was_visited(const std::string& origin) const;
  /// The last one's value of a parameter; empty if there was none.
  static std::string last(const std::vector<Seen>& all, std::string_view name);

 private:
  Result<net::Response> answer(const net::Request& request);
  net::Response serve(const Seen& seen, const net::Request& request);
  net::Response refuse(int status, const std::string& error, const std::string& wanted_scope) const;
  net::Response metadata(const std::string& origin) const;
  net::Response authorize(const std::string& origin, const Seen& seen);
  net::Response token(const std::string& origin, const Seen& seen);
  net::Response registration(const std::string& origin, const Seen& seen);
  net::Response push(const Seen& seen);
  json::Value issue(const std::string& scope, bool bound);

  std::map<std::string, net::Params> codes_{};     // the request that each answers
  std::map<std::string, std::string> scope_of_{};  // of access tokens
  std::map<std::string, net::Params> requests_{};  // pushed, by their reference
  int issued_ = 0;
};

}  // namespace mcprove::client::test
