#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "base/result.h"
#include "net/answer.h"
#include "net/recorder.h"
#include "oauth/dpop.h"
#include "oauth/login.h"
#include "oauth/metadata.h"
#include "oauth/registration.h"
#include "oauth/token.h"

namespace mcprove::oauth {

/// Audit records a violation of metadata, `iss` or `resource` and goes on inside the allowed scope; strict stops.
enum class Profile : std::uint8_t { audit, strict };

enum class FlowStep : std::uint8_t { authorize, callback, token };
enum class FlowEnd : std::uint8_t { token, code, refused, page, unclear };
// token: redeemed · code: a code, and it was not to be redeemed; or a token in the redirect instead of one, which is never
// used · refused: E or R at authorize, or denied at the token endpoint · page: stopped at a page (L), or an error that
// asks for one (login_required) · unclear: anything else, and a redirect whose state is not ours: its code is never used

struct Violation {
  std::string what{};  ///< "iss differs from the issuer", ...
  net::ExchangeId exchange{};
};

struct FlowResult {
  FlowEnd end = FlowEnd::unclear;
  FlowStep step = FlowStep::authorize;  ///< where it ended
  Authorization authorization{};
  net::Params request{};  ///< authorization parameters as sent, all bends applied
  std::string code{};
  std::string verifier{};
  std::string state{};         ///< as sent; empty if a bend removed it
  std::string redirect_uri{};  ///< as sent, else the client's: the token request repeats it
  std::string requested_scope{};
  std::string resource{};  ///< as sent; empty if omitted
  Client client{};
  std::optional<TokenAnswer> pushed{};  ///< the answer to a pushed authorization request, if that was where it ended
  std::optional<TokenAnswer> token{};   ///< the token endpoint's answer, if asked
  std::vector<Violation> violations{};
  std::vector<net::ExchangeId> exchanges{};
  std::string why{};
  std::string told{};  ///< what the login driver did, or saw

  const Tokens* tokens() const { return token && token->tokens ? &*token->tokens : nullptr; }
  Answer answer() const;  ///< token or code: accepted; refused: denied; page, unclear: other
};

/// The honest authorization-code flow (OAuth 2.1, S256, state, iss, resource) as named steps; an attack is this flow with
/// one step bent. A value: copy and bend.
class Flow {
 public:
  /// Default: the shared one of the issuer.
  Flow& client(Client c) {
    client_ = std::move(c);
    return *this;
  }
  Flow& redirect_uri(std::string uri) {
    redirect_ = std::move(uri);
    return *this;
  }
  /// Default: by the server's own guidance.
  Flow& scope(std::string s) {
    scope_ = std::move(s);
    return *this;
  }
  /// Default: the target's; "" omits it.
  Flow& resource(std::string r) {
    resource_ = std::move(r);
    return *this;
  }
  Flow& at_authorize(std::function<void(net::Params&)> bend) {
    authorize_ = std::move(bend);
    return *this;
  }
  Flow& at_authorize_url(std::function<void(std::string&)> bend) {
    authorize_url_ = std::move(bend);
    return *this;
  }
  Flow& at_form(std::function<void(Submission&, PageKind)> bend) {
    form_ = std::move(bend);
    return *this;
  }
  Flow& at_token(std::function<void(TokenRequest&)> bend) {
    token_ = std::move(bend);
    return *this;
  }
  Flow& interaction(Interaction i) {
    interaction_ = i;
    return *this;
  }
  /// No cookies from earlier logins.
  Flow& fresh_jar() {
    fresh_jar_ = true;
    return *this;
  }
  Flow& stop_at_code() {
    stop_at_code_ = true;
    return *this;
  }
  Flow& purpose(std::string p) {
    purpose_ = std::move(p);
    return *this;
  }

  const std::optional<Client>& chosen_client() const { return client_; }
  const std::optional<std::string>& chosen_scope() const { return scope_; }
  const std::optional<std::string>& chosen_resource() const { return resource_; }
  bool wants_fresh_jar() const { return fresh_jar_; }
  bool stops_at_code() const { return stop_at_code_; }
  bool is_full() const { return interaction_ == Interaction::full; }

  struct Setting {  ///< what surrounds one run of a flow
    net::Recorder& recorder;
    Redactor& redactor;
    Random& random;
    Clock& clock;
    LoginDriver& driver;
    CookieJar& jar;
    const ServerMetadata& server;
    LoginOptions login{};
    Client default_client{};
    std::string default_scope{};     ///< empty: omit
    std::string default_resource{};  ///< empty: omit
    Profile profile = Profile::audit;
    bool push = false;         ///< by a pushed authorization request (RFC 9126)
    Prover* prover = nullptr;  ///< for a token bound to a key (RFC 9449); null: a bearer token
  };
  /// Error only when nothing came back at all, or strict profile met a violation (Error::malformed names it).
  Result<FlowResult> run(Setting& setting) const;

 private:
  std::optional<Client> client_{};
  std::optional<std::string> redirect_{};
  std::optional<std::string> scope_{};
  std::optional<std::string> resource_{};
  std::function<void(net::Params&)> authorize_{};
  std::function<void(std::string&)> authorize_url_{};
  std::function<void(Submission&, PageKind)> form_{};
  std::function<void(TokenRequest&)> token_{};
  Interaction interaction_ = Interaction::full;
  bool fresh_jar_ = false;
  bool stop_at_code_ = false;
  std::string purpose_{};
};

}  // namespace mcprove::oauth
