#include "oauth/register.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"
#include "oauth/client_auth.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The ways to authenticate that are worth asking for, the best first.
std::vector<std::string> auth_methods(const ServerMetadata& server, const RegistrationChoices& choices) {
  if (!choices.auth_method.empty()) return {choices.auth_method};
  if (choices.key) return {"private_key_jwt"};
  std::vector<std::string> methods;
  const auto& listed = server.token_endpoint_auth_methods;
  for (const auto* method : {"none", "client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt"}) {
    const bool usual = method == std::string_view("none") || method == std::string_view("client_secret_basic");
    if (choices.confidential && method == std::string_view("none")) continue;
    if (listed.empty() ? usual : lists(listed, method)) methods.emplace_back(method);
  }
  return methods;
}

/// A loopback redirect in its other spelling: some servers know only "localhost", others only the address.
std::string respelled(const std::string& redirect) {
  const auto url = net::Url::parse(redirect);
  if (!url || !url->is_loopback_host()) return redirect;
  const auto* host = url->host == "localhost" ? "127.0.0.1" : "localhost";
  return fmt::format("{}://{}:{}{}", url->scheme, host, url->port, url->path);
}

/// What is still open to be changed when a registration is refused.
class Attempts {
 public:
  Attempts(Registration wanted, std::vector<std::string> methods, bool any_type)
      : wanted_(std::move(wanted)), methods_(std::move(methods)), type_changed_(!any_type || wanted_.application_type == "web") {
    wanted_.auth_method = methods_.front();
  }
  const Registration& wanted() const { return wanted_; }

  /// Changes what the error complains of, or what is left to change. False: nothing is.
  bool change(const Registered& refused) {
    const auto said = error_of(refused.reply.response);
    const bool redirect = refused.error == "invalid_redirect_uri" || text::icontains(said.description, "redirect");
    const bool method = text::icontains(said.description, "auth_method") || text::icontains(said.description, "authentication");
    if (redirect) return respell() || change_type() || next_method();
    if (method) return next_method() || change_type();
    return change_type() || next_method() || respell();
  }

 private:
  bool respell() {
    if (std::exchange(respelled_, true)) return false;
    const auto before = wanted_.redirect_uris;
    for (auto& uri : wanted_.redirect_uris) uri = respelled(uri);
    return wanted_.redirect_uris != before;
  }
  bool change_type() {
    if (std::exchange(type_changed_, true)) return false;
    wanted_.application_type = "web";
    return true;
  }
  bool next_method() {
    if (method_ + 1 >= methods_.size()) return false;
    wanted_.auth_method = methods_[++method_];
    return true;
  }

  Registration wanted_;
  std::vector<std::string> methods_;
  std::size_t method_ = 0;
  bool respelled_ = false;
  bool type_changed_ = false;
};

Error refusal(const Registered& refused) {
  const bool limited = net::oddity(refused.reply.response) == net::Oddity::rate_limited;
  return {limited ? Error::Kind::rate_limited : Error::Kind::registration, "registration was refused: " + refused.why};
}

/// RFC 7591 section 3.2.1: the server may have changed its mind about how we authenticate. Where our codes are delivered it
/// may not change: a redirect URI that is not ours is somebody else's.
Result<Client> usable(Client client, const Registration& wanted, const ServerMetadata& server,
                      const std::optional<jose::Key>& key, const std::string& signing_alg) {
  std::erase_if(client.redirect_uris, [&](const std::string& uri) { return !lists(wanted.redirect_uris, uri); });
  if (client.redirect_uris.empty() && !wanted.redirect_uris.empty())
    return failure(Error::Kind::registration, "the registered client has another redirect URI than the one asked for");
  const bool needs_secret = client.auth_method.starts_with("client_secret");
  if (client.auth_method == "private_key_jwt" && key) {
    client.key = key;
    client.signing_alg = algorithm_for(server, *key, signing_alg);
  } else if (!client.is_public() && (!needs_secret || client.secret.empty())) {
    return failure(Error::Kind::registration,
                   fmt::format("the registered client is to authenticate by {}, for which there is nothing",
                               text::one_line(client.auth_method, 60)));
  }
  return client;
}

}  // namespace

namespace {

Registration with_member(Registration wanted, std::string_view name, const json::Value& value) {
  wanted.extra = (wanted.extra.is_object() ? wanted.extra : json::Value::object({})).with(name, value);
  return wanted;
}

}  // namespace

Registration with_key(Registration wanted, const jose::Key& key) {
  const auto keys = json::Value::object({{"keys", json::Value::array({key.public_jwk()})}});
  return with_member(std::move(wanted), "jwks", keys);
}

Registration with_statement(Registration wanted, const std::string& statement) {
  return with_member(std::move(wanted), "software_statement", json::str(statement));
}

RegistrationChoices choices_of(const ClientPlan& plan, Registration& wanted) {
  RegistrationChoices choices;
  choices.auth_method = plan.auth_method;
  choices.key = plan.key;
  choices.signing_alg = plan.signing_alg;
  choices.confidential = plan.grant_type != GrantType::authorization_code;
  choices.any_type = plan.application_type.empty();
  if (!plan.application_type.empty()) wanted.application_type = plan.application_type;
  if (!plan.software_statement.empty()) wanted = with_statement(std::move(wanted), plan.software_statement);
  return choices;
}

Result<Client> register_with_fallbacks(const SendRegistration& send, const ServerMetadata& server, const Registration& wanted,
                                       const RegistrationChoices& choices) {
  const auto methods = auth_methods(server, choices);
  if (methods.empty())
    return failure(Error::Kind::registration, "the authorization server lists no way to authenticate that is known here");
  Attempts attempts(wanted, methods, choices.any_type);
  std::optional<jose::Key> key = choices.key;
  for (int sent = 0;; ++sent) {
    auto document = attempts.wanted();
    if (document.auth_method == "private_key_jwt") {
      if (!key) key = MCPROVE_TRY(jose::Key::generate("ES256"));
      document = with_key(document, *key);
    }
    auto registered = MCPROVE_TRY(send(document));
    if (registered.client) return usable(*std::move(registered.client), document, server, key, choices.signing_alg);
    // Only what is wrong with the document is worth another try; a closed door is not.
    const bool ours = registered.answer == Answer::denied && registered.reply.response.status == 400;
    if (!ours || sent + 1 == most_registrations || !attempts.change(registered)) return tl::unexpected(refusal(registered));
  }
}

}  // namespace mcprove::oauth
