#include "oauth/webdriver_watch.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/callback.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t most_hosts = 64;
constexpr std::size_t most_hops = 100;

/// The first address of this host that may be connected to; empty: none.
std::string allowed_address(const std::string& host, const net::Scope& scope) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  for (const auto* one = list.get(); one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (scope.may_connect(host, text.data())) return text.data();
  }
  return {};
}

bool plain_host(const std::string& host) {
  return !host.empty() && host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:_") == std::string::npos;
}

}  // namespace

std::string resolver_rules(const std::set<std::string>& hosts, const net::Scope& scope) {
  std::string rules;
  for (const auto& host : hosts) {
    if (!plain_host(host)) continue;
    const auto address = allowed_address(host, scope);
    if (address.empty()) continue;
    const auto written = [](const std::string& name) { return name.find(':') == std::string::npos ? name : "[" + name + "]"; };
    rules += fmt::format("MAP {} {} , ", written(host), written(address));
  }
  return rules + "MAP * ~NOTFOUND";
}

bool RedirectWatch::sent(const json::Value& parameters) {
  const auto request = parameters.at("request");
  const auto url = request.string("url").value_or("");
  if (const auto parsed = net::Url::parse(url); parsed && host_of_.size() < 5000)
    host_of_[parameters.string("requestId").value_or("")] = parsed->host;
  if (parameters.string("type") != "Document") return false;
  if (options_.is_client && options_.is_client(url)) {
    const bool posted = request.string("method") == "POST";
    read_callback(url, posted ? net::Params::decode(request.string("postData").value_or("")) : net::Params{}, out_);
    return true;
  }
  if (out_.hops.size() < most_hops) out_.hops.push_back(url);
  return false;
}

/// A redirect to a scheme of the client's own is never sent: only its answer shows it.
bool RedirectWatch::answered(const json::Value& parameters) {
  const auto headers = parameters.at("headers");
  for (const auto& name : headers.keys()) {
    if (!text::iequals(name, "Location")) continue;
    const auto location = headers.string(name).value_or("");
    if (location.find("://") == std::string::npos || !options_.is_client || !options_.is_client(location)) continue;
    read_callback(location, {}, out_);
    return true;
  }
  return false;
}

bool RedirectWatch::read(const std::vector<json::Value>& events) {
  for (const auto& event : events) {
    const auto method = event.string("method").value_or("");
    const auto parameters = event.at("params");
    if (method == "Network.requestWillBeSent" && sent(parameters)) return true;
    if (method == "Network.responseReceivedExtraInfo" && answered(parameters)) return true;
    if (method != "Network.loadingFailed" || parameters.string("errorText") != "net::ERR_NAME_NOT_RESOLVED") continue;
    const auto host = host_of_.find(parameters.string("requestId").value_or(""));
    if (host != host_of_.end() && refused_.size() < most_hosts) refused_.insert(host->second);
  }
  return false;
}

std::string RedirectWatch::refused() const {
  std::vector<std::string> hosts(refused_.begin(), refused_.end());
  if (hosts.size() > 3) hosts.resize(3);
  return text::one_line(text::join(hosts, ", "), 200);
}

}  // namespace mcprove::oauth
