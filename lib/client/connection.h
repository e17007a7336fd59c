#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/options.h"
#include "json/json.h"
#include "mcp/catalogue.h"
#include "mcp/client.h"
#include "oauth/grant_store.h"

namespace mcprove::client {

/// A strict MCP client over HTTP: speaks the wire that the server speaks, logs in when it is asked to, asks for more scope
/// when it is refused for want of it, renews what runs out, and stops wherever the specification says to refuse. For one
/// server and one person. Not thread-safe.
class Connection {
 public:
  /// Finds the wire and greets the server, which may ask for a login at once. Error::usage for a URL that is none,
  /// malformed if no MCP server answers there; else as the login ended.
  static Result<std::unique_ptr<Connection>> connect(Setting setting, Options options);
  ~Connection();

  /// One method. What the server refuses is cured if it can be (at most three authorizations), and what it asks back is
  /// answered; the outcome is the last answer. An Error: no answer came, or a login was needed and failed.
  Result<mcp::Outcome> request(std::string_view method, const json::Value& params = {});
  /// Every tool; those that must not be used, since their header annotations are invalid, are left out (2026-07-28, tools,
  /// x-mcp-header) and named by rejected_tools().
  Result<std::vector<mcp::Tool>> list_tools();
  /// A tool of the list, or of any name: what its schema says to mirror into headers is mirrored. `arguments` is an object
  /// or null.
  Result<mcp::Outcome> call_tool(const std::string& name, const json::Value& arguments);
  /// server/discover or initialize, if the server was not greeted yet; the revision named by the options is not asked about
  /// otherwise.
  Result<void> greet();
  /// Logs in even where the server serves without; does nothing if there is a token that has not run out.
  Result<void> log_in();

  struct Rejected {
    std::string name{};
    std::string why{};
  };
  const std::vector<Rejected>& rejected_tools() const;
  const mcp::Endpoint& endpoint() const;  ///< the wire, and the revision agreed on
  json::Value greeting() const;           ///< what the server said of itself; null if it was not asked
  const std::optional<oauth::StoredGrant>& grant() const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mcprove::client
