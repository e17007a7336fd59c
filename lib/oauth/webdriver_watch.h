#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "net/scope.h"
#include "oauth/login.h"
#include "oauth/webdriver.h"

namespace mcprove::oauth {

/// Chromium's --host-resolver-rules for these hosts: each pinned to an address that the scope allows now, so that a name
/// cannot come to mean another; everything else, addresses too, is not found.
std::string resolver_rules(const std::set<std::string>& hosts, const net::Scope& scope);

/// Reads the browser's network events for the redirect to the client: it is seen before it is followed, whatever its
/// scheme, and whether or not anybody listens there. Internal to the webdriver driver.
class RedirectWatch {
 public:
  RedirectWatch(const LoginOptions& options, Authorization& out) : options_(options), out_(out) {}
  /// True once the authorization has ended.
  bool read(const std::vector<json::Value>& events);
  /// Hosts that a page asked for and that its browser may not ask: "a.example, b.example", or empty.
  std::string refused() const;

 private:
  bool sent(const json::Value& parameters);
  bool answered(const json::Value& parameters);

  const LoginOptions& options_;
  Authorization& out_;
  std::map<std::string, std::string> host_of_{};  // of requests under way
  std::set<std::string> refused_{};
};

}  // namespace mcprove::oauth
