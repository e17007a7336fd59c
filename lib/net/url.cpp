#include "net/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "net/scope.h"

namespace mcprove::net {

namespace {

constexpr std::size_t max_url = 64U << 10U;

struct UrlDeleter {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
struct CurlFree {
  void operator()(char* text) const { curl_free(text); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlDeleter>;

/// A part as libcurl holds it, percent escapes untouched; empty if absent.
std::string part(CURLU* handle, CURLUPart what) {
  char* raw = nullptr;
  if (curl_url_get(handle, what, &raw, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, CurlFree> owner(raw);
  return raw;
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

std::string shown(std::string_view url) { return text::one_line(url, 120); }

Result<UrlHandle> read(std::string_view text, unsigned int flags) {
  if (text.size() > max_url) return failure(Error::Kind::malformed, fmt::format("URL of {} bytes is too long", text.size()));
  if (text.find('\0') != std::string_view::npos) return failure(Error::Kind::malformed, "URL holds a NUL byte");
  UrlHandle handle(curl_url());
  const auto code = curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(), flags);
  if (code != CURLUE_OK) {
    return failure(Error::Kind::malformed,
                   fmt::format("not an absolute http or https URL: {} ({})", shown(text), text::lower(curl_url_strerror(code))));
  }
  return handle;
}

bool is_ip_literal(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), bytes.data()) == 1;
}

bool is_localhost_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

std::string authority(const Url& url) {
  std::string out = url.host.find(':') == std::string::npos ? url.host : fmt::format("[{}]", url.host);
  if (url.port != default_port(url.scheme)) out += fmt::format(":{}", url.port);
  return out;
}

std::string unbracketed(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  // The flags are those that the transfer uses, so that both read the same URL.
  const auto handle = MCPROVE_TRY(read(text, CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS));
  Url url;
  url.raw = text;
  url.scheme = text::lower(part(handle.get(), CURLUPART_SCHEME));
  if (url.scheme != "http" && url.scheme != "https") {
    return failure(Error::Kind::malformed, fmt::format("neither an http nor an https URL: {}", shown(text)));
  }
  url.host = unbracketed(text::lower(part(handle.get(), CURLUPART_HOST)));
  if (url.host.empty()) return failure(Error::Kind::malformed, fmt::format("URL without a readable host: {}", shown(text)));
  // How libcurl maps others depends on the locale, and what is judged must be what is asked.
  if (std::any_of(url.host.begin(), url.host.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return failure(Error::Kind::malformed, fmt::format("host that is not in its ASCII form (xn--): {}", shown(text)));
  }
  url.user = part(handle.get(), CURLUPART_USER);
  if (const auto password = part(handle.get(), CURLUPART_PASSWORD); !password.empty()) url.user += ":" + password;
  if (const auto zone = part(handle.get(), CURLUPART_ZONEID); !zone.empty()) url.host += "%" + zone;
  url.path = part(handle.get(), CURLUPART_PATH);
  url.query = part(handle.get(), CURLUPART_QUERY);
  url.fragment = part(handle.get(), CURLUPART_FRAGMENT);
  url.port = default_port(url.scheme);
  if (const auto port = part(handle.get(), CURLUPART_PORT); !port.empty()) {
    const auto read_port = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (read_port.ec != std::errc{} || url.port == 0) {
      return failure(Error::Kind::malformed, fmt::format("URL with an unusable port: {}", shown(text)));
    }
  }
  return url;
}

std::string Url::origin() const { return scheme + "://" + authority(*this); }

std::string Url::text() const {
  auto out = scheme + "://" + (user.empty() ? "" : user + "@") + authority(*this) + path;
  if (!query.empty()) out += "?" + query;
  return out;
}

bool Url::is_loopback_host() const { return is_localhost_name(host) || is_loopback_address(host); }

bool Url::is_private_host() const { return is_localhost_name(host) || (is_ip_literal(host) && is_private_address(host)); }

Url Url::with_query(const Params& params) const {
  Url url = *this;
  url.query = params.encode();
  url.fragment.clear();
  url.raw = url.text();
  return url;
}

Url Url::with_path(std::string new_path) const {
  Url url = *this;
  url.path = new_path.starts_with('/') ? std::move(new_path) : "/" + new_path;
  url.query.clear();
  url.fragment.clear();
  url.raw = url.text();
  return url;
}

Result<Url> resolve(const Url& base, std::string_view reference) {
  const auto handle = MCPROVE_TRY(read(base.raw, CURLU_NON_SUPPORT_SCHEME));
  if (reference.size() > max_url)
    return failure(Error::Kind::malformed, fmt::format("URL reference of {} bytes is too long", reference.size()));
  if (reference.find('\0') != std::string_view::npos) return failure(Error::Kind::malformed, "URL reference holds a NUL byte");
  // An empty reference names the base itself, and a fragment alone is one of the base: libcurl knows neither.
  if (reference.empty() || reference.front() == '#') {
    const auto fragment = std::string(reference.empty() ? reference : reference.substr(1));
    curl_url_set(handle.get(), CURLUPART_FRAGMENT, fragment.empty() ? nullptr : fragment.c_str(), 0);
  } else {
    const auto code = curl_url_set(handle.get(), CURLUPART_URL, std::string(reference).c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) {
      return failure(Error::Kind::malformed,
                     fmt::format("not a URL reference: {} ({})", shown(reference), text::lower(curl_url_strerror(code))));
    }
  }
  return Url::parse(part(handle.get(), CURLUPART_URL));
}

std::string registrable_domain(std::string_view host) {
  std::string name = text::lower(host.ends_with('.') ? host.substr(0, host.size() - 1) : host);
  if (is_ip_literal(name) || name.find('.') == std::string::npos) return name;
  const auto* list = psl_builtin();
  const char* domain = list == nullptr ? nullptr : psl_registrable_domain(list, name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace mcprove::net
