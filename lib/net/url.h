#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mcprove::net {

/// Query or form parameters: order and duplicates are kept, because both are evidence and attack surface.
class Params {
 public:
  Params() = default;
  Params(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  Params& set(std::string_view name, std::string value);  ///< replaces the first, drops further ones; adds if absent
  Params& add(std::string_view name, std::string value);  ///< one more, at the end
  Params& erase(std::string_view name);                   ///< all of that name
  std::string get(std::string_view name) const;           ///< the first, or empty
  bool has(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  bool empty() const { return fields_.empty(); }
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

  std::string encode() const;  ///< application/x-www-form-urlencoded
  static Params decode(std::string_view encoded);

 private:
  std::vector<std::pair<std::string, std::string>> fields_{};
};

/// An absolute http or https URL as libcurl reads it, with the text it was read from. Other schemes are refused.
/// The parser is the one that sends (curl_url), so what is judged is what is asked.
struct Url {
  std::string raw{};       ///< as given
  std::string scheme{};    ///< lower case
  std::string user{};      ///< userinfo, without '@'; empty if absent
  std::string host{};      ///< lower case, ASCII (others are refused); IPv6 without brackets
  std::uint16_t port = 0;  ///< the scheme's default if absent
  std::string path{};      ///< begins with '/'
  std::string query{};     ///< without '?'
  std::string fragment{};  ///< without '#'

  static Result<Url> parse(std::string_view text);
  std::string origin() const;     ///< scheme://host[:port], default ports left out
  std::string text() const;       ///< scheme, host and port normalised, the rest as given, without fragment
  bool is_loopback_host() const;  ///< 127.0.0.0/8, ::1, localhost, *.localhost
  bool is_private_host() const;   ///< a literal private, link-local, loopback or unspecified address, or localhost
  bool same_origin(const Url& other) const { return origin() == other.origin(); }
  Params params() const { return Params::decode(query); }
  Url with_query(const Params& params) const;
  Url with_path(std::string new_path) const;  ///< same origin, no query
};

/// RFC 3986 section 5: `reference` as a browser would follow it from `base`.
Result<Url> resolve(const Url& base, std::string_view reference);

/// The registrable domain (public suffix list), or the host itself for addresses and single labels.
std::string registrable_domain(std::string_view host);

}  // namespace mcprove::net
