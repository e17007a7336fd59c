#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/client.h"
#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::answer;
using test::error_for;
using test::method_of;
using test::result_for;
using test::Wired;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Seen {
  std::string says{};  ///< "stateless handshake?": a question mark where a token is wanted
  std::vector<WireReport> reports{};
  std::vector<std::string> asked{};
};

Seen detect(test::ScriptedTransport::Answer server, const Credential& credential = {}, const char* url = test::target) {
  Wired wired(std::move(server));
  auto reports = detect_wires(wired.recorder, net::Url::parse(url).value(), credential);
  EXPECT_TRUE(reports.has_value()) << reports.error().message;
  Seen seen{.reports = reports.value_or(std::vector<WireReport>{}), .asked = wired.asked()};
  for (const auto& report : seen.reports) {
    EXPECT_FALSE(report.why.empty());
    EXPECT_FALSE(report.speaks && report.exchanges.empty());
    if (!report.speaks && !report.needs_token) continue;
    seen.says += (seen.says.empty() ? "" : " ") + std::string{name(report.endpoint.wire)} + (report.needs_token ? "?" : "");
  }
  EXPECT_LE(seen.asked.size(), 10U);
  return seen;
}

net::Response no_session(int status = 400) {
  return answer(status,
                R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null})");
}

Result<net::Response> sdk_v1(const net::Request& request) {
  if (request.method == "GET") return request.url.ends_with("/mcp") ? no_session() : answer(404, "<html></html>", "text/html");
  if (request.method == "DELETE") return answer(200, "");
  if (method_of(request) == "notifications/initialized") return answer(202, "", "");
  if (method_of(request) != "initialize") return no_session();
  auto response = result_for(request, R"({"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"demo"}})");
  response.headers.add("Mcp-Session-Id", "s");
  return response;
}

Result<net::Response> sdk_v2(const net::Request& request) {
  if (method_of(request) == "server/discover") {
    return result_for(request, R"({"supportedVersions":["2026-07-28"],"capabilities":{},"instructions":"hello",)"
                               R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"v2"}}})");
  }
  return sdk_v1(request);
}

TEST(DetectWires, AHandshakeServerIsNotStateless) {
  const auto seen = detect(sdk_v1);
  EXPECT_EQ(seen.says, "handshake");
  EXPECT_THAT(seen.reports, SizeIs(3));
  EXPECT_EQ(seen.reports[1].server_info.string("name"), "demo");
  EXPECT_THAT(seen.reports[1].supported, ElementsAre("2025-11-25"));
  EXPECT_THAT(seen.asked,
              ElementsAre("POST server/discover", "POST initialize", "POST notifications/initialized", "DELETE", "GET", "GET"));
}

TEST(DetectWires, ADualServerIsSeenAsSuch) {
  const auto seen = detect(sdk_v2);
  EXPECT_EQ(seen.says, "stateless handshake");
  EXPECT_EQ(seen.reports[0].server_info.string("name"), "v2");
  EXPECT_EQ(seen.reports[0].instructions, "hello");
  EXPECT_EQ(seen.reports[0].endpoint.revision, "2026-07-28");
}

TEST(DetectWires, AServerThatAnswersAnythingIsNotStateless) {
  const auto polite = [](const char* result) {
    return detect([result](const net::Request& request) -> Result<net::Response> {
             if (request.method != "POST") return answer(405, "", "");
             return result_for(request, result);
           })
        .says;
  };
  EXPECT_EQ(polite("{}"), "");
  EXPECT_EQ(polite(R"({"ok":true,"supportedVersions":["2025-11-25"]})"), "");
  EXPECT_EQ(polite(R"({"supportedVersions":"2026-07-28"})"), "");
  EXPECT_EQ(polite(R"({"protocolVersion":"2025-11-25"})"), "");
  EXPECT_EQ(polite(R"({"protocolVersion":"2025-11-25","capabilities":{}})"), "handshake");
}

TEST(DetectWires, RecognisedErrorsProveTheStatelessWire) {
  const auto with_error = [](int status, int code, const std::string& message, const std::string& data) {
    return detect([=](const net::Request& request) -> Result<net::Response> {
             if (method_of(request) == "server/discover") return error_for(request, status, code, message, data);
             return answer(404, "", "");
           })
        .says;
  };
  EXPECT_EQ(with_error(400, -32022, "Unsupported protocol version", R"({"supported":["2027-01-01"]})"), "stateless");
  EXPECT_EQ(with_error(400, -32022, "Unsupported protocol version", R"({"supported":["2025-11-25"]})"), "");
  EXPECT_EQ(with_error(400, -32020, "mismatch", "null"), "stateless");
  EXPECT_EQ(with_error(400, -32021, "capability", "null"), "stateless");
  EXPECT_EQ(with_error(400, -32004, "Unsupported", R"({"supported":["2026-07-28"]})"), "stateless") << "release candidate";
  EXPECT_EQ(with_error(400, -32001, "Header mismatch", "null"), "stateless") << "release candidate";
  EXPECT_EQ(with_error(400, -32001, "Session not found", "null"), "");
  EXPECT_EQ(with_error(400, -32003, "x", "null"), "");
  EXPECT_EQ(with_error(200, -32020, "mismatch", "null"), "") << "a 200 is not how this wire refuses";
  EXPECT_EQ(with_error(404, -32601, "Method not found", "null"), "") << "anyone may say that";
}

TEST(DetectWires, AStatelessServerWithoutDiscoverIsFoundByItsVersionError) {
  const auto seen = detect([](const net::Request& request) -> Result<net::Response> {
    if (request.headers.find("MCP-Protocol-Version").value_or("2026-07-28") != "2026-07-28") {
      return error_for(request, 400, -32022, "Unsupported", R"({"supported":["2026-07-28"]})");
    }
    return error_for(request, 404, -32601, "Method not found");
  });
  EXPECT_EQ(seen.says, "stateless");
  EXPECT_EQ(seen.reports[0].endpoint.revision, "2026-07-28");
}

TEST(DetectWires, AChallengeComesBeforeTheWire) {
  const auto closed = [](const net::Request& request) -> Result<net::Response> {
    if (request.headers.find("Authorization") == "Bearer good") return sdk_v2(request);
    auto response = answer(401, R"({"error":"invalid_token"})");
    response.headers.add("WWW-Authenticate", "Bearer");
    return response;
  };
  const auto before = detect(closed);
  EXPECT_EQ(before.says, "stateless? handshake? sse?");
  EXPECT_THAT(before.asked, SizeIs(4));
  EXPECT_THAT(before.reports[0].exchanges, SizeIs(1));
  EXPECT_EQ(before.reports[2].endpoint.url, test::target);
  EXPECT_EQ(detect(closed, Credential::bearer("good")).says, "stateless handshake");
  EXPECT_EQ(detect(closed, Credential::bearer("bad")).says, "stateless? handshake? sse?");
}

TEST(DetectWires, OneWireMayBeOpenWhereAnotherIsNot) {
  const auto seen = detect([](const net::Request& request) -> Result<net::Response> {
    if (request.headers.has("Mcp-Method") || request.method == "GET") return answer(401, "");
    return sdk_v1(request);
  });
  EXPECT_EQ(seen.says, "stateless? handshake sse?");
}

Result<net::Response> old_server(const net::Request& request, const std::string& place, const std::string& stream) {
  if (request.method == "GET") return request.url.ends_with(place) ? test::events(stream) : answer(404, "", "");
  if (request.url.find("/messages") != std::string::npos) return answer(202, "Accepted", "text/plain");
  return answer(405, "", "");
}

TEST(DetectWires, TheStreamMayBeBesideTheUrlOrAtIt) {
  const std::string stream =
      "event: endpoint\ndata: /messages?sessionId=1\n\n"
      "data: "
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2024-11-05\",\"serverInfo\":{\"name\":\"old\"}}}\n\n";
  const auto server = [&](const net::Request& request) { return old_server(request, "/sse", stream); };
  const auto beside = detect(server);
  EXPECT_EQ(beside.says, "sse");
  EXPECT_EQ(beside.reports[2].endpoint.url, "http://127.0.0.1:9/sse");
  EXPECT_EQ(beside.reports[2].server_info.string("name"), "old");
  const auto at = detect(server, {}, "http://127.0.0.1:9/tenant/sse");
  EXPECT_EQ(at.says, "sse");
  EXPECT_EQ(at.reports[2].endpoint.url, "http://127.0.0.1:9/tenant/sse");
}

TEST(DetectWires, AnEventStreamAloneIsNotTheOldWire) {
  for (const auto* stream : {"", ": hello\n\n", "data: {}\n\n", "event: message\ndata: /messages\n\n"}) {
    const auto seen = detect([&](const net::Request& request) { return old_server(request, "/mcp", stream); });
    EXPECT_EQ(seen.says, "") << stream;
  }
}

TEST(DetectWires, AnEndpointElsewhereIsNotFollowed) {
  const auto seen = detect([](const net::Request& request) {
    return old_server(request, "/mcp", "event: endpoint\ndata: http://evil.example/m\n\n");
  });
  EXPECT_EQ(seen.says, "sse");
  EXPECT_THAT(seen.reports[2].why, testing::HasSubstr("another origin"));
  EXPECT_THAT(seen.asked, ElementsAre("POST server/discover", "POST initialize", "GET"));
}

TEST(DetectWires, AWebSiteSpeaksNothing) {
  EXPECT_EQ(detect([](const net::Request&) -> Result<net::Response> { return answer(200, "<html></html>", "text/html"); }).says,
            "");
  EXPECT_EQ(detect([](const net::Request&) -> Result<net::Response> { return answer(403, "Forbidden", "text/plain"); }).says, "");
  EXPECT_EQ(detect([](const net::Request&) -> Result<net::Response> { return answer(302, "", ""); }).says, "");
  EXPECT_EQ(detect([](const net::Request&) -> Result<net::Response> { return answer(500, "{}"); }).says, "");
}

TEST(DetectWires, NobodyThereIsAnError) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return failure(Error::Kind::network, "refused"); });
  const auto reports = detect_wires(wired.recorder, net::Url::parse(test::target).value(), {});
  ASSERT_FALSE(reports.has_value());
  EXPECT_EQ(reports.error().kind, Error::Kind::network);
}

TEST(DetectWires, OneWireThatHangsDoesNotHideTheOthers) {
  const auto seen = detect([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) == "server/discover") return failure(Error::Kind::timeout, "no answer in time");
    return sdk_v1(request);
  });
  EXPECT_EQ(seen.says, "handshake");
  EXPECT_EQ(seen.reports[0].why, "no answer in time");
}

TEST(DetectWires, StopsWhereItMayNotGo) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return answer(200, ""); });
  const auto reports = detect_wires(wired.recorder, net::Url::parse("http://elsewhere.example/mcp").value(), {});
  ASSERT_FALSE(reports.has_value());
  EXPECT_EQ(reports.error().kind, Error::Kind::out_of_scope);
  EXPECT_THAT(wired.asked(), IsEmpty());
}

}  // namespace
}  // namespace mcprove::mcp
