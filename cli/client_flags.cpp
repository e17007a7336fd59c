#include "cli/client_flags.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/values.h"
#include "net/url.h"

namespace mcprove::cli {

namespace {

constexpr std::array auth_methods{"none", "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"};

struct Named {
  const char* name;
  oauth::GrantType type;
};
constexpr std::array grants{Named{"authorization-code", oauth::GrantType::authorization_code},
                            Named{"client-credentials", oauth::GrantType::client_credentials},
                            Named{"jwt-bearer", oauth::GrantType::jwt_bearer}, Named{"id-jag", oauth::GrantType::enterprise}};

Result<std::string> one_of(std::string_view noun, std::string_view word, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return std::string(word);
  return tl::unexpected(unknown(noun, word, known));
}

Result<std::string> auth_method_named(std::string_view word) {
  return one_of("way to authenticate", word, {auth_methods.begin(), auth_methods.end()});
}

Result<std::string> application_type_named(std::string_view word) { return one_of("application type", word, {"native", "web"}); }

Result<oauth::GrantType> grant_named(std::string_view word) {
  std::vector<std::string> known;
  for (const auto& grant : grants) {
    if (grant.name == word) return grant.type;
    known.emplace_back(grant.name);
  }
  return tl::unexpected(unknown("grant", word, known));
}

Result<oauth::Dpop> dpop_named(std::string_view word) {
  if (word == "auto") return oauth::Dpop::automatic;
  if (word == "always") return oauth::Dpop::always;
  if (word == "never") return oauth::Dpop::never;
  return tl::unexpected(unknown("use of DPoP", word, {"auto", "always", "never"}));
}

/// A private key in PEM or as a JWK, in a file of our own.
Result<jose::Key> key_from_file(const std::string& path) {
  const auto text = MCPROVE_TRY(private_text_of(path));
  const auto start = text.find_first_not_of(" \t\r\n");
  auto key = [&]() -> Result<jose::Key> {
    if (start == std::string::npos || text[start] != '{') return jose::Key::from_pem(text);
    return jose::Key::from_jwk(MCPROVE_TRY(json::parse(text)));
  }();
  const auto shown = text::one_line(path, 120);
  if (!key) return wrong(fmt::format("'{}' holds no key: {}", shown, key.error().message));
  if (!key->has_private() || key->kty() == "oct") return wrong(fmt::format("'{}' holds no private key that could sign", shown));
  return key;
}

/// Software statements are JWTs, and no secrets; but whoever can write the file can choose what we say.
Result<std::string> statement_from_file(const std::string& path) { return secret_from_file(path); }

/// What a client may publish itself at: the identifier has a path, no fragment and no dots (CIMD draft, section 3), and http
/// is for this machine alone.
Result<std::string> cimd_url_of(std::string_view text) {
  const auto url = net::Url::parse(text);
  const bool secure = url && (url->scheme == "https" || (url->scheme == "http" && url->is_loopback_host()));
  if (!secure || url->path.size() < 2 || !url->user.empty() || text.find('#') != std::string_view::npos ||
      text.find("/../") != std::string_view::npos || text.find("/./") != std::string_view::npos) {
    return wrong(fmt::format("'{}' cannot be a client id: https, a path, no fragment (http on this machine only)",
                             text::one_line(text, 120)));
  }
  return std::string(text);
}

Result<std::string> redirect_of(std::string_view text) {
  if (net::Url::parse(text) && text.find('#') == std::string_view::npos) return std::string(text);
  return wrong(fmt::format("'{}' is no redirect URI", text::one_line(text, 120)));
}

/// One option however it is given: what reads its text, and where the result goes.
struct Way {
  const char* flag;
  const char* key;  ///< of [[identity]]
  const char* value;
  const char* help;
  std::string ClientFlags::* typed;
  Result<void> (*take)(const std::string& text, oauth::ClientPlan& plan);
};

template <auto Read, auto Member>
Result<void> take(const std::string& text, oauth::ClientPlan& plan) {
  plan.*Member = MCPROVE_TRY(Read(text));
  return {};
}

template <auto Read, auto Member>
Result<void> take_idp(const std::string& text, oauth::ClientPlan& plan) {
  plan.enterprise.*Member = MCPROVE_TRY(Read(text));
  return {};
}

Result<std::string> word(const std::string& text) { return text; }

using Plan = oauth::ClientPlan;
using oauth::Enterprise;
using F = ClientFlags;

const std::array ways{
    Way{"--client-id", "client", "ID", "a client registered beforehand", &F::id, take<word, &Plan::id>},
    Way{"--client-secret-env", "client_secret_env", "VAR", "variable that holds its secret", &F::secret_env,
        take<secret_from_env, &Plan::secret>},
    Way{"--client-secret-file", "client_secret_file", "FILE", "the same from a file of mode 0600, or a pipe", &F::secret_file,
        take<secret_from_file, &Plan::secret>},
    Way{"--client-key", "client_key", "FILE", "its private key, PEM or JWK of mode 0600, for private_key_jwt", &F::key,
        take<key_from_file, &Plan::key>},
    Way{"--client-auth", "client_auth", "METHOD", "how it authenticates (by what the server lists)", &F::auth_method,
        take<auth_method_named, &Plan::auth_method>},
    Way{"--client-issuer", "client_issuer", "URL", "the authorization server it was made for (the first that is met)", &F::issuer,
        take<word, &Plan::issuer>},
    Way{"--initial-access-token-env", "initial_access_token_env", "VAR", "variable with the token that registration asks for",
        &F::initial_token_env, take<secret_from_env, &Plan::initial_access_token>},
    Way{"--initial-access-token-file", "initial_access_token_file", "FILE", "the same from a file of mode 0600, or a pipe",
        &F::initial_token_file, take<secret_from_file, &Plan::initial_access_token>},
    Way{"--software-statement", "software_statement", "FILE", "a signed statement to register with, mode 0600",
        &F::software_statement, take<statement_from_file, &Plan::software_statement>},
    Way{"--cimd-url", "cimd_url", "URL", "where our metadata document stands; on this machine it is served there", &F::cimd_url,
        take<cimd_url_of, &Plan::cimd_url>},
    Way{"--application-type", "application_type", "TYPE", "native or web (native, then web)", &F::application_type,
        take<application_type_named, &Plan::application_type>},
    Way{"--redirect-uri", "redirect_uri", "URL", "where the answer of a login is sent (a port of this machine)", &F::redirect_uri,
        take<redirect_of, &Plan::redirect_uri>},
    Way{"--grant", "grant", "TYPE", "authorization-code, client-credentials, jwt-bearer or id-jag", &F::grant,
        take<grant_named, &Plan::grant_type>},
    Way{"--assertion-env", "assertion_env", "VAR", "for --grant jwt-bearer: variable that holds the JWT", &F::assertion_env,
        take<secret_from_env, &Plan::assertion>},
    Way{"--assertion-file", "assertion_file", "FILE", "the same from a file of mode 0600, or a pipe", &F::assertion_file,
        take<secret_from_file, &Plan::assertion>},
    Way{"--idp", "idp", "URL", "for --grant id-jag: issuer of the company's identity provider", &F::idp,
        take_idp<http_url, &Enterprise::issuer>},
    Way{"--idp-client-id", "idp_client", "ID", "our client there", &F::idp_client, take_idp<word, &Enterprise::client_id>},
    Way{"--idp-client-secret-env", "idp_client_secret_env", "VAR", "variable that holds its secret", &F::idp_secret_env,
        take_idp<secret_from_env, &Enterprise::client_secret>},
    Way{"--id-token-env", "id_token_env", "VAR", "variable that holds the person's ID token from there", &F::id_token_env,
        take_idp<secret_from_env, &Enterprise::id_token>},
    Way{"--id-token-file", "id_token_file", "FILE", "the same from a file of mode 0600, or a pipe", &F::id_token_file,
        take_idp<secret_from_file, &Enterprise::id_token>},
    Way{"--dpop", "dpop", "WHEN", "tokens bound to a key: auto, always or never (auto)", &F::dpop, take<dpop_named, &Plan::dpop>},
};

}  // namespace

bool ClientFlags::any() const {
  return push || std::any_of(ways.begin(), ways.end(), [this](const Way& way) { return !(this->*way.typed).empty(); });
}

void add_client_flags(CLI::App& app, ClientFlags& flags) {
  const char* group = "Our client";
  for (const auto& way : ways) app.add_option(way.flag, flags.*way.typed, way.help)->type_name(way.value)->group(group);
  app.add_flag("--par", flags.push, "push authorization requests wherever that is offered, not only where it must be")
      ->group(group);
}

Result<void> lay_over(const ClientFlags& flags, oauth::ClientPlan& plan) {
  for (const auto& way : ways) {
    const auto& typed = flags.*way.typed;
    if (typed.empty()) continue;
    if (auto taken = way.take(typed, plan); !taken) return wrong(fmt::format("{}: {}", way.flag, taken.error().message));
  }
  if (flags.push) plan.push = true;
  return {};
}

void add_client_keys(Keys& keys, oauth::ClientPlan& plan) {
  for (const auto& way : ways) {
    keys[way.key] = [&plan, &way](const toml::node& node) -> Result<void> {
      std::string text;
      MCPROVE_TRY(into(text)(node));
      return way.take(text, plan);
    };
  }
  keys["par"] = into(plan.push);
}

Result<void> judge_client(const oauth::ClientPlan& plan) {
  if (!plan.secret.empty() && plan.id.empty()) return wrong("a client secret is given without --client-id");
  const bool secret_method = plan.auth_method.starts_with("client_secret");
  if (!plan.id.empty() && secret_method && plan.secret.empty())
    return wrong(fmt::format("--client-auth {} needs --client-secret-env or --client-secret-file", plan.auth_method));
  if (plan.auth_method == "private_key_jwt" && !plan.id.empty() && !plan.key)
    return wrong("--client-auth private_key_jwt needs --client-key");
  if (plan.key && !plan.auth_method.empty() && plan.auth_method != "private_key_jwt")
    return wrong(fmt::format("--client-key is for private_key_jwt, not for --client-auth {}", plan.auth_method));
  if (!plan.issuer.empty() && plan.id.empty()) return wrong("--client-issuer is said of no client: --client-id names it");
  const auto assertion = !plan.assertion.empty();
  if (assertion != (plan.grant_type == oauth::GrantType::jwt_bearer))
    return wrong(assertion ? "an assertion is for --grant jwt-bearer"
                           : "--grant jwt-bearer needs --assertion-env or --assertion-file");
  const auto& company = plan.enterprise;
  const bool enterprise = plan.grant_type == oauth::GrantType::enterprise;
  if (enterprise && (company.issuer.empty() || company.client_id.empty() || company.id_token.empty()))
    return wrong("--grant id-jag needs --idp, --idp-client-id and --id-token-env or --id-token-file");
  if (!enterprise && !(company.issuer + company.client_id + company.id_token + company.client_secret).empty())
    return wrong("--idp and what belongs to it are for --grant id-jag");
  return {};
}

}  // namespace mcprove::cli
