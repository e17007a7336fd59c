#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "client/demand.h"
#include "client/discovery.h"
#include "client/options.h"
#include "client/registrar.h"
#include "net/http.h"
#include "oauth/dpop.h"
#include "oauth/token.h"

namespace mcprove::client {

/// Has the token for one server: gets it, renews it, widens it, and puts it on requests.
class Authorizer {
 public:
  Authorizer(Setting setting, const Options& options, net::Url url);

  /// Puts the token on a request to the server, with a proof if it is bound to a key.
  void present(net::Request& request) const;
  /// Takes the nonce that an answer brings.
  void heard(const net::Request& request, const net::Response& response);

  /// A new request begins: its refusals are counted from here.
  void begin();
  /// A token that has run out is renewed, if it can be. Never an error: the server will say what it thinks of the old one.
  void freshen();
  /// Does what a refusal asks for, so that the request may be sent again: the nonce, a refresh, a new authorization, more
  /// scope. Error::login: it cannot be done, or was done often enough; any other as discovery or the flow ended.
  Result<void> satisfy(const Demand& demand, bool nonce);
  /// A new authorization, whatever there is.
  Result<void> authorize(const Demand& demand);

  const std::optional<oauth::StoredGrant>& grant() const { return grant_; }

 private:
  const Conduct& conduct() const;
  Result<void> use(oauth::StoredGrant grant);
  Result<void> refresh();
  Result<void> widen(const Demand& demand);
  Result<void> authorize_for(const Demand& demand, const std::string& scope);
  Result<oauth::TokenAnswer> token_from(const Place& place, const oauth::Client& client, const std::string& scope);
  Result<oauth::TokenAnswer> by_person(const Place& place, const oauth::Client& client, const std::string& scope);
  Result<oauth::TokenAnswer> send(oauth::TokenRequest request);
  Result<std::string> id_jag(const Place& place, const std::string& scope);
  Result<void> take(const Place& place, const oauth::Client& client, const std::string& scope, const oauth::Tokens& tokens);
  Result<void> prepare_proofs(const Place& place);
  std::string guided_scope(const Place& place, const Demand& demand) const;

  Setting setting_;
  const Options& options_;
  net::Url url_;
  Registrar registrar_;
  std::optional<oauth::StoredGrant> grant_;
  std::unique_ptr<oauth::Prover> prover_;
  int rounds_ = 0;
  bool refreshed_ = false;
  bool nonce_used_ = false;
};

}  // namespace mcprove::client
