// Event streams that end early, stay open, or run away, and what stop() does to them.
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/sse.h"
#include "tests/net/curl_fixture.h"
#include "tests/support/raw_server.h"

namespace mcprove::net {
namespace {

using test::answering;
using test::Peer;
using test::RawServer;
using testing::ElementsAre;
using namespace std::chrono_literals;

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
    while (peer.say(chunk("data: 1\n\n"))) {}
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
    while (peer.say(chunk("data: 1\n\n"))) {}
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
