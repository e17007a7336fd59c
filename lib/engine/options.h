#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "json/json.h"
#include "net/http.h"
#include "oauth/client_plan.h"
#include "oauth/logins.h"
#include "vet/lock.h"
#include "vet/mask.h"
#include "vet/provenance.h"

namespace mcprove {

/// A named person or client and a way to log in.
struct Identity {
  std::string name = "default";
  std::string user{};
  std::string password{};      ///< from the environment or a 0600 file; never from a command line
  std::string token{};         ///< a given access token instead of a login
  net::Headers headers{};      ///< API keys instead of a token
  std::string login = "auto";  ///< name of a login driver (oauth/logins.h)
  oauth::LoginPlan how{};      ///< what that driver needs to know
  std::string scope{};         ///< what to ask for; empty: by the server's guidance
  oauth::ClientPlan client{};  ///< how we are known to authorization servers, and which protection is asked for
  std::string proof_key{};     ///< the private key, as a JWK, that `token` is bound to (RFC 9449); empty: to none
  bool has_person() const { return !user.empty(); }
};

struct BudgetLimits {
  int registrations = 12;
  int tokens = 48;
  int authorizations = 80;
  /// On top of those at an authorization server on this machine, where nobody else waits for them; what the server says
  /// is left still counts. A server that refuses every bad redirect URI is asked for each alone, some eighteen in all.
  int spare_registrations_at_home = 8;
  int spare_tokens_at_home = 12;
  int spare_authorizations_at_home = 16;  ///< two people, or a server where each login ends the former
};

/// The client by which a resource server asks about tokens (RFC 7662 section 2.1), as the operator lent it to us.
struct IntrospectionClient {
  std::string id{};  ///< empty: none was given
  std::string secret{};
};

/// What somebody reviewed earlier: a lock, read.
struct Baseline {
  std::string file{};  ///< as the operator named it
  std::vector<vet::Pinned> servers{};
  std::string distrust{};   ///< why nothing may be compared with it; empty: something may
  std::string signature{};  ///< what is known of it: "signed with the trusted key", "not signed", ...
};

/// What the operator told us. Everything has a safe default.
struct Options {
  std::string url{};
  std::string target_name{};           ///< of the configuration; empty: the URL's path
  std::vector<Identity> identities{};  ///< the first is the main one; empty: anonymous or consent at once
  std::set<std::string> login_origins{};
  std::string other_resource{};
  std::vector<std::string> expected_scopes{};
  std::optional<bool> expect_auth{};  ///< true: --expect-auth, false: --public
  bool auto_approve = false;          ///< codes without any login are intended
  bool expect_closed_registration = false;
  std::vector<std::string> resource_aliases{};
  std::optional<Baseline> baseline{};
  vet::Mask volatile_text{};  ///< what changes by itself and is not compared with the baseline
  json::Value server_json{};  ///< the registry's record of the server (server.json), saved; null: none was given
  vet::TrustPolicy trust{};   ///< whose servers are taken

  std::vector<std::string> only{};  ///< ids or families; empty: all
  std::vector<std::string> skip{};
  Effect effect = Effect::active;  ///< --passive, --active, --intrusive
  bool effect_given = false;
  bool load = false;
  std::string authorized_by{};
  std::set<std::string> as_in_scope{};               ///< hosts
  std::map<std::string, json::Value> allow_tools{};  ///< name → arguments (an object; null: none given)
  std::chrono::seconds max_wait{60};
  BudgetLimits budgets{};

  bool store = true;        ///< keep the shared client and the journal in the state directory
  std::string state_dir{};  ///< empty: XDG_STATE_HOME/mcprove
  std::string ca_file{};
  std::string proxy{};
  bool plan_only = false;
  std::size_t threads = 32;
  /// A line of logins of one person that takes longer is worth two more, to learn whether they may be side by side.
  std::chrono::milliseconds line_patience{20000};
  IntrospectionClient introspection{};
};

}  // namespace mcprove
