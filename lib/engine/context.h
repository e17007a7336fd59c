#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "engine/check.h"
#include "engine/control.h"
#include "engine/facts.h"
#include "engine/sandwich.h"
#include "engine/verdict.h"
#include "jose/jws.h"

namespace mcprove {

/// What a check may do and know: one target, one subject, on the record. Made by the Runner for one run of one check.
class Context {
 public:
  struct Binding {
    const Issuer* issuer = nullptr;
    const mcp::Endpoint* endpoint = nullptr;
    const Identity* identity = nullptr;
  };
  Context(Session& session, const RegisteredCheck& check, Binding binding);

  // Where we are. Asking for what the check's axis does not bind is a bug of ours.
  const Issuer& issuer() const;
  const mcp::Endpoint& endpoint() const;
  mcp::Wire wire() const { return endpoint().wire; }
  const Identity& identity() const;
  const Options& options() const;
  const net::Url& url() const;
  Facts& facts();
  net::Recorder& recorder();
  const net::Transcript& transcript() const;
  Redactor& redactor();
  Random& random();
  Clock& clock();
  oauth::Signing signing();  ///< for requests that go out by recorder()
  /// A 96-bit random tag, unique to the run and the check; makes our traffic recognisable.
  const std::string& nonce() const { return nonce_; }
  std::string audit_host() const { return "audit-" + nonce_ + ".example"; }

  /// Is this effect allowed where the check works (target, or AS if the check says so)?
  bool may(Effect effect) const;
  /// May this tool be called with these arguments? (catalogue guard 6)
  bool may_call(const mcp::Tool& tool) const;
  std::optional<json::Value> allowed_arguments(const mcp::Tool& tool) const;  ///< the operator's, or {} if harmless

  // Talking.
  Result<net::Reply> send(net::Request request);
  mcp::Client connect(const mcp::Credential& credential, mcp::Client::Options options = {});  ///< on this wire
  mcp::Client connect(const mcp::Endpoint& endpoint, const mcp::Credential& credential, mcp::Client::Options options = {});

  // Experiments at the authorization server: budgets and lanes are kept, registrations journalled and cleaned up.
  Result<oauth::FlowResult> run(const oauth::Flow& flow);  ///< main identity, this issuer
  Result<oauth::FlowResult> run(const oauth::Flow& flow, const Identity& identity);
  /// In this cookie jar instead of the identity's: `jar` is read and written.
  Result<oauth::FlowResult> run(const oauth::Flow& flow, const Identity& identity, oauth::CookieJar& jar);
  oauth::CookieJar logged_in_jar(const Identity& identity);  ///< a copy of the identity's
  Result<oauth::TokenAnswer> token(const oauth::TokenRequest& request);
  /// At this issuer. Like the main client in all that `wanted` leaves open, so that a refusal is about what it changes; as a
  /// stranger it shows no initial access token.
  Result<oauth::Registered> register_client(oauth::Registration wanted, bool as_stranger = false);
  Result<oauth::Client> client(ClientKind kind = ClientKind::main);
  oauth::TokenRequest redeem(const oauth::FlowResult& code) const;  ///< the honest redemption of a code
  Control& flow_control(ClientKind kind = ClientKind::main);
  /// For checks that may end every grant of a client: nobody else burns the same client while it is held. Codes are burned
  /// with the web client, refresh tokens with the second one, so that neither spoils the other's wait.
  std::unique_lock<std::mutex> alone_with(ClientKind kind);
  /// The main identity logs in nowhere else while it is held, unless it is known that grants coexist: for what one more
  /// login might undo. A flow, and a fact that needs one, would wait for it for ever: ask for them before.
  Lane::Hold no_logins();

  // Experiments at the MCP server. Each on a session opened with the very credential under test.
  Result<Oracle> oracle();           ///< on this wire
  Result<Control*> token_control();  ///< main grant, this wire
  Result<Control*> token_control(const Grant& grant);
  /// ORACLE(credential), the request bent before it is sent.
  Result<Observation> present(const mcp::Credential& credential, const mcp::Bend& bend = {}, net::Connection connection = {});

  /// The same on a wire that the check is not bound to.
  Result<Observation> present_at(const mcp::Endpoint& endpoint, const mcp::Credential& credential, const mcp::Bend& bend = {},
                                 net::Connection connection = {});
  /// The first wire that speaks, for checks at the authorization server that present a token.
  Result<mcp::Endpoint> first_endpoint();

  /// Waits through the Clock; waits of all checks overlap. Error (needs-wait) if it is longer than --max-wait, or
  /// begins when the first wait must have ended: a run waits less than twice --max-wait.
  Result<void> wait(std::chrono::seconds duration);
  bool stopping() const;

 private:
  Session& session_;
  const RegisteredCheck& check_;
  Binding binding_;
  std::string nonce_;
};

/// Observations from answers, with the citation that shows them.
Observation observe(const mcp::Outcome& outcome);
Observation observe(const oauth::FlowResult& result);
Observation observe(const oauth::TokenAnswer& answer);
Observation observe(const oauth::Registered& registered);
/// Why an `other` answer does not tell: rate-limited, blocked, login-page, unclear-answer.
Reason reason_of(const net::Response& response);
Citation cite(net::ExchangeId exchange, std::string where, std::string shows);
Citation cite_status(const net::Reply& reply);  ///< "status", "HTTP 401"
Document document(const oauth::Fetched& fetched, std::string where, std::string shows);

inline Sandwich sandwich(Control& control) { return Sandwich(control); }

}  // namespace mcprove
