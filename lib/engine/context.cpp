#include "engine/context.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/session.h"
#include "oauth/register.h"

namespace mcprove {

Context::Context(Session& session, const RegisteredCheck& check, Binding binding)
    : session_(session), check_(check), binding_(binding), nonce_(session.random().hex(12)) {}

const Issuer& Context::issuer() const {
  if (binding_.issuer == nullptr) throw std::logic_error(fmt::format("{} is not bound to an issuer", check_.id));
  return *binding_.issuer;
}

const mcp::Endpoint& Context::endpoint() const {
  if (binding_.endpoint == nullptr) throw std::logic_error(fmt::format("{} is not bound to a wire", check_.id));
  return *binding_.endpoint;
}

const Identity& Context::identity() const { return binding_.identity != nullptr ? *binding_.identity : session_.main_identity(); }
const Options& Context::options() const { return session_.options(); }
const net::Url& Context::url() const { return session_.url(); }
Facts& Context::facts() { return session_.facts(); }
net::Recorder& Context::recorder() { return session_.recorder(); }
const net::Transcript& Context::transcript() const { return session_.recorder().transcript(); }
Redactor& Context::redactor() { return session_.redactor(); }
Random& Context::random() { return session_.random(); }
Clock& Context::clock() { return session_.clock(); }
oauth::Signing Context::signing() { return session_.signing(); }
bool Context::stopping() const { return session_.stopping(); }

bool Context::may(Effect effect) const { return session_.may(effect, check_.check->info.at_issuer ? binding_.issuer : nullptr); }

std::optional<json::Value> Context::allowed_arguments(const mcp::Tool& tool) const { return session_.allowed_arguments(tool); }
bool Context::may_call(const mcp::Tool& tool) const { return session_.may_call(tool); }

Result<net::Reply> Context::send(net::Request request) {
  if (stopping()) return failure(Error::Kind::interrupted, "interrupted");
  return session_.recorder().send(std::move(request));
}

mcp::Client Context::connect(const mcp::Credential& credential, mcp::Client::Options options) {
  return connect(endpoint(), credential, std::move(options));
}

mcp::Client Context::connect(const mcp::Endpoint& endpoint, const mcp::Credential& credential, mcp::Client::Options options) {
  options.credential = credential;
  // A connection that carried a good token proves nothing about a request without one.
  if (credential.empty() && options.connection.kind == net::Connection::Kind::any) options.connection = net::Connection::fresh();
  return {session_.recorder(), endpoint, std::move(options)};
}

Result<oauth::FlowResult> Context::run(const oauth::Flow& flow) { return run(flow, session_.main_identity()); }

Result<oauth::FlowResult> Context::run(const oauth::Flow& flow, const Identity& identity) {
  const auto mine = flow.chosen_client() ? *flow.chosen_client() : MCPROVE_TRY(client());
  session_.shorten_the_line(issuer(), identity);
  return session_.run(issuer(), flow, identity, mine, nullptr);
}

Result<oauth::FlowResult> Context::run(const oauth::Flow& flow, const Identity& identity, oauth::CookieJar& jar) {
  const auto mine = flow.chosen_client() ? *flow.chosen_client() : MCPROVE_TRY(client());
  return session_.run(issuer(), flow, identity, mine, &jar);
}

oauth::CookieJar Context::logged_in_jar(const Identity& identity) {
  auto& person = session_.person(identity);
  const Lane::Hold hold(person.lane, Lane::Turn::first_seat);
  return person.seats.front().jar;
}

Result<oauth::TokenAnswer> Context::token(const oauth::TokenRequest& request) {
  // The token belongs to the client that the request names, and only that one can revoke it.
  oauth::Client owner;
  owner.issuer = issuer().id;
  owner.id = request.params.get("client_id");
  if (const auto mine = client(); mine && (owner.id.empty() || owner.id == mine->id)) owner = *mine;
  return session_.token(issuer(), request, owner);
}

Result<oauth::Registered> Context::register_client(oauth::Registration wanted, bool as_stranger) {
  const auto main = client();
  const bool alike = main && main->dynamic && !main->is_public() && wanted.auth_method == "none";
  if (alike) {
    wanted.auth_method = main->auth_method;
    if (main->key) wanted = oauth::with_key(wanted, *main->key);
  }
  if (!session_.plan().software_statement.empty()) wanted = oauth::with_statement(wanted, session_.plan().software_statement);
  auto registered = MCPROVE_TRY(session_.register_client(
      issuer(), wanted, as_stranger ? Session::Registering::as_stranger : Session::Registering::for_a_probe));
  if (alike && registered.client && main->key) {
    registered.client->key = main->key;
    registered.client->signing_alg = main->signing_alg;
  }
  return registered;
}

Result<oauth::Client> Context::client(ClientKind kind) { return facts().client(issuer(), kind); }

oauth::TokenRequest Context::redeem(const oauth::FlowResult& code) const {
  return oauth::code_request(issuer().metadata, code.client, code.code, code.redirect_uri, code.verifier, code.resource);
}

Control& Context::flow_control(ClientKind kind) { return facts().flow_control(issuer(), kind); }

std::unique_lock<std::mutex> Context::alone_with(ClientKind kind) { return std::unique_lock(session_.burning(kind)); }

Lane::Hold Context::no_logins() { return {session_.person(session_.main_identity()).lane, Lane::Turn::next}; }

Result<Oracle> Context::oracle() { return facts().oracle(endpoint()); }

Result<Control*> Context::token_control() {
  const auto mine = MCPROVE_TRY(facts().grant());
  return token_control(mine);
}

Result<Control*> Context::token_control(const Grant& grant) { return facts().token_control(endpoint(), grant); }

Result<Observation> Context::present(const mcp::Credential& credential, const mcp::Bend& bend, net::Connection connection) {
  return present_at(endpoint(), credential, bend, std::move(connection));
}

Result<Observation> Context::present_at(const mcp::Endpoint& endpoint, const mcp::Credential& credential, const mcp::Bend& bend,
                                        net::Connection connection) {
  if (stopping()) return failure(Error::Kind::interrupted, "interrupted");
  const auto found = MCPROVE_TRY(facts().oracle(endpoint));
  if (connection.kind == net::Connection::Kind::any) connection = net::Connection::fresh();
  mcp::Client::Options options;
  options.connection = connection;
  auto speaker = connect(found.endpoint, credential, std::move(options));
  mcp::CallOptions call;
  call.bend = bend;
  call.connection = std::move(connection);
  return observe(MCPROVE_TRY(speaker.call(found.method, found.params, std::move(call))));
}

Result<mcp::Endpoint> Context::first_endpoint() {
  const auto wires = MCPROVE_TRY(facts().wires());
  if (wires.empty()) return failure(Error::Kind::oracle, "no wire of MCP was recognised");
  return wires.front().endpoint;
}

Result<void> Context::wait(std::chrono::seconds duration) { return session_.wait(duration); }

}  // namespace mcprove
