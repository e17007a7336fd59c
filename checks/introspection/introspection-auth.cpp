#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

bool says_active(const oauth::TokenAnswer& answer) {
  return answer.tokens && answer.tokens->document.boolean("active").value_or(false);
}

/// Asks about a good token of ours with credentials that must not do. `control` shows that it is active to one whose do.
Verdict judge(const Result<oauth::TokenAnswer>& answer, const std::string& flaw, const std::optional<Citation>& control) {
  if (!answer) return Verdict::inconclusive(answer.error());
  std::vector<Citation> where{cite_status(answer->reply)};
  if (says_active(*answer)) return Verdict::fail(Document({where.front(), cite(answer->reply.id, "body:/active", "true")}), flaw);
  if (control) where.push_back(*control);
  if (answer->tokens && control)
    return Verdict::pass(Document(where), "learns nothing: the token is active only to a caller with credentials",
                         {"the caller is told that a good token is inactive, instead of being refused"});
  if (answer->tokens)
    return Verdict::inconclusive(Reason::evidence_weak, "a good token is called inactive instead of the caller being refused",
                                 where);
  const auto status = answer->reply.response.status;
  if (answer->answer == Answer::denied) {
    // It looked at the token before it looked at the caller, so this says nothing about the caller.
    if (answer->error == "unsupported_token_type")
      return Verdict::inconclusive(Reason::evidence_weak, "such tokens are not introspected here: " + answer->why, where);
    return Verdict::pass(Document(where), "refused: " + answer->why);
  }
  return Verdict::inconclusive(reason_of(answer->reply.response), fmt::format("unclear: {} {}", status, answer->why), where);
}

Result<oauth::TokenAnswer> signed_introspection(Context& at, oauth::TokenRequest request) {
  MCPROVE_TRY(oauth::sign(request, at.signing()));
  return oauth::introspect(at.recorder(), request);
}

/// By GET a token ends up in logs. With credentials that do, the answer is proof; with a client's that do not, GET is
/// alive if it answers in the endpoint's own words, as POST does.
void probe_get(Context& at, Cases& cases, const std::string& endpoint, const std::string& token,
               const std::optional<oauth::TokenRequest>& way) {
  constexpr auto name = "GET with the token in the URL";
  constexpr auto flaw = "a token in the URL is introspected";
  auto post = way.value_or(oauth::introspection_request(endpoint, token));
  if (!way) {
    const auto client = at.client(ClientKind::confidential);
    if (!client || client->is_public()) {
      cases.not_run(name, Reason::no_second_client, "no client with a secret can be had");
      return;
    }
    post.authenticate(*client);
  }
  auto get = post;
  get.method = "GET";
  get.purpose = "probe: introspection by GET";
  static_cast<void>(oauth::sign(get, at.signing()));
  const auto by_get = oauth::introspect(at.recorder(), get);
  if (!by_get) {
    cases.add(name, Verdict::inconclusive(by_get.error()));
    return;
  }
  const Document seen(cite_status(by_get->reply));
  const auto status = by_get->reply.response.status;
  if (says_active(*by_get)) {
    cases.add(name, Verdict::fail(seen, flaw, {.severity = Severity::low}));
  } else if (status == 404 || status == 405 || status == 501) {
    cases.add(name, Verdict::pass(seen, fmt::format("refused: {}", status)));
  } else if (const auto by_post = signed_introspection(at, post);
             by_post && by_post->answer == Answer::denied && by_get->answer == Answer::denied) {
    const bool same = by_post->error == by_get->error && by_post->reply.response.status == status && !by_get->error.empty();
    // A 401 to both may come from a guard that never looked at the method.
    if (same && status != 401)
      cases.add(name,
                Verdict::fail(Document({cite_status(by_get->reply), cite_status(by_post->reply)}),
                              "a GET is answered like a POST", {.severity = Severity::low, .confidence = Confidence::likely}));
    else if (status == 401)
      cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "refused before the method mattered", seen.evidence()));
    else cases.add(name, Verdict::pass(seen, "refused: " + by_get->why));
  } else if (by_get->answer == Answer::denied) {
    cases.add(name, Verdict::pass(seen, "refused: " + by_get->why));
  } else {
    cases.add(name, Verdict::inconclusive(reason_of(by_get->reply.response), by_get->why, seen.evidence()));
  }
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant(at.issuer()));
  auto token = grant.tokens.access_token;
  const auto found = token.empty() ? failure(Error::Kind::unavailable, "no token") : at.facts().introspection(at.issuer(), token);
  const auto endpoint = !at.issuer().metadata.introspection_endpoint.empty() ? at.issuer().metadata.introspection_endpoint
                        : found                                              ? found->url
                                                                             : "";
  if (endpoint.empty() || token.empty()) {
    cases.add("introspection",
              Verdict::not_applicable(Reason::not_offered,
                                      "no introspection endpoint is advertised, and none answers at the usual places"));
    return {};
  }
  const auto ask = [&](const std::string& purpose, const std::function<void(oauth::TokenRequest&)>& identify) {
    auto request = oauth::introspection_request(endpoint, token);
    request.purpose = "probe: introspection, " + purpose;
    identify(request);
    return oauth::introspect(at.recorder(), request);
  };
  std::optional<Citation> control;
  if (found) {
    auto known = *found;
    known.purpose = "control: introspection with credentials that do";
    if (const auto answer = oauth::introspect(at.recorder(), known); answer && says_active(*answer))
      control = cite(answer->reply.id, "body:/active", "control: true for a caller with credentials");
  } else if (!at.options().introspection.id.empty()) {
    cases.note(found.error().message);
  }
  const auto as_nobody = [](oauth::TokenRequest&) {};
  auto anonymous = ask("no credentials", as_nobody);
  // Some servers introspect opaque tokens only: a refresh token is one.
  if (anonymous && anonymous->error == "unsupported_token_type" && !grant.tokens.refresh_token.empty()) {
    token = grant.tokens.refresh_token;
    control.reset();
    anonymous = ask("no credentials", as_nobody);
  }
  cases.add("no credentials", judge(anonymous, "anybody introspects tokens without credentials", control));
  if (const auto main = at.client(); main && main->is_public()) {
    const auto own = [&](oauth::TokenRequest& request) { request.params.set("client_id", main->id); };
    auto answer = ask("a public client's id", own);
    if (answer && answer->error == "unsupported_token_type" && token != grant.tokens.refresh_token &&
        !grant.tokens.refresh_token.empty()) {
      token = grant.tokens.refresh_token;
      control.reset();
      answer = ask("a public client's id", own);
    }
    cases.add("public client", judge(answer, "a public client introspects tokens with nothing but its id", control));
  }
  const auto garbage = "Basic " + text::base64_encode("audit-" + at.nonce() + ":" + at.random().hex(16));
  cases.add("wrong credentials", judge(ask("credentials of nobody",
                                           [&](oauth::TokenRequest& request) { request.headers.set("Authorization", garbage); }),
                                       "credentials that belong to nobody open introspection", control));
  probe_get(at, cases, endpoint, token, found ? std::optional<oauth::TokenRequest>(*found) : std::nullopt);
  return {};
}

}  // namespace

MCPROVE_CHECK(introspection_auth) = define(
    {
        .title = "Tokens are introspected for callers without credentials",
        .what =
            "Asks the introspection endpoint about a good token of ours without credentials, with a public client's id, with credentials "
            "that belong to nobody, and by GET with the token in the URL. Each must be refused; a client of a resource server, if one "
            "is given, shows that the token would be known.",
        .why = "Whoever has found or guessed a token learns whose it is, what it opens and where; guesses can be tried at will.",
        .fix =
            "Authenticate the caller at the introspection endpoint as a resource server that is known there, before the token is looked at; accept POST only.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::introspection,
        .cwe = 306,
        .spec = {{{"RFC 7662", "2.1"}, {"RFC 7662", "4"}}},
        .since = "0.1",
    },
    run);
