// The transport against a loopback server that says exactly what each test wants said.
#include "net/curl.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/sse.h"
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
using namespace std::chrono_literals;

class CurlTransport : public testing::Test {
 protected:
  CurlTransport() { scope_.name_origin("http://127.0.0.1", Reach::active); }
  Result<Response> get(const RawServer& server, Connection connection = {}) {
    return transport_->send({.url = server.url(), .connection = std::move(connection)});
  }
  Result<Response> send(const Request& request) { return transport_->send(request); }

  Scope scope_;
  std::unique_ptr<Transport> transport_ = make_curl_transport(scope_);
};

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

Error error_of(const Result<Response>& result) { return result ? Error{Error::Kind::usage, "no error"} : result.error(); }

TEST_F(CurlTransport, BringsStatusHeadersAndBody) {
  const RawServer server(answering(418, "tea", "Set-Cookie: a=1\r\nX: 1\r\nSet-Cookie: b=2\r\n"));
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 418);
  EXPECT_EQ(response->version, "1.1");
  EXPECT_EQ(response->body, "tea");
  EXPECT_THAT(response->headers.fields, ElementsAre(Pair("Set-Cookie", "a=1"), Pair("X", "1"), Pair("Set-Cookie", "b=2"), Pair("Content-Length", "3")));
  EXPECT_EQ(response->address, "127.0.0.1");
  EXPECT_EQ(response->attempts, 1);
  EXPECT_FALSE(response->cut);
}

TEST_F(CurlTransport, SendsAGetAsWritten) {
  Echo echo;
  ASSERT_TRUE(send({.url = echo.server.url("/a/../b/./%2e?x=1&x=%202#frag"), .headers = {{{"B", "2"}, {"A", "1"}, {"B", "3"}, {"Empty", ""}}}}));
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
  ASSERT_TRUE(send({.method = "DELETE", .url = echo.server.url(),
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
  const std::vector<Request> requests{
      {.url = "http://127.0.0.1:1/", .headers = {{{"X", "a\r\nY: b"}}}},      {.url = "http://127.0.0.1:1/", .headers = {{{"X\n", "a"}}}},
      {.url = "http://127.0.0.1:1/", .headers = {{{"X", std::string(1, '\0')}}}}, {.url = "http://127.0.0.1:1/", .headers = {{{"", "a"}}}},
      {.method = "GET /x HTTP/1.1\r\n", .url = "http://127.0.0.1:1/"},        {.url = "http://127.0.0.1:1/", .target = "/\r\n"},
      {.url = "http://user:pass@127.0.0.1:1/"},                               {.url = "file:///etc/passwd"},
      {.url = "127.0.0.1:1"},                                                 {.url = "http://127.0.0.1:1/a b"}};
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

TEST_F(CurlTransport, EndsAnAnswerThatTakesTooLong) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
    peer.wait_for_close();
  });
  const auto error = error_of(send({.url = server.url(), .limits = {.total = 50ms}}));
  EXPECT_EQ(error.kind, Error::Kind::timeout);
  EXPECT_THAT(error.message, HasSubstr("within 50 ms"));
}

TEST_F(CurlTransport, BoundsTheBody) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.say(std::string(10'000, 'x'))) {
    }
  });
  EXPECT_EQ(error_of(get(server)).kind, Error::Kind::too_large);
}

TEST_F(CurlTransport, BoundsTheHeader) {
  for (const std::string line : {"X: y\r\n", "Y: z\r\n\r\nHTTP/1.1 103 Early\r\n", "no-end-of-line-"}) {
    const RawServer server([&line](Peer& peer) {
      peer.request();
      peer.say("HTTP/1.1 102 Processing\r\n");
      while (peer.say(line)) {
      }
    });
    const auto error = error_of(get(server));
    EXPECT_TRUE(error.kind == Error::Kind::too_large) << line << error.message;
  }
}

TEST_F(CurlTransport, SaysWhenTheServerBreaksOff) {
  const RawServer half([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
  });
  EXPECT_THAT(error_of(get(half)).message, HasSubstr("mid-answer"));
  const RawServer nothing([](Peer& peer) { peer.request(); });
  EXPECT_THAT(error_of(get(nothing, Connection::fresh())).message, HasSubstr("without an answer"));
  const RawServer chunked([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  });
  EXPECT_EQ(error_of(get(chunked)).kind, Error::Kind::network);
}

TEST_F(CurlTransport, SaysWhenTheAnswerIsNotHttp) {
  for (const std::string junk : {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 banana\r\n\r\n", "\r\n\r\n", "HTTP/7.3 200 OK\r\n\r\n"}) {
    const RawServer server([&junk](Peer& peer) {
      peer.request();
      peer.say(junk);
    });
    EXPECT_EQ(error_of(get(server)).kind, Error::Kind::network) << junk;
  }
}

TEST_F(CurlTransport, NamesAFieldLineThatIsNone) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\nGood: 1\r\nno colon here\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto error = error_of(get(server));
  EXPECT_EQ(error.kind, Error::Kind::network);
  EXPECT_THAT(error.message, HasSubstr("header without colon"));
}

TEST_F(CurlTransport, ToleratesOddFieldLines) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 200 OK\r\nGood: 1\r\n: no name\r\nSpace : 2\r\n  folded\r\nBytes: \x01\xff\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->headers.find("good"), "1");
  EXPECT_EQ(response->headers.find("space"), "2 folded");
  EXPECT_EQ(response->headers.find("bytes"), "\x01\xff");
  EXPECT_EQ(response->body, "ok");
}

TEST_F(CurlTransport, DropsInformationalAnswersAndTrailers) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nTrailer: y\r\n\r\n");
  });
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_THAT(response->headers.fields, ElementsAre(Pair("Transfer-Encoding", "chunked")));
  EXPECT_EQ(response->body, "ok");
}

constexpr std::string_view stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(std::string_view bytes) {
  std::array<char, 16> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return std::string(size.data()).append(bytes).append("\r\n");
}

TEST_F(CurlTransport, EndsAnEventStreamOnceItHasEnough) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say(std::string(stream_head) + chunk("data: 1\n") + chunk("\ndata: 2\r\n\r") + chunk("\ndata: 3\n\n"));
    peer.wait_for_close();
  });
  std::vector<std::string> asked;
  const auto response = send({.url = server.url(), .enough = [&](std::string_view body) {
                                asked.emplace_back(body);
                                return body.find("data: 2") != std::string_view::npos;
                              }});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->cut);
  EXPECT_EQ(response->body, "data: 1\n\ndata: 2\r\n\r");
  EXPECT_THAT(asked, ElementsAre("data: 1\n\n", "data: 1\n\ndata: 2\r\n\r"));
}

TEST_F(CurlTransport, KeepsTheConnectionWhenTheStreamEndsByItself) {
  const RawServer server([](Peer& peer) {
    while (peer.request()) peer.say(std::string(stream_head) + chunk("data: 1\n\n") + "0\r\n\r\n");
  });
  const Request request{.url = server.url(), .enough = [](std::string_view) { return true; }};
  const auto first = send(request);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE(first->cut);
  EXPECT_TRUE(send(request)->reused_connection);
}

TEST_F(CurlTransport, CutsAStreamThatHasTooMuchToSay) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say(stream_head);
    while (peer.say(chunk("data: 1\n\n"))) {
    }
  });
  const auto response = send({.url = server.url(), .limits = {.body = 100}, .enough = [](std::string_view) { return false; }});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->cut);
  EXPECT_EQ(response->body.size(), 100U);
}

TEST_F(CurlTransport, ABugInACallbackReachesTheCaller) {
  const RawServer server(answering(200, "x"));
  const Request request{.url = server.url(), .enough = [](std::string_view) -> bool { throw std::logic_error("bug"); }};
  EXPECT_THROW(static_cast<void>(send(request)), std::logic_error);
  EXPECT_TRUE(get(server));
}

TEST_F(CurlTransport, ReadsAnOpenStreamEventByEvent) {
  std::promise<void> go;
  const RawServer server([&go](Peer& peer) {
    peer.request();
    peer.say(std::string(stream_head) + chunk("event: endpoint\ndata: /m\n\n"));
    go.get_future().wait();
    peer.say(chunk("data: later\n\n") + "0\r\n\r\n");
    peer.wait_for_close();
  });
  auto stream = transport_->open({.url = server.url()});
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_EQ((*stream)->head().status, 200);
  const auto first = (*stream)->next(5s);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->type, "endpoint");
  EXPECT_EQ((*first)->data, "/m");
  EXPECT_EQ((*stream)->next(1ms).error().kind, Error::Kind::timeout);
  go.set_value();
  const auto second = (*stream)->next(5s);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->data, "later");
  const auto end = (*stream)->next(5s);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST_F(CurlTransport, OpeningSomethingElseBringsItWhole) {
  const RawServer server(answering(401, "who are you", "WWW-Authenticate: Bearer\r\n"));
  auto stream = transport_->open({.url = server.url()});
  ASSERT_TRUE(stream);
  EXPECT_EQ((*stream)->head().status, 401);
  EXPECT_EQ((*stream)->head().body, "who are you");
  EXPECT_FALSE((*stream)->next(5s)->has_value());
}

TEST_F(CurlTransport, ClosesAStreamWithItsReader) {
  std::promise<void> closed;
  const RawServer server([&closed](Peer& peer) {
    peer.request();
    peer.say(stream_head);
    peer.wait_for_close();
    closed.set_value();
  });
  { const auto stream = transport_->open({.url = server.url()}); }
  EXPECT_EQ(closed.get_future().wait_for(5s), std::future_status::ready);
}

TEST_F(CurlTransport, BoundsAStreamThatRunsAheadOfItsReader) {
  std::promise<void> hung_up;
  const RawServer server([&hung_up](Peer& peer) {
    peer.request();
    peer.say(stream_head);
    while (peer.say(chunk("data: 1\n\n"))) {
    }
    hung_up.set_value();
  });
  auto stream = transport_->open({.url = server.url(), .limits = {.body = 10'000}});
  ASSERT_TRUE(stream);
  hung_up.get_future().wait();
  int read = 0;
  auto event = (*stream)->next(5s);
  for (; event; event = (*stream)->next(5s)) ++read;
  EXPECT_EQ(event.error().kind, Error::Kind::too_large);
  EXPECT_GT(read, 10);
}

TEST_F(CurlTransport, GivesUpOnAStreamWithoutAHead) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.wait_for_close();
  });
  const auto stream = transport_->open({.url = server.url(), .limits = {.total = 50ms}});
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, Error::Kind::timeout);
}

TEST_F(CurlTransport, StopEndsEverything) {
  std::promise<void> asked;
  const RawServer server([&asked](Peer& peer) {
    const auto request = peer.request();
    if (request->starts_with("GET /stream")) {
      peer.say(stream_head);
    } else {
      asked.set_value();
    }
    peer.wait_for_close();
  });
  auto stream = transport_->open({.url = server.url("/stream")});
  ASSERT_TRUE(stream);
  auto waiting = std::async(std::launch::async, [&] { return get(server); });
  auto reading = std::async(std::launch::async, [&] { return (*stream)->next(60s); });
  asked.get_future().wait();
  transport_->stop();
  EXPECT_EQ(error_of(waiting.get()).kind, Error::Kind::interrupted);
  EXPECT_EQ(reading.get().error().kind, Error::Kind::interrupted);
  EXPECT_EQ(error_of(get(server)).kind, Error::Kind::interrupted);
  EXPECT_EQ(transport_->open({.url = server.url()}).error().kind, Error::Kind::interrupted);
}

TEST_F(CurlTransport, AStreamOutlivesItsTransport) {
  const RawServer server([](Peer& peer) {
    peer.request();
    peer.say(stream_head);
    peer.wait_for_close();
  });
  auto stream = transport_->open({.url = server.url()});
  ASSERT_TRUE(stream);
  transport_.reset();
  EXPECT_EQ((*stream)->next(5s).error().kind, Error::Kind::interrupted);
}

}  // namespace
}  // namespace mcprove::net
