// Authorization servers that try to get what is not theirs. Each attack states what the hostile side may have received at
// the end, and everything that was sent is held against it.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "client/connection.h"
#include "tests/oauth/site.h"

namespace mcprove::client {
namespace {

using oauth::test::form_of;
using oauth::test::html;
using oauth::test::query_of;
using oauth::test::redirect;
using testing::HasSubstr;
using testing::Not;

constexpr const char* password = "s3cret-demo";
constexpr const char* rs = "https://rs.example";
constexpr const char* as = "https://as.example";
constexpr const char* evil = "https://evil.invalid";

net::Response document(const json::Value& value) { return oauth::test::json(200, value.dump()); }

/// A server and its authorization server, both honest until an attack replaces a part.
struct Stage {
  oauth::test::Site site{};
  net::Scope scope{};
  net::Transcript transcript{};
  ManualClock clock{std::chrono::system_clock::time_point{} + std::chrono::hours(24 * 20'000)};
  SeededRandom random{1};
  Redactor redactor{};
  net::Recorder recorder{site.transport(), scope, transcript, clock};
  oauth::CookieJar jar{};
  std::unique_ptr<oauth::LoginDriver> driver = oauth::make_form_driver(oauth::Person{"demo", password, {}, {}});
  Options options{};
  // What the attacks change.
  json::Value resource = json::Value::object({{"resource", json::str(std::string(rs) + "/mcp")},
                                              {"authorization_servers", json::strings({as})},
                                              {"scopes_supported", json::strings({"read"})}});
  json::Value server = json::Value::object({{"issuer", json::str(as)},
                                            {"authorization_endpoint", json::str(std::string(as) + "/authorize")},
                                            {"token_endpoint", json::str(std::string(as) + "/token")},
                                            {"registration_endpoint", json::str(std::string(as) + "/register")},
                                            {"code_challenge_methods_supported", json::strings({"S256"})},
                                            {"authorization_response_iss_parameter_supported", json::boolean(true)}});
  json::Value registered = json::Value::object({{"client_id", json::str("client-1")}});
  json::Value tokens = json::Value::object({{"access_token", json::str("token-0123456789abcdef")},
                                            {"token_type", json::str("Bearer")},
                                            {"expires_in", json::num(600)}});
  std::string challenge = R"(Bearer resource_metadata="https://rs.example/.well-known/oauth-protected-resource/mcp")";
  std::string form_action = "/login";
  std::function<std::string(const net::Params&)> answer = [](const net::Params& query) {
    return query.get("redirect_uri") + "?code=code-0123456789abcdef&state=" + query.get("state") + "&iss=" + as;
  };
  net::Params asked{};

  Stage() {
    options.url = std::string(rs) + "/mcp";
    options.login_origins = {as};
    scope.name_origin(rs, net::Reach::honest);
    site.on("POST https://rs.example/mcp", [this](const net::Request& request) {
      if (request.headers.find("Authorization") != "Bearer token-0123456789abcdef") {
        auto refusal = oauth::test::json(401, "{}");
        refusal.headers.add("WWW-Authenticate", challenge);
        return refusal;
      }
      const auto id = json::parse(request.body)->at("id");
      return document(json::Value::object({{"jsonrpc", json::str("2.0")},
                                           {"id", id},
                                           {"result", json::Value::object({{"resultType", json::str("complete")},
                                                                           {"supportedVersions", json::strings({"2026-07-28"})},
                                                                           {"capabilities", json::Value::object({})}})}}));
    });
    site.on("GET https://rs.example/.well-known/oauth-protected-resource/mcp",
            [this](const net::Request&) { return document(resource); });
    site.on("GET https://as.example/.well-known/oauth-authorization-server",
            [this](const net::Request&) { return document(server); });
    site.on("POST https://as.example/register", [this](const net::Request&) { return document(registered); });
    site.on("GET https://as.example/authorize", [this](const net::Request& request) {
      asked = query_of(request);
      return html(200, "<title>Log in</title><form method=post action=\"" + form_action +
                           "\"><input name=username><input type=password name=password><button>Sign in</button></form>");
    });
    site.on("POST https://as.example/login", [this](const net::Request&) { return redirect(303, answer(asked)); });
    site.on("POST https://as.example/token", [this](const net::Request&) { return document(tokens); });
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  void at_server(std::string_view key, const std::string& value) { server = server.with(key, json::str(value)); }
  Result<std::unique_ptr<Connection>> connect() {
    return Connection::connect({recorder, redactor, random, clock, *driver, jar}, options);
  }
  std::vector<net::Request> all() const {
    std::vector<net::Request> sent;
    for (std::size_t i = 0; i < transcript.size(); ++i) sent.push_back(transcript.at(static_cast<net::ExchangeId>(i)).request);
    return sent;
  }
  std::size_t redeemed() const { return site.asked("POST https://as.example/token").size(); }
};

/// Everything of a request that its receiver reads.
std::string read_by_receiver(const net::Request& request) {
  std::string all = request.url + "\n" + text::percent_decode(request.url, true) + "\n" + request.body + "\n" +
                    text::percent_decode(request.body, true);
  for (const auto& [name, value] : request.headers.fields) all += "\n" + name + ": " + value;
  return all;
}

std::string origin_of(const net::Request& request) {
  const auto url = net::Url::parse(request.url);
  return url ? url->origin() : "no URL";
}

/// What ends a login: never more than one clear line.
void expect_one_line(const std::string& message) {
  EXPECT_FALSE(message.empty());
  EXPECT_LT(message.size(), 900U);
  EXPECT_EQ(message.find_first_of("\r\n\x1b\x07"), std::string::npos) << message;
}

struct Attack {
  std::string name{};
  std::function<void(Stage&)> set_up{};
  std::string said{};           ///< in the error
  bool types_password = false;  ///< at the issuer's own page, which is where it belongs
  bool redeems = false;         ///< at the issuer's own token endpoint
};
void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

std::function<void(Stage&)> answering(const std::string& parameters) {
  return [parameters](Stage& stage) {
    stage.answer = [parameters](const net::Params& asked) {
      auto filled = parameters;
      for (auto at = filled.find("STATE"); at != std::string::npos; at = filled.find("STATE"))
        filled.replace(at, 5, asked.get("state"));
      return asked.get("redirect_uri") + "?" + filled;
    };
  };
}
std::function<void(Stage&)> endpoint(std::string key, std::string value) {
  return [key = std::move(key), value = std::move(value)](Stage& stage) { stage.at_server(key, value); };
}

std::vector<Attack> attacks() {
  const std::string code = "code=code-0123456789abcdef";
  const std::string iss = std::string("&iss=") + as;
  return {
      {"metadata_of_another_issuer", endpoint("issuer", "https://honest.example"), "names the issuer https://honest.example"},
      {"metadata_of_no_issuer", [](Stage& s) { s.server = s.server.without("issuer"); }, "names the issuer nobody"},
      {"issuer_with_a_slash_more", endpoint("issuer", "https://as.example/"), "names the issuer"},
      {"resource_of_another_server",
       [](Stage& s) { s.resource = s.resource.with("resource", json::str("https://bank.example/mcp")); },
       "not for https://rs.example/mcp"},
      {"resource_of_a_sibling", [](Stage& s) { s.resource = s.resource.with("resource", json::str("https://rs.example/mc")); },
       "not for https://rs.example/mcp"},
      {"token_endpoint_elsewhere", endpoint("token_endpoint", "https://evil.invalid/token"), "not its own site"},
      {"registration_endpoint_elsewhere", endpoint("registration_endpoint", "https://evil.invalid/register"), "not its own site"},
      {"authorization_endpoint_elsewhere", endpoint("authorization_endpoint", "https://evil.invalid/authorize"),
       "not its own site"},
      {"pushed_requests_elsewhere", endpoint("pushed_authorization_request_endpoint", "https://evil.invalid/par"),
       "not its own site"},
      {"token_endpoint_without_tls", endpoint("token_endpoint", "http://as.example/token"), "not its own site"},
      {"token_endpoint_at_a_private_address", endpoint("token_endpoint", "https://10.0.0.1/token"), "not its own site"},
      {"token_endpoint_on_loopback", endpoint("token_endpoint", "http://127.0.0.1:9/token"), "not its own site"},
      {"token_endpoint_is_a_file", endpoint("token_endpoint", "file:///etc/passwd"), ""},
      {"authorization_endpoint_is_a_script", endpoint("authorization_endpoint", "javascript:alert(1)"), ""},
      {"authorization_endpoint_is_data", endpoint("authorization_endpoint", "data:text/html,<form>"), ""},
      {"authorization_endpoint_with_userinfo", endpoint("authorization_endpoint", "https://as.example@evil.invalid/authorize"),
       "not its own site"},
      {"authorization_endpoint_with_own_userinfo", endpoint("authorization_endpoint", "https://u:p@as.example/authorize"),
       "userinfo"},
      {"authorization_endpoint_with_fragment", endpoint("authorization_endpoint", "https://as.example/authorize#x"), "fragment"},
      {"endpoint_with_control_characters", endpoint("token_endpoint", "https://as.example/token\r\nHost: evil.invalid"), ""},
      {"issuer_at_a_private_address",
       [](Stage& s) { s.resource = s.resource.with("authorization_servers", json::strings({"http://192.168.1.1"})); }, ""},
      {"issuer_is_a_file",
       [](Stage& s) { s.resource = s.resource.with("authorization_servers", json::strings({"file:///etc"})); }, ""},
      {"no_pkce", [](Stage& s) { s.server = s.server.without("code_challenge_methods_supported"); }, "PKCE"},
      {"plain_pkce", [](Stage& s) { s.server = s.server.with("code_challenge_methods_supported", json::strings({"plain"})); },
       "PKCE"},
      {"wrong_state", answering(code + "&state=other" + iss), "state", true},
      {"missing_state", answering(code + iss), "state", true},
      {"state_twice", answering(code + "&state=STATE&state=STATE" + iss), "state", true},
      {"wrong_iss", answering(code + "&state=STATE&iss=https://honest.example"), "iss", true},
      {"missing_iss", answering(code + "&state=STATE"), "iss is missing", true},
      {"iss_twice", answering(code + "&state=STATE" + iss + "&iss=https://honest.example"), "iss", true},
      {"same_iss_twice", answering(code + "&state=STATE" + iss + iss), "iss", true},
      {"code_twice", answering(code + "&code=code-of-another-client&state=STATE" + iss), "code", true},
      {"answer_sent_to_another_client",
       [](Stage& s) {
         s.answer = [](const net::Params& asked) {
           return std::string(evil) + "/callback?code=code-0123456789abcdef&state=" + asked.get("state") + "&iss=" + as;
         };
       },
       "redirect", true},
      {"error_with_terminal_codes", answering("error=access_denied&error_description=%1b%5D0;owned%07%0aline&state=STATE" + iss),
       "access_denied", true},
      {"registration_renames_the_redirect",
       [](Stage& s) { s.registered = s.registered.with("redirect_uris", json::strings({"https://evil.invalid/callback"})); },
       "redirect"},
      {"password_form_of_another_origin", [](Stage& s) { s.form_action = "https://evil.invalid/steal"; }, ""},
      {"password_form_without_tls", [](Stage& s) { s.form_action = "http://as.example/login"; }, ""},
      {"page_is_at_a_private_address",
       [](Stage& s) { s.site.on("GET https://as.example/authorize", redirect(302, "http://169.254.169.254/latest/meta-data")); },
       ""},
      {"redirect_loop", [](Stage& s) { s.site.on("GET https://as.example/authorize", redirect(302, "/authorize")); }, ""},
      {"location_with_control_characters",
       [](Stage& s) { s.site.on("GET https://as.example/authorize", redirect(302, "https://as.example/x\r\nCookie: \x1b[31m")); },
       ""},
      {"location_is_a_script",
       [](Stage& s) { s.site.on("GET https://as.example/authorize", redirect(302, "javascript:alert(1)")); }, ""},
      {"token_of_type_mac", [](Stage& s) { s.tokens = s.tokens.with("token_type", json::str("mac")); }, "\"mac\"", true, true},
      {"token_without_type", [](Stage& s) { s.tokens = s.tokens.without("token_type"); }, "type", true, true},
      {"token_that_breaks_the_header", [](Stage& s) { s.tokens = s.tokens.with("access_token", json::str("x\r\nX-Evil: 1")); },
       "token", true, true},
  };
}

class Hostile : public testing::TestWithParam<Attack> {};

TEST_P(Hostile, GetsNothing) {
  const auto& attack = GetParam();
  Stage stage;
  attack.set_up(stage);
  const auto connected = stage.connect();
  ASSERT_FALSE(connected) << "it was believed";
  expect_one_line(connected.error().message);
  EXPECT_THAT(connected.error().message, HasSubstr(attack.said));
  EXPECT_THAT(connected.error().message, Not(HasSubstr(password)));
  EXPECT_EQ(stage.redeemed(), attack.redeems ? 1U : 0U);
  const auto sent = stage.all();
  EXPECT_LT(sent.size(), 60U);
  bool typed = false;
  for (const auto& request : sent) {
    const auto read = read_by_receiver(request);
    const auto there = origin_of(request);
    EXPECT_TRUE(there == rs || there == as) << "asked " << request.url;
    EXPECT_EQ(request.url.find_first_of("\r\n\x1b"), std::string::npos);
    EXPECT_THAT(read, Not(HasSubstr("X-Evil")));
    if (there == rs) {
      EXPECT_THAT(read, Not(testing::AnyOf(HasSubstr(password), HasSubstr("code_verifier"), HasSubstr("client-1"))));
    }
    typed = typed || read.find(password) != std::string::npos;
    if (request.url.find("redirect_uri") != std::string::npos) {
      EXPECT_THAT(read, Not(HasSubstr("evil.invalid")));
    }
  }
  EXPECT_EQ(typed, attack.types_password);
}

INSTANTIATE_TEST_SUITE_P(AuthorizationServers, Hostile, testing::ValuesIn(attacks()),
                         [](const auto& row) { return row.param.name; });

TEST(HonestServer, IsLoggedInTo) {
  Stage stage;
  const auto connected = stage.connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_EQ(stage.redeemed(), 1U);
  EXPECT_EQ((*connected)->grant()->access_token, "token-0123456789abcdef");
}

TEST(ResourceMetadata, AtAPrivateAddressIsNotAskedFor) {
  Stage stage;
  stage.challenge = R"(Bearer resource_metadata="http://169.254.169.254/latest/meta-data")";
  const auto connected = stage.connect();
  EXPECT_TRUE(connected) << "the server's own well-known place says the same: " << connected.error().message;
  EXPECT_FALSE(stage.site.contacted("http://169.254.169.254"));
}

/// The client, secret and tokens of one issuer, and the server suddenly names another.
TEST(AnotherIssuer, GetsNothingOfTheFormerOnes) {
  Stage stage;
  oauth::StoredGrant former;
  former.target = stage.options.url;
  former.resource = stage.options.url;
  former.client.issuer = "https://former.example";
  former.client.id = "former-client";
  former.client.secret = "former-client-secret";
  former.client.auth_method = "client_secret_post";
  former.client.redirect_uris = {"http://127.0.0.1:33418/callback"};
  former.access_token = "former-access-token";
  former.token_type = "Bearer";
  former.refresh_token = "former-refresh-token";
  former.token_endpoint = "https://former.example/token";
  stage.options.grant = former;
  const auto connected = stage.connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_EQ(stage.site.asked("POST https://as.example/register").size(), 1U) << "a change of issuer means a new registration";
  EXPECT_EQ((*connected)->grant()->client.id, "client-1");
  for (const auto& request : stage.all()) {
    if (origin_of(request) != as) continue;
    EXPECT_THAT(read_by_receiver(request), Not(HasSubstr("former-")));
  }
}

TEST(AnotherIssuer, DoesNotGetTheUsersOwnClient) {
  Stage stage;
  stage.options.client.id = "own-client";
  stage.options.client.secret = "own-client-secret";
  stage.options.client.issuer = "https://former.example";
  static_cast<void>(stage.connect());
  for (const auto& request : stage.all()) EXPECT_THAT(read_by_receiver(request), Not(HasSubstr("own-client")));
}

TEST(TrustedOrigins, AreTheUsersWord) {
  Stage stage;
  stage.at_server("token_endpoint", "https://login.invalid/token");
  stage.site.on("POST https://login.invalid/token", document(stage.tokens));
  EXPECT_FALSE(stage.connect());
  Stage trusting;
  trusting.at_server("token_endpoint", "https://login.invalid/token");
  trusting.site.on("POST https://login.invalid/token", document(trusting.tokens));
  trusting.options.trusted_origins = {"https://login.invalid"};
  trusting.scope.name_origin("https://login.invalid", net::Reach::honest);
  const auto connected = trusting.connect();
  EXPECT_TRUE(connected) << connected.error().message;
}

TEST(TokenResponses, MayPromiseAnything) {
  for (const auto& promise : {json::Value::make(9'223'372'036'854'775'807), json::num(-9'223'372'036'854'775'807), json::num(0),
                              json::Value::make(1e300), json::str("never")}) {
    Stage stage;
    stage.tokens = stage.tokens.with("expires_in", promise).with("scope", json::str("read\x1b]0;owned\x07"));
    const auto connected = stage.connect();
    ASSERT_TRUE(connected) << connected.error().message;
    const auto& grant = (*connected)->grant();
    ASSERT_TRUE(grant);
    EXPECT_FALSE(oauth::parse_grant(oauth::format_grant(*grant))) << "a scope that moves a cursor is not kept";
  }
}

}  // namespace
}  // namespace mcprove::client
