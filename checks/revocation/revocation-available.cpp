#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "oauth/token_json.h"

namespace {

using namespace mcprove;

void judge_absence(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  const auto seen = document(metadata.fetched, "body", "no revocation_endpoint");
  const auto grant = at.facts().grant(at.issuer());
  if (!grant) {
    cases.add("endpoint", Verdict::inconclusive(grant.error(), seen.evidence()));
  } else if (!grant->tokens.exchange) {
    cases.add("endpoint",
              Verdict::inconclusive(Reason::no_login, "none is advertised; whether refresh tokens are issued is not known",
                                    seen.evidence()));
  } else if (grant->tokens.refresh_token.empty()) {
    cases.add("endpoint", Verdict::pass(seen, "none is advertised, and no refresh token was issued"));
  } else {
    auto evidence = seen.evidence();
    evidence.push_back(cite(*grant->tokens.exchange, "body:/refresh_token", "issued"));
    cases.add("endpoint", Verdict::fail(Document(std::move(evidence)),
                                        "refresh tokens are issued, and no endpoint is advertised that takes them back",
                                        {.severity = Severity::medium}));
  }
}

net::Request revocation(Context& at, const std::string& method, const std::string& endpoint, const oauth::Client& client) {
  oauth::TokenRequest form;
  form.params.set("token", at.random().base64url(32));
  form.authenticate(client);
  static_cast<void>(oauth::sign(form, at.signing()));
  net::Request request;
  request.method = method;
  request.url = endpoint;
  request.headers = form.headers;
  request.headers.add("Accept", "application/json");
  request.purpose = "probe: revocation of a token that nobody issued, by " + method;
  if (method == "GET") {
    request.url += (endpoint.find('?') == std::string::npos ? "?" : "&") + form.params.encode();
  } else {
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = form.params.encode();
  }
  return request;
}

void judge_unknown_token(Cases& cases, const Result<net::Reply>& reply) {
  constexpr auto name = "unknown token";
  if (!reply) {
    cases.add(name, Verdict::inconclusive(reply.error()));
    return;
  }
  const auto& response = reply->response;
  const Document seen(cite_status(*reply));
  const auto why = oauth::described(response);
  const auto error = oauth::error_of(response).code;
  if (response.status == 200 && !net::is_html(response))
    cases.add(name, Verdict::pass(seen, "answered 200, as if it had been revoked"));
  else if (oauth::refuses(response) && (error == "invalid_client" || error == "unauthorized_client"))
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "our client was refused: " + why, seen.evidence()));
  else if (oauth::refuses(response))
    cases.add(name,
              Verdict::fail(seen, "an unknown token is an error: " + why, {.severity = Severity::low, .level = Level::should}));
  else cases.add(name, Verdict::inconclusive(reason_of(response), why, seen.evidence()));
}

void judge_get(Cases& cases, const Result<net::Reply>& by_get, bool post_works) {
  constexpr auto name = "GET with the token in the URL";
  if (!by_get) {
    cases.add(name, Verdict::inconclusive(by_get.error()));
    return;
  }
  const auto& response = by_get->response;
  const Document seen(cite_status(*by_get));
  const auto status = response.status;
  if (status == 200 && !net::is_html(response) && post_works)
    cases.add(name, Verdict::fail(seen, "a token in the URL is taken like one in a form",
                                  {.severity = Severity::low, .confidence = Confidence::likely}));
  else if (status == 404 || status == 405 || status == 501 || oauth::refuses(response))
    cases.add(name, Verdict::pass(seen, fmt::format("refused: {}", oauth::described(response))));
  else cases.add(name, Verdict::inconclusive(reason_of(response), oauth::described(response), seen.evidence()));
}

Result<void> run(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  if (!metadata.fetched.usable()) {
    cases.add("endpoint", Verdict::not_applicable(Reason::not_offered, "there is no metadata document to advertise one"));
    return {};
  }
  const auto& endpoint = metadata.revocation_endpoint;
  if (endpoint.empty()) {
    judge_absence(at, cases);
    return {};
  }
  const auto seen = document(metadata.fetched, "body:/revocation_endpoint", endpoint);
  const auto url = net::Url::parse(endpoint);
  if (!url) {
    cases.add("endpoint", Verdict::fail(seen, "the advertised endpoint is no http or https address"));
    return {};
  }
  if (url->scheme == "https" || url->is_loopback_host()) cases.add("endpoint", Verdict::pass(seen, "advertised"));
  else cases.add("endpoint", Verdict::fail(seen, "tokens are revoked over plain http", {.severity = Severity::high}));

  const auto client = MCPROVE_TRY(at.client());
  const auto by_post = at.send(revocation(at, "POST", endpoint, client));
  judge_unknown_token(cases, by_post);
  judge_get(cases, at.send(revocation(at, "GET", endpoint, client)), by_post && by_post->response.status == 200);
  return {};
}

}  // namespace

MCPROVE_CHECK(revocation_available) = define(
    {
        .title = "Tokens cannot be revoked properly",
        .what =
            "Looks for a revocation endpoint in the metadata, sends it a token that nobody issued by POST, and another in the URL of a GET. "
            "The first must be answered with 200, the second refused. Where no refresh tokens are issued, none is needed.",
        .why =
            "Without revocation, a leaked refresh token works until it ends, and logging out changes nothing; tokens in URLs end up in logs.",
        .fix = "Offer and advertise an RFC 7009 endpoint over https that takes POST only and answers 200 for unknown tokens.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 613,
        .spec = {{{"RFC 7009", "2"}, {"RFC 7009", "2.2"}, {"RFC 8414", "2"}}},
        .since = "0.1",
    },
    run);
