#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/context.h"
#include "engine/facts_impl.h"

namespace mcprove {
namespace {

constexpr auto other_redirect = "http://127.0.0.1:33418/other";

bool offers(const std::vector<std::string>& methods, std::string_view method) {
  return std::ranges::find(methods, method) != methods.end();
}

/// The authentication method to ask for when a secret is wanted, by what the metadata lists.
std::string secret_method(const oauth::ServerMetadata& metadata) {
  const auto& listed = metadata.token_endpoint_auth_methods;
  if (listed.empty() || offers(listed, "client_secret_basic")) return "client_secret_basic";
  if (offers(listed, "client_secret_post")) return "client_secret_post";
  return {};
}

bool may_be_public(const oauth::ServerMetadata& metadata) {
  return metadata.token_endpoint_auth_methods.empty() || offers(metadata.token_endpoint_auth_methods, "none");
}

Error closed(const oauth::Registered& refused) {
  if (refused.answer == Answer::other) {
    const bool limited = net::oddity(refused.reply.response) == net::Oddity::rate_limited;
    return {limited ? Error::Kind::rate_limited : Error::Kind::registration, "registration: " + refused.why};
  }
  return {Error::Kind::registration, "registration was refused: " + refused.why};
}

/// Is the public client, not the code, what the token endpoint refused?
bool refuses_public(const oauth::FlowResult& flow) {
  return flow.token && flow.token->answer == Answer::denied && flow.client.is_public() &&
         (flow.token->error == "invalid_client" || flow.token->error == "unauthorized_client");
}

/// A client of an earlier run that the server no longer knows.
bool forgotten(const oauth::FlowResult& flow) {
  if (flow.token && flow.token->error == "invalid_client") return true;
  return flow.end == oauth::FlowEnd::refused && flow.step == oauth::FlowStep::authorize &&
         flow.authorization.end == oauth::AuthorizeEnd::error_page;
}

std::string key_of(const Issuer& issuer, ClientKind kind) { return fmt::format("{} {}", static_cast<int>(kind), issuer.id); }

}  // namespace

Result<oauth::Client> Facts::Impl::register_main(const Issuer& issuer, bool confidential) {
  std::optional<Error> last;
  for (const auto* type : {"native", "web"}) {
    oauth::Registration wanted;
    wanted.name = confidential ? "mcprove audit (confidential)" : "mcprove audit";
    wanted.redirect_uris = {oauth::loopback_redirect, other_redirect};
    wanted.application_type = type;
    wanted.auth_method = confidential ? secret_method(issuer.metadata) : "none";
    if (wanted.auth_method.empty()) return failure(Error::Kind::unavailable, "the server lists no method with a client secret");
    auto registered = MCPROVE_TRY(session.register_client(issuer, wanted, true));
    if (registered.client) return *std::move(registered.client);
    last = closed(registered);
    // Only a refusal of the metadata is worth another try; a closed door is not.
    if (registered.answer != Answer::denied || registered.reply.response.status != 400) break;
  }
  return tl::unexpected(*last);
}

Result<oauth::Client> Facts::Impl::make_client(const Issuer& issuer, ClientKind kind) {
  const auto& identity = session.main_identity();
  const auto target = session.url().text();
  if (issuer.metadata.registration_endpoint.empty() && identity.client_id.empty())
    return failure(Error::Kind::registration, "no registration endpoint is advertised, and no client id was given");
  if (kind == ClientKind::main && !identity.client_id.empty()) {
    oauth::Client client;
    client.issuer = issuer.id;
    client.id = identity.client_id;
    client.secret = identity.client_secret;
    client.auth_method = client.secret.empty() ? "none" : secret_method(issuer.metadata);
    client.redirect_uris = {oauth::loopback_redirect};
    client.dynamic = false;
    return client;
  }
  if (kind == ClientKind::main) {
    if (auto kept = session.clients().find(target, issuer.id)) {
      session.redactor().add("client_secret", kept->secret);
      session.redactor().add("registration_access_token", kept->registration_token);
      return *std::move(kept);
    }
    auto client = may_be_public(issuer.metadata) ? register_main(issuer, false) : register_main(issuer, true);
    if (client) session.clients().keep(target, *client);
    return client;
  }
  if (kind == ClientKind::confidential) {
    if (auto main = session.facts().client(issuer, ClientKind::main); main && !main->is_public()) return main;
    return register_main(issuer, true);
  }
  oauth::Registration wanted;
  wanted.name = kind == ClientKind::web ? "mcprove audit (web)" : "mcprove audit (second)";
  const auto host = fmt::format("{}-{}.example", kind == ClientKind::web ? "audit" : "second", session.run_tag());
  wanted.redirect_uris = {fmt::format("https://{}/cb", host), fmt::format("https://{}/other", host)};
  wanted.application_type = "web";
  wanted.auth_method = may_be_public(issuer.metadata) ? "none" : secret_method(issuer.metadata);
  auto registered = MCPROVE_TRY(session.register_client(issuer, wanted));
  if (!registered.client && registered.answer == Answer::denied && wanted.auth_method == "none" &&
      !secret_method(issuer.metadata).empty()) {
    wanted.auth_method = secret_method(issuer.metadata);
    registered = MCPROVE_TRY(session.register_client(issuer, wanted));
  }
  if (!registered.client) return tl::unexpected(closed(registered));
  return *std::move(registered.client);
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

Result<Grant> Facts::Impl::make_grant(const Issuer& issuer, const Identity& identity, ClientKind kind, const std::string& scope,
                                      const std::string& resource) {
  auto& facts = session.facts();
  const bool plain = scope.empty() && resource.empty();
  for (int attempt = 0; attempt < 3; ++attempt) {
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
    if (kind == ClientKind::main && attempt == 0 && client.dynamic && client.document.is_null() && forgotten(result)) {
      session.clients().forget(session.url().text(), issuer.id);
      client_memo.forget(key_of(issuer, kind));
      continue;
    }
    if (kind == ClientKind::main && refuses_public(result) && client.dynamic) {
      // A public client may be registered and still be refused: go on with a secret.
      auto secret = register_main(issuer, true);
      if (secret) {
        session.clients().keep(session.url().text(), *secret);
        client_memo.forget(key_of(issuer, kind));
        static_cast<void>(
            client_memo.get(session.recorder(), key_of(issuer, kind), [&] { return Result<oauth::Client>(*secret); }));
        continue;
      }
    }
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
