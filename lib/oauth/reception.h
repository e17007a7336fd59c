#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/listener.h"
#include "oauth/login.h"

namespace mcprove::oauth {

/// Can one of these redirect URIs be received, if the driver is one that listens for redirects?
bool can_receive(const std::vector<std::string>& uris, const LoginDriver& driver);
/// The redirect URI to register for this driver: this one, or, if the driver would listen at it and another program does
/// already, the same with a port that is free.
std::string receivable(const std::string& uri, const LoginDriver& driver);

/// Takes the redirect of a person's browser on this machine (RFC 8252 section 7.3).
class Reception {
 public:
  /// Listens, and returns the URI to ask for: the first of these that is at this machine and whose port can be had; else
  /// the first with a loopback address, at a port that can, which servers must allow. Without any: the first, unheard.
  std::string open(const std::vector<std::string>& uris);
  /// The same for an authorization request that names its redirect URI already: there or nowhere. Nothing is done if it is
  /// the one that open() returned.
  Result<void> open_at(const std::string& uri);
  bool listening() const { return listener_ != nullptr; }
  /// The redirect as a location; Error::timeout.
  Result<std::string> wait(std::chrono::milliseconds within);
  void close();

 private:
  bool listen(const std::string& uri);

  std::unique_ptr<net::Listener> listener_{};
  std::string uri_{};
  std::optional<Error> problem_{};
};

/// The redirect URI of an authorization request, pushed or not.
std::string redirect_of(const LoginOptions& options, const std::string& url);

/// Why a login by a person's browser is none without the person.
inline constexpr const char* asks = "a person's browser always asks the person";
/// What a driver says whose login cannot go without a person being asked, when nobody is to be; nothing otherwise.
std::optional<Authorization> asked_to_ask_nobody(const LoginOptions& options, const char* why);

}  // namespace mcprove::oauth
