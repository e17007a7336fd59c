// What the transport makes of certificates.
#include <array>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "fixtures/core/tls.h"
#include "net/curl.h"
#include "tests/support/raw_server.h"
#include "tests/support/temp_dir.h"

namespace mcprove::net {
namespace {

using test::Peer;
using test::RawServer;
using testing::HasSubstr;

struct SslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
};

class CurlTls : public testing::Test {
 protected:
  CurlTls() {
    scope_.name_origin(url("127.0.0.1"), Reach::active);
    scope_.name_origin(url("other.localhost"), Reach::active);
    std::ofstream(folder_.path() / "ca.pem") << lab::test_ca_pem();
  }
  std::string url(const std::string& host) const { return "https://" + host + ":" + std::to_string(server_.port()) + "/"; }
  CurlOptions trusting() const { return {.ca_file = (folder_.path() / "ca.pem").string()}; }
  Error error(const CurlOptions& options, const std::string& url) {
    const auto response = make_curl_transport(scope_, options)->send({.url = url});
    return response ? Error{Error::Kind::usage, "no error"} : response.error();
  }
  void serve(const Peer& peer) {
    const std::unique_ptr<SSL, SslFree> connection(SSL_new(context_.get()));
    SSL_set_fd(connection.get(), peer.socket());
    if (SSL_accept(connection.get()) != 1) return;
    std::array<char, 4096> bytes{};
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
    while (SSL_read(connection.get(), bytes.data(), static_cast<int>(bytes.size())) > 0) {
      SSL_write(connection.get(), answer.data(), static_cast<int>(answer.size()));
    }
  }

  test::TempDir folder_;
  std::unique_ptr<SSL_CTX, SslFree> context_{lab::test_server_context()};
  RawServer server_{[this](Peer& peer) { serve(peer); }};
  Scope scope_;
};

TEST_F(CurlTls, SpeaksToAServerItTrusts) {
  const auto transport = make_curl_transport(scope_, trusting());
  const auto response = transport->send({.url = url("127.0.0.1")});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "secret");
  EXPECT_TRUE(transport->send({.url = url("127.0.0.1")})->reused_connection);
}

TEST_F(CurlTls, TrustsNobodyElse) {
  const auto untrusted = error({}, url("127.0.0.1"));
  EXPECT_EQ(untrusted.kind, Error::Kind::tls);
  EXPECT_THAT(untrusted.message, HasSubstr("certificate of 127.0.0.1 is not trusted: "));
}

TEST_F(CurlTls, WantsTheNameInTheCertificate) {
  const auto misnamed = error(trusting(), url("other.localhost"));
  EXPECT_EQ(misnamed.kind, Error::Kind::tls);
  EXPECT_THAT(misnamed.message, HasSubstr("certificate of other.localhost is not trusted: "));
}

TEST_F(CurlTls, SaysThatTheAuthoritiesCannotBeRead) {
  EXPECT_EQ(error({.ca_file = "/nonexistent/ca.pem"}, url("127.0.0.1")).kind, Error::Kind::tls);
}

TEST_F(CurlTls, SaysThatTheServerSpeaksNoTls) {
  const RawServer plain([](Peer& peer) { peer.say("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  scope_.name_origin("https://127.0.0.1:" + std::to_string(plain.port()), Reach::active);
  EXPECT_EQ(error(trusting(), "https://127.0.0.1:" + std::to_string(plain.port()) + "/").kind, Error::Kind::tls);
}

}  // namespace
}  // namespace mcprove::net
