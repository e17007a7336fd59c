#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/context.h"
#include "engine/facts_impl.h"
#include "engine/logins.h"
#include "oauth/reception.h"
#include "oauth/register.h"

namespace mcprove {
namespace {

/// Beside the honest redirect URI, for codes that are redeemed with another registered one.
std::string other_redirect(const std::string& uri) {
  const auto url = net::Url::parse(uri);
  return url ? url->origin() + "/other" : uri;
}

/// The answer of the endpoint, token or pushed requests, where the client showed who it is.
const oauth::TokenAnswer* answer_to_client(const oauth::FlowResult& flow) {
  if (flow.pushed) return &*flow.pushed;
  return flow.token ? &*flow.token : nullptr;
}

/// Is the public client, not the code, what was refused?
bool refuses_public(const oauth::FlowResult& flow) {
  const auto* answer = answer_to_client(flow);
  return answer != nullptr && answer->answer == Answer::denied && flow.client.is_public() &&
         (answer->error == "invalid_client" || answer->error == "unauthorized_client");
}

/// RFC 9449 section 5: the authorization server binds all that it issues, whatever the resource said.
bool wants_proof(const oauth::FlowResult& flow) {
  const auto* answer = answer_to_client(flow);
  return answer != nullptr && answer->error == "invalid_dpop_proof";
}

/// A client of an earlier run that the server no longer knows.
bool forgotten(const oauth::FlowResult& flow) {
  if (const auto* answer = answer_to_client(flow); answer != nullptr && answer->error == "invalid_client") return true;
  return flow.end == oauth::FlowEnd::refused && flow.step == oauth::FlowStep::authorize &&
         flow.authorization.end == oauth::AuthorizeEnd::error_page;
}

std::string key_of(const Issuer& issuer, ClientKind kind) { return fmt::format("{} {}", static_cast<int>(kind), issuer.id); }

}  // namespace

/// At an authorization server that the operator's plan and its own metadata decide about: how we authenticate is settled
/// by trying what it lists, as in `mcprove login`.
Result<oauth::Client> Facts::Impl::register_main(const Issuer& issuer, bool confidential) {
  const auto& plan = session.plan();
  const auto& driver = *session.person(session.main_identity()).seats.front().driver;
  oauth::Registration wanted;
  wanted.name = confidential ? "mcprove audit (confidential)" : "mcprove audit";
  const auto uri = oauth::receivable(plan.redirect_uri, driver);
  wanted.redirect_uris = {uri, other_redirect(uri)};
  wanted.grant_types = oauth::grant_types_of(plan);
  if (plan.grant_type != oauth::GrantType::authorization_code) {
    wanted.redirect_uris.clear();
    wanted.response_types.clear();
  }
  const auto& listed = issuer.metadata.token_endpoint_auth_methods;
  if (confidential && !listed.empty() && std::ranges::all_of(listed, [](const auto& method) { return method == "none"; }))
    return failure(Error::Kind::unavailable, "the server lists no method with a client secret");
  auto choices = oauth::choices_of(plan, wanted);
  choices.confidential = choices.confidential || confidential;
  if (choices.confidential && choices.auth_method == "none") choices.auth_method.clear();
  const auto send = [&](const oauth::Registration& document) {
    return session.register_client(issuer, document, Session::Registering::honest);
  };
  return oauth::register_with_fallbacks(send, issuer.metadata, wanted, choices);
}

/// The operator's own client, which is never shown to another issuer than its own.
Result<oauth::Client> Facts::Impl::given_client(const Issuer& issuer) {
  const auto& plan = session.plan();
  if (!plan.issuer.empty() && plan.issuer != issuer.id)
    return failure(Error::Kind::registration,
                   fmt::format("the client {} was made for {}", text::one_line(plan.id, 80), plan.issuer));
  auto client = oauth::given_client(plan, issuer.metadata, issuer.id);
  if (client) return client;
  // What a server lists is not all that it takes: an audit asks.
  auto usual = plan;
  usual.auth_method = plan.key ? "private_key_jwt" : plan.secret.empty() ? "none" : "client_secret_basic";
  return oauth::given_client(usual, issuer.metadata, issuer.id);
}

Result<oauth::Client> Facts::Impl::main_client(const Issuer& issuer) {
  const auto& plan = session.plan();
  const auto target = session.url().text();
  if (!plan.id.empty()) return given_client(issuer);
  const auto& driver = *session.person(session.main_identity()).seats.front().driver;
  if (auto kept = session.clients().find(target, issuer.id); kept && oauth::can_receive(kept->redirect_uris, driver)) {
    session.redactor().add("client_secret", kept->secret);
    session.redactor().add("registration_access_token", kept->registration_token);
    session.possession().spare(kept->registration_token);
    return *std::move(kept);
  }
  if (!plan.cimd_url.empty() && issuer.metadata.cimd_supported) return oauth::document_client(plan, issuer.metadata);
  if (issuer.metadata.registration_endpoint.empty())
    return failure(Error::Kind::registration, "no registration endpoint is advertised, and no client id was given");
  auto client = register_main(issuer, false);
  if (client) session.clients().keep(target, *client);
  return client;
}

/// A client that is not the main one, at a host of its own; it authenticates as the main one does.
Result<oauth::Client> Facts::Impl::stranger_client(const Issuer& issuer, ClientKind kind) {
  const auto& plan = session.plan();
  oauth::Registration wanted;
  wanted.name = kind == ClientKind::web ? "mcprove audit (web)" : "mcprove audit (second)";
  const auto host = fmt::format("{}-{}.example", kind == ClientKind::web ? "audit" : "second", session.run_tag());
  wanted.redirect_uris = {fmt::format("https://{}/cb", host), fmt::format("https://{}/other", host)};
  auto choices = oauth::choices_of(plan, wanted);
  wanted.application_type = "web";
  choices.any_type = false;
  const auto send = [&](const oauth::Registration& document) {
    return session.register_client(issuer, document, Session::Registering::for_a_probe);
  };
  return oauth::register_with_fallbacks(send, issuer.metadata, wanted, choices);
}

Result<oauth::Client> Facts::Impl::make_client(const Issuer& issuer, ClientKind kind) {
  if (kind == ClientKind::main) return main_client(issuer);
  if (issuer.metadata.registration_endpoint.empty())
    return failure(Error::Kind::registration, "no registration endpoint is advertised");
  if (kind != ClientKind::confidential) return stranger_client(issuer, kind);
  if (auto main = session.facts().client(issuer, ClientKind::main); main && !main->is_public()) return main;
  return register_main(issuer, true);
}

Result<oauth::Client> Facts::client(const Issuer& issuer, ClientKind kind) {
  return impl_->client_memo.get(impl_->session.recorder(), key_of(issuer, kind),
                                [&] { return impl_->make_client(issuer, kind); });
}

const Identity& Facts::main_identity() const { return impl_->session.main_identity(); }
const Identity* Facts::second_identity() const { return impl_->session.second_identity(); }

Result<Grant> Facts::Impl::finish(const Issuer& issuer, const Identity& identity, oauth::FlowResult flow) {
  Grant grant;
  grant.identity = identity.name;
  grant.issuer = issuer.id;
  grant.client = flow.client;
  grant.tokens = *flow.tokens();
  grant.requested_scope = flow.requested_scope;
  grant.resource = flow.resource;
  grant.violations = std::move(flow.violations);
  grant.exchanges = std::move(flow.exchanges);
  grant.view = MCPROVE_TRY(session.facts().view(grant.tokens, issuer, grant.requested_scope));
  return grant;
}

/// What stood in the way of a token is one of our choices, which is changed. False: there is no other.
bool Facts::Impl::other_way(const Issuer& issuer, ClientKind kind, const oauth::FlowResult& result) {
  auto& possession = session.possession();
  if (wants_proof(result) && possession.prover() == nullptr && session.plan().dpop == oauth::Dpop::automatic)
    return possession.begin(oauth::proof_algorithm(issuer.metadata.dpop_signing_algs)).has_value();
  if (kind != ClientKind::main || !result.client.dynamic) return false;
  if (result.client.document.is_null() && forgotten(result)) {
    session.clients().forget(session.url().text(), issuer.id);
    client_memo.forget(key_of(issuer, kind));
    return true;
  }
  if (!refuses_public(result)) return false;
  // A public client may be registered and still be refused: go on with a secret.
  auto secret = register_main(issuer, true);
  if (!secret) return false;
  session.clients().keep(session.url().text(), *secret);
  client_memo.forget(key_of(issuer, kind));
  static_cast<void>(client_memo.get(session.recorder(), key_of(issuer, kind), [&] { return Result<oauth::Client>(*secret); }));
  return true;
}

/// A grant in which nobody logs in: for the client itself, for an assertion, or for an ID token.
Result<Grant> Facts::Impl::grant_for_nobody(const Issuer& issuer, const Identity& identity, ClientKind kind,
                                            const std::string& scope, const std::string& resource) {
  MCPROVE_TRY(session.may_log_in(issuer, identity));
  MCPROVE_TRY(session.prepare_proofs(issuer));
  const auto& plan = identity.client;
  const net::Recorder::Capture capture;
  Grant grant;
  grant.identity = identity.name;
  grant.issuer = issuer.id;
  grant.client = MCPROVE_TRY(session.facts().client(issuer, kind));
  const auto guided = identity.scope.empty() ? session.facts().guidance_scope() : identity.scope;
  grant.requested_scope = scope.empty() ? guided : scope;
  grant.resource = resource == "-" ? "" : resource.empty() ? session.facts().resource_id() : resource;
  oauth::TokenRequest request;
  if (plan.grant_type == oauth::GrantType::client_credentials) {
    request = oauth::client_credentials_request(issuer.metadata, grant.client, grant.requested_scope, grant.resource);
  } else {
    auto assertion = plan.assertion;
    if (plan.grant_type == oauth::GrantType::enterprise)
      assertion = MCPROVE_TRY(session.id_jag(issuer, plan.enterprise, grant.resource, grant.requested_scope));
    request = oauth::assertion_request(issuer.metadata, grant.client, assertion, grant.requested_scope, grant.resource);
  }
  const auto answer = MCPROVE_TRY(session.token(issuer, request, grant.client));
  if (!answer.tokens) return failure(Error::Kind::login, fmt::format("no token for {}: {}", identity.name, answer.why));
  grant.tokens = *answer.tokens;
  grant.exchanges = capture.exchanges();
  grant.view = MCPROVE_TRY(session.facts().view(grant.tokens, issuer, grant.requested_scope));
  return grant;
}

Result<Grant> Facts::Impl::make_grant(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                                      const std::string& resource) {
  auto& facts = session.facts();
  const bool plain = scope.empty() && resource.empty();
  if (needs_nobody(identity)) return grant_for_nobody(issuer, identity, kind, scope, resource);
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto client = MCPROVE_TRY(facts.client(issuer, kind));
    oauth::Flow flow;
    flow.purpose(plain ? "honest login" : fmt::format("honest login, scope \"{}\"", scope));
    if (!scope.empty()) flow.scope(scope);
    if (!resource.empty()) flow.resource(resource == "-" ? "" : resource);
    auto& control = facts.flow_control(issuer, kind);
    const auto mark = control.mark();
    auto result = MCPROVE_TRY(session.run(issuer, flow, identity, client, nullptr));
    if (result.end == oauth::FlowEnd::token) {
      if (const auto& tell = session.progress().told) tell(fmt::format("{}: {}", identity.name, result.told));
      if (plain && identity.name == session.main_identity().name)
        control.succeeded(mark, {result.token->reply.id, "status", "control: " + result.why});
      return finish(issuer, identity, std::move(result));
    }
    if (other_way(issuer, kind, result)) continue;
    const auto reason = observe(result).reason;
    const auto error_kind = reason == Reason::rate_limited ? Error::Kind::rate_limited : Error::Kind::login;
    return failure(error_kind, fmt::format("no token for {}: {}", identity.has_person() ? identity.user : identity.name,
                                           result.step == oauth::FlowStep::authorize ? result.told : result.why));
  }
  return failure(Error::Kind::login, "no token: the client was refused");
}

Result<Grant> Facts::Impl::given(const Identity& identity) {
  Grant grant;
  grant.identity = identity.name;
  grant.tokens.access_token = identity.token;
  grant.headers = identity.headers;
  if (!identity.token.empty()) {
    Issuer nobody;
    const auto issuers = session.facts().issuers();
    grant.view = MCPROVE_TRY(session.facts().view(grant.tokens, issuers && !issuers->empty() ? issuers->front() : nobody, ""));
  }
  return grant;
}

Result<Grant> Facts::grant(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                           const std::string& resource) {
  if (!identity.token.empty() || !identity.headers.fields.empty()) {
    return impl_->grant_memo.get(impl_->session.recorder(), "given " + identity.name, [&] { return impl_->given(identity); });
  }
  // The same request has the same key: asking for the guidance's own scope is asking for nothing special.
  const auto wanted = scope == guidance_scope() ? std::string() : scope;
  const auto key = fmt::format("{}\n{}\n{}\n{}\n{}", issuer.id, identity.name, static_cast<int>(kind), wanted, resource);
  const auto log_in = [&] { return impl_->make_grant(issuer, identity, kind, wanted, resource); };
  return impl_->grant_memo.get(impl_->session.recorder(), key, log_in,
                               [&](const Grant& old) { return impl_->renewed(old, issuer, log_in); });
}

Result<Grant> Facts::grant(const Identity& identity) {
  if (!identity.token.empty() || !identity.headers.fields.empty()) return grant(Issuer{}, identity, ClientKind::main, "", "");
  const auto list = MCPROVE_TRY(issuers());
  const auto seen = MCPROVE_TRY(surface());
  if (list.empty()) {
    if (seen.demands_token())
      return failure(Error::Kind::login, "the server wants a credential and names no authorization server");
    Grant open;
    open.identity = identity.name;
    return open;
  }
  return grant(list.front(), identity, ClientKind::main, "", "");
}

Result<Grant> Facts::grant() { return grant(main_identity()); }

Result<Grant> Facts::grant(const Issuer& issuer) { return grant(issuer, main_identity(), ClientKind::main, "", ""); }

std::vector<std::string> Facts::narrow_scopes(const Issuer& issuer) {
  // Least first: identity scopes open no tool, then what sounds harmless; privileged ones last.
  std::array<std::vector<std::string>, 3> ranks;
  for (auto& scope : offered_scopes(issuer)) {
    if (scope == "offline_access") continue;
    const std::size_t rank = is_privileged_scope(scope) ? 2 : is_identity_scope(scope) ? 0 : 1;
    ranks.at(rank).push_back(std::move(scope));
  }
  std::vector<std::string> order;
  for (auto& rank : ranks) {
    std::ranges::stable_sort(rank, {}, &std::string::size);
    order.insert(order.end(), rank.begin(), rank.end());
  }
  return order;
}

Result<Grant> Facts::low_grant(const Issuer& issuer) {
  const auto& identity = main_identity();
  const auto full = MCPROVE_TRY(full_grant(issuer));
  const auto candidates = narrow_scopes(issuer);
  if (candidates.size() < 2) return failure(Error::Kind::unavailable, "fewer than two scopes are on offer");
  Error last{Error::Kind::unavailable, "no narrower scope was granted"};
  int tried = 0;
  for (const auto& scope : candidates) {
    if (tried++ == 2) break;
    auto low = grant(issuer, identity, ClientKind::main, scope, "");
    if (!low) {
      last = low.error();
      if (last.kind != Error::Kind::login) break;
      continue;
    }
    if (low->view.scopes && full.view.scopes && *low->view.scopes == *full.view.scopes) {
      last = {Error::Kind::unavailable, fmt::format("asking for \"{}\" brought everything", scope)};
      continue;
    }
    return low;
  }
  return tl::unexpected(last);
}

Result<Grant> Facts::full_grant(const Issuer& issuer) {
  auto honest = MCPROVE_TRY(grant(issuer));
  if (honest.issuer.empty()) return honest;
  const auto asked = scope_list(honest.requested_scope);
  const auto offered = offered_scopes(issuer);
  const bool covered = std::ranges::all_of(
      offered, [&](const std::string& s) { return is_identity_scope(s) || std::ranges::find(asked, s) != asked.end(); });
  if (covered || asked.empty()) return honest;
  auto full = grant(issuer, main_identity(), ClientKind::main, scope_text(offered), "");
  return full ? full : Result<Grant>(std::move(honest));
}

}  // namespace mcprove
