#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/private_file.h"
#include "base/redactor.h"
#include "base/result.h"
#include "oauth/registration.h"
#include "oauth/token.h"

namespace mcprove::oauth {

/// One login's result as later runs need it. One exists for each issuer, client, resource and person.
struct StoredGrant {
  std::string target{};    ///< the MCP URL that the person gave
  std::string resource{};  ///< what the tokens are for (RFC 8707); empty: it was not said
  std::string person{};    ///< who logged in, as the user was named; empty: nobody was
  Client client{};         ///< client.issuer is the issuer
  std::string access_token{};
  std::string token_type{};
  std::string refresh_token{};           ///< empty: there is none
  std::optional<std::string> scope{};    ///< what was granted, if the server said
  std::string requested_scope{};         ///< what was asked for
  Clock::Wall obtained{};                ///< whole seconds, UTC
  std::optional<Clock::Wall> expires{};  ///< of the access token; empty: not said
  std::string token_endpoint{};          ///< where it came from; a refresh goes nowhere else
  std::string revocation_endpoint{};     ///< where its tokens can be taken back (RFC 7009); empty: nowhere
  std::string proof_key{};               ///< the private key that a DPoP token is bound to, as a JWK; empty: a bearer token
  std::string login{};                   ///< how: "form: ..."

  /// Takes the tokens of an answer; what it does not name (a refresh token, a scope) stays as it was.
  void take(const Tokens& tokens);
  bool expired(Clock::Wall now, std::chrono::seconds margin = std::chrono::seconds(10)) const;
  /// The file's name: a digest of issuer, client, resource and person.
  std::string key() const;
  void hide_secrets(Redactor& redactor) const;
};

/// What a file of the store says. Error::malformed: it is no grant, or holds what must not be sent or shown.
Result<StoredGrant> parse_grant(std::string_view text);
std::string format_grant(const StoredGrant& grant);

/// Grants that later runs may use: STATE/grants, one file each, mode 0600. Nothing of it is ever printed. Any number of
/// processes may use it at once; who renews a grant takes a turn at it first, since a refresh token is good for one use.
class GrantStore {
 public:
  /// `state_dir` empty: XDG_STATE_HOME/mcprove.
  explicit GrantStore(std::string state_dir = {});

  struct Listed {
    std::vector<StoredGrant> grants{};  ///< by target, then person
    std::vector<Error> problems{};      ///< one for each file that cannot be trusted or read
  };
  Listed list() const;
  /// All of a target: nothing else is read aloud, but a file that cannot be trusted is an error.
  Result<std::vector<StoredGrant>> of_target(std::string_view target) const;
  Result<void> keep(const StoredGrant& grant) const;
  /// False: there was none.
  Result<bool> remove(const StoredGrant& grant) const;
  /// Alone with this grant, and the grant as it is now. Error::unavailable: somebody removed it.
  struct Turn {
    FileTurn turn;
    StoredGrant grant{};
  };
  Result<Turn> take_turn(const StoredGrant& grant) const;

 private:
  Result<StoredGrant> read(const std::string& path) const;
  std::string directory_;
};

}  // namespace mcprove::oauth
