// The transport against a loopback server that says exactly what each test wants said: requests and connections.
#include <atomic>
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/curl_fixture.h"
#include "tests/support/raw_server.h"

namespace mcprove::net {
namespace {

using test::answering;
using test::Peer;
using test::RawServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

// Remembers the last request and answers 200.
struct Echo {
  std::promise<std::string> heard;
  RawServer server{[this](Peer& peer) {
    if (auto request = peer.request()) {
      peer.answer(200, "ok");
      heard.set_value(*request);
    }
  }};
  std::string request() { return heard.get_future().get(); }
};

TEST_F(CurlTransport, BringsStatusHeadersAndBody) {
  const RawServer server(answering(418, "tea", "Set-Cookie: a=1\r\nX: 1\r\nSet-Cookie: b=2\r\n"));
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 418);
  EXPECT_EQ(response->version, "1.1");
  EXPECT_EQ(response->body, "tea");
  EXPECT_THAT(response->headers.fields,
              ElementsAre(Pair("Set-Cookie", "a=1"), Pair("X", "1"), Pair("Set-Cookie", "b=2"), Pair("Content-Length", "3")));
  EXPECT_EQ(response->address, "127.0.0.1");
  EXPECT_EQ(response->attempts, 1);
  EXPECT_FALSE(response->cut);
}

TEST_F(CurlTransport, SendsAGetAsWritten) {
  Echo echo;
  ASSERT_TRUE(send({.url = echo.server.url("/a/../b/./%2e?x=1&x=%202#frag"),
                    .headers = {{{"B", "2"}, {"A", "1"}, {"B", "3"}, {"Empty", ""}}}}));
  const auto request = echo.request();
  EXPECT_THAT(request, testing::StartsWith("GET /a/../b/./%2e?x=1&x=%202 HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(request, HasSubstr("\r\nB: 2\r\nA: 1\r\nB: 3\r\nEmpty:\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nUser-Agent: mcprove/0.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nAccept-Encoding: identity\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Cookie")));
}

TEST_F(CurlTransport, PostsABodyWithoutFieldsOfItsOwn) {
  Echo echo;
  const std::string body("a\0b", 3);
  ASSERT_TRUE(send({.method = "POST", .url = echo.server.url(), .body = body}));
  const auto request = echo.request();
  EXPECT_THAT(request, testing::StartsWith("POST / HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Content-Type")));
  EXPECT_THAT(request, Not(HasSubstr("Expect")));
  EXPECT_THAT(request, testing::EndsWith("\r\n\r\n" + body));
}

TEST_F(CurlTransport, LargeBodiesAreSentWithoutAskingFirst) {
  Echo echo;
  ASSERT_TRUE(send({.method = "POST", .url = echo.server.url(), .body = std::string(3'000'000, 'x')}));
  const auto request = echo.request();
  EXPECT_THAT(request.substr(0, 400), Not(HasSubstr("Expect")));
  EXPECT_GT(request.size(), 3'000'000U);
}

TEST_F(CurlTransport, OverridesAndRemovesDefaults) {
  Echo echo;
  ASSERT_TRUE(send({.method = "DELETE",
                    .url = echo.server.url(),
                    .headers = {{{"Host", "evil.example"}, {"User-Agent", "other"}, {"Accept", ""}, {"accept-encoding", ""}}}}));
  const auto request = echo.request();
  EXPECT_THAT(request, HasSubstr("DELETE / HTTP/1.1\r\nHost: evil.example\r\n"));
  EXPECT_THAT(request, HasSubstr("User-Agent: other\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(request, Not(HasSubstr("ccept")));
}

TEST_F(CurlTransport, SendsARawRequestTarget) {
  Echo echo;
  ASSERT_TRUE(send({.url = echo.server.url("/x"), .target = "http://other.example/y#z"}));
  EXPECT_THAT(echo.request(), testing::StartsWith("GET http://other.example/y#z HTTP/1.1\r\n"));
}

TEST_F(CurlTransport, RefusesWhatWouldBreakTheMessage) {
  const std::vector<Request> requests{{.url = "http://127.0.0.1:1/", .headers = {{{"X", "a\r\nY: b"}}}},
                                      {.url = "http://127.0.0.1:1/", .headers = {{{"X\n", "a"}}}},
                                      {.url = "http://127.0.0.1:1/", .headers = {{{"X", std::string(1, '\0')}}}},
                                      {.url = "http://127.0.0.1:1/", .headers = {{{"", "a"}}}},
                                      {.method = "GET /x HTTP/1.1\r\n", .url = "http://127.0.0.1:1/"},
                                      {.url = "http://127.0.0.1:1/", .target = "/\r\n"},
                                      {.url = "http://user:pass@127.0.0.1:1/"},
                                      {.url = "file:///etc/passwd"},
                                      {.url = "127.0.0.1:1"},
                                      {.url = "http://127.0.0.1:1/a b"}};
  for (const auto& request : requests) {
    EXPECT_EQ(error_of(send(request)).kind, Error::Kind::malformed) << request.url << error_of(send(request)).message;
  }
}

TEST_F(CurlTransport, DoesNotFollowRedirects) {
  const RawServer server(answering(302, "", "Location: /elsewhere\r\n"));
  const auto response = get(server);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->headers.find("location"), "/elsewhere");
}

TEST_F(CurlTransport, ReusesAConnection) {
  const RawServer server(answering(200, "x"));
  EXPECT_FALSE(get(server)->reused_connection);
  EXPECT_TRUE(get(server)->reused_connection);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransport, KeepsFreshAndNamedConnectionsApart) {
  const RawServer server([](Peer& peer) {
    while (peer.request()) peer.answer(200, std::to_string(peer.number()));
  });
  EXPECT_EQ(get(server)->body, "1");
  EXPECT_EQ(get(server, Connection::named("a"))->body, "2");
  EXPECT_EQ(get(server, Connection::named("b"))->body, "3");
  EXPECT_EQ(get(server, Connection::fresh())->body, "4");
  EXPECT_EQ(get(server, Connection::named("a"))->body, "2");
  EXPECT_EQ(get(server, Connection::fresh())->body, "5");
  EXPECT_EQ(get(server)->body, "1");
  EXPECT_EQ(get(server, Connection::named("b"))->body, "3");
  const auto again = get(server, Connection::named("a"));
  EXPECT_EQ(again->body, "2");
  EXPECT_TRUE(again->reused_connection);
}

TEST_F(CurlTransport, RequestsOnOneNameTakeTurns) {
  const RawServer server(answering(200, "x"));
  std::vector<std::future<bool>> sent;
  for (int i = 0; i < 8; ++i) {
    sent.push_back(std::async(std::launch::async, [&] { return get(server, Connection::named("one")).has_value(); }));
  }
  for (auto& one : sent) EXPECT_TRUE(one.get());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransport, SendsSideBySide) {
  // Nobody is answered before all four have asked.
  std::atomic<int> waiting = 0;
  std::promise<void> all;
  const auto everybody = all.get_future().share();
  const RawServer server([&](Peer& peer) {
    while (peer.request()) {
      if (++waiting == 4) all.set_value();
      everybody.wait();
      peer.answer(200, "x");
    }
  });
  std::vector<std::future<bool>> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(std::async(std::launch::async, [&] { return get(server).has_value(); }));
  for (auto& one : sent) EXPECT_TRUE(one.get());
}

TEST_F(CurlTransport, TriesAgainWhenAKeptConnectionTurnsOutClosed) {
  // Nothing can tell the client before it sends: the answer to the second request is the end of the connection.
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.answer(200, std::to_string(peer.number()));
    if (peer.number() == 1) peer.request();
    if (peer.number() == 2) peer.request();
  });
  EXPECT_EQ(get(server)->attempts, 1);
  const auto second = get(server);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->attempts, 2);
  EXPECT_EQ(second->body, "2");
}

TEST_F(CurlTransport, SaysWhoRefusedTheConnection) {
  const auto error = error_of(send({.url = "http://127.0.0.1:1/"}));
  EXPECT_EQ(error.kind, Error::Kind::network);
  EXPECT_EQ(error.message, "connection refused by 127.0.0.1:1");
}

TEST_F(CurlTransport, FindsTheAddressOfLocalhostThatAnswers) {
  scope_.name_origin("http://localhost", Reach::active);
  const RawServer server(answering(200, "v4"));
  const auto response = send({.url = "http://localhost:" + std::to_string(server.port())});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "v4");
}

/// A name that the user never gave leads to this machine: rebinding, or a record that points inside.
TEST_F(CurlTransport, FollowsNoNameToAPrivateAddress) {
  const RawServer server(answering(200, "inside"));
  const auto port = std::to_string(server.port());
  const CurlOptions resolved{.addresses = {"as.example:" + port + ":127.0.0.1"}};
  const auto url = "http://as.example:" + port + "/token";
  Scope scope;
  scope.name_origin("https://mcp.example", Reach::honest);
  scope.found_origin("http://as.example:" + port, Reach::honest);
  const auto refused = error_of(make_curl_transport(scope, resolved)->send({.url = url}));
  EXPECT_EQ(refused.kind, Error::Kind::out_of_scope);
  EXPECT_THAT(refused.message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(server.connections(), 0) << "not even a connection was made";
  // The same name in the user's own mouth is an order.
  scope.name_origin("http://as.example:" + port, Reach::honest);
  EXPECT_TRUE(make_curl_transport(scope, resolved)->send({.url = url}));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransport, AsksTheScopeBeforeItConnects) {
  const RawServer server(answering(200, "x"));
  Scope nobody;
  auto guarded = make_curl_transport(nobody);
  auto refused = error_of(guarded->send({.url = server.url()}));
  EXPECT_EQ(refused.kind, Error::Kind::out_of_scope);
  EXPECT_THAT(refused.message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(server.connections(), 0);
  nobody.found_origin(server.url());
  EXPECT_EQ(error_of(guarded->send({.url = server.url()})).kind, Error::Kind::out_of_scope);
  nobody.name_origin(server.url(), Reach::read);
  EXPECT_TRUE(guarded->send({.url = server.url()}));
}

}  // namespace
}  // namespace mcprove::net
