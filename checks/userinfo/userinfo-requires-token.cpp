#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "oauth/token_json.h"

namespace {

using namespace mcprove;

/// Claims are a JSON object with the subject, or a signed one (OpenID Connect Core section 5.3.2).
Observation read(const net::Reply& reply) {
  const auto& response = reply.response;
  Observation seen{Answer::other, oauth::described(response), {cite_status(reply)}, {}};
  if (response.status == 200 && (oauth::object_of(response).has("sub") || net::media_type(response) == "application/jwt")) {
    seen.answer = Answer::accepted;
    seen.why = "claims were told";
  } else if (oauth::refuses(response) || (response.status == 401 && response.headers.has("WWW-Authenticate"))) {
    seen.answer = Answer::denied;
  } else {
    seen.reason = reason_of(response);
  }
  return seen;
}

Result<Observation> ask(Context& at, const std::string& method, const std::string& token, const std::string& purpose) {
  net::Request request;
  request.method = method;
  request.url = at.issuer().metadata.userinfo_endpoint;
  request.headers.add("Accept", "application/json");
  if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
  if (method == "POST") request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.connection = net::Connection::fresh();
  request.purpose = purpose;
  return read(MCPROVE_TRY(at.send(std::move(request))));
}

bool has_openid(const Grant& grant) {
  const auto scopes = grant.view.scopes.value_or(scope_list(grant.requested_scope));
  return std::ranges::find(scopes, "openid") != scopes.end();
}

/// A token that must open UserInfo, if one can be had.
Result<Grant> openid_grant(Context& at) {
  const auto mine = MCPROVE_TRY(at.facts().grant(at.issuer()));
  if (has_openid(mine)) return mine;
  const auto offered = at.facts().offered_scopes(at.issuer());
  if (std::ranges::find(offered, "openid") == offered.end())
    return failure(Error::Kind::unavailable, "the openid scope is not on offer");
  auto grant = MCPROVE_TRY(at.facts().grant(at.issuer(), at.facts().main_identity(), ClientKind::main, "openid", ""));
  if (!has_openid(grant)) return failure(Error::Kind::unavailable, "the openid scope was not granted");
  return grant;
}

/// One that must not.
Result<Grant> other_grant(Context& at) {
  auto mine = MCPROVE_TRY(at.facts().grant(at.issuer()));
  if (!has_openid(mine)) return mine;
  for (const auto& scope : at.facts().narrow_scopes(at.issuer())) {
    if (is_identity_scope(scope)) continue;
    auto grant = MCPROVE_TRY(at.facts().grant(at.issuer(), at.facts().main_identity(), ClientKind::main, scope, ""));
    if (!has_openid(grant)) return grant;
    break;
  }
  return failure(Error::Kind::unavailable, "every token has the openid scope");
}

Verdict judge(const Result<Observation>& seen, const Result<Observation>& control, const std::string& flaw, Grade grade) {
  if (!seen) return Verdict::inconclusive(seen.error());
  auto evidence = seen->evidence;
  if (control) evidence.insert(evidence.end(), control->evidence.begin(), control->evidence.end());
  switch (seen->answer) {
    case Answer::accepted: return Verdict::fail(Document(std::move(evidence)), flaw, grade);
    case Answer::denied:
      if (control && control->answer != Answer::accepted)
        return Verdict::inconclusive(Reason::control_failed,
                                     "refused, but a token with openid is not served either: " + control->why,
                                     std::move(evidence));
      return Verdict::pass(Document(std::move(evidence)), "refused: " + seen->why);
    case Answer::other: break;
  }
  return Verdict::inconclusive(seen->reason.value_or(Reason::unclear_answer), seen->why, std::move(evidence));
}

Result<void> run(Context& at, Cases& cases) {
  if (at.issuer().metadata.userinfo_endpoint.empty()) {
    cases.add("UserInfo", Verdict::not_applicable(Reason::not_offered, "no UserInfo endpoint is advertised"));
    return {};
  }
  const auto good = openid_grant(at);
  // Without such a token there is no control, and a plain refusal has to speak for itself.
  const auto control = good ? ask(at, "GET", good->tokens.access_token, "control: UserInfo with openid")
                            : Result<Observation>(tl::unexpected(good.error()));
  if (!good) cases.note("UserInfo was not tried with a token that has the openid scope: " + good.error().message);
  const Grade critical{.severity = Severity::critical};
  cases.add("no token", judge(ask(at, "GET", "", "probe: UserInfo without a token"), control,
                              "claims are told to callers without a token", critical));
  cases.add("no token, by POST", judge(ask(at, "POST", "", "probe: UserInfo without a token"), control,
                                       "claims are told to callers without a token", critical));
  cases.add("garbage", judge(ask(at, "GET", at.random().base64url(32), "probe: UserInfo with garbage"), control,
                             "claims are told for a token that nobody issued", critical));
  const auto narrow = other_grant(at);
  if (narrow && !narrow->tokens.access_token.empty())
    cases.add(
        "token without openid",
        judge(ask(at, "GET", narrow->tokens.access_token, "probe: UserInfo without the openid scope"), control,
              "a token for the MCP server without the openid scope is told the person's claims", {.severity = Severity::medium}));
  else
    cases.add("token without openid", narrow ? Verdict::not_applicable(Reason::not_offered, "the credential is no access token")
                                             : Verdict::inconclusive(narrow.error()));
  return {};
}

}  // namespace

MCPROVE_CHECK(userinfo_requires_token) = define(
    {
        .title = "UserInfo tells claims without a proper token",
        .what =
            "Asks the UserInfo endpoint without a token, with garbage, and with a token for the MCP server that lacks the openid scope. Only a "
            "token with that scope may be served.",
        .why = "Personal data leaks to strangers, or to every client that was allowed nothing but a tool.",
        .fix = "Demand a live access token of this issuer with the openid scope, and answer 401 or 403 otherwise.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::userinfo,
        .cwe = 306,
        .spec = {{{"OpenID Connect Core 1.0", "5.3"}, {"OpenID Connect Core 1.0", "5.3.3"}, {"RFC 6750", "3.1"}}},
        .since = "0.1",
    },
    run);
