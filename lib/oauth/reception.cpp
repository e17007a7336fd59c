#include "oauth/reception.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "net/url.h"
#include "oauth/callback.h"

namespace mcprove::oauth {

namespace {

/// The URL, if this machine can listen for what is sent to it.
std::optional<net::Url> at_this_machine(const std::string& uri) {
  auto url = net::Url::parse(uri);
  if (!url || url->scheme != "http" || !url->is_loopback_host()) return std::nullopt;
  return *std::move(url);
}

/// By address: only there servers must allow any port (RFC 8252 section 7.3), not for "localhost" (section 8.3).
bool is_by_address(const net::Url& url) { return url.host == "127.0.0.1"; }

std::string with_port(const net::Url& url, std::uint16_t port) {
  return fmt::format("{}://{}:{}{}{}", url.scheme, url.host, port, url.path, url.query.empty() ? "" : "?" + url.query);
}

bool is_free(const net::Url& url) { return net::Listener::bind(url.port).has_value(); }

}  // namespace

bool can_receive(const std::vector<std::string>& uris, const LoginDriver& driver) {
  if (!driver.listens()) return true;
  return std::any_of(uris.begin(), uris.end(), [](const std::string& uri) {
    const auto url = at_this_machine(uri);
    return url && is_free(*url);
  });
}

std::string receivable(const std::string& uri, const LoginDriver& driver) {
  const auto url = at_this_machine(uri);
  if (!driver.listens() || !url || is_free(*url)) return uri;
  const auto other = net::Listener::bind();
  return other ? with_port(*url, (*other)->port()) : uri;
}

bool Reception::listen(const std::string& uri) {
  const auto url = at_this_machine(uri);
  if (!url) return false;
  auto bound = net::Listener::bind(url->port);
  if (!bound) {
    problem_ = bound.error();
    return false;
  }
  listener_ = *std::move(bound);
  uri_ = uri;
  return true;
}

std::string Reception::open(const std::vector<std::string>& uris) {
  close();
  if (uris.empty()) return {};
  for (const auto& uri : uris)
    if (listen(uri)) return uri;
  for (const auto& uri : uris) {
    const auto url = at_this_machine(uri);
    if (!url || !is_by_address(*url)) continue;
    auto bound = net::Listener::bind();
    if (!bound) break;
    uri_ = with_port(*url, (*bound)->port());
    listener_ = *std::move(bound);
    return uri_;
  }
  return uris.front();
}

Result<void> Reception::open_at(const std::string& uri) {
  if (listener_ && uri == uri_) return {};
  close();
  if (!at_this_machine(uri))
    return failure(Error::Kind::usage, "the redirect URI is not at this machine, so its answer cannot be received");
  if (listen(uri)) return {};
  return tl::unexpected(*problem_);
}

Result<std::string> Reception::wait(std::chrono::milliseconds within) {
  const auto url = MCPROVE_TRY(net::Url::parse(uri_));
  const auto target = MCPROVE_TRY(listener_->wait(url.path, within, received));
  return url.origin() + target;
}

void Reception::close() {
  listener_.reset();
  uri_.clear();
  problem_.reset();
}

std::string redirect_of(const LoginOptions& options, const std::string& url) {
  if (!options.redirect_uri.empty()) return options.redirect_uri;
  const auto request = net::Url::parse(url);
  return request ? request->params().get("redirect_uri") : std::string();
}

std::optional<Authorization> asked_to_ask_nobody(const LoginOptions& options, const char* why) {
  if (options.interaction != Interaction::none) return std::nullopt;
  Authorization out;
  out.end = AuthorizeEnd::page;
  out.why = why;
  return out;
}

}  // namespace mcprove::oauth
