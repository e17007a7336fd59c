#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "client/options.h"
#include "oauth/metadata.h"
#include "oauth/registration.h"

namespace mcprove::client {

/// Knows the clients that we are, one for each issuer: given by the user, kept from earlier, a metadata document, or
/// registered now.
class Registrar {
 public:
  Registrar(Setting setting, const ClientOptions& options);

  /// Our client at this issuer. Error::registration: there is none to be had.
  Result<oauth::Client> client_at(const oauth::ServerMetadata& server);
  /// A client of an earlier run, before anything is known of its issuer.
  void remember(const oauth::Client& client) { known_.insert_or_assign(client.issuer, client); }
  /// The server does not know the client any more. False: it was not one that could be registered again.
  bool forget(const oauth::Client& client);
  const std::string& bound_issuer() const { return bound_; }  ///< of the client that the user gave

 private:
  std::optional<oauth::Client> given(const oauth::ServerMetadata& server, std::string& why);
  Result<oauth::Client> register_now(const oauth::ServerMetadata& server);

  Setting setting_;
  const ClientOptions& options_;
  std::string bound_;
  std::map<std::string, oauth::Client> known_;
  std::set<std::string> forgotten_;  // issuers
};

}  // namespace mcprove::client
