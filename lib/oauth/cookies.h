#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "net/url.h"

namespace mcprove::oauth {

struct Cookie {
  std::string name{};
  std::string value{};
  std::string domain{};  ///< host that set it, or the Domain attribute without the dot
  bool host_only = true;
  std::string path = "/";
  bool secure = false;
  bool http_only = false;
  std::string same_site{};  ///< as sent, lower case
  bool persistent = false;
  std::chrono::system_clock::time_point expires{};
};

/// Cookies as a browser keeps them (RFC 6265 section 5): domain and path matching, Secure (loopback counts as secure, as
/// in browsers), Max-Age and Expires, __Host- and __Secure- prefixes, replacement by name, domain and path, longer paths
/// first, public suffixes refused. A value: copy it to give an experiment a jar of its own.
class CookieJar {
 public:
  void take(const net::Url& from, const net::Headers& headers, std::chrono::system_clock::time_point now);
  std::string header_for(const net::Url& to, std::chrono::system_clock::time_point now) const;  ///< "a=1; b=2", or empty
  const std::vector<Cookie>& all() const { return cookies_; }
  void clear() { cookies_.clear(); }

 private:
  std::vector<Cookie> cookies_;
};

}  // namespace mcprove::oauth
