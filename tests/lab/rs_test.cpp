#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/flaws/discovery.h"
#include "fixtures/flaws/per-tool-authorization.h"
#include "fixtures/flaws/session.h"
#include "fixtures/flaws/token-rs.h"
#include "fixtures/flaws/tool-vetting.h"
#include "fixtures/flaws/transport.h"
#include "tests/lab/rs_client.h"

namespace mcprove::lab::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::string batch() {
  return R"([{"jsonrpc":"2.0","id":1,"method":"tools/list"},)"
         R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"note_write","arguments":{"title":"a","body":"b"}}}])";
}

class Handshake : public ::testing::Test {
 protected:
  McpClient client(const std::string& token) const { return McpClient(server.host.origin(), token); }
  ResourceServer server{{Wire::handshake}};
};

TEST_F(Handshake, ChallengesEveryMethodWithoutAToken) {
  auto anonymous = client("");
  for (const auto* method : {"POST", "GET", "DELETE", "PUT"}) {
    const auto answer = anonymous.send(method, "");
    EXPECT_EQ(answer.status, 401) << method;
    EXPECT_THAT(answer.header("WWW-Authenticate"),
                AllOf(HasSubstr("Bearer "), HasSubstr("resource_metadata=\""), Not(HasSubstr("error="))));
  }
}

TEST_F(Handshake, NamesTheErrorOfATokenThatWasSent) {
  const auto answer = client("garbage").open();
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.header("WWW-Authenticate"), HasSubstr("error=\"invalid_token\""));
}

TEST_F(Handshake, AuthenticatesBeforeItReadsTheBody) {
  EXPECT_EQ(client("").send("POST", "{not json").status, 401);
  EXPECT_EQ(client("full").send("POST", "{not json").status, 400);
}

TEST_F(Handshake, IgnoresATokenInTheQuery) {
  httplib::Client http(server.host.origin());
  const auto answer = http.Post("/mcp?access_token=full", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", "application/json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
}

TEST_F(Handshake, RefusesForeignOriginsAndHosts) {
  auto full = client("full");
  for (const auto* origin : {"https://evil.example", "null", "file://", "http://127.0.0.1.evil.example", "http://evil.localhost"})
    EXPECT_EQ(full.open("2025-11-25", {{"Origin", origin}}).status, 403) << origin;
  EXPECT_EQ(full.open("2025-11-25", {{"Origin", server.host.origin()}}).status, 200);
  EXPECT_EQ(full.open("2025-11-25", {{"Host", "evil.example"}}).status, 421);
}

TEST_F(Handshake, NegotiatesTheRevision) {
  auto full = client("full");
  EXPECT_EQ(full.open("2025-06-18").message["result"]["protocolVersion"], "2025-06-18");
  EXPECT_EQ(full.open("1999-01-01").message["result"]["protocolVersion"], "2025-11-25");
  EXPECT_EQ(full.rpc("tools/list", json::object(), {{"MCP-Protocol-Version", "1999-01-01"}}).status, 400);
  EXPECT_EQ(full.rpc("tools/list", json::object(), {{"MCP-Protocol-Version", "2025-06-18"}}).status, 200);
}

TEST_F(Handshake, BindsSessionsToPersonAndClient) {
  auto full = client("full");
  full.open();
  for (const auto* token : {"bob", "agent"}) {
    auto thief = client(token);
    thief.session = full.session;
    EXPECT_EQ(thief.rpc("tools/list").status, 404) << token;
    EXPECT_EQ(thief.send("DELETE", "").status, 404) << token;
  }
  auto nobody = client("");
  nobody.session = full.session;
  EXPECT_EQ(nobody.rpc("tools/list").status, 401);
  EXPECT_EQ(full.rpc("tools/list").status, 200);
}

TEST_F(Handshake, KnowsNoSessionButItsOwn) {
  auto full = client("full");
  EXPECT_EQ(full.rpc("tools/list").status, 400);
  full.session = "chosen-by-the-client";
  EXPECT_EQ(full.rpc("tools/list").status, 404);
  full.open();
  EXPECT_NE(full.session, "chosen-by-the-client");
  EXPECT_EQ(full.send("DELETE", "").status, 204);
  EXPECT_EQ(full.rpc("tools/list").status, 404);
}

TEST_F(Handshake, ComparesScopesBeforeArguments) {
  auto low = client("low");
  low.open();
  const auto denied = low.call("note_write", {{"title", 7}});
  EXPECT_EQ(denied.status, 403);
  EXPECT_THAT(denied.header("WWW-Authenticate"),
              AllOf(HasSubstr("insufficient_scope"), HasSubstr("scope=\"notes:write\""), HasSubstr("resource_metadata=")));
  auto full = client("full");
  full.open();
  EXPECT_EQ(full.call("note_write", {{"title", 7}, {"body", "b"}}).error(), -32602);
  EXPECT_EQ(full.call("note_write", {{"title", "a"}, {"body", "b"}}).message["result"]["isError"], false);
}

TEST_F(Handshake, HidesAndRefusesAdministratorsTools) {
  auto low = client("low");
  low.open();
  EXPECT_THAT(low.rpc("tools/list").tool_names(), AllOf(Contains("note_write"), Not(Contains("users_list"))));
  EXPECT_EQ(low.call("users_list").status, 403);
  auto bob = client("bob");
  bob.open();
  EXPECT_EQ(bob.call("users_list").status, 403) << "a scope does not make an administrator";
  EXPECT_EQ(low.call("no_such_tool").error(), -32602);
}

TEST_F(Handshake, KeepsPeopleApart) {
  auto alice = client("full");
  auto bob = client("bob");
  alice.open();
  bob.open();
  const std::string uri = alice.rpc("resources/list").message["result"]["resources"][0]["uri"];
  EXPECT_EQ(alice.rpc("resources/read", {{"uri", uri}}).status, 200);
  EXPECT_EQ(bob.rpc("resources/read", {{"uri", uri}}).error(), -32002);
  EXPECT_EQ(bob.call("note_read", {{"id", uri.substr(uri.rfind('/') + 1)}}).message["result"]["isError"], true);
}

TEST_F(Handshake, SpeaksJsonRpc) {
  auto full = client("full");
  full.open();
  EXPECT_EQ(full.rpc("no/such/method").error(), -32601);
  EXPECT_EQ(full.send("POST", R"({"jsonrpc":"2.0","method":"notifications/initialized"})").status, 202);
  EXPECT_EQ(full.send("POST", R"({"jsonrpc":"1.0","id":1,"method":"ping"})").error(), -32600);
  EXPECT_EQ(full.send("POST", R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"})").error(), -32700);
  EXPECT_EQ(full.send("POST", batch()).status, 400);
  EXPECT_EQ(full.send("POST", "{}", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(full.rpc("tools/list").header("Content-Type"), "application/json");
  EXPECT_EQ(full.call("whoami").header("Content-Type"), "text/event-stream");
}

TEST_F(Handshake, ListsTheSameToolsEveryTime) {
  auto full = client("full");
  full.open();
  const auto first = full.rpc("tools/list", json::object(), {{"User-Agent", "one"}}).body;
  full.call("whoami");
  EXPECT_EQ(full.rpc("tools/list", json::object(), {{"User-Agent", "Claude"}}).body, first);
}

TEST(OldHandshake, RunsABatchOnlyWhenEveryItemIsAllowed) {
  ResourceServer server({Wire::handshake}, {}, "2025-03-26");
  McpClient low(server.host.origin(), "low");
  low.open("2025-03-26");
  EXPECT_EQ(low.send("POST", batch()).status, 403);
  McpClient full(server.host.origin(), "full");
  full.open("2025-03-26");
  const auto both = full.send("POST", batch());
  EXPECT_EQ(both.status, 200);
  EXPECT_EQ(both.message.size(), 2U);
}

class Stateless : public Handshake {
 protected:
  Stateless() = default;
  ResourceServer modern_only{{Wire::stateless}};
  McpClient modern(const std::string& token) const { return McpClient(modern_only.host.origin(), token); }
};

TEST_F(Stateless, DescribesItself) {
  const auto answer = modern("full").modern("server/discover");
  EXPECT_EQ(answer.message["result"]["supportedVersions"], json::array({"2026-07-28"}));
  EXPECT_EQ(answer.message["result"]["resultType"], "complete");
  EXPECT_TRUE(answer.message["result"].contains("ttlMs"));
  EXPECT_EQ(answer.header("Mcp-Session-Id"), "");
  EXPECT_EQ(modern("").modern("server/discover").status, 401);
}

TEST_F(Stateless, MarksWhatDependsOnTheCallerAsPrivate) {
  EXPECT_EQ(modern("full").modern("tools/list").message["result"]["cacheScope"], "private");
  EXPECT_EQ(modern("full").modern("resources/list").message["result"]["cacheScope"], "private");
}

TEST_F(Stateless, HoldsHeadersToTheBody) {
  auto full = modern("full");
  EXPECT_EQ(full.modern("tools/list", json::object(), {{"Mcp-Method", ""}}).error(), -32020);
  EXPECT_EQ(full.modern("tools/list", json::object(), {{"Mcp-Method", "tools/call"}}).error(), -32020);
  EXPECT_EQ(full.modern("tools/list", json::object(), {{"MCP-Protocol-Version", "2025-11-25"}}).error(), -32020);
  EXPECT_EQ(full.modern("tools/call", {{"name", "whoami"}}, {{"Mcp-Name", "notes_list"}}).error(), -32020);
  EXPECT_EQ(full.modern("tools/call", {{"name", "whoami"}}, {{"Mcp-Name", ""}}).error(), -32020);
  EXPECT_EQ(full.modern("tools/call", {{"name", "whoami"}}, {{"Mcp-Name", "=?base64?d2hvYW1p?="}}).status, 200);
  EXPECT_EQ(full.modern("tools/call", {{"name", "whoami"}}, {{"Mcp-Name", "=?base64?!!?="}}).error(), -32020);
}

TEST_F(Stateless, AnswersErrorsAsTheRevisionSays) {
  auto full = modern("full");
  const auto unknown = full.modern("audit/unknown");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.error(), -32601);
  EXPECT_EQ(full.modern("tools/list", {{"_meta", json::object()}}).error(), -32602);
  const json other{{"io.modelcontextprotocol/protocolVersion", "2027-01-01"},
                   {"io.modelcontextprotocol/clientCapabilities", json::object()}};
  const auto version = full.modern("tools/list", {{"_meta", other}}, {{"MCP-Protocol-Version", "2027-01-01"}});
  EXPECT_EQ(version.status, 400);
  EXPECT_EQ(version.error(), -32022);
  EXPECT_EQ(version.message["error"]["data"]["requested"], "2027-01-01");
  EXPECT_EQ(full.send("GET", "").status, 405);
  EXPECT_EQ(full.modern("resources/read", {{"uri", "notes://bob/none"}}).error(), -32602);
  EXPECT_EQ(modern("low").modern("tools/call", {{"name", "note_write"}}).status, 403);
}

TEST(BothWires, ShareOneEndpoint) {
  ResourceServer server({Wire::handshake, Wire::stateless});
  McpClient client(server.host.origin(), "full");
  EXPECT_EQ(client.modern("tools/list").status, 200);
  EXPECT_EQ(client.open().status, 200);
  EXPECT_EQ(client.rpc("tools/list").status, 200);
}

/// An event stream read as it comes, on a connection of its own.
TEST(Sse, AnswersOnTheStreamThatWasOpenedWithAToken) {
  ResourceServer server({Wire::sse});
  httplib::Client stream(server.host.origin());
  const httplib::Headers full{{"Authorization", "Bearer full"}};
  std::string events;
  std::string address;
  const auto on_data = [&](const char* data, std::size_t size) {
    events.append(data, size);
    if (address.empty() && events.find("\n\n") != std::string::npos) {
      const auto begin = events.find("data: ") + 6;
      address = events.substr(begin, events.find('\n', begin) - begin);
      httplib::Client http(server.host.origin());
      const std::string body = R"({"jsonrpc":"2.0","id":5,"method":"tools/list"})";
      EXPECT_EQ(http.Post(address, body, "application/json")->status, 401);
      EXPECT_EQ(http.Post(address, {{"Authorization", "Bearer bob"}}, body, "application/json")->status, 404);
      EXPECT_EQ(http.Post("/messages?sessionId=other", full, body, "application/json")->status, 404);
      EXPECT_EQ(http.Post(address, full, body, "application/json")->status, 202);
    }
    return events.find("\"tools\"") == std::string::npos;
  };
  stream.Get("/sse", full, on_data);
  EXPECT_THAT(events, AllOf(HasSubstr("event: endpoint"), HasSubstr("event: message"), HasSubstr("\"id\":5")));
  httplib::Client anonymous(server.host.origin());
  EXPECT_EQ(anonymous.Get("/sse")->status, 401);
}

TEST(RsFlaws, SwitchOffOneDefenceEach) {
  const auto with = [](const Flaw& flaw, const std::string& revision = {}) {
    return std::make_unique<ResourceServer>(std::set{Wire::handshake}, std::vector{flaw}, revision);
  };
  const auto open = [](ResourceServer& server, const std::string& token) {
    McpClient client(server.host.origin(), token);
    client.open();
    return client;
  };
  auto server = with(flaw::tools_open_to_anonymous);
  EXPECT_EQ(McpClient(server->host.origin(), "").rpc("tools/list").status, 200);
  EXPECT_EQ(McpClient(server->host.origin(), "").open().status, 401);
  server = with(flaw::resources_open_to_anonymous);
  EXPECT_EQ(McpClient(server->host.origin(), "").rpc("resources/list").status, 200);
  server = with(flaw::challenge_missing);
  EXPECT_EQ(McpClient(server->host.origin(), "").open().header("WWW-Authenticate"), "");
  server = with(flaw::tool_scope_unchecked);
  EXPECT_EQ(open(*server, "low").call("files_list").status, 200);
  server = with(flaw::hidden_tool_callable);
  EXPECT_EQ(open(*server, "low").call("users_list").status, 200);
  server = with(flaw::origin_unchecked);
  EXPECT_EQ(McpClient(server->host.origin(), "full").open("2025-11-25", {{"Origin", "https://evil.example"}}).status, 200);
  server = with(flaw::register_tool_open);
  EXPECT_EQ(open(*server, "low").call("register_tool", {{"name", "audit_x"}, {"description", "d"}}).status, 200);
  EXPECT_THAT(open(*server, "bob").rpc("tools/list").tool_names(), Contains("audit_x"));
  server = with(flaw::session_is_credential);
  auto owner = open(*server, "full");
  McpClient thief(server->host.origin(), "");
  thief.session = owner.session;
  EXPECT_EQ(thief.rpc("tools/list").status, 200);
  server = with(flaw::connection_remembers_token);
  httplib::Client one(server->host.origin());
  one.set_keep_alive(true);
  const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})";
  EXPECT_EQ(one.Post("/mcp", ping, "application/json")->status, 401);
  EXPECT_EQ(one.Post("/mcp", {{"Authorization", "Bearer full"}}, ping, "application/json")->status, 200);
  EXPECT_EQ(one.Post("/mcp", ping, "application/json")->status, 200);
}

}  // namespace
}  // namespace mcprove::lab::testing
