// What only a socket can do: documents without end, and answers that no parser should be asked to read.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "client/connection.h"
#include "net/curl.h"
#include "tests/support/raw_server.h"

namespace mcprove::client {
namespace {

/// Connects to a server on a socket, with everything real but the clock's reader.
Error refused_at(const std::string& url) {
  net::Scope scope;
  scope.name_origin(net::Url::parse(url)->origin(), net::Reach::honest);
  const auto transport = net::make_curl_transport(scope);
  net::Transcript transcript;
  SystemClock clock;
  SeededRandom random(1);
  Redactor redactor;
  net::Recorder recorder(*transport, scope, transcript, clock);
  oauth::CookieJar jar;
  const auto driver = oauth::make_form_driver(oauth::Person{"demo", "s3cret-demo", {}, {}});
  Options options;
  options.url = url;
  const auto connected = Connection::connect({recorder, redactor, random, clock, *driver, jar}, options);
  return connected ? Error{Error::Kind::usage, "it was believed"} : connected.error();
}

/// A 401 for what is posted; `document` for all that is read.
mcprove::test::RawServer::Handler serving(const std::function<void(mcprove::test::Peer&)>& document) {
  return [document](mcprove::test::Peer& peer) {
    while (const auto request = peer.request()) {
      if (request->starts_with("POST")) {
        if (!peer.answer(401, "{}", "WWW-Authenticate: Bearer\r\nContent-Type: application/json\r\n")) return;
      } else {
        return document(peer);
      }
    }
  };
}

TEST(HostileWire, DocumentsWithoutEndAreCutOff) {
  const mcprove::test::RawServer server(serving([](mcprove::test::Peer& peer) {
    if (!peer.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"resource\":\"")) return;
    const std::string filler(64U << 10U, 'x');
    while (peer.say(filler)) continue;
  }));
  const auto error = refused_at(server.url("/mcp"));
  EXPECT_EQ(error.kind, Error::Kind::too_large) << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
}

TEST(HostileWire, HeadersWithoutEndAreCutOff) {
  const mcprove::test::RawServer server(serving([](mcprove::test::Peer& peer) {
    if (!peer.say("HTTP/1.1 200 OK\r\n")) return;
    for (int i = 0; peer.say("X-" + std::to_string(i) + ": " + std::string(1'000, 'y') + "\r\n"); ++i) continue;
  }));
  const auto error = refused_at(server.url("/mcp"));
  EXPECT_NE(error.kind, Error::Kind::usage) << error.message;
  EXPECT_LT(error.message.size(), 900U);
}

TEST(HostileWire, RedirectsWithoutEndAreNotFollowed) {
  const mcprove::test::RawServer server(serving([](mcprove::test::Peer& peer) {
    static_cast<void>(peer.answer(302, "", "Location: /.well-known/oauth-protected-resource/mcp\r\n"));
  }));
  const auto error = refused_at(server.url("/mcp"));
  EXPECT_NE(error.kind, Error::Kind::usage) << error.message;
  EXPECT_LT(server.connections(), 40);
}

}  // namespace
}  // namespace mcprove::client
