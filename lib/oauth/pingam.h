#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "json/json.h"
#include "oauth/browser.h"
#include "oauth/login.h"

namespace mcprove::oauth {

// PingAM's REST interface, as its public documentation describes it ("Authenticate over REST", "Supported callbacks",
// "Authorization code grant", /json/serverinfo). Internal to the pingone-aic driver.

/// Where one realm's REST interface is, found from the authorization endpoint: ".../oauth2/REALM/authorize".
struct AmRealm {
  std::string server{};  ///< "https://tenant.example/am"
  std::string path{};    ///< "realms/root/realms/alpha"
  std::string authenticate() const { return server + "/json/" + path + "/authenticate"; }
  std::string server_info() const { return server + "/json/serverinfo/*"; }
};
std::optional<AmRealm> am_realm(const std::string& authorization_url);

/// Answers the callbacks of one round in place: the same object with the input values filled in. Error::login when one
/// asks for what cannot be answered unattended.
struct AmAnswer {
  json::Value body{};
  bool typed_password = false;
};
Result<AmAnswer> answer_callbacks(const json::Value& round, const Person& person);

/// Logs a person in, round by round, and returns the session token.
struct AmLogin {
  Browser& browser;
  const LoginOptions& options;
  const Person& person;
  std::string journey{};  ///< a tree's name; empty: the realm's default
  std::string told{};     ///< what was done: "2 rounds of callbacks"
  Result<std::string> run(const AmRealm& realm);

 private:
  Result<net::Reply> post(const AmRealm& realm, const json::Value* body, bool by_headers);
  Result<std::string> by_headers(const AmRealm& realm);
};

/// The name of the session cookie; "iPlanetDirectoryPro" when the server does not say.
std::string session_cookie_name(Browser& browser, const AmRealm& realm);

}  // namespace mcprove::oauth
