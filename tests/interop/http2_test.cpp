#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/core/tls.h"
#include "fixtures/lab.h"
#include "json/json.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// nghttpx cannot be asked for any port and say which: one that was free a moment ago.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

/// Debian's nghttpx terminates TLS and speaks HTTP/2 before a sound lab: a whole audit goes over HTTP/2 and finds nothing.
TEST(Http2, AWholeAuditBehindNghttpx) {
  const auto port = free_port();
  const lab::Lab lab({.public_origin = fmt::format("https://localhost:{}", port)});
  const test::TempDir directory;
  const auto identity = lab::test_server_identity();
  const auto key = (directory.path() / "key.pem").string();
  const auto certificate = (directory.path() / "certificate.pem").string();
  std::ofstream(key) << identity.key;
  std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(certificate) << identity.certificate;
  const auto colon = lab.listening_at().find(':');
  test::Process nghttpx({"nghttpx", fmt::format("--frontend=127.0.0.1,{}", port),
                         fmt::format("--backend=127.0.0.1,{}", lab.listening_at().substr(colon + 1)), "--workers=1",
                         "--errorlog-file=/dev/null", "--accesslog-file=/dev/null", "--conf=/dev/null", key, certificate});
  nghttpx.discard_output();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!answers(port) && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  ASSERT_TRUE(answers(port)) << "nghttpx did not start";

  const auto done = test::run({test::built_program("mcprove"), "audit", lab.url(), "--ca-file", lab.ca_file(), "--user", "alice",
                               "--password-env", "MCPROVE_TEST_PASSWORD", "--no-store", "--format", "json"},
                              {{"MCPROVE_TEST_PASSWORD", "alice-password"}, {"XDG_STATE_HOME", directory.path().string()}});
  const auto report = json::parse(done.out);
  ASSERT_TRUE(report) << done.err;
  std::vector<std::string> failed;
  const auto checks = report->at("checks");
  std::size_t passed = 0;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (checks.at(i).string("outcome") == "fail") failed.push_back(checks.at(i).string("id").value_or(""));
    if (checks.at(i).string("outcome") == "pass") ++passed;
  }
  EXPECT_THAT(failed, testing::IsEmpty());
  EXPECT_GT(passed, 30U);
  std::map<std::string, int> versions;
  const auto exchanges = report->at("exchanges");
  for (std::size_t i = 0; i < exchanges.size(); ++i)
    ++versions[exchanges.at(i).at("response").string("http_version").value_or("none")];
  EXPECT_GT(versions["2"], 100) << "of " << exchanges.size() << " exchanges";
}

}  // namespace
}  // namespace mcprove
