#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "fixtures/lab.h"
#include "json/json.h"
#include "tests/support/process.h"
#include "tests/support/raw_server.h"
#include "tests/support/temp_dir.h"

namespace mcprove {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The program as a person types it, against a sound lab.
class OnLab : public testing::Test {
 protected:
  test::Environment environment() const {
    return {{"XDG_STATE_HOME", state_.path().string()}, {"MCPROVE_TEST_PASSWORD", "alice-password"}};
  }
  test::Finished audit(std::vector<std::string> flags, const test::Environment& more = {}) const {
    auto all = environment();
    for (const auto& [name, value] : more) all[name] = value;
    flags.insert(flags.begin(), {test::built_program("mcprove"), "audit"});
    return test::run(flags, all);
  }
  static json::Value parsed(const test::Finished& done) {
    auto report = json::parse(done.out);
    EXPECT_TRUE(report) << done.out.substr(0, 400) << done.err;
    return report ? *report : json::Value{};
  }
  static std::size_t count(const json::Value& report, std::string_view outcome) {
    std::size_t n = 0;
    const auto checks = report.at("checks");
    for (std::size_t i = 0; i < checks.size(); ++i) n += checks.at(i).string("outcome") == outcome ? 1 : 0;
    return n;
  }

  test::TempDir state_{};
};

TEST_F(OnLab, LogsInThroughThePersonsBrowser) {
  const lab::Lab lab({});
  const test::TempDir desktop;
  const auto opener = desktop.path() / "xdg-open";
  std::filesystem::copy_file(test::source_path("tests/cli/browser.py"), opener);
  std::filesystem::permissions(opener, std::filesystem::perms::owner_all);
  const std::string path = desktop.path().string() + ":" + std::getenv("PATH");
  const auto done = audit({lab.url(), "--login", "browser", "--format", "json"}, {{"PATH", path}, {"DISPLAY", ":0"}});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("log in on this page: http://127.0.0.1:"));
  const auto report = parsed(done);
  EXPECT_EQ(count(report, "fail"), 0U);
  EXPECT_GT(count(report, "pass"), 40U) << "but for what asks a browser that nobody sits before";
}

/// script(1) gives the program a terminal.
TEST_F(OnLab, StatusLineLivesOnATerminalAndLeavesNothing) {
  const lab::Lab lab({});
  const std::string command = test::built_program("mcprove") + " audit " + lab.url() +
                              " --user alice --password-env MCPROVE_TEST_PASSWORD --no-store >/dev/null";
  auto variables = environment();
  variables["TERM"] = "xterm";
  const auto done = test::run({"script", "-qec", command, "/dev/null"}, variables);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("\r\x1b[K"));
  EXPECT_THAT(done.out, testing::ContainsRegex("[0-9]+/[0-9]+ [a-z-]+"));
  EXPECT_TRUE(done.out.ends_with("\r\x1b[K")) << "the last thing is a line wiped clean";
  EXPECT_EQ(done.out.find('\n'), std::string::npos) << "the line scrolled";
}

/// Forwards one request per connection (RFC 9112 section 3.2.2, absolute-form) to `backend`, or to the address it names.
class ForwardProxy {
 public:
  ForwardProxy(std::string public_host, std::string backend)
      : public_host_(std::move(public_host)), backend_(std::move(backend)), server_([this](test::Peer& peer) { serve(peer); }) {}
  std::string url() const { return server_.url(""); }
  /// Tunnels that it does not dig (CONNECT) too, and hosts that are not there.
  int asked() const { return asked_; }

 private:
  void serve(test::Peer& peer) {
    const auto request = peer.request();
    if (!request) return;
    ++asked_;
    const auto scheme = request->find("http://");
    const auto space = request->find(' ');
    if (scheme == std::string::npos || scheme != space + 1) return;
    const auto host_at = scheme + 7;
    const auto path_at = request->find('/', host_at);
    auto host = request->substr(host_at, path_at - host_at);
    if (host == public_host_) host = backend_;
    const auto head_end = request->find("\r\n", path_at);
    const std::string sent = request->substr(0, scheme) + request->substr(path_at, head_end - path_at) + "\r\nConnection: close" +
                             request->substr(head_end);
    const int to = connect_to(host);
    if (to < 0) return;
    std::string_view rest = sent;
    while (!rest.empty()) {
      const auto n = ::send(to, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    std::string buffer(16'384, '\0');
    for (;;) {
      const auto n = ::recv(to, buffer.data(), buffer.size(), 0);
      if (n <= 0 || !peer.say(std::string_view(buffer).substr(0, static_cast<std::size_t>(n)))) break;
    }
    ::close(to);
  }
  static int connect_to(const std::string& host) {
    const auto colon = host.find(':');
    if (colon == std::string::npos) return -1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(host.c_str() + colon + 1)));
    if (::inet_pton(AF_INET, host.substr(0, colon).c_str(), &address.sin_addr) != 1) return -1;
    const int to = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return to;
    ::close(to);
    return -1;
  }

  std::string public_host_;
  std::string backend_;
  std::atomic<int> asked_ = 0;
  test::RawServer server_;
};

/// The name resolves nowhere: whatever arrives came through the proxy.
TEST_F(OnLab, EverythingGoesThroughTheProxy) {
  const lab::Lab lab({.public_origin = "http://mcp.lab.test"});
  const ForwardProxy proxy("mcp.lab.test", lab.listening_at());
  const auto done = audit({lab.url(), "--proxy", proxy.url(), "--user", "alice", "--password-env", "MCPROVE_TEST_PASSWORD",
                           "--authorized-by", "the tests", "--format", "json"});
  const auto report = parsed(done);
  EXPECT_EQ(done.exit_code, 1) << done.err;
  std::vector<std::string> failed;
  const auto checks = report.at("checks");
  for (std::size_t i = 0; i < checks.size(); ++i)
    if (checks.at(i).string("outcome") == "fail") failed.push_back(checks.at(i).string("id").value_or(""));
  EXPECT_THAT(failed,
              testing::UnorderedElementsAre("tls-required", "prm-valid", "as-metadata-required-fields", "revocation-available"))
      << "a public name without TLS, and nothing else";
  EXPECT_GT(count(report, "pass"), 30U);
  // Nothing but the proxy knows the name: whatever was answered there came through it.
  const auto exchanges = report.at("exchanges");
  for (std::size_t i = 0; i < exchanges.size(); ++i)
    EXPECT_THAT(exchanges.at(i).at("request").string("url").value_or(""), HasSubstr("://mcp.lab.test"));
  EXPECT_EQ(proxy.asked(), report.at("totals").at("requests").number());
  const auto unproxied = audit({lab.url(), "--passive", "--no-store"});
  EXPECT_EQ(unproxied.exit_code, 3) << unproxied.out;
}

TEST_F(OnLab, ProxyThatIsNotThere) {
  const auto done = audit({"http://127.0.0.1:9/mcp", "--proxy", "http://127.0.0.1:1", "--no-store"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.out, StartsWith("http://127.0.0.1:9/mcp: could not be tested\n"));
}

TEST_F(OnLab, WrongPasswordSaysSoAndStillReports) {
  const lab::Lab lab({});
  const auto done = audit({lab.url(), "--user", "alice", "--password-env", "WRONG", "--no-store"}, {{"WRONG", "not-it"}});
  EXPECT_THAT(done.out, HasSubstr("user or password refused"));
  EXPECT_THAT(done.out, HasSubstr("could not tell  PKCE"));
  EXPECT_THAT(done.out, testing::ContainsRegex("[1-9][0-9]* pass, 0 fail")) << "what needs no login was tested";
  EXPECT_EQ(done.out.find("not-it"), std::string::npos);
  EXPECT_EQ(done.exit_code, 3) << done.out << done.err;
}

TEST_F(OnLab, CertificateThatNobodyTrusts) {
  const lab::Lab lab({.tls = true});
  const auto done = audit({lab.url(), "--no-store"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.out, HasSubstr("certificate"));
  EXPECT_THAT(done.out, HasSubstr("--ca-file"));
  const auto trusted =
      audit({lab.url(), "--no-store", "--ca-file", lab.ca_file(), "--user", "alice", "--password-env", "MCPROVE_TEST_PASSWORD"});
  EXPECT_EQ(trusted.exit_code, 0) << trusted.out;
}

}  // namespace
}  // namespace mcprove
