// What the transport makes of slow, endless, broken and odd answers.
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/curl_fixture.h"
#include "tests/support/raw_server.h"

namespace mcprove::net {
namespace {

using test::Peer;
using test::RawServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using namespace std::chrono_literals;

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
    while (peer.say(std::string(10'000, 'x'))) {}
  });
  EXPECT_EQ(error_of(get(server)).kind, Error::Kind::too_large);
}

TEST_F(CurlTransport, BoundsTheHeader) {
  for (const std::string line : {"X: y\r\n", "Y: z\r\n\r\nHTTP/1.1 103 Early\r\n", "no-end-of-line-"}) {
    const RawServer server([&line](Peer& peer) {
      peer.request();
      peer.say("HTTP/1.1 102 Processing\r\n");
      while (peer.say(line)) {}
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
    peer.say(
        "HTTP/1.1 200 OK\r\nGood: 1\r\n: no name\r\nSpace : 2\r\n  folded\r\nBytes: \x01\xff\r\nContent-Length: 2\r\n\r\nok");
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
    peer.say(
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nTrailer: y\r\n\r\n");
  });
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_THAT(response->headers.fields, ElementsAre(Pair("Transfer-Encoding", "chunked")));
  EXPECT_EQ(response->body, "ok");
}

}  // namespace
}  // namespace mcprove::net
