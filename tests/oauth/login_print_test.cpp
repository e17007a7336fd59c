#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/listener.h"
#include "oauth/logins.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

struct LoginPrint : testing::Test {
  Bench bench{};
  std::string said{};
  std::array<int, 2> pipe{};

  void SetUp() override {
    bench.server.iss_parameter_supported = false;
    ASSERT_EQ(::pipe(pipe.data()), 0);
  }
  void TearDown() override {
    ::close(pipe[0]);
    if (pipe[1] >= 0) ::close(pipe[1]);
  }
  void type(const std::string& text) {
    if (text.empty()) return;
    ASSERT_EQ(::write(pipe[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void no_more() {
    ::close(pipe[1]);
    pipe[1] = -1;
  }
  /// The person pastes `answer`, with the request's state for '@', once the URL was printed.
  FlowResult run(const std::string& answer, const Flow& flow = {}, seconds patience = seconds(20)) {
    bench.driver = make_print_driver({.say =
                                          [this, answer](const std::string& line) {
                                            said += line + "\n";
                                            const auto at = line.find("state=");
                                            if (line.find("http") == std::string::npos || at == std::string::npos) return;
                                            const auto state = line.substr(at + 6, line.find('&', at) - at - 6);
                                            auto text = answer;
                                            if (const auto mark = text.find('@'); mark != std::string::npos)
                                              text.replace(mark, 1, state);
                                            type(text);
                                          },
                                      .input = pipe[0],
                                      .patience = patience});
    auto done = bench.run(flow);
    EXPECT_TRUE(done) << done.error().message;
    return done ? *std::move(done) : FlowResult{};
  }
};

TEST_F(LoginPrint, TakesAPastedRedirect) {
  const auto done =
      run("http://127.0.0.1:7777/callback?code=c0de-12345678&state=@\n", Flow{}.redirect_uri("https://client.example/cb"));
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(done.code, "c0de-12345678");
  EXPECT_THAT(said, HasSubstr("open this page in any browser"));
}

TEST_F(LoginPrint, TakesThePastedQueryAlone) {
  EXPECT_EQ(run("code=c0de-12345678&state=@\n", Flow{}.redirect_uri("https://client.example/cb")).end, FlowEnd::token);
}

TEST_F(LoginPrint, AsksAgainAfterNonsense) {
  EXPECT_EQ(run("what?\n\n?code=c0de-12345678&state=@\n", Flow{}.redirect_uri("https://client.example/cb")).end, FlowEnd::token);
  EXPECT_THAT(said, HasSubstr("that is not it"));
}

TEST_F(LoginPrint, TakesAPasteThoughItAlsoListens) {
  const auto port = (*net::Listener::bind())->port();
  const auto uri = "http://127.0.0.1:" + std::to_string(port) + "/callback";
  bench.client.redirect_uris = {uri};
  EXPECT_EQ(run(uri + "?code=c0de-12345678&state=@\n").end, FlowEnd::token);
  EXPECT_THAT(said, HasSubstr("if that browser is not on this machine"));
}

TEST_F(LoginPrint, TakesAPasteWhenThePortIsTaken) {
  const auto taken = *net::Listener::bind();
  const auto uri = "http://127.0.0.1:" + std::to_string(taken->port()) + "/callback";
  bench.client.redirect_uris = {uri};
  EXPECT_EQ(run(uri + "?code=c0de-12345678&state=@\n").end, FlowEnd::token);
}

TEST_F(LoginPrint, EndsWithOneLine) {
  EXPECT_THAT(run("", {}, seconds(0)).told, HasSubstr("no redirect came or was pasted within 0 s"));
  no_more();
  EXPECT_THAT(run("", Flow{}.redirect_uri("https://client.example/cb")).told, HasSubstr("standard input ended"));
  bench.login.stopped = [] { return true; };
  EXPECT_THAT(run("").told, HasSubstr("interrupted"));
}

}  // namespace
}  // namespace mcprove::oauth::test
