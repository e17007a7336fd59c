#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"
#include "engine/facts_impl.h"

namespace mcprove {
namespace {

std::string key_of(const mcp::Endpoint& endpoint) { return fmt::format("{} {}", mcp::name(endpoint.wire), endpoint.url); }

std::string key_of(const Grant& grant) {
  std::string secrets = grant.tokens.access_token;
  for (const auto& [field, value] : grant.headers.fields) secrets += "\n" + field + ":" + value;
  return secret_key(secrets);
}

/// One oracle request with a credential, on a session of that very credential.
Result<mcp::Outcome> ask(Session& session, const mcp::Endpoint& endpoint, const std::string& method, const json::Value& params,
                         const mcp::Credential& credential, const mcp::Bend& bend = {}, net::Connection connection = {}) {
  mcp::Client::Options options;
  options.credential = credential;
  options.connection = connection;
  mcp::Client client(session.recorder(), endpoint, std::move(options));
  mcp::CallOptions call;
  call.bend = bend;
  call.connection = std::move(connection);
  return client.call(method, params, std::move(call));
}

std::string greeting_method(mcp::Wire wire) { return wire == mcp::Wire::stateless ? "server/discover" : "initialize"; }

}  // namespace

Result<std::vector<mcp::WireReport>> Facts::wires() {
  return impl_->wires_memo.get(impl_->session.recorder(), "", [&]() -> Result<std::vector<mcp::WireReport>> {
    const auto seen = MCPROVE_TRY(surface());
    auto reports = seen.wires;
    if (seen.demands_token()) {
      const auto mine = MCPROVE_TRY(grant());
      reports = MCPROVE_TRY(mcp::detect_wires(impl_->session.recorder(), seen.url, mine.credential()));
    }
    std::erase_if(reports, [](const mcp::WireReport& report) { return !report.speaks; });
    return reports;
  });
}

Result<Oracle> Facts::Impl::find_oracle(const mcp::Endpoint& endpoint, Grant grant) {
  std::vector<std::pair<std::string, json::Value>> candidates{{greeting_method(endpoint.wire), json::Value()},
                                                              {"tools/list", json::Value()}};
  for (const auto& [tool, arguments] : session.options().allow_tools) {
    const auto args = arguments.is_object() ? arguments : json::Value::object({});
    candidates.emplace_back("tools/call", json::Value::object({{"name", json::str(tool)}, {"arguments", args}}));
  }
  std::string why = "no request is refused without a token and served with one";
  for (const auto& [method, params] : candidates) {
    const auto without =
        MCPROVE_TRY(ask(session, endpoint, method, params, mcp::Credential::none(), {}, net::Connection::fresh()));
    if (without.answer != Answer::denied || (without.response.status != 401 && without.response.status != 403)) {
      why = fmt::format("{} without a token: {}", method, without.why);
      continue;
    }
    auto with = MCPROVE_TRY(ask(session, endpoint, method, params, grant.credential()));
    if (with.answer == Answer::denied && with.response.status == 401) {
      // Another login may have ended this one.
      if (auto living = replacement(grant)) {
        grant = *std::move(living);
        with = MCPROVE_TRY(ask(session, endpoint, method, params, grant.credential()));
      }
    }
    if (with.answer != Answer::accepted) {
      why = fmt::format("{} with a token: {}", method, with.why);
      continue;
    }
    Oracle oracle{endpoint, method, params, without.exchanges, without.why};
    oracle.exchanges.insert(oracle.exchanges.end(), with.exchanges.begin(), with.exchanges.end());
    return oracle;
  }
  return failure(Error::Kind::oracle, why);
}

Result<Oracle> Facts::oracle(const mcp::Endpoint& endpoint) {
  return impl_->oracle_memo.get(impl_->session.recorder(), key_of(endpoint), [&]() -> Result<Oracle> {
    const auto mine = MCPROVE_TRY(grant());
    if (mine.credential().empty())
      return failure(Error::Kind::unavailable, "the server is public: nothing is refused without a token");
    return impl_->find_oracle(endpoint, mine);
  });
}

Result<mcp::Catalogue> Facts::catalogue(const mcp::Endpoint& endpoint, const Grant& grant) {
  return impl_->catalogue_memo.get(impl_->session.recorder(), key_of(endpoint) + " " + key_of(grant), [&] {
    mcp::Client::Options options;
    options.credential = grant.credential();
    mcp::Client client(impl_->session.recorder(), endpoint, std::move(options));
    return mcp::read_catalogue(client);
  });
}

Control& Facts::flow_control(const Issuer& issuer, ClientKind kind) {
  const auto key = fmt::format("flow {} {}", static_cast<int>(kind), issuer.id);
  const std::scoped_lock lock(impl_->controls_mutex);
  auto& control = impl_->controls[key];
  if (!control) {
    auto& session = impl_->session;
    auto run = [&session, issuer, kind]() -> Result<Observation> {
      const auto client = MCPROVE_TRY(session.facts().client(issuer, kind));
      oauth::Flow flow;
      flow.purpose("control: the honest flow");
      return observe(MCPROVE_TRY(session.run(issuer, flow, session.main_identity(), client, nullptr, true)));
    };
    control = std::make_unique<Control>(std::move(run), &session.person(session.main_identity()).lane);
  }
  return *control;
}

Result<Control*> Facts::token_control(const mcp::Endpoint& endpoint, const Grant& grant) {
  const auto found = MCPROVE_TRY(oracle(endpoint));
  const auto key = fmt::format("token {} {}", key_of(endpoint), key_of(grant));
  const std::scoped_lock lock(impl_->controls_mutex);
  auto& control = impl_->controls[key];
  if (!control) {
    auto run = [&session = impl_->session, found, credential = grant.credential()]() -> Result<Observation> {
      return observe(MCPROVE_TRY(ask(session, found.endpoint, found.method, found.params, credential)));
    };
    control = std::make_unique<Control>(std::move(run), nullptr);
  }
  return control.get();
}

}  // namespace mcprove
