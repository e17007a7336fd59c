#include "oauth/flow.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "jose/jws.h"
#include "oauth/callback.h"
#include "oauth/client_auth.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t state_bytes = 24;
constexpr std::size_t shortest_found = 16;  // what other hops carry and is shorter is a word like "true", and no secret

/// One run of a flow, step by step.
class Run {
 public:
  Run(Flow::Setting& setting, FlowResult& result) : setting_(setting), result_(result) {}

  /// Empty: it was to be pushed, and the flow ended there.
  Result<std::string> authorization_url(const std::function<void(net::Params&)>& bend,
                                        const std::function<void(std::string&)>& bend_url);
  Result<void> authorize(const std::string& url, LoginOptions options, bool fresh_jar);
  /// True: there is a code of ours, to be redeemed.
  Result<bool> read_callback();
  void redeem(const std::string& resource, const std::function<void(TokenRequest&)>& bend, const std::string& purpose);
  void hide_secrets(const std::vector<net::ExchangeId>& exchanges);

 private:
  /// `advice`: what a strict client's person may do about it.
  Result<void> violate(std::string what, std::string_view advice = {});
  Result<std::optional<std::string>> pushed(const net::Params& params);
  Result<void> sign(TokenRequest& request);
  Result<void> check_issuer();
  Result<void> check_delivery();
  bool state_is_ours() const;
  void end(FlowEnd how, FlowStep step, std::string why);
  void hide_answers(const net::Params& params, std::size_t at_least);

  Flow::Setting& setting_;
  FlowResult& result_;
};

void Run::end(FlowEnd how, FlowStep step, std::string why) {
  result_.end = how;
  result_.step = step;
  result_.why = std::move(why);
}

Result<void> Run::violate(std::string what, std::string_view advice) {
  if (setting_.profile == Profile::strict) return failure(Error::Kind::malformed, what.append(advice));
  result_.violations.push_back({std::move(what), result_.authorization.last.value_or(net::ExchangeId{})});
  return {};
}

Result<std::string> Run::authorization_url(const std::function<void(net::Params&)>& bend,
                                           const std::function<void(std::string&)>& bend_url) {
  if (setting_.server.authorization_endpoint.empty())
    return failure(Error::Kind::unavailable, "the authorization server has no authorization endpoint");
  result_.verifier = jose::pkce_verifier(setting_.random);
  result_.state = setting_.random.base64url(state_bytes);
  setting_.redactor.add("code_verifier", result_.verifier);
  setting_.redactor.add("state", result_.state);
  net::Params params{{"response_type", "code"}, {"client_id", result_.client.id}};
  if (!result_.redirect_uri.empty()) params.add("redirect_uri", result_.redirect_uri);
  if (!result_.requested_scope.empty()) params.add("scope", result_.requested_scope);
  params.add("state", result_.state)
      .add("code_challenge", jose::pkce_challenge(result_.verifier))
      .add("code_challenge_method", "S256");
  if (!result_.resource.empty()) params.add("resource", result_.resource);
  if (bend) bend(params);
  auto shown = params;
  if (setting_.push) {
    const auto reference = MCPROVE_TRY(pushed(params));
    if (!reference) return std::string();
    shown = {{"client_id", result_.client.id}, {"request_uri", *reference}};
  }
  std::string url = setting_.server.authorization_endpoint;
  const auto hash = std::min(url.find('#'), url.size());
  url.resize(hash);
  if (!shown.empty())
    url += (url.find('?') == std::string::npos ? "?" : url.ends_with('?') || url.ends_with('&') ? "" : "&") + shown.encode();
  if (bend_url) bend_url(url);
  const auto parsed = net::Url::parse(url);
  result_.request = parsed && !setting_.push ? parsed->params() : params;
  result_.state = result_.request.get("state");
  for (const auto& state : result_.request.all("state")) setting_.redactor.add("state", state);
  if (result_.request.has("redirect_uri")) result_.redirect_uri = result_.request.get("redirect_uri");
  result_.requested_scope = result_.request.get("scope");
  result_.resource = result_.request.get("resource");
  return url;
}

/// RFC 9126 section 2.2: the reference to what was pushed; nothing: it was refused, or no clear answer came, and the flow
/// has ended there.
Result<std::optional<std::string>> Run::pushed(const net::Params& params) {
  auto request = pushed_request(setting_.server, result_.client, params);
  MCPROVE_TRY(sign(request));
  auto answer = MCPROVE_TRY(push(setting_.recorder, request, setting_.prover));
  if (answer.answer != Answer::accepted) {
    result_.request = params;
    result_.authorization.last = answer.reply.id;
    result_.authorization.why = result_.told = "the pushed authorization request was not accepted: " + answer.why;
    end(answer.answer == Answer::denied ? FlowEnd::refused : FlowEnd::unclear, FlowStep::authorize, result_.told);
    result_.pushed = std::move(answer);
    return std::nullopt;
  }
  setting_.redactor.add("request_uri", answer.request_uri);
  return std::optional(std::move(answer.request_uri));
}

Result<void> Run::sign(TokenRequest& request) {
  return oauth::sign(request, {setting_.clock, setting_.random, setting_.redactor});
}

Result<void> Run::authorize(const std::string& url, LoginOptions options, bool fresh_jar) {
  auto recognise = client_recogniser(result_.request, setting_.server, setting_.recorder.scope());
  options.is_client = [known = std::move(options.is_client), recognise = std::move(recognise)](const std::string& location) {
    return recognise(location) || (known && known(location));
  };
  CookieJar own;
  Browser browser(setting_.recorder, setting_.clock, fresh_jar ? own : setting_.jar);
  options.hide = [this](std::string_view kind, const std::string& secret) {
    if (secret.size() >= shortest_found) setting_.redactor.add(kind, secret);
  };
  result_.authorization = MCPROVE_TRY(setting_.driver.authorize(browser, url, options));
  result_.told = told(setting_.driver.name(), result_.authorization);
  hide_answers(result_.authorization.callback, 1);
  return {};
}

void Run::hide_answers(const net::Params& params, std::size_t at_least) {
  for (const auto& [name, value] : params.fields()) {
    if (value.size() >= at_least && (name == "code" || name == "access_token" || name == "id_token" || name == "refresh_token"))
      setting_.redactor.add(name, value);
  }
}

/// Codes of other hops (a proxy's upstream) and session cookies are as good as ours to a thief.
void Run::hide_secrets(const std::vector<net::ExchangeId>& exchanges) {
  for (const auto id : exchanges) {
    const auto& exchange = setting_.recorder.transcript().at(id);
    if (!exchange.response) continue;
    if (const auto location = exchange.response->headers.find("Location")) {
      Authorization read;
      oauth::read_callback(*location, {}, read);
      hide_answers(read.callback, shortest_found);
    }
    for (const auto& line : exchange.response->headers.all("Set-Cookie")) {
      const auto pair = std::string_view(line).substr(0, line.find(';'));
      const auto value = text::trim(pair.substr(std::min(pair.find('=') + 1, pair.size())));
      if (value.size() >= shortest_found) setting_.redactor.add("cookie", value);
    }
  }
}

/// RFC 9207 section 2.4. In an audit, agreement with a document that contradicts the issuer is not a second violation.
Result<void> Run::check_issuer() {
  const auto& server = setting_.server;
  const auto& callback = result_.authorization.callback;
  const auto given = callback.all("iss");
  const auto agrees = [&](const std::string& iss) {
    return iss == server.issuer ||
           (setting_.profile == Profile::audit && !server.claimed_issuer.empty() && iss == server.claimed_issuer);
  };
  for (const auto& iss : given) {
    if (!agrees(iss))
      return violate(fmt::format("iss in the authorization response is {}, not the issuer {}", text::one_line(iss, 120),
                                 text::one_line(server.issuer, 120)),
                     "; so answers a server that hands on another's response: ask its operator, or see 'mcprove audit', which "
                     "records it and goes on");
  }
  if (given.empty() && server.iss_parameter_supported)
    return violate("iss is missing from the authorization response, though the metadata announces it");
  return {};
}

/// A strict client takes an answer only where it asked for it, and each parameter once (RFC 6749 section 3.1). Audits look
/// at answers that went astray; what they mean is the checks' to say.
Result<void> Run::check_delivery() {
  if (setting_.profile != Profile::strict) return {};
  const auto& authorization = result_.authorization;
  const auto place = [](const std::string& uri) {
    const auto bare = uri.substr(0, uri.find_first_of("?#"));
    const auto url = net::Url::parse(bare);
    return url ? url->text() : bare;
  };
  if (place(authorization.redirect_target) != place(result_.redirect_uri)) {
    return violate(fmt::format("the authorization response was sent to {}, not to our redirect URI",
                               text::one_line(authorization.redirect_target, 120)));
  }
  for (const char* name : {"code", "iss"}) {
    if (authorization.callback.all(name).size() > 1)
      return violate(fmt::format("the authorization response has more than one {}", name));
  }
  return {};
}

bool Run::state_is_ours() const {
  const auto sent = result_.request.all("state");
  if (sent.empty()) return true;
  const auto back = result_.authorization.callback.all("state");
  return back.size() == 1 && std::find(sent.begin(), sent.end(), back.front()) != sent.end();
}

bool asks_for_a_page(const std::string& error) {
  return error == "login_required" || error == "interaction_required" || error == "consent_required" ||
         error == "account_selection_required";
}

Result<bool> Run::read_callback() {
  const auto& authorization = result_.authorization;
  switch (authorization.end) {
    case AuthorizeEnd::error_page: end(FlowEnd::refused, FlowStep::authorize, authorization.why); return false;
    case AuthorizeEnd::page: end(FlowEnd::page, FlowStep::authorize, authorization.why); return false;
    case AuthorizeEnd::unclear: end(FlowEnd::unclear, FlowStep::authorize, authorization.why); return false;
    case AuthorizeEnd::redirect_error: {
      const auto error = authorization.callback.get("error");
      end(is_passing(error)        ? FlowEnd::unclear
          : asks_for_a_page(error) ? FlowEnd::page
                                   : FlowEnd::refused,
          FlowStep::authorize, authorization.why);
      if (auto checked = check_issuer(); !checked) return tl::unexpected(std::move(checked).error());
      return false;
    }
    case AuthorizeEnd::code: break;
  }
  result_.code = authorization.callback.get("code");
  if (!state_is_ours()) {
    const auto* what = authorization.callback.has("state") ? "state in the authorization response is not the one sent"
                                                           : "state is missing from the authorization response";
    if (auto noted = violate(what); !noted) return tl::unexpected(std::move(noted).error());
    end(FlowEnd::unclear, FlowStep::callback, what);
    return false;
  }
  if (auto checked = check_issuer(); !checked) return tl::unexpected(std::move(checked).error());
  if (auto checked = check_delivery(); !checked) return tl::unexpected(std::move(checked).error());
  end(FlowEnd::code, FlowStep::callback, authorization.why);
  return !result_.code.empty();
}

void Run::redeem(const std::string& resource, const std::function<void(TokenRequest&)>& bend, const std::string& purpose) {
  auto request = code_request(setting_.server, result_.client, result_.code, result_.redirect_uri, result_.verifier, resource);
  if (!purpose.empty()) request.purpose = purpose + ": token request";
  if (auto signed_in = sign(request); !signed_in) return end(FlowEnd::unclear, FlowStep::token, signed_in.error().message);
  if (bend) {
    bend(request);
    // One who bends the request to be another client's proves nothing by our assertion.
    const bool signs_anew = request.signer && !request.params.has("client_assertion");
    if (signs_anew)
      if (auto again = sign(request); !again) return end(FlowEnd::unclear, FlowStep::token, again.error().message);
  }
  auto answer = request_token(setting_.recorder, setting_.redactor, setting_.clock, request, setting_.prover);
  if (!answer)
    return end(FlowEnd::unclear, FlowStep::token, fmt::format("{}: {}", name(answer.error().kind), answer.error().message));
  result_.token = *std::move(answer);
  switch (result_.token->answer) {
    case Answer::accepted: return end(FlowEnd::token, FlowStep::token, result_.token->why);
    case Answer::denied: return end(FlowEnd::refused, FlowStep::token, result_.token->why);
    case Answer::other: return end(FlowEnd::unclear, FlowStep::token, result_.token->why);
  }
}

}  // namespace

Answer FlowResult::answer() const {
  switch (end) {
    case FlowEnd::token:
    case FlowEnd::code: return Answer::accepted;
    case FlowEnd::refused: return Answer::denied;
    case FlowEnd::page:
    case FlowEnd::unclear: return Answer::other;
  }
  return Answer::other;
}

Result<FlowResult> Flow::run(Setting& setting) const {
  FlowResult result;
  const net::Recorder::Capture capture;
  result.client = client_.value_or(setting.default_client);
  const bool has_credentials = !result.client.secret.empty() || result.client.key;
  if (has_credentials && !result.client.issuer.empty() && result.client.issuer != setting.server.issuer) {
    return failure(Error::Kind::out_of_scope,
                   fmt::format("a client of {} is not used at {}", result.client.issuer, setting.server.issuer));
  }
  // Nothing is received where nobody is asked, and nothing of ours where the URI is bent.
  const auto& own = result.client.redirect_uris;
  if (redirect_) result.redirect_uri = *redirect_;
  else if (interaction_ != Interaction::none) result.redirect_uri = setting.driver.redirect_for(own);
  else if (!own.empty()) result.redirect_uri = own.front();
  result.requested_scope = scope_.value_or(setting.default_scope);
  result.resource = resource_.value_or(setting.default_resource);

  Run run(setting, result);
  const auto own_resource = result.resource;  // one bent step leaves the others as they were
  auto options = setting.login;
  options.interaction = interaction_;
  options.purpose = purpose_.empty() ? options.purpose : purpose_;
  if (form_) options.at_form = form_;
  const auto url = MCPROVE_TRY(run.authorization_url(authorize_, authorize_url_));
  if (url.empty()) {
    result.exchanges = capture.exchanges();
    return result;
  }
  options.redirect_uri = result.redirect_uri;
  if (auto done = run.authorize(url, std::move(options), fresh_jar_); !done) return tl::unexpected(std::move(done).error());
  run.hide_secrets(result.authorization.exchanges);
  const bool redeemable = MCPROVE_TRY(run.read_callback());
  if (redeemable && !stop_at_code_) {
    run.redeem(own_resource, token_, purpose_);
  }
  result.exchanges = capture.exchanges();
  return result;
}

}  // namespace mcprove::oauth
