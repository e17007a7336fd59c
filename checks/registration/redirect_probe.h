#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/context.h"

namespace mcprove::checks {

/// A redirect URI that a registration must not take.
struct BadRedirect {
  std::string name{};
  std::string uri{};
  std::string flaw{};
  Grade grade{};
};

/// A client as ordinary as can be, but for its redirect URIs.
inline oauth::Registration registration_with(Context& at, std::vector<std::string> uris, const char* type) {
  oauth::Registration wanted;
  wanted.name = "mcp-audit-" + at.nonce();
  wanted.redirect_uris = std::move(uris);
  wanted.application_type = type;
  return wanted;
}

inline bool echoes(const oauth::Registered& registered, const std::string& uri) {
  return registered.client && std::ranges::find(registered.client->redirect_uris, uri) != registered.client->redirect_uris.end();
}

/// What the server made of one redirect URI, alone or in a group that it took.
inline Verdict judge_redirect(const oauth::Client& control, const oauth::Registered& registered, const BadRedirect& bad) {
  std::vector<Citation> evidence{cite_status(registered.reply)};
  if (control.exchange) evidence.push_back(cite(*control.exchange, "status", "control: an ordinary client was registered"));
  const Document seen(evidence);
  switch (registered.answer) {
    case Answer::accepted:
      if (echoes(registered, bad.uri)) return Verdict::fail(seen, bad.flaw, bad.grade);
      return Verdict::pass(seen, "registered without that redirect URI");
    case Answer::denied:
      // RFC 7591 section 3.2.2: what is wrong with the document is a 400; a 401 is about who may register at all.
      if (registered.reply.response.status == 401)
        return Verdict::inconclusive(Reason::registration_closed, "registration is closed to us: " + registered.why, evidence);
      return Verdict::pass(seen, "refused: " + registered.why);
    case Answer::other: break;
  }
  return Verdict::inconclusive(reason_of(registered.reply.response), registered.why, evidence);
}

/// Registers each group of one kind at once, to spare the server's limits; then, where a whole was not taken, each alone,
/// because servers refuse some and take others. Passing means little unless an ordinary client can be registered.
inline void probe_redirects(Context& at, Cases& cases, const std::vector<std::vector<BadRedirect>>& groups, const char* type) {
  auto control = at.client(ClientKind::main);
  // A client that was not registered here says nothing about registration.
  if (control && !control->dynamic) control = at.client(ClientKind::second);
  std::vector<BadRedirect> alone;
  for (const auto& group : groups) {
    std::vector<std::string> all;
    for (const auto& bad : group) all.push_back(bad.uri);
    const auto together = control ? at.register_client(registration_with(at, all, type))
                                  : Result<oauth::Registered>(tl::unexpected(control.error()));
    for (const auto& bad : group) {
      if (!control) cases.add(bad.name, Verdict::inconclusive(control.error()));
      else if (together && together->answer == Answer::accepted) cases.add(bad.name, judge_redirect(*control, *together, bad));
      else alone.push_back(bad);
    }
  }
  for (const auto& bad : alone) {
    const auto one = at.register_client(registration_with(at, {bad.uri}, type));
    cases.add(bad.name, one ? judge_redirect(*control, *one, bad) : Verdict::inconclusive(one.error()));
  }
}

/// True if there is nothing to probe, and says so.
inline bool no_registration(Context& at, Cases& cases) {
  if (!at.issuer().metadata.registration_endpoint.empty()) return false;
  cases.add("registration", Verdict::not_applicable(Reason::not_offered, "no registration endpoint is advertised"));
  return true;
}

}  // namespace mcprove::checks
