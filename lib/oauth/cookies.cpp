#include "oauth/cookies.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "oauth/date.h"

namespace mcprove::oauth {

namespace {

using Wall = std::chrono::system_clock::time_point;

constexpr std::size_t max_cookies = 256;
constexpr std::size_t max_pair = 4096;  // name and value together, as in browsers
constexpr std::size_t max_attribute = 1024;

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// RFC 6265 section 5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.' &&
         !is_address(host);
}

/// RFC 6265 section 5.1.4.
bool path_matches(std::string_view request, std::string_view cookie) {
  if (request == cookie) return true;
  return request.starts_with(cookie) && (cookie.ends_with('/') || request[cookie.size()] == '/');
}

std::string default_path(std::string_view path) {
  const auto last = path.rfind('/');
  return path.empty() || path.front() != '/' || last == 0 ? "/" : std::string(path.substr(0, last));
}

/// Nobody can register under it: ".com", ".co.uk". One label more would be the registrable domain.
bool is_public_suffix(const std::string& domain) {
  const auto below = "x." + domain;
  return domain.find('.') == std::string::npos || net::registrable_domain(below) == below;
}

bool is_secure(const net::Url& url) { return url.scheme == "https" || url.is_loopback_host(); }

bool has_control(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

struct Attributes {
  std::optional<std::string> domain{};
  std::optional<std::string> path{};
  std::optional<Wall> expires{};
  std::optional<Wall> max_age{};
  bool secure = false;
  bool http_only = false;
  std::string same_site{};
};

/// Seconds from now; far ones are cut, since no jar of ours lives that long.
std::optional<Wall> read_max_age(std::string_view value, Wall now) {
  if (value.empty()) return std::nullopt;
  const bool negative = value.front() == '-';
  const auto digits = value.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : digits) seconds = std::min<std::int64_t>(seconds * 10 + (c - '0'), 400LL * 24 * 3600);
  return negative || seconds == 0 ? Wall::min() : now + std::chrono::seconds(seconds);
}

Attributes read_attributes(std::string_view rest, Wall now) {
  Attributes out;
  for (const auto& part : text::split(rest, ';')) {
    const auto equals = part.find('=');
    const auto name = text::lower(text::trim(std::string_view(part).substr(0, equals)));
    const auto value = equals == std::string::npos ? std::string_view() : text::trim(std::string_view(part).substr(equals + 1));
    if (value.size() > max_attribute) continue;
    if (name == "secure") out.secure = true;
    if (name == "httponly") out.http_only = true;
    if (name == "samesite") out.same_site = text::lower(value);
    if (name == "domain" && !value.empty()) out.domain = text::lower(value.front() == '.' ? value.substr(1) : value);
    if (name == "path") out.path = !value.empty() && value.front() == '/' ? std::optional(std::string(value)) : std::nullopt;
    if (name == "expires") {
      if (const auto date = cookie_date(value)) out.expires = date;
    }
    if (name == "max-age") {
      if (const auto date = read_max_age(value, now)) out.max_age = date;
    }
  }
  return out;
}

/// RFC 6265bis section 4.1.3; the prefixes are compared without case, as browsers do.
bool keeps_its_prefix(const Cookie& cookie, const Attributes& attributes) {
  const auto name = text::lower(cookie.name);
  if (name.starts_with("__secure-")) return cookie.secure;
  if (name.starts_with("__host-")) return cookie.secure && cookie.host_only && !attributes.domain && attributes.path == "/";
  return true;
}

/// RFC 6265 section 5.2 and 5.3; nothing if the cookie is refused.
std::optional<Cookie> read_cookie(const net::Url& from, std::string_view line, Wall now) {
  const auto end = line.find(';');
  const auto pair = line.substr(0, end);
  const auto equals = pair.find('=');
  Cookie cookie;
  cookie.name = equals == std::string_view::npos ? std::string() : std::string(text::trim(pair.substr(0, equals)));
  cookie.value = std::string(text::trim(equals == std::string_view::npos ? pair : pair.substr(equals + 1)));
  if ((cookie.name.empty() && cookie.value.empty()) || cookie.name.size() + cookie.value.size() > max_pair || has_control(line))
    return std::nullopt;
  const auto attributes = read_attributes(end == std::string_view::npos ? std::string_view() : line.substr(end + 1), now);
  cookie.domain = from.host;
  if (attributes.domain && *attributes.domain != from.host) {
    if (!domain_matches(from.host, *attributes.domain) || is_public_suffix(*attributes.domain)) return std::nullopt;
    cookie.domain = *attributes.domain;
    cookie.host_only = false;
  } else if (attributes.domain && !is_address(from.host) && !is_public_suffix(from.host)) {
    cookie.host_only = false;
  }
  cookie.path = attributes.path.value_or(default_path(from.path));
  cookie.secure = attributes.secure;
  cookie.http_only = attributes.http_only;
  cookie.same_site = attributes.same_site;
  const auto until = attributes.max_age ? attributes.max_age : attributes.expires;
  cookie.persistent = until.has_value();
  cookie.expires = until.value_or(Wall{});
  if (cookie.secure && !is_secure(from)) return std::nullopt;
  return keeps_its_prefix(cookie, attributes) ? std::optional(cookie) : std::nullopt;
}

bool expired(const Cookie& cookie, Wall now) { return cookie.persistent && cookie.expires <= now; }

/// An insecure page must not shadow a Secure cookie (RFC 6265bis section 5.7, step 16).
bool shadows_secure(const Cookie& fresh, const std::vector<Cookie>& cookies) {
  return std::any_of(cookies.begin(), cookies.end(), [&](const Cookie& old) {
    return old.secure && old.name == fresh.name && path_matches(fresh.path, old.path) &&
           (domain_matches(fresh.domain, old.domain) || domain_matches(old.domain, fresh.domain));
  });
}

}  // namespace

void CookieJar::take(const net::Url& from, const net::Headers& headers, Wall now) {
  for (const auto& line : headers.all("Set-Cookie")) {
    auto cookie = read_cookie(from, line, now);
    if (!cookie || (!is_secure(from) && shadows_secure(*cookie, cookies_))) continue;
    const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& old) {
      return old.name == cookie->name && old.domain == cookie->domain && old.path == cookie->path &&
             old.host_only == cookie->host_only;
    });
    if (same != cookies_.end()) {
      *same = std::move(*cookie);
    } else {
      cookies_.push_back(std::move(*cookie));
    }
  }
  std::erase_if(cookies_, [&](const Cookie& cookie) { return expired(cookie, now); });
  if (cookies_.size() > max_cookies) cookies_.erase(cookies_.begin(), cookies_.end() - max_cookies);
}

std::string CookieJar::header_for(const net::Url& to, Wall now) const {
  std::vector<const Cookie*> matching;
  for (const auto& cookie : cookies_) {
    const bool here = cookie.host_only ? to.host == cookie.domain : domain_matches(to.host, cookie.domain);
    if (here && path_matches(to.path, cookie.path) && (!cookie.secure || is_secure(to)) && !expired(cookie, now))
      matching.push_back(&cookie);
  }
  std::stable_sort(matching.begin(), matching.end(),
                   [](const Cookie* a, const Cookie* b) { return a->path.size() > b->path.size(); });
  std::string header;
  for (const auto* cookie : matching) {
    if (!header.empty()) header += "; ";
    header += cookie->name.empty() ? cookie->value : cookie->name + "=" + cookie->value;
  }
  return header;
}

}  // namespace mcprove::oauth
