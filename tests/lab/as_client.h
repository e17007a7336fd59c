#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "fixtures/as/authorization_server.h"
#include "fixtures/core/people.h"

namespace mcprove::lab::testing {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline constexpr auto redirect = "http://127.0.0.1:7777/cb";
inline constexpr auto verifier = "a-verifier-of-forty-three-characters-or-more-0";
inline constexpr auto other_resource = "https://other.lab.example/mcp";

std::string encode(const Fields& fields);
/// The value of a query parameter of a Location that cpp-httplib's client has percent-decoded already; empty: absent.
std::string query(const std::string& address, const std::string& name);
/// The value of a hidden field of a page; empty: absent.
std::string hidden(const std::string& page, const std::string& name);
Fields without(Fields fields, const std::string& name);
Fields with(Fields fields, const std::string& name, const std::string& value);

/// One authorization server on loopback, with a clock that stands still until it is moved.
struct Server {
  explicit Server(const std::vector<Flaw>& wanted = {}, TokenFormat format = TokenFormat::jwt);

  std::string resource() const { return host.origin() + "/mcp"; }
  void pass(std::chrono::seconds time) { instant += time; }

  std::chrono::system_clock::time_point instant = std::chrono::system_clock::from_time_t(1'800'000'000);
  Flaws flaws{};
  Host host{HostOptions{}};
  std::unique_ptr<AuthorizationServer> as{};
  std::unique_ptr<TokenValidator> validator{};
};

/// A browser with its cookies and no scripts, which also speaks for a client's back channel.
class Agent {
 public:
  explicit Agent(const std::string& origin);

  httplib::Result get(const std::string& path, const Fields& query = {}, const httplib::Headers& headers = {});
  httplib::Result post(const std::string& path, const Fields& form, const httplib::Headers& headers = {});
  nlohmann::json json(const std::string& path, const Fields& form,
                      const httplib::Headers& headers = {});   ///< POST, with "status" added
  nlohmann::json register_client(const nlohmann::json& body);  ///< likewise

  /// Sends the request to the authorization endpoint, logs in and consents where a page asks; the last answer's Location.
  std::string authorize(const Fields& request, const Person& person = alice);
  /// Fills in the form of a page.
  httplib::Result submit(const std::string& page, const std::string& path, const Fields& fields);

 private:
  void remember(const httplib::Result& answer);
  httplib::Headers headers_with_cookies(httplib::Headers headers) const;

  httplib::Client http_;
  std::string cookie_;
};

/// A public client that a test registered, and its honest requests.
struct Registered {
  Registered(Server& on, Agent& by, const std::string& redirect_uri = redirect);

  Fields authorization() const;
  Fields redemption(const std::string& code) const;
  Fields refreshing(const std::string& token) const;
  /// A whole honest login.
  nlohmann::json grant(Agent& agent, const Person& person = alice) const;

  Server& server;
  std::string id{};
  std::string redirect_uri{};
};

}  // namespace mcprove::lab::testing
