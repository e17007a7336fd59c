#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/facts.h"
#include "engine/memo.h"
#include "engine/session.h"

namespace mcprove {

/// What Facts remembers. Internal to lib/engine.
struct Facts::Impl {
  explicit Impl(Session& s) : session(s) {}

  struct ResourceLook {
    Result<oauth::ProtectedResource> found = failure(Error::Kind::unavailable, "not looked for");
    std::vector<oauth::Fetched> tried{};
  };
  struct ServerLook {
    Result<oauth::ServerMetadata> found = failure(Error::Kind::unavailable, "not looked for");
    std::vector<oauth::Fetched> tried{};
  };
  struct Introspector {
    oauth::TokenRequest request{};
  };

  // One step each; the memos around them are in Facts.
  Result<Surface> look_at_surface();
  /// The metadata of an issuer, asked for once, and every place that was tried.
  Result<ServerLook> look_at_server(const std::string& issuer);
  Result<std::vector<Issuer>> find_issuers();
  Issuer make_issuer(const std::string& id, const Result<oauth::ServerMetadata>& metadata);
  Result<ArchitectureOutcome> classify();

  Result<oauth::Client> make_client(const Issuer& issuer, ClientKind kind);
  Result<oauth::Client> main_client(const Issuer& issuer);
  Result<oauth::Client> given_client(const Issuer& issuer);
  Result<oauth::Client> stranger_client(const Issuer& issuer, ClientKind kind);
  Result<oauth::Client> register_main(const Issuer& issuer, bool confidential);
  bool other_way(const Issuer& issuer, ClientKind kind, const oauth::FlowResult& result);
  Result<Grant> grant_for_nobody(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                                 const std::string& resource);
  Result<Grant> make_grant(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                           const std::string& resource);
  Result<Grant> finish(const Issuer& issuer, const Identity& identity, oauth::FlowResult flow);
  Result<Grant> given(const Identity& identity);
  /// By refresh, else by a new login; empty while the token lives.
  std::optional<Result<Grant>> renewed(const Grant& old, const Issuer& issuer, const std::function<Result<Grant>()>& log_in);
  /// The main identity's grant anew, since this token of it was refused; empty if there is none.
  std::optional<Grant> replacement(const Grant& refused);
  Result<Grant> refresh(const Grant& old, const Issuer& issuer);
  Result<Coexistence> find_coexistence(const Issuer& issuer, const Identity& identity);
  /// The operator's resource-server client, where it may go: to the endpoint that a validated document of an issuer names,
  /// if the user named that issuer. Error::unavailable: none was given; out_of_scope: not there.
  Result<oauth::Client> resource_server(const Issuer& issuer, const std::string& endpoint) const;
  Result<Introspector> find_introspection(const Issuer& issuer, const std::string& token);
  Result<TriedCalls> call_harmless_tools(const mcp::Endpoint& endpoint, const Grant& grant);
  Result<Oracle> find_oracle(const mcp::Endpoint& endpoint, Grant grant);

  Session& session;
  Memo<Surface> surface_memo;
  Memo<ResourceLook> resource_memo;
  Memo<ServerLook> server_memo;
  Memo<std::vector<Issuer>> issuers_memo;
  Memo<jose::KeySet> keys_memo;
  Memo<ArchitectureOutcome> architecture_memo;
  Memo<oauth::Client> client_memo;
  Memo<Grant> grant_memo;
  Memo<Introspector> introspector_memo;
  Memo<std::vector<mcp::WireReport>> wires_memo;
  Memo<Oracle> oracle_memo;
  Memo<mcp::Catalogue> catalogue_memo;
  Memo<TriedCalls> calls_memo;
  Memo<Coexistence> coexistence_memo;
  std::atomic<std::uint64_t> renewals{0};
  std::atomic<bool> early = false;
  std::mutex dead_mutex;
  std::set<std::string> dead;  ///< keys of tokens that were refused where they had been served
  std::mutex controls_mutex;
  std::map<std::string, std::unique_ptr<Control>> controls;
};

/// "2f1a…": a short key for a secret, never printed.
std::string secret_key(const std::string& secret);

}  // namespace mcprove
