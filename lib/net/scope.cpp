#include "net/scope.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::net {

namespace {

bool only_reads(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS") return false;
  return request.body.empty() && !request.headers.has("Authorization") && !request.headers.has("Proxy-Authorization") &&
         !request.headers.has("Cookie");
}

}  // namespace

void Scope::name_origin(std::string_view origin, Reach reach) {
  const auto url = Url::parse(origin);
  if (!url) return;
  const std::lock_guard lock(mutex_);
  auto& entry = origins_[url->origin()];
  entry.reach = std::max(entry.reach, reach);
  entry.named = true;
  named_hosts_.insert(url->host);
  loopback_named_ = loopback_named_ || url->is_loopback_host();
}

void Scope::found_origin(std::string_view origin, Reach reach) {
  const auto url = Url::parse(origin);
  if (!url) return;
  const std::lock_guard lock(mutex_);
  auto& entry = origins_[url->origin()];
  entry.reach = std::max(entry.reach, reach);
  found_hosts_.insert(url->host);
}

Reach Scope::reach(std::string_view origin) const {
  const auto url = Url::parse(origin);
  if (!url) return Reach::none;
  const std::lock_guard lock(mutex_);
  const auto found = origins_.find(url->origin());
  return found == origins_.end() ? Reach::none : found->second.reach;
}

Result<void> Scope::may_send(const Request& request) const {
  const auto url = MCPROVE_TRY(Url::parse(request.url));
  const auto origin = url.origin();
  const std::lock_guard lock(mutex_);
  const auto found = origins_.find(origin);
  if (found == origins_.end() || found->second.reach == Reach::none) {
    return failure(Error::Kind::out_of_scope, fmt::format("{} is not in scope", origin));
  }
  if (!found->second.named && !any_address_ && named_hosts_.find(url.host) == named_hosts_.end() && url.is_private_host() &&
      !(loopback_named_ && url.is_loopback_host())) {
    return failure(Error::Kind::out_of_scope, fmt::format("{} is a private address that nobody named", origin));
  }
  if (found->second.reach < Reach::honest && !only_reads(request)) {
    return failure(Error::Kind::out_of_scope, fmt::format("{} may only be read, without credentials: {} goes too far", origin,
                                                          text::one_line(request.method, 20)));
  }
  return {};
}

bool Scope::may_connect(std::string_view host, std::string_view address) const {
  if (any_address_) return true;
  const std::lock_guard lock(mutex_);
  if (named_hosts_.find(host) != named_hosts_.end()) return true;
  if (found_hosts_.find(host) == found_hosts_.end()) return false;
  return !is_private_address(address) || (loopback_named_ && is_loopback_address(address));
}

}  // namespace mcprove::net
