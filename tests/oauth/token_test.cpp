#include "oauth/token.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::HasSubstr;
using testing::Not;

Client confidential(const std::string& method) {
  Client client;
  client.issuer = issuer;
  client.id = "id:1";
  client.secret = "s/ecret value";
  client.auth_method = method;
  return client;
}

TEST(Authenticate, FollowsTheMethodOfTheClient) {
  TokenRequest request;
  request.authenticate(confidential("client_secret_basic"));
  EXPECT_EQ(request.headers.find("Authorization"), "Basic aWQlM0ExOnMlMkZlY3JldCUyMHZhbHVl");  // both form-encoded first
  EXPECT_FALSE(request.params.has("client_secret"));
  request.unauthenticate();
  EXPECT_FALSE(request.headers.has("Authorization"));
  request.authenticate(confidential("client_secret_post"));
  EXPECT_EQ(request.params.encode(), "client_id=id%3A1&client_secret=s%2Fecret%20value");
  request.unauthenticate();
  EXPECT_TRUE(request.params.empty());
  request.authenticate(confidential("none"));
  EXPECT_EQ(request.params.encode(), "client_id=id%3A1");
}

struct Row {
  const char* what;
  net::Response response;
  Answer answer;
  const char* error;
};

net::Response typed(int status, const char* type, std::string body) {
  auto response = json(status, std::move(body));
  response.headers.set("Content-Type", type);
  return response;
}

struct TokenEndpoint : testing::Test {
  Bench bench{};
  Result<TokenAnswer> ask(const net::Response& response) {
    bench.site.on("POST https://as.example/token", response);
    return request_token(bench.recorder, bench.redactor, bench.clock,
                         code_request(bench.server, bench.client, "c0de", callback, "verifier", "https://rs.example/mcp"));
  }
};

TEST_F(TokenEndpoint, TellsThreeAnswersApart) {
  auto challenged = html(403, "");
  challenged.headers.set("Content-Type", "text/plain");
  challenged.headers.add("WWW-Authenticate", "Bearer");
  const Row rows[] = {
      {"tokens", json(200, R"({"access_token":"t0ken-12345678","token_type":"Bearer"})"), Answer::accepted, ""},
      {"tokens with 201", json(201, R"({"access_token":"t0ken-12345678"})"), Answer::accepted, ""},
      {"tokens as a form", typed(200, "application/x-www-form-urlencoded", "access_token=t0ken-12345678&scope="),
       Answer::accepted, ""},
      {"tokens in text", typed(200, "text/plain", R"({"access_token":"t0ken-12345678"})"), Answer::accepted, ""},
      {"error in a success", json(200, R"({"error":"bad_verification_code"})"), Answer::denied, "bad_verification_code"},
      {"error form in a success", typed(200, "application/x-www-form-urlencoded", "error=bad_verification_code"), Answer::denied,
       "bad_verification_code"},
      {"empty success", json(200, "{}"), Answer::other, ""},
      {"empty token", json(200, R"({"access_token":""})"), Answer::other, ""},
      {"token that is no string", json(200, R"({"access_token":7})"), Answer::other, ""},
      {"HTML success", html(200, "<html>log in</html>"), Answer::other, ""},
      {"400", json(400, R"({"error":"invalid_grant"})"), Answer::denied, "invalid_grant"},
      {"401", json(401, R"({"error":"invalid_client"})"), Answer::denied, "invalid_client"},
      {"403", json(403, R"({"error":"unauthorized_client"})"), Answer::denied, "unauthorized_client"},
      {"403 with a challenge", challenged, Answer::denied, ""},
      {"403 of somebody", typed(403, "text/plain", "Forbidden"), Answer::other, ""},
      {"403 page", html(403, "<h1>Forbidden</h1>"), Answer::other, ""},
      {"400 page", html(400, "<pre>SyntaxError</pre>"), Answer::other, ""},
      {"400 about the moment", json(400, R"({"error":"temporarily_unavailable"})"), Answer::other, "temporarily_unavailable"},
      {"404", json(404, R"({"error":"not_found"})"), Answer::other, "not_found"},
      {"415", json(415, "{}"), Answer::other, ""},
      {"429", json(429, R"({"error":"too_many_requests"})"), Answer::other, "too_many_requests"},
      {"500", json(500, R"({"error":"server_error"})"), Answer::other, "server_error"},
      {"500 where 400 was meant", json(500, R"({"error":"invalid_grant"})"), Answer::other, "invalid_grant"},
      {"redirect", redirect(302, "/login"), Answer::other, ""},
      {"garbage", json(400, "{{{"), Answer::denied, ""},
  };
  for (const auto& row : rows) {
    const auto answer = ask(row.response);
    ASSERT_TRUE(answer) << row.what;
    EXPECT_EQ(answer->answer, row.answer) << row.what << ": " << answer->why;
    EXPECT_EQ(answer->error, row.error) << row.what;
    EXPECT_EQ(answer->tokens.has_value(), row.answer == Answer::accepted) << row.what;
    EXPECT_FALSE(answer->why.empty()) << row.what;
  }
}

TEST_F(TokenEndpoint, ReadsTokensAndHidesThem) {
  auto response = json(
      200,
      R"({"access_token":"acc-0123456789","refresh_token":"ref-0123456789","id_token":"idt-0123456789","token_type":"Bearer","expires_in":600,"scope":""})");
  response.headers.add("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  const auto tokens = ask(response)->tokens.value();
  EXPECT_EQ(tokens.expires_in, 600);
  EXPECT_EQ(tokens.scope, "");
  EXPECT_EQ(tokens.received, bench.clock.now());
  EXPECT_EQ(tokens.server_date, std::chrono::system_clock::from_time_t(784'111'777));
  EXPECT_EQ(bench.redactor.redact("acc-0123456789 ref-0123456789 idt-0123456789"), "access_token#1 refresh_token#1 id_token#1");
  const auto vague = ask(json(200, R"({"access_token":"acc-0123456789","expires_in":"600"})"))->tokens.value();
  EXPECT_FALSE(vague.expires_in);
  EXPECT_FALSE(vague.scope);
  EXPECT_EQ(vague.server_date, vague.received);
}

TEST_F(TokenEndpoint, IsSentWhatTheRequestSays) {
  ask(json(200, "{}"));
  const auto sent = bench.site.asked("POST https://as.example/token").back();
  EXPECT_EQ(
      sent.body,
      "grant_type=authorization_code&code=c0de&redirect_uri=http%3A%2F%2F127.0.0.1%3A7777%2Fcallback&code_verifier=verifier&"
      "resource=https%3A%2F%2Frs.example%2Fmcp&client_id=client-1");
  EXPECT_EQ(sent.headers.find("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(sent.headers.find("Accept"), "application/json");
  TokenRequest get{
      .method = "GET", .url = "https://as.example/token?tenant=1#x", .params = {{"a", "b c"}}, .query = {{"q", "1"}}};
  ASSERT_TRUE(request_token(bench.recorder, bench.redactor, bench.clock, get));
  EXPECT_EQ(bench.site.asked("GET https://as.example/token").back().url, "https://as.example/token?tenant=1&q=1&a=b%20c");
}

TEST_F(TokenEndpoint, RefreshesAsAsked) {
  const auto request = refresh_request(bench.server, bench.client, "ref", "read", "https://rs.example/mcp");
  EXPECT_EQ(request.params.encode(),
            "grant_type=refresh_token&refresh_token=ref&scope=read&resource=https%3A%2F%2Frs.example%2Fmcp&client_id=client-1");
  EXPECT_EQ(refresh_request(bench.server, bench.client, "ref").params.encode(),
            "grant_type=refresh_token&refresh_token=ref&client_id=client-1");
}

TEST_F(TokenEndpoint, PassesTransportErrorsOn) {
  EXPECT_EQ(request_token(bench.recorder, bench.redactor, bench.clock, {.url = "https://unknown.example/token"}).error().kind,
            Error::Kind::out_of_scope);
  EXPECT_EQ(request_token(bench.recorder, bench.redactor, bench.clock, {}).error().kind, Error::Kind::unavailable);
}

TEST_F(TokenEndpoint, RevokesAndIntrospects) {
  const auto revoked = [&](net::Response response) {
    bench.site.on("POST https://as.example/revoke", std::move(response));
    const Signing signing{bench.clock, bench.random, bench.redactor};
    return revoke(bench.recorder, bench.server, bench.client, "tok", "access_token", signing)->answer;
  };
  EXPECT_EQ(revoked(typed(200, "text/plain", "")), Answer::accepted);
  EXPECT_EQ(bench.site.asked("POST https://as.example/revoke").back().body,
            "token=tok&token_type_hint=access_token&client_id=client-1");
  EXPECT_EQ(revoked(json(400, R"({"error":"unsupported_token_type"})")), Answer::denied);
  EXPECT_EQ(revoked(json(503, "")), Answer::other);
  EXPECT_EQ(revoked(html(200, "<html>login</html>")), Answer::other);
  const auto introspected = [&](net::Response response) {
    bench.site.on("POST https://as.example/introspect", std::move(response));
    return *introspect(bench.recorder, introspection_request("https://as.example/introspect", "tok"));
  };
  const auto active = introspected(json(200, R"({"active":false})"));
  EXPECT_EQ(active.answer, Answer::accepted);
  EXPECT_EQ(active.tokens->document.boolean("active"), false);
  EXPECT_EQ(introspected(json(200, R"({"active":"yes"})")).answer, Answer::other);
  EXPECT_EQ(introspected(json(401, R"({"error":"invalid_client"})")).answer, Answer::denied);
}

struct Registering : testing::Test {
  Bench bench{};
  Registration wanted{.name = "probe", .redirect_uris = {callback}};
  Registered ask(net::Response response) {
    bench.site.on("POST https://as.example/register", std::move(response));
    return *register_client(bench.recorder, bench.redactor, bench.server, wanted);
  }
};

TEST_F(Registering, SendsWhatIsWantedAndLetsExtrasWin) {
  wanted.extra = json::Value::object({{"scope", json::str("a b")}, {"client_name", json::str("other")}});
  EXPECT_EQ(
      wanted.document().dump(),
      R"({"client_name":"other","redirect_uris":["http://127.0.0.1:7777/callback"],"token_endpoint_auth_method":"none",)"
      R"("application_type":"native","grant_types":["authorization_code","refresh_token"],"response_types":["code"],"scope":"a b"})");
}

TEST_F(Registering, ReadsTheClientAndHidesItsSecrets) {
  const auto answer =
      ask(json(201, R"({"client_id":"c1","client_secret":"sec-0123456789","registration_access_token":"rat-0123456789",
                                       "registration_client_uri":"https://as.example/register/c1","client_name":"probe","redirect_uris":["http://127.0.0.1:7777/callback"]})"));
  ASSERT_TRUE(answer.client);
  const auto& client = *answer.client;
  EXPECT_EQ(client.issuer, issuer);
  EXPECT_EQ(client.id, "c1");
  EXPECT_EQ(client.auth_method, "client_secret_basic") << "a secret that nobody asked for is used as RFC 7591 says by default";
  EXPECT_THAT(bench.redactor.redact("sec-0123456789 rat-0123456789"), Not(HasSubstr("0123456789")));
}

TEST_F(Registering, TellsThreeAnswersApart) {
  EXPECT_EQ(ask(json(200, R"({"client_id":"c1"})")).answer, Answer::accepted);
  EXPECT_EQ(ask(json(200, R"({"client_id":"c1"})")).client->auth_method, "none");
  EXPECT_EQ(ask(json(201, "{}")).answer, Answer::other);
  const auto denied = ask(json(400, R"({"error":"invalid_redirect_uri","error_description":"no"})"));
  EXPECT_EQ(denied.answer, Answer::denied);
  EXPECT_EQ(denied.error, "invalid_redirect_uri");
  EXPECT_EQ(ask(json(401, "")).answer, Answer::denied);
  EXPECT_EQ(ask(html(403, "<h1>no</h1>")).answer, Answer::other);
  EXPECT_EQ(ask(json(429, "")).answer, Answer::other);
  EXPECT_EQ(ask(html(404, "")).answer, Answer::other);
  bench.server.registration_endpoint.clear();
  EXPECT_EQ(register_client(bench.recorder, bench.redactor, bench.server, wanted).error().kind, Error::Kind::unavailable);
}

TEST_F(Registering, BelievesTheMethodThatTheServerNames) {
  wanted.auth_method = "client_secret_post";
  EXPECT_EQ(ask(json(201, R"({"client_id":"c1","client_secret":"sec-0123456789"})")).client->auth_method, "client_secret_post");
  EXPECT_EQ(ask(json(201, R"({"client_id":"c1","client_secret":"sec-0123456789","token_endpoint_auth_method":"none"})"))
                .client->auth_method,
            "none");
  wanted.auth_method = "none";
  bench.server.token_endpoint_auth_methods = {"client_secret_post", "none"};
  EXPECT_EQ(ask(json(201, R"({"client_id":"c1","client_secret":"sec-0123456789"})")).client->auth_method, "client_secret_post");
}

TEST_F(Registering, DeletesOnlyAtTheIssuer) {
  Client client = bench.client;
  EXPECT_EQ(delete_client(bench.recorder, client).error().kind, Error::Kind::unavailable);
  client.registration_token = "rat-0123456789";
  client.registration_uri = "https://as.example/register/c1";
  auto gone = html(204, "");
  gone.headers = {};
  bench.site.on("DELETE https://as.example/register/c1", gone);
  EXPECT_EQ(delete_client(bench.recorder, client)->answer, Answer::accepted);
  EXPECT_EQ(bench.site.asked("DELETE https://as.example/register/c1").front().headers.find("Authorization"),
            "Bearer rat-0123456789");
  bench.scope.name_origin("https://evil.test", net::Reach::active);
  client.registration_uri = "https://evil.test/steal";
  EXPECT_EQ(delete_client(bench.recorder, client).error().kind, Error::Kind::out_of_scope);
  EXPECT_FALSE(bench.site.contacted("https://evil.test"));
}

}  // namespace
}  // namespace mcprove::oauth::test
