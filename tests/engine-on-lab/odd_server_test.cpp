// Whole audits of servers that answer otherwise than any specification has it. None may crash us, hang, or make us say what is
// not so: what an odd answer leaves untested is inconclusive, and nothing that was never refused passes.
#include <atomic>
#include <map>
#include <set>
#include <string>

#include "json/json.h"
#include "support/odd_server.h"

namespace mcprove::testing {
namespace {

using Odd = std::optional<Result<net::Response>>;

bool is_authorization_server(std::string_view path) { return path == "/register" || path == "/authorize" || path == "/token"; }

std::string names(const RunOutcome& outcome, Outcome which, const std::function<bool(const CheckInfo&)>& of) {
  std::set<std::string_view> ids;
  for (const auto& result : outcome.checks)
    if (result.folded.outcome == which && of(result.check->check->info)) ids.insert(result.check->id);
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : " ") + std::string(id);
  return text;
}

/// What acts at the authorization server: an honest look at a document is none of it.
bool acts_at_issuer(const CheckInfo& info) { return info.at_issuer && info.effect != Effect::passive; }
bool any(const CheckInfo&) { return true; }

RunOutcome audit(OddServer& server) {
  auto outcome = server.audit("").outcome;
  EXPECT_TRUE(outcome.bugs.empty()) << outcome.bugs.front();
  EXPECT_FALSE(outcome.checks.empty());
  return outcome;
}

class UselessAuthorizationServer : public ::testing::TestWithParam<std::pair<int, std::string>> {};

TEST_P(UselessAuthorizationServer, IsNoPassAndNoFinding) {
  OddServer server([](const net::Request&, std::string_view path) -> Odd {
    if (!is_authorization_server(path)) return {};
    return OddServer::json(GetParam().first, GetParam().second);
  });
  const auto outcome = audit(server);
  EXPECT_FALSE(outcome.complete);
  ASSERT_FALSE(outcome.untested.empty());
  EXPECT_TRUE(outcome.untested.front().starts_with("nobody logged in: ")) << outcome.untested.front();
  EXPECT_EQ(names(outcome, Outcome::pass, acts_at_issuer), "");
  EXPECT_EQ(names(outcome, Outcome::fail, acts_at_issuer), "");
}

INSTANTIATE_TEST_SUITE_P(OddServers, UselessAuthorizationServer,
                         ::testing::Values(std::pair(200, "{}"), std::pair(500, R"({"error":"server_error"})"),
                                           std::pair(403, "[]"), std::pair(200, "null")));

TEST(OddServers, ALoginPageInPlaceOfATokenIsNoPassAndNoFinding) {
  OddServer server([](const net::Request&, std::string_view path) -> Odd {
    if (path != "/token") return {};
    return OddServer::page(200,
                           R"(<html><form action="/login"><input name="user"><input type="password" name="p"></form></html>)");
  });
  const auto outcome = audit(server);
  EXPECT_FALSE(outcome.complete);
  // What the authorization endpoint alone shows may be said; nothing about codes and tokens can be.
  for (const auto& result : outcome.checks) {
    if (result.check->family == "token" || result.check->family == "pkce") {
      if (!acts_at_issuer(result.check->check->info)) continue;
      EXPECT_NE(result.folded.outcome, Outcome::pass) << result.check->id;
      EXPECT_NE(result.folded.outcome, Outcome::fail) << result.check->id;
    }
  }
}

TEST(OddServers, ALimitIsNoRefusal) {
  const auto asked = std::make_shared<std::atomic<int>>(0);
  OddServer server([asked](const net::Request&, std::string_view path) -> Odd {
    if (!is_authorization_server(path) || ++*asked <= 10) return {};
    auto limited = OddServer::json(429, R"({"error":"too_many_requests"})");
    limited.headers.add("Retry-After", "3600");
    return limited;
  });
  const auto outcome = audit(server);
  EXPECT_FALSE(outcome.complete);
  for (const auto& result : outcome.checks)
    for (const auto& [name, verdict] : result.cases.all()) {
      if (verdict.outcome() != Outcome::pass || verdict.evidence().empty()) continue;
      const auto& response = outcome.transcript->at(verdict.evidence().front().exchange).response;
      EXPECT_FALSE(response && response->status == 429) << result.check->id << ", " << name;
    }
}

TEST(OddServers, MetadataOfWrongTypesIsSaidAndCrashesNothing) {
  OddServer server([](const net::Request&, std::string_view path) -> Odd {
    if (path == "/.well-known/oauth-authorization-server")
      return OddServer::json(200, R"({"issuer":["https://mcp.example"],"authorization_endpoint":{"url":1},"token_endpoint":17,
        "registration_endpoint":null,"response_types_supported":"code","code_challenge_methods_supported":{"S256":true},
        "scopes_supported":[1,2,{"a":"b"}],"jwks_uri":false,"token_endpoint_auth_methods_supported":"none"})");
    if (path == "/.well-known/oauth-protected-resource/mcp")
      return OddServer::json(
          200, R"({"resource":["x"],"authorization_servers":{"0":"https://mcp.example"},"scopes_supported":"read"})");
    return {};
  });
  const auto outcome = audit(server);
  EXPECT_FALSE(outcome.complete);
  EXPECT_EQ(names(outcome, Outcome::pass, acts_at_issuer), "");
}

TEST(OddServers, RedirectsInCirclesEnd) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    if (path != "/authorize" && path != "/again") return {};
    net::Response loop;
    loop.status = 302;
    loop.headers.add("Location", path == "/again" ? request.url : std::string(OddServer::origin) + "/again");
    return loop;
  });
  const auto outcome = audit(server);
  EXPECT_FALSE(outcome.complete);
  EXPECT_LT(outcome.transcript->size(), 2000U);
}

TEST(OddServers, OneTokenForEverybodyIsNoCrash) {
  OddServer server([](const net::Request&, std::string_view path) -> Odd {
    if (path == "/token")
      return OddServer::json(200, R"({"access_token":"the-one-token-of-this-server","token_type":"Bearer","expires_in":600})");
    return {};
  });
  const auto outcome = audit(server);
  // Its tokens are not good at the MCP server, so the login is of no use, and the token endpoint's own faults are seen.
  EXPECT_NE(names(outcome, Outcome::fail, any).find("code-replay"), std::string::npos) << names(outcome, Outcome::fail, any);
}

TEST(OddServers, ToolsThatChangeWithEachLookAreSeen) {
  const auto looks = std::make_shared<std::atomic<int>>(0);
  OddServer server([looks](const net::Request& request, std::string_view path) -> Odd {
    const bool lists = path == "/mcp" && request.body.find("tools/list") != std::string::npos;
    if (!lists || !request.headers.has("Authorization")) return {};
    const auto message = json::parse(request.body).value_or(json::Value());
    return OddServer::json(200, R"({"jsonrpc":"2.0","id":)" + message.at("id").dump() + R"(,"result":{"tools":[{"name":"tool)" +
                                    std::to_string(++*looks) + R"(","inputSchema":{"type":"object"}}]}})");
  });
  const auto outcome = audit(server);
  EXPECT_TRUE(outcome.bugs.empty());
}

}  // namespace
}  // namespace mcprove::testing
