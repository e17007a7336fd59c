#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "base/result.h"
#include "client/conduct.h"
#include "json/json.h"
#include "net/recorder.h"
#include "oauth/client_plan.h"
#include "oauth/grant_store.h"
#include "oauth/login.h"

namespace mcprove::client {

using oauth::Dpop;
using oauth::Enterprise;
using oauth::GrantType;
using ClientOptions = oauth::ClientPlan;

struct Options {
  std::string url{};       ///< the MCP server
  std::string revision{};  ///< speak this one and no other; empty: newest first, and back to what the server speaks
  std::string scope{};     ///< asked for from the first; empty: by the server's guidance
  std::string person{};    ///< as the store names who logs in
  std::string login{};     ///< as the store names how
  ClientOptions client{};
  /// Where a password may be typed besides the server's own origin.
  std::set<std::string> login_origins{};
  /// Origins where an authorization server may have its endpoints, besides its issuer's site: the user's word.
  std::set<std::string> trusted_origins{};
  std::optional<oauth::StoredGrant> grant{};  ///< of an earlier run
  std::chrono::milliseconds patience{30'000};

  /// What the client can be asked by a server: its capabilities, and the answer to elicitation/create, roots/list, ...:
  /// the result, or nothing for what it cannot. Without a function it declares and answers nothing.
  json::Value capabilities{};
  std::function<std::optional<json::Value>(std::string_view method, const json::Value& params)> answer{};
};

/// Where grants and clients live between runs; this one keeps nothing.
class Keeper {
 public:
  virtual ~Keeper() = default;
  /// A new or renewed grant.
  virtual void keep(const oauth::StoredGrant&) {}
  /// Runs `refresh` on the grant as it is now, alone: a refresh token is good for one use. A keeper that finds the grant
  /// already renewed returns that instead.
  virtual Result<oauth::StoredGrant> renew(const oauth::StoredGrant& grant,
                                           const std::function<Result<oauth::StoredGrant>(const oauth::StoredGrant&)>& refresh) {
    return refresh(grant);
  }
  /// A client of ours registered earlier at this issuer.
  virtual std::optional<oauth::Client> find_client(const std::string&) { return std::nullopt; }
};

/// What surrounds a connection. The Scope behind the recorder must know the server's origin as named by the user, with
/// Reach::honest at least; what discovery finds is added to it by the connection.
struct Setting {
  net::Recorder& recorder;
  Redactor& redactor;
  Random& random;
  Clock& clock;
  oauth::LoginDriver& driver;
  oauth::CookieJar& jar;
  Keeper* keeper = nullptr;
  const Conduct* conduct = nullptr;  ///< null: the sound one
};

}  // namespace mcprove::client
