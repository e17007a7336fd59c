#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/control.h"
#include "engine/options.h"
#include "engine/outcome.h"
#include "engine/token_view.h"
#include "jose/jwk.h"
#include "mcp/catalogue.h"
#include "mcp/client.h"
#include "net/challenge.h"
#include "oauth/flow.h"

namespace mcprove {

struct World;
class Session;  // the run's shared machinery: recorder, budgets, journal; see session.h

/// An authorization server of the target.
struct Issuer {
  std::string id{};  ///< the identifier as the target names it
  oauth::ServerMetadata metadata{};
  bool own_origin = false;  ///< the MCP server's own
  bool active = false;      ///< more than the honest flow is allowed there
};

/// What a stranger sees at the MCP URL.
struct Surface {
  net::Url url{};
  std::vector<mcp::WireReport> wires{};      ///< as far as they answer without a credential
  std::vector<net::Challenge> challenges{};  ///< of the first refusal
  std::optional<net::ExchangeId> refusal{};  ///< the exchange that carried it
  std::string resource_metadata{};           ///< from a Bearer challenge
  std::string challenge_scope{};
  bool demands_token() const { return refusal.has_value(); }
};

/// One login's result.
struct Grant {
  std::string identity{};
  std::string issuer{};  ///< empty: a given token
  oauth::Client client{};
  oauth::Tokens tokens{};
  std::string requested_scope{};
  std::string resource{};
  std::vector<oauth::Violation> violations{};
  std::vector<net::ExchangeId> exchanges{};
  TokenView view{};
  net::Headers headers{};  ///< API keys: there is no token
  mcp::Credential credential() const;
};

/// The cheapest request that is refused without a credential and served with a good one.
struct Oracle {
  mcp::Endpoint endpoint{};
  std::string method{};
  json::Value params{};
  std::vector<net::ExchangeId> exchanges{};
  std::string without{};  ///< how the refusal looked: "401 with a Bearer challenge"
};

/// May one person's logins be side by side, each in a browser of its own? Not if one more login ends the session, the
/// code or the token of another.
struct Coexistence {
  bool coexist = false;
  std::string why{};
  std::vector<net::ExchangeId> exchanges{};
};

enum class ClientKind : std::uint8_t {
  main,          ///< public, loopback redirect; the one that logs in. Kept for the next run.
  web,           ///< redirect at an https host of ours that does not exist: https://audit-<n>.example/cb
  second,        ///< another client of ours with another name and host; never consented to before the burning checks
  confidential,  ///< with a secret
};

/// What a server asked of its client while it was called, by a request of its own or as input that a call needs.
struct Asked {
  std::string method{};
  json::Value params{};
};

/// One call that does no harm, and what came of it. Whatever was asked was declined.
struct TriedCall {
  mcp::Tool tool{};
  json::Value arguments{};
  Result<mcp::Outcome> outcome = failure(Error::Kind::unavailable, "not called");
  std::vector<Asked> asked{};
};

struct TriedCalls {
  std::vector<TriedCall> calls{};
  std::vector<std::string> not_allowed{};  ///< tools that may not be called
  std::vector<std::string> left_out{};     ///< tools that may, beyond what one run calls
};

/// Things learned once per target and shared by all checks. Lazy, computed at most once, safe to ask for from several
/// threads; what proves them joins the asker's evidence. A transient error is tried once more, then remembered.
class Facts {
 public:
  explicit Facts(Session& session);
  ~Facts();

  // Without credentials.
  Result<Surface> surface();
  Result<oauth::ProtectedResource> resource_metadata();
  std::vector<oauth::Fetched> resource_metadata_tried();  ///< also when none was usable
  Result<std::vector<Issuer>> issuers();                  ///< empty vector: no OAuth here
  std::vector<oauth::Fetched> server_metadata_tried(const std::string& issuer);
  Result<jose::KeySet> keys(const Issuer& issuer);
  Result<ArchitectureOutcome> architecture();
  bool demands_proof();          ///< the target takes only tokens that are bound to a key (RFC 9449)
  std::string guidance_scope();  ///< by the specification's strategy; empty: omit
  std::string resource_id();     ///< PRM.resource if it is ours, else the MCP URL

  // Clients and grants.
  Result<oauth::Client> client(const Issuer& issuer, ClientKind kind);
  const Identity& main_identity() const;  ///< the first, or an anonymous one
  const Identity* second_identity() const;
  // A token that expired is renewed before it is handed out: by its refresh token, else by a new login.
  Result<Grant> grant();  ///< of the main identity, honest, at the first issuer
  Result<Grant> grant(const Identity& identity);
  Result<Grant> grant(const Issuer& issuer);  ///< main identity at this issuer
  /// Honest but for scope, resource or client; remembered by its spelling. `resource` "-" omits it.
  Result<Grant> grant(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                      const std::string& resource);
  /// Single scopes to try for a narrow token, least first: identity, harmless, privileged.
  std::vector<std::string> narrow_scopes(const Issuer& issuer);
  /// The smallest scope that can be granted and differs from the full grant; Error::unavailable if there is none.
  Result<Grant> low_grant(const Issuer& issuer);
  /// Every scope on offer.
  Result<Grant> full_grant(const Issuer& issuer);
  /// Learned with two logins and one token; the person's lane is held meanwhile. Error: it could not be learned.
  Result<Coexistence> coexistence(const Issuer& issuer, const Identity& identity);
  /// How many tokens were renewed: whoever saw another number may have worked with one that had died.
  std::uint64_t renewals() const;
  /// From now on a token is renewed with three quarters of its life, at most five minutes, still to go: for whoever lost one
  /// on the way and begins again.
  void renew_early();
  /// Renews the main identity's grant if it has expired or is refused where it was served before.
  void revive_main_grant();
  std::vector<std::string> offered_scopes(const Issuer& issuer);  ///< PRM, AS metadata and challenge together
  Result<TokenView> view(const oauth::Tokens& tokens, const Issuer& issuer, const std::string& requested_scope);
  /// An introspection request that answers `active: true` for a good token of ours; Error::unavailable if none does.
  Result<oauth::TokenRequest> introspection(const Issuer& issuer, const std::string& token);

  // With the main identity's credential.
  Result<std::vector<mcp::WireReport>> wires();  ///< those that speak
  Result<Oracle> oracle(const mcp::Endpoint& endpoint);
  Result<mcp::Catalogue> catalogue(const mcp::Endpoint& endpoint, const Grant& grant);
  /// The tools that may be called without risk, called once each by the main identity, as a client that lets itself be asked.
  /// The catalogue was read before.
  Result<TriedCalls> tried_calls(const mcp::Endpoint& endpoint);

  // Controls.
  Control& flow_control(const Issuer& issuer, ClientKind kind);                       ///< the honest flow, token redeemed
  Result<Control*> token_control(const mcp::Endpoint& endpoint, const Grant& grant);  ///< the oracle, served

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mcprove
