#include "mcp/message.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::answer;
using test::parsed;

TEST(BuildRequest, StatelessRepeatsTheBodyInFields) {
  const Endpoint endpoint{Wire::stateless, test::target, "2026-07-28"};
  const auto request = build_request(endpoint, "tools/call", parsed(R"({"name":"notes.read","arguments":{}})"), 7,
                                     Credential::bearer("t0k"), "s1");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.headers.find("MCP-Protocol-Version"), "2026-07-28");
  EXPECT_EQ(request.headers.find("Mcp-Method"), "tools/call");
  EXPECT_EQ(request.headers.find("Mcp-Name"), "notes.read");
  EXPECT_EQ(request.headers.find("Authorization"), "Bearer t0k");
  EXPECT_FALSE(request.headers.has("Mcp-Session-Id"));
  const auto meta = parsed(request.body).at("params").at("_meta");
  EXPECT_EQ(meta.string("io.modelcontextprotocol/protocolVersion"), "2026-07-28");
  EXPECT_TRUE(meta.at("io.modelcontextprotocol/clientCapabilities").is_object());
  EXPECT_EQ(meta.at("io.modelcontextprotocol/clientInfo").string("name"), "mcprove");
  EXPECT_EQ(parsed(request.body).integer("id"), 7);
}

TEST(BuildRequest, NamesThatAFieldCannotCarryGoAsBase64) {
  const Endpoint endpoint{Wire::stateless, test::target, "2026-07-28"};
  const auto field = [&](const std::string& method, const std::string& key, const std::string& value) {
    const auto params = json::Value::object({{key, json::str(value)}});
    return build_request(endpoint, method, params, 1, {}).headers.find("Mcp-Name").value_or("-");
  };
  EXPECT_EQ(field("tools/call", "name", "gr\xc3\xbc\xc3\x9f"), "=?base64?Z3LDvMOf?=");
  EXPECT_EQ(field("prompts/get", "name", "a\r\nX: y"), "=?base64?YQ0KWDogeQ==?=");
  EXPECT_EQ(field("resources/read", "uri", " x"), "=?base64?IHg=?=");
  EXPECT_EQ(field("resources/read", "uri", "file:///a b"), "file:///a b");
  EXPECT_EQ(field("tools/list", "name", "x"), "-");
  EXPECT_EQ(field("tools/call", "uri", "x"), "-");
}

TEST(BuildRequest, KeepsTheMetaThatTheCallerBrings) {
  const Endpoint endpoint{Wire::stateless, test::target, "2026-07-28"};
  const auto params = parsed(R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01","progressToken":3}})");
  const auto meta = parsed(build_request(endpoint, "ping", params, 1, {}).body).at("params").at("_meta");
  EXPECT_EQ(meta.string("io.modelcontextprotocol/protocolVersion"), "1999-01-01");
  EXPECT_EQ(meta.integer("progressToken"), 3);
}

TEST(BuildRequest, HandshakeNamesTheRevisionFrom20250618On) {
  const auto version = [](const std::string& revision, std::string_view method) {
    return build_request({Wire::handshake, test::target, revision}, method, {}, 1, {}, "s1")
        .headers.find("MCP-Protocol-Version")
        .value_or("-");
  };
  EXPECT_EQ(version("2025-11-25", "tools/list"), "2025-11-25");
  EXPECT_EQ(version("2025-06-18", "tools/list"), "2025-06-18");
  EXPECT_EQ(version("2025-03-26", "tools/list"), "-");
  EXPECT_EQ(version("2025-11-25", "initialize"), "-");
}

TEST(BuildRequest, InitializeIsFilledIn) {
  const auto body = parsed(build_request({Wire::handshake, test::target, ""}, "initialize", {}, 1, {}).body);
  EXPECT_EQ(body.at("params").string("protocolVersion"), newest_handshake);
  EXPECT_TRUE(body.at("params").at("capabilities").is_object());
  EXPECT_EQ(
      parsed(build_request({Wire::sse, test::target, ""}, "initialize", {}, 1, {}).body).at("params").string("protocolVersion"),
      sse_revision);
}

TEST(MessageWithId, FindsOursAndNothingElse) {
  const auto found = [](const net::Response& response) { return !message_with_id(response, 3).is_null(); };
  EXPECT_TRUE(found(answer(200, R"({"id":3,"result":{}})")));
  EXPECT_TRUE(found(answer(200, R"({"id":3.0,"result":{}})")));
  EXPECT_FALSE(found(answer(200, R"({"id":3,"method":"ping"})")));
  EXPECT_FALSE(found(answer(200, R"({"id":3,"method":"ping","result":{}})")));
  EXPECT_FALSE(found(answer(200, R"({"id":4,"result":{}})")));
  EXPECT_FALSE(found(answer(200, R"({"id":null,"result":{}})")));
  EXPECT_FALSE(found(answer(200, R"({"id":3})")));
  EXPECT_FALSE(found(answer(200, R"("3")")));
  EXPECT_FALSE(found(answer(200, "")));
  EXPECT_TRUE(found(answer(400, R"({"id":null,"error":{"code":-32600,"message":"x"}})")));
  EXPECT_TRUE(found(test::events("data: {\"id\":3,\"result\":{}}"))) << "an end without the blank line";
  EXPECT_TRUE(found(answer(200, "event: message\ndata: {\"id\":3,\"result\":{}}\n\n", "application/json")))
      << "a mislabelled stream";
}

TEST(MessageWithId, PrefersOursToAnErrorWithoutAnId) {
  const auto message =
      message_with_id(test::events("data: {\"id\":null,\"error\":{\"code\":1}}\n\ndata: {\"id\":3,\"result\":{}}\n\n"), 3);
  EXPECT_TRUE(message.has("result"));
}

TEST(UntilAnswered, IsTrueFromOurAnswerOn) {
  const auto enough = until_answered(2);
  std::string body = "data: {\"id\":2,\"method\":\"ping\"}\n\n";
  EXPECT_FALSE(enough(body));
  body += "data: {\"id\":2,\"resu";
  EXPECT_FALSE(enough(body));
  body += "lt\":{}}\n\n";
  EXPECT_TRUE(enough(body));
  EXPECT_TRUE(enough(body + ": more\n\n"));
  EXPECT_FALSE(enough("data: {}\n\n")) << "the request was repeated";
}

TEST(UntilAnswered, GivesUpOnAStreamThatChatters) {
  const auto enough = until_answered(2);
  std::string body;
  std::size_t events = 0;
  while (!enough(body) && events <= most_events) {
    body += "data: {}\n\n";
    ++events;
  }
  EXPECT_EQ(events, most_events + 1);
}

}  // namespace
}  // namespace mcprove::mcp
