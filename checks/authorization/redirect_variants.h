#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/context.h"

namespace mcprove::checks {

/// A redirect URI that differs from the registered one in one way.
struct RedirectVariant {
  std::string name{};
  std::string uri{};
};

/// One authorization request with a variant. Accepted: the server sent the browser there, with a code or with an error.
inline Result<Observation> try_redirect(Context& at, const oauth::Client& client, const RedirectVariant& variant) {
  oauth::Flow flow;
  flow.client(client).redirect_uri(variant.uri).stop_at_code().purpose("probe: redirect URI, " + variant.name);
  const auto result = MCPROVE_TRY(at.run(flow));
  auto seen = observe(result);
  const auto& location = result.authorization.location;
  const bool there =
      result.authorization.end == oauth::AuthorizeEnd::code || result.authorization.end == oauth::AuthorizeEnd::redirect_error;
  if (there && location.starts_with(variant.uri.substr(0, variant.uri.find('#')))) {
    seen.answer = Answer::accepted;
    seen.why = result.authorization.end == oauth::AuthorizeEnd::code ? "a code was sent to it"
                                                                     : "an error was sent to it: the address is trusted";
    seen.reason.reset();
  } else if (result.authorization.end == oauth::AuthorizeEnd::error_page) {
    seen.answer = Answer::denied;
  } else if (there) {
    seen.answer = Answer::denied;
    seen.why = "the browser was sent to the registered address instead";
  }
  return seen;
}

/// The honest request of this client reaches its registered address: what every variant is compared with.
inline Result<Observation> honest_redirect(Context& at, const oauth::Client& client) {
  oauth::Flow flow;
  flow.client(client).stop_at_code().purpose("control: the registered redirect URI");
  return observe(MCPROVE_TRY(at.run(flow)));
}

inline void probe_variants(Context& at, Cases& cases, const oauth::Client& client, const std::vector<RedirectVariant>& variants,
                           const std::string& flaw) {
  Control control([&at, client] { return honest_redirect(at, client); }, nullptr);
  auto group = sandwich(control);
  for (const auto& variant : variants)
    group.probe(variant.name, [&at, &client, variant] { return try_redirect(at, client, variant); }, flaw);
  group.settle(cases);
}

}  // namespace mcprove::checks
