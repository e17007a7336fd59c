#include <algorithm>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "checks/token-audience/audience.h"

namespace {

using namespace mcprove;

/// A login that names a resource it must not name.
struct BadTarget {
  std::string name{};
  std::string resource{};  ///< what must not become an audience
  Grade grade{};
  std::function<void(oauth::Flow&)> bend{};
};

Verdict judge(Context& at, const Settled& settled, const BadTarget& bad, const TokenView& view, const TokenView& honest) {
  switch (settled.answer()) {
    case Answer::denied: return Verdict::pass(settled, "refused: " + settled.probe().why);
    case Answer::other: return Verdict::unclear(settled);
    case Answer::accepted: break;
  }
  if (!checks::shows_audience(view))
    return Verdict::inconclusive(Reason::evidence_weak, "a token was issued, and nothing shows whom it is for",
                                 settled.evidence());
  const auto& audience = *view.audience;
  if (std::ranges::find(audience, bad.resource) != audience.end())
    return Verdict::fail(settled, fmt::format("a token was minted for {}", text::one_line(bad.resource, 120)), bad.grade);
  if (audience == honest.audience || checks::names_ours(at, audience))
    return Verdict::pass(settled, "the audience is unchanged",
                         {"a resource that is not this server's is ignored instead of refused"});
  return Verdict::inconclusive(Reason::unclear_answer, fmt::format("the token is for {}", checks::audience_text(audience)),
                               settled.evidence());
}

Probe probe_of(Context& at, const BadTarget& bad, const TokenView& honest) {
  const auto view = std::make_shared<TokenView>();
  Probe probe;
  probe.name = bad.name;
  probe.run = [&at, bad, view]() -> Result<Observation> {
    oauth::Flow flow;
    flow.purpose("probe: resource, " + bad.name);
    bad.bend(flow);
    const auto result = MCPROVE_TRY(at.run(flow));
    auto seen = observe(result);
    if (result.tokens()) {
      *view = MCPROVE_TRY(at.facts().view(*result.tokens(), at.issuer(), result.requested_scope));
      seen.evidence.insert(seen.evidence.end(), view->evidence.begin(), view->evidence.end());
    }
    return seen;
  };
  probe.judge = [&at, bad, view, &honest](const Settled& settled) { return judge(at, settled, bad, *view, honest); };
  return probe;
}

/// The honest refresh of a grant of its own: with another resource it must bring nothing that goes beyond that grant.
class Refreshes {
 public:
  Refreshes(Context& at, std::string foreign, const TokenView& honest)
      : at_(at), foreign_(std::move(foreign)), honest_(honest), control_([this] { return refresh({}); }, nullptr) {}

  void run(Cases& cases) {
    constexpr auto name = "another at the refresh request";
    oauth::Flow flow;
    flow.purpose("login for a token to refresh");
    const auto login = at_.run(flow);
    if (!login || !login->tokens()) {
      cases.add(name, login ? Verdict::inconclusive(observe(*login).reason.value_or(Reason::no_login), login->why)
                            : Verdict::inconclusive(login.error()));
      return;
    }
    client_ = login->client;
    token_ = login->tokens()->refresh_token;
    scope_ = login->requested_scope;
    if (token_.empty()) {
      cases.add(name, Verdict::not_applicable(Reason::not_offered, "no refresh token was issued"));
      return;
    }
    Probe probe;
    probe.name = name;
    probe.run = [this] { return refresh(foreign_); };
    probe.judge = [this](const Settled& settled) { return judge(at_, settled, {"", foreign_, {}, {}}, view_, honest_); };
    sandwich(control_).probe(std::move(probe)).settle(cases);
  }

 private:
  Result<Observation> refresh(const std::string& resource) {
    auto request = oauth::refresh_request(at_.issuer().metadata, client_, token_, {}, resource);
    request.purpose = resource.empty() ? "control: an honest refresh" : "probe: resource, another at the refresh request";
    const auto answer = MCPROVE_TRY(at_.token(request));
    auto seen = observe(answer);
    if (!answer.tokens) return seen;
    if (!answer.tokens->refresh_token.empty()) token_ = answer.tokens->refresh_token;
    if (resource.empty()) return seen;
    view_ = MCPROVE_TRY(at_.facts().view(*answer.tokens, at_.issuer(), scope_));
    seen.evidence.insert(seen.evidence.end(), view_.evidence.begin(), view_.evidence.end());
    return seen;
  }

  Context& at_;
  std::string foreign_;
  const TokenView& honest_;
  Control control_;
  oauth::Client client_{};
  std::string token_{};
  std::string scope_{};
  TokenView view_{};
};

Result<void> run(Context& at, Cases& cases) {
  if (checks::credential_given(at)) {
    cases.not_run("all", Reason::no_login, "the token was given, not asked for");
    return {};
  }
  const auto honest = MCPROVE_TRY(at.facts().grant(at.issuer()));
  const auto foreign = fmt::format("https://{}/mcp", at.audit_host());
  const auto other = at.options().other_resource.empty() ? foreign : at.options().other_resource;
  const auto with_fragment = at.facts().resource_id() + "#" + at.nonce();
  const auto asking = [](const std::string& resource) { return [resource](oauth::Flow& flow) { flow.resource(resource); }; };
  const Grade medium{.severity = Severity::medium};
  const Grade low{.severity = Severity::low};
  const std::vector<BadTarget> targets{
      {"unknown", foreign, medium, asking(foreign)},
      {"relative", "/" + at.nonce(), low, asking("/" + at.nonce())},
      {"with fragment", with_fragment, low, asking(with_fragment)},
      {"another at the token request",
       other,
       {},
       [other](oauth::Flow& flow) {
         flow.at_token([other](oauth::TokenRequest& request) { request.params.set("resource", other); });
       }},
      {"a second one besides", foreign, medium,
       [foreign](oauth::Flow& flow) {
         flow.at_authorize([foreign](net::Params& query) { query.add("resource", foreign); });
         flow.at_token([foreign](oauth::TokenRequest& request) { request.params.add("resource", foreign); });
       }},
  };
  auto group = sandwich(at.flow_control());
  for (const auto& bad : targets) group.probe(probe_of(at, bad, honest.view));
  group.settle(cases);
  Refreshes(at, other, honest.view).run(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(resource_invalid_target) = define(
    {
        .title = "Tokens are minted for resources that nobody knows or allowed",
        .what =
            "Logs in for a resource that does not exist, a relative one, one with a fragment, two at once, and names another one at the "
            "token request, and at a refresh, than the person was asked about. Each must be refused with invalid_target; being ignored "
            "is no flaw.",
        .why =
            "Whoever chooses the audience of a token chooses which servers take it: a client obtains tokens for services that the "
            "person never agreed to.",
        .fix =
            "Keep a list of resources, refuse others with invalid_target, and at the token endpoint allow only what the authorization request named.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 863,
        .spec = {{{"RFC 8707", "2"}, {"RFC 8707", "2.2"}}},
        .since = "0.1",
    },
    run);
