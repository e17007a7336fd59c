#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "fixtures/core/host.h"
#include "fixtures/core/token_validator.h"
#include "fixtures/lab.h"
#include "fixtures/wire/endpoint.h"

namespace mcprove::lab::testing {

/// Tokens by name: "full" and "low" are alice's, "bob" is bob's, "agent" is alice's through another client.
class NamedTokens : public TokenValidator {
 public:
  std::optional<TokenFacts> validate(const std::string& token, const std::string& resource) override;
};

/// A resource server on loopback with NamedTokens.
struct ResourceServer {
  explicit ResourceServer(std::set<Wire> wires, const std::vector<Flaw>& wanted = {}, const std::string& revision = {});
  ~ResourceServer();

  Flaws flaws{};
  NamedTokens tokens{};
  Host host{HostOptions{}};
  std::unique_ptr<McpEndpoint> endpoint{};
};

/// One answer, with the JSON-RPC message that it carried, whether framed as JSON or as an event stream.
struct Answer {
  int status = 0;
  httplib::Headers headers{};
  std::string body{};
  nlohmann::json message{};

  std::string header(const std::string& name) const;
  int error() const;  ///< of JSON-RPC; 0: none
  std::vector<std::string> tool_names() const;
};

/// A plain client of the streamable wires. `token` empty: none is sent.
class McpClient {
 public:
  McpClient(const std::string& origin, std::string token);

  Answer send(const std::string& method, const std::string& body, const httplib::Headers& headers = {});
  Answer rpc(const std::string& method, const nlohmann::json& params = nlohmann::json::object(), httplib::Headers headers = {});
  Answer call(const std::string& tool, const nlohmann::json& arguments = nlohmann::json::object());
  /// initialize; later requests carry the session id.
  Answer open(const std::string& revision = "2025-11-25", httplib::Headers headers = {});
  /// The same on the stateless wire, with envelope and mirrored headers; `headers` replace those of the same name.
  Answer modern(const std::string& method, nlohmann::json params = nlohmann::json::object(),
                const std::map<std::string, std::string>& headers = {});

  std::string session{};

 private:
  httplib::Client http_;
  std::string token_;
};

}  // namespace mcprove::lab::testing
