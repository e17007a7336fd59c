#include "oauth/callback.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

struct Parts {
  std::string target{};
  net::Params answer{};  // query, then fragment
};

/// By hand, since the redirect URI of a client may have any scheme.
Parts split(const std::string& location) {
  const auto hash = std::min(location.find('#'), location.size());
  const auto question = std::min(location.find('?'), hash);
  Parts parts;
  parts.target = location.substr(0, question);
  if (question < hash) parts.answer = net::Params::decode(std::string_view(location).substr(question + 1, hash - question - 1));
  if (hash < location.size()) {
    const auto fragment = net::Params::decode(std::string_view(location).substr(hash + 1));
    for (const auto& [name, value] : fragment.fields()) parts.answer.add(name, value);
  }
  return parts;
}

bool has_answer(const net::Params& params) {
  const auto given = [&](std::string_view name) { return !params.get(name).empty(); };
  return given("code") || given("error") || given("access_token") || given("id_token");
}

bool has_state(const net::Params& params, const std::vector<std::string>& states) {
  const auto found = params.all("state");
  return std::any_of(found.begin(), found.end(),
                     [&](const auto& state) { return std::find(states.begin(), states.end(), state) != states.end(); });
}

std::set<std::string> origins_of(const ServerMetadata& server) {
  std::set<std::string> origins;
  for (const auto* text : {&server.issuer, &server.authorization_endpoint, &server.token_endpoint}) {
    if (const auto url = net::Url::parse(*text)) origins.insert(url->origin());
  }
  return origins;
}

}  // namespace

void read_callback(const std::string& location, const net::Params& fields, Authorization& out) {
  auto parts = split(location);
  out.location = location;
  out.redirect_target = parts.target;
  out.callback = fields.empty() ? std::move(parts.answer) : fields;
  const auto& callback = out.callback;
  if (!callback.get("code").empty()) {
    out.end = AuthorizeEnd::code;
    out.why = "a code";
  } else if (callback.has("error")) {
    out.end = AuthorizeEnd::redirect_error;
    const auto said = callback.get("error_description");
    out.why = text::one_line(callback.get("error") + (said.empty() ? "" : ": " + said), 160);
  } else if (callback.has("access_token") || callback.has("id_token") || callback.has("response")) {
    out.end = AuthorizeEnd::code;
    out.why = "a token instead of a code";
  } else {
    out.end = AuthorizeEnd::unclear;
    out.why = "a redirect to the client with neither code nor error";
  }
}

bool may_type_at(const LoginOptions& options, const std::string& url) {
  const auto parsed = net::Url::parse(url);
  if (!parsed) return false;
  return options.login_origins.contains(parsed->origin()) || (options.any_loopback_origin && parsed->is_loopback_host());
}

void went_before(Authorization before, Authorization& after) {
  const auto put = [](auto& first, auto& then) {
    then.insert(then.begin(), std::make_move_iterator(first.begin()), std::make_move_iterator(first.end()));
  };
  put(before.pages, after.pages);
  put(before.hops, after.hops);
  put(before.exchanges, after.exchanges);
  if (!after.last) after.last = before.last;
}

std::function<bool(const std::string&)> client_recogniser(const net::Params& request, const ServerMetadata& server,
                                                          const net::Scope& scope) {
  std::set<std::string> asked;  // redirect URIs as spelt, and as a browser spells them
  std::set<std::string> hosts;
  for (const auto& uri : request.all("redirect_uri")) {
    asked.insert(split(uri).target);
    if (const auto url = net::Url::parse(uri)) {
      asked.insert(split(url->text()).target);
      hosts.insert(url->host);
    }
  }
  return [asked = std::move(asked), hosts = std::move(hosts), states = request.all("state"), own = origins_of(server),
          &scope](const std::string& location) {
    const auto parts = split(location);
    if (asked.contains(parts.target)) return true;
    const auto url = net::Url::parse(location);
    if (!url) return false;
    if (asked.contains(split(url->text()).target)) return true;
    if (!has_answer(parts.answer) || own.contains(url->origin())) return false;
    return hosts.contains(url->host) || has_state(parts.answer, states) || scope.reach(url->origin()) == net::Reach::none;
  };
}

}  // namespace mcprove::oauth
