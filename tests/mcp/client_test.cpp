#include "mcp/client.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::answer;
using test::error_for;
using test::method_of;
using test::result_for;
using test::Wired;
using testing::ElementsAre;
using testing::SizeIs;

const char* const welcome = R"({"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"s"},"instructions":"i"})";

Client::Options with_token() { return {.credential = Credential::bearer("t")}; }

/// A sound server of the handshake wire.
Result<net::Response> handshake_server(const net::Request& request) {
  if (request.method == "DELETE") return answer(200, "");
  const auto method = method_of(request);
  if (method == "notifications/initialized") return answer(202, "", "");
  auto response = method == "initialize" ? result_for(request, welcome) : result_for(request, R"({"tools":[]})");
  if (method == "initialize") response.headers.add("mcp-session-id", "s-1");
  return response;
}

TEST(HandshakeClient, OpensOneSessionAndEndsIt) {
  Wired wired(handshake_server);
  {
    Client client(wired.recorder, {Wire::handshake, test::target, ""}, with_token());
    const auto first = client.call("tools/list").value();
    EXPECT_EQ(first.answer, Answer::accepted);
    EXPECT_THAT(first.exchanges, SizeIs(3));
    EXPECT_FALSE(first.refused_at_start);
    EXPECT_EQ(client.call("ping")->answer, Answer::accepted);
    EXPECT_EQ(client.session_id(), "s-1");
    EXPECT_EQ(client.endpoint().revision, "2025-06-18");
    EXPECT_EQ(client.greeting().string("instructions"), "i");
  }
  EXPECT_THAT(wired.asked(),
              ElementsAre("POST initialize", "POST notifications/initialized", "POST tools/list", "POST ping", "DELETE"));
  EXPECT_FALSE(wired.request(0).headers.has("Mcp-Session-Id"));
  for (const std::size_t later : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(wired.request(later).headers.find("Mcp-Session-Id"), "s-1");
    EXPECT_EQ(wired.request(later).headers.find("MCP-Protocol-Version"), "2025-06-18");
    EXPECT_EQ(wired.request(later).headers.find("Authorization"), "Bearer t");
  }
  EXPECT_FALSE(test::body_of(wired.request(1)).has("id"));
}

TEST(HandshakeClient, AMovedClientEndsItsSessionOnce) {
  Wired wired(handshake_server);
  {
    Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
    ASSERT_TRUE(client.greet());
    const Client moved = std::move(client);
  }
  EXPECT_THAT(wired.asked(), ElementsAre("POST initialize", "POST notifications/initialized", "DELETE"));
}

TEST(HandshakeClient, ARefusedHandshakeIsTheAnswer) {
  Wired wired([](const net::Request&) -> Result<net::Response> {
    auto response = answer(401, "");
    response.headers.add("WWW-Authenticate", "Bearer").add("Mcp-Session-Id", "trap");
    return response;
  });
  {
    Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
    const auto outcome = client.call("tools/list").value();
    EXPECT_EQ(outcome.answer, Answer::denied);
    EXPECT_TRUE(outcome.refused_at_start);
    EXPECT_EQ(outcome.why, "initialize: 401 with a Bearer challenge");
  }
  EXPECT_THAT(wired.asked(), ElementsAre("POST initialize"));
}

TEST(HandshakeClient, ReopensAnEndedSessionOnce) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) == "tools/list")
      return answer(404, R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null})");
    return handshake_server(request);
  });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  EXPECT_EQ(client.call("tools/list")->answer, Answer::other);
  EXPECT_THAT(wired.asked(), ElementsAre("POST initialize", "POST notifications/initialized", "POST tools/list",
                                         "POST initialize", "POST notifications/initialized", "POST tools/list"));
}

TEST(HandshakeClient, ABentSessionIsNotReopened) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (request.headers.find("Mcp-Session-Id") == "invented") return answer(404, "");
    return handshake_server(request);
  });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  const auto outcome =
      client.call("tools/list", {}, {.bend = [](net::Request& request) { request.headers.set("Mcp-Session-Id", "invented"); }});
  EXPECT_EQ(outcome->response.status, 404);
  EXPECT_THAT(wired.asked(), ElementsAre("POST initialize", "POST notifications/initialized", "POST tools/list"));
}

TEST(HandshakeClient, AnUnknownMethodIsNoEndedSession) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) == "no/such") return error_for(request, 404, -32601, "Method not found");
    return handshake_server(request);
  });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  ASSERT_TRUE(client.call("no/such"));
  EXPECT_THAT(wired.asked(), SizeIs(3));
}

TEST(HandshakeClient, TakesAnOlderRevisionThatTheErrorNames) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) == "initialize" && test::body_of(request).at("params").string("protocolVersion") != "2025-03-26") {
      return error_for(request, 400, -32602, "Unsupported protocol version",
                       R"({"supported":["2024-11-05","2025-03-26","2026-07-28"]})");
    }
    return handshake_server(request);
  });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  const auto outcome = client.greet().value();
  EXPECT_EQ(outcome.answer, Answer::accepted);
  EXPECT_THAT(outcome.exchanges, SizeIs(3));
}

TEST(HandshakeClient, DoesNotRepeatARevisionThatIsNone) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) != "initialize") return handshake_server(request);
    auto response = result_for(request, R"({"protocolVersion":"2025-11-25\r\nX-Evil: 1","capabilities":{}})");
    response.headers.add("Mcp-Session-Id", "two words");
    return response;
  });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  ASSERT_TRUE(client.call("tools/list"));
  EXPECT_EQ(wired.request(2).headers.find("MCP-Protocol-Version"), "2025-11-25");
  EXPECT_EQ(client.session_id(), "");
}

TEST(HandshakeClient, RawSendsOneRequestAndNoSession) {
  Wired wired(handshake_server);
  {
    Client client(wired.recorder, {Wire::handshake, test::target, "2025-11-25"}, {});
    EXPECT_EQ(client.raw("tools/list")->answer, Answer::accepted);
  }
  EXPECT_THAT(wired.asked(), ElementsAre("POST tools/list"));
  EXPECT_FALSE(wired.request(0).headers.has("Mcp-Session-Id"));
}

TEST(HandshakeClient, NotificationsAreJudgedByStatus) {
  const auto answer_to = [](net::Response response) {
    Wired wired([&](const net::Request&) -> Result<net::Response> { return response; });
    Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
    return client.raw("notifications/cancelled", {}, {.notification = true})->answer;
  };
  EXPECT_EQ(answer_to(answer(202, "", "")), Answer::accepted);
  EXPECT_EQ(answer_to(answer(204, "", "")), Answer::accepted);
  EXPECT_EQ(answer_to(answer(401, "")), Answer::denied);
  EXPECT_EQ(answer_to(answer(200, "<html></html>", "text/html")), Answer::other);
  EXPECT_EQ(answer_to(answer(400, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"bad"}})")), Answer::other);
}

TEST(HandshakeClient, SaysWhenNothingCame) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return failure(Error::Kind::timeout, "late"); });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  EXPECT_EQ(client.call("tools/list").error().kind, Error::Kind::timeout);
}

TEST(StatelessClient, TakesTheRevisionThatTheErrorNames) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (request.headers.find("MCP-Protocol-Version") == "2026-07-28") {
      return error_for(request, 400, -32022, "Unsupported",
                       R"({"supported":["2025-11-25","2026-11-30"],"requested":"2026-07-28"})");
    }
    return result_for(request, "{}");
  });
  Client client(wired.recorder, {Wire::stateless, test::target, "2026-07-28"}, {});
  const auto outcome = client.call("tools/list").value();
  EXPECT_EQ(outcome.answer, Answer::accepted);
  EXPECT_THAT(outcome.exchanges, SizeIs(2));
  EXPECT_EQ(client.endpoint().revision, "2026-11-30");
}

TEST(StatelessClient, KeepsItsRevisionWhenNoneFits) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    return error_for(request, 400, -32022, "Unsupported", R"({"supported":["2025-11-25"]})");
  });
  Client client(wired.recorder, {Wire::stateless, test::target, "2026-07-28"}, {});
  EXPECT_EQ(client.call("tools/list")->answer, Answer::other);
  EXPECT_THAT(wired.asked(), SizeIs(1));
}

/// A stream that names its POST address and holds these answers.
Wired stream_server(const std::string& stream, int post_status = 202) {
  return Wired([stream, post_status](const net::Request& request) -> Result<net::Response> {
    return request.method == "GET" ? test::events(stream) : answer(post_status, "Accepted", "text/plain");
  });
}

const std::string sse_welcome =
    R"(data: {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2024-11-05","capabilities":{},"serverInfo":{}}})"
    "\n\n";

TEST(SseClient, ReadsItsAnswersFromTheStream) {
  auto wired = stream_server("event: endpoint\ndata: /messages?sessionId=abc\n\n" + sse_welcome +
                             "data: {\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}\n\n"
                             "data: {\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"tools\":[]}}\n\n");
  Client client(wired.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, with_token());
  const auto outcome = client.call("tools/list").value();
  EXPECT_EQ(outcome.answer, Answer::accepted);
  EXPECT_EQ(client.message_url(), "http://127.0.0.1:9/messages?sessionId=abc");
  EXPECT_EQ(client.session_id(), "abc");
  EXPECT_THAT(wired.asked(), ElementsAre("GET", "POST initialize", "POST notifications/initialized", "POST tools/list"));
  EXPECT_EQ(wired.request(3).headers.find("Authorization"), "Bearer t");
  const auto& event = wired.transcript.at(outcome.exchanges.back());
  EXPECT_THAT(event.response->body, testing::HasSubstr(R"("tools":[])"));
}

TEST(SseClient, APostRefusedIsTheAnswer) {
  auto wired = stream_server("event: endpoint\ndata: /messages\n\n" + sse_welcome, 401);
  Client client(wired.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, {});
  const auto outcome = client.call("tools/list").value();
  EXPECT_EQ(outcome.answer, Answer::denied);
  EXPECT_TRUE(outcome.refused_at_start);
}

TEST(SseClient, AStreamRefusedIsTheAnswer) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return answer(401, ""); });
  Client client(wired.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, {});
  const auto outcome = client.greet().value();
  EXPECT_EQ(outcome.answer, Answer::denied);
  EXPECT_THAT(wired.asked(), ElementsAre("GET"));
}

TEST(SseClient, NeverPostsToAnotherOrigin) {
  for (const auto* elsewhere :
       {"http://evil.example/m", "//evil.example/m", "http://127.0.0.1:10/m", "https://127.0.0.1:9/m", "javascript:1"}) {
    auto wired = stream_server(std::string{"event: endpoint\ndata: "} + elsewhere + "\n\n");
    Client client(wired.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, with_token());
    const auto outcome = client.call("tools/list");
    ASSERT_FALSE(outcome.has_value()) << elsewhere;
    EXPECT_EQ(outcome.error().kind, Error::Kind::malformed);
    EXPECT_THAT(wired.asked(), ElementsAre("GET"));
  }
}

TEST(SseClient, AStreamThatEndsOrNeverBegins) {
  auto silent = stream_server("event: endpoint\ndata: /m\n\n");
  EXPECT_EQ(Client(silent.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, {}).greet().error().kind, Error::Kind::network);
  auto headless = stream_server("data: hello\n\n");
  const auto outcome = Client(headless.recorder, {Wire::sse, "http://127.0.0.1:9/sse", ""}, {}).greet().value();
  EXPECT_EQ(outcome.answer, Answer::other);
  EXPECT_TRUE(outcome.refused_at_start);
}

}  // namespace
}  // namespace mcprove::mcp
