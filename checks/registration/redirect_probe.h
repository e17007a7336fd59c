#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"
#include "oauth/html.h"

namespace mcprove::checks {

/// A redirect URI that a registration must not take.
struct BadRedirect {
  std::string name{};
  std::string uri{};
  std::string flaw{};
  Grade grade{};
  std::string plainer{};  ///< the name of what it resembles: if that is refused and this taken, the defence was fooled
  bool script = false;    ///< runs where a page of the server leads to it
};

/// Redirect URIs that servers judge alike, and so may be asked for at once.
struct RedirectKind {
  /// Of the client: one under which none of them has an honest reading (native apps may have schemes of their own, RFC 8252
  /// section 7.1, and no scripts).
  std::string application_type{};
  std::vector<BadRedirect> values{};
  /// Refused like the kind before: where nothing of that was taken, all at once would be wasted.
  bool like_the_former = false;
};

/// Does the page lead to an address of this scheme, by a link, a form, a refresh or a script? Nothing of it is run.
inline bool leads_to(const net::Exchange& exchange, std::string_view scheme) {
  const auto at = net::Url::parse(exchange.request.url);
  if (!at || !exchange.response) return false;
  const auto page = oauth::read_page(exchange.response->body, *at);
  const auto is_one = [&](std::string_view address) { return text::lower(address).starts_with(scheme); };
  const auto html = text::lower(exchange.response->body);
  return std::ranges::any_of(page.links, [&](const auto& link) { return is_one(link.first); }) || is_one(page.refresh) ||
         is_one(page.script_location) || html.find(fmt::format("action=\"{}", scheme)) != std::string::npos;
}

/// A client as ordinary as can be, but for its redirect URIs.
inline oauth::Registration registration_with(Context& at, std::vector<std::string> uris, const std::string& type) {
  oauth::Registration wanted;
  wanted.name = "mcp-audit-" + at.nonce();
  wanted.redirect_uris = std::move(uris);
  wanted.application_type = type;
  return wanted;
}

/// True if there is nothing to probe, and says so.
inline bool no_registration(Context& at, Cases& cases) {
  if (!at.issuer().metadata.registration_endpoint.empty()) return false;
  cases.add("registration", Verdict::not_applicable(Reason::not_offered, "no registration endpoint is advertised"));
  return true;
}

/// Registers redirect URIs that must be refused, as few times as servers' limits need: a kind at once, and each alone where
/// the whole was not taken, because servers refuse some and take others. A refusal counts only beside an ordinary client
/// that was registered in this run: before, and, where the error does not say what it is about, after it.
class RedirectProbe {
 public:
  RedirectProbe(Context& at, Cases& cases) : at_(at), cases_(cases) {}

  void run(const std::vector<RedirectKind>& kinds) {
    control_ = ordinary();
    if (!control_) {
      for (const auto& kind : kinds)
        for (const auto& bad : kind.values) cases_.add(bad.name, Verdict::inconclusive(control_.error()));
      return;
    }
    // Whole kinds first: where registrations run out, one of each kind says more than all of one.
    bool refused = false;
    std::vector<std::pair<const BadRedirect*, std::string>> alone;
    for (const auto& kind : kinds) {
      const bool whole = kind.values.size() == 1 || !(kind.like_the_former && refused);
      const bool taken = whole && ask_at_once(kind);
      if (kind.values.size() > 1 && !taken)
        for (const auto& bad : kind.values) alone.emplace_back(&bad, kind.application_type);
      refused = whole ? !taken : refused;
    }
    for (const auto& [bad, type] : alone) ask_alone(*bad, type);
    settle_unnamed();
  }

 private:
  /// An ordinary client of this run; one that was kept from another tells nothing of today.
  Result<net::ExchangeId> ordinary() {
    for (const auto kind : {ClientKind::main, ClientKind::web}) {
      const auto client = MCPROVE_TRY(at_.client(kind));
      if (client.dynamic && client.exchange) return *client.exchange;
    }
    return failure(Error::Kind::registration, "no ordinary client was registered in this run");
  }

  Citation control() const { return cite(*control_, "status", "control: an ordinary client was registered"); }

  /// True if the whole was taken; a kind of one is judged whatever came of it.
  bool ask_at_once(const RedirectKind& kind) {
    if (kind.values.size() == 1) return ask_alone(kind.values.front(), kind.application_type);
    if (limit_) return false;
    std::vector<std::string> all;
    for (const auto& bad : kind.values) all.push_back(bad.uri);
    const auto together = at_.register_client(registration_with(at_, all, kind.application_type));
    note_limit(together);
    if (!together || together->answer != Answer::accepted) return false;
    for (const auto& bad : kind.values) judge(bad, *together);
    return true;
  }

  bool ask_alone(const BadRedirect& bad, const std::string& type) {
    if (limit_) {
      cases_.add(bad.name, *limit_);
      return false;
    }
    const auto one = at_.register_client(registration_with(at_, {bad.uri}, type));
    note_limit(one);
    if (limit_) cases_.add(bad.name, *limit_);
    else if (!one) cases_.add(bad.name, Verdict::inconclusive(one.error()));
    else judge(bad, *one);
    return one && one->answer == Answer::accepted;
  }

  /// Asking on would get the same answer, and lengthen the wait of others.
  void note_limit(const Result<oauth::Registered>& answer) {
    if (answer && net::oddity(answer->reply.response) == net::Oddity::rate_limited)
      limit_ =
          Verdict::inconclusive(Reason::rate_limited, "registrations are limited: " + answer->why, {cite_status(answer->reply)});
    if (!answer && (answer.error().kind == Error::Kind::budget || answer.error().kind == Error::Kind::rate_limited))
      limit_ = Verdict::inconclusive(answer.error());
  }

  void judge(const BadRedirect& bad, const oauth::Registered& registered) {
    const auto status = cite_status(registered.reply);
    switch (registered.answer) {
      case Answer::accepted: return judge_taken(bad, registered);
      case Answer::denied: {
        // RFC 7591 section 3.2.2: these speak of the metadata, and so of the one thing that is not ordinary in it.
        if (registered.error == "invalid_redirect_uri" || registered.error == "invalid_client_metadata")
          return cases_.add(bad.name, Verdict::pass(Document({status, control()}), "refused: " + registered.why));
        // What is wrong with a document is a 400; a 401 is about who may register at all.
        if (registered.reply.response.status == 401)
          return cases_.add(bad.name,
                            Verdict::inconclusive(Reason::registration_closed, "registration is closed to us: " + registered.why,
                                                  {status, control()}));
        unnamed_.push_back({bad.name, registered.why, status});
        return;
      }
      case Answer::other: break;
    }
    cases_.add(bad.name,
               Verdict::inconclusive(reason_of(registered.reply.response), registered.why, std::vector<Citation>{status}));
  }

  void judge_taken(const BadRedirect& bad, const oauth::Registered& registered) {
    last_taken_ = registered.reply.id;
    const auto listed = registered.client->document.strings("redirect_uris");
    if (std::ranges::find(listed, bad.uri) != listed.end()) {
      taken_.push_back(bad.name);
      auto grade = bad.grade;
      const bool fooled = !bad.plainer.empty() && std::ranges::find(taken_, bad.plainer) == taken_.end();
      if (fooled) grade.severity = Severity::high;
      std::vector<Citation> evidence{cite_status(registered.reply), control()};
      auto flaw = bad.flaw;
      if (const auto page = bad.script && !std::exchange(looked_, true) ? page_with(bad, registered) : std::nullopt) {
        grade.severity = Severity::critical;
        flaw += ", and a page of the server leads to it";
        evidence.insert(evidence.begin(), cite(*page, "body", "the page"));
      }
      cases_.add(bad.name, Verdict::fail(Document(std::move(evidence)), flaw, grade));
      return;
    }
    cases_.add(bad.name, judge_use(bad, registered));
  }

  /// The page of an authorization with this redirect URI that leads to it. One client tells for all.
  std::optional<net::ExchangeId> page_with(const BadRedirect& bad, const oauth::Registered& registered) {
    oauth::Flow flow;
    flow.client(*registered.client)
        .redirect_uri(bad.uri)
        .stop_at_code()
        .purpose("look: pages that lead to the script, " + bad.name);
    const auto used = at_.run(flow);
    if (!used) return std::nullopt;
    const auto scheme = text::lower(bad.uri.substr(0, bad.uri.find(':') + 1));
    for (const auto& page : used->authorization.pages)
      if (leads_to(at_.transcript().at(page.exchange), scheme)) return page.exchange;
    const auto last = used->authorization.last;
    return last && leads_to(at_.transcript().at(*last), scheme) ? last : std::nullopt;
  }

  /// The client is there and the answer does not list the address: does an authorization request with it work?
  Verdict judge_use(const BadRedirect& bad, const oauth::Registered& registered) {
    oauth::Flow flow;
    flow.client(*registered.client).redirect_uri(bad.uri).stop_at_code().purpose("probe: an unlisted redirect URI, " + bad.name);
    const auto used = at_.run(flow);
    if (!used) return Verdict::inconclusive(used.error(), {cite_status(registered.reply)});
    std::vector<Citation> evidence{cite_status(registered.reply)};
    const auto& end = used->authorization;
    if (end.last) evidence.push_back(cite(*end.last, "status", used->why));
    const bool sent = end.end == oauth::AuthorizeEnd::code || end.end == oauth::AuthorizeEnd::redirect_error;
    if (sent && end.location.starts_with(bad.uri)) return Verdict::fail(Document(evidence), bad.flaw, bad.grade);
    if (end.end == oauth::AuthorizeEnd::error_page)
      return Verdict::pass(Document(evidence), "registered without that redirect URI, which is then refused");
    return Verdict::inconclusive(Reason::evidence_weak, "registered, and nothing tells whether the redirect URI would work",
                                 evidence);
  }

  /// Refusals that name no reason: is an ordinary client still taken, after them?
  void settle_unnamed() {
    if (unnamed_.empty()) return;
    auto after = last_taken_;
    if (!after || *after < unnamed_.back().status.exchange) {
      const auto again = at_.register_client(registration_with(at_, {oauth::loopback_redirect}, "native"));
      after = again && again->answer == Answer::accepted ? std::optional(again->reply.id) : std::nullopt;
    }
    for (const auto& each : unnamed_) {
      if (after)
        cases_.add(each.name,
                   Verdict::pass(Document({each.status, control(), cite(*after, "status", "control: and another after it")}),
                                 "refused: " + each.why));
      else
        cases_.add(each.name, Verdict::inconclusive(Reason::control_failed,
                                                    "refused without a reason, and afterwards no client was registered any more",
                                                    {each.status, control()}));
    }
  }

  struct Unnamed {
    std::string name{};
    std::string why{};
    Citation status{};
  };

  Context& at_;
  Cases& cases_;
  Result<net::ExchangeId> control_ = failure(Error::Kind::unavailable, "not registered");
  std::optional<Verdict> limit_{};  ///< what is said of all that could not be asked any more
  std::optional<net::ExchangeId> last_taken_{};
  std::vector<std::string> taken_{};
  bool looked_ = false;
  std::vector<Unnamed> unnamed_{};
};

}  // namespace mcprove::checks
