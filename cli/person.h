#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/settings.h"
#include "client/connection.h"
#include "oauth/grant_store.h"

namespace mcprove::cli {

/// Where and how `login` and `call` meet a server.
struct Meeting {
  std::string url{};
  Options options{};  ///< of it: identities, login origins, CA file, proxy, store
  std::vector<std::string> trusted_origins{};
  bool verbose = false;
};

/// One person at one server, by the strict client, with the person's grant of an earlier run.
class PersonAt {
 public:
  /// `grant`: the stored one to begin with, or none. Nothing is sent yet.
  PersonAt(const Meeting& meeting, const Identity& identity, std::optional<oauth::StoredGrant> grant);
  ~PersonAt();
  PersonAt(const PersonAt&) = delete;
  PersonAt& operator=(const PersonAt&) = delete;

  /// Greets the server, and logs in if it asks for it.
  Result<client::Connection*> connect();
  /// What the login driver did, in one line; empty: nobody logged in.
  const std::string& told() const;
  /// Is the grant in the store, and if it should be and is not, why not?
  bool kept() const;
  std::optional<Error> problem() const;
  /// The message without secrets.
  std::string redacted(const std::string& message) const;
  /// The signal that ended it; 0: none.
  int interrupted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// As the store names who logs in.
std::string person_name(const Identity& identity);
/// The exit code for an error that ended a login or a call.
int exit_code_of(const Error& error);

}  // namespace mcprove::cli
