#include "mcp/stdio.h"

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "mcp/catalogue.h"
#include "tests/support/temp_dir.h"

namespace mcprove::mcp {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// A server in the shell's words: `answer RESULT`, `error CODE` and `say LINE` are there, and the script is one round
/// of its loop, with the line in $line, its id in $id and its method in $method.
Command server(const std::string& round, const std::string& before = "") {
  const std::string script = R"sh(
say() { printf '%s\n' "$1"; }
answer() { say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":$1}"; }
error() { say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"error\":{\"code\":$1,\"message\":\"no\"}}"; }
)sh" + before + R"sh(
while IFS= read -r line; do
  id=${line#*\"id\":}; id=${id%%,*}
  method=${line#*\"method\":\"}; method=${method%%\"*}
)sh" + round + "\ndone\n";
  return {.argv = {"sh", "-c", script}, .environment = plain_environment()};
}

constexpr const char* hello = R"(answer '{"protocolVersion":"2025-11-25","capabilities":{},"instructions":"be kind"}')";

std::string greeted(const std::string& otherwise) {
  return std::string("case $method in initialize) ") + hello + ";; notifications/*) ;; *) " + otherwise + ";; esac";
}

StdioLimits impatient() {
  return {.child = {.line = 64U << 10U, .farewell = 50ms, .grace = 50ms, .aftermath = 50ms},
          .first = 5s,
          .session = 20s,
          .noise = 256U << 10U,
          .asked = 10};
}

struct Started {
  SystemClock clock{};
  Result<std::unique_ptr<StdioServer>> server;
  explicit Started(const Command& command, StdioLimits limits = impatient())
      : server(StdioServer::start(command, clock, {.patience = 5s}, limits)) {}
  Client& client() { return (*server)->client(); }
  std::string error() const { return server ? "" : server.error().message; }
};

/// Whether anybody of the group still runs. The dead whom nobody has buried do not count.
bool group_lives(pid_t group) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream in(entry.path() / "stat");
    std::string text;
    if (!std::getline(in, text)) continue;
    const auto fields = text::words(text.substr(text.rfind(')') + 1));  // state, parent, group
    if (fields.size() > 2 && fields[2] == std::to_string(group) && fields[0] != "Z") return true;
  }
  return false;
}

TEST(Stdio, ListsAllThatAServerOffersAndCallsATool) {
  Started started(server(greeted(R"sh(case $method in
    tools/list) case $line in
      *cursor*) answer '{"tools":[{"name":"two"}]}';;
      *) answer '{"tools":[{"name":"one"}],"nextCursor":"more"}';; esac;;
    tools/call) answer '{"content":[{"type":"text","text":"done"}]}';;
    prompts/list) answer '{"prompts":[{"name":"p"}]}';;
    *) error -32601;; esac)sh")));
  ASSERT_TRUE(started.server) << started.error();
  const auto catalogue = read_catalogue(started.client());
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  ASSERT_EQ(catalogue->tools.size(), 2U);
  EXPECT_EQ(catalogue->tools[1].name, "two");
  EXPECT_EQ(catalogue->prompts.size(), 1U);
  EXPECT_EQ(catalogue->instructions, "be kind");
  EXPECT_THAT(catalogue->unsupported, ElementsAre("resources/list", "resources/templates/list"));
  const auto called = started.client().call("tools/call", json::Value::object({{"name", json::str("one")}}));
  ASSERT_TRUE(called);
  EXPECT_EQ(called->answer, Answer::accepted);
}

TEST(Stdio, SpeaksTheStatelessRevisionToAServerWithoutAHandshake) {
  Started started(server(R"sh(case $method in
    server/discover) answer '{"supportedVersions":["2026-07-28"],"instructions":"x"}';;
    tools/list) case $line in *io.modelcontextprotocol/protocolVersion*) answer '{"tools":[{"name":"t"}]}';; *) error -32602;; esac;;
    *) error -32601;; esac)sh"));
  ASSERT_TRUE(started.server) << started.error();
  EXPECT_EQ(started.client().endpoint().wire, Wire::stateless);
  EXPECT_EQ(list_tools(started.client()).value().size(), 1U);
}

TEST(Stdio, PassesNoEnvironmentButWhatIsNamed) {
  auto command =
      server("case $method in initialize) " +
             std::string(R"sh(answer "{\"protocolVersion\":\"2025-11-25\",\"instructions\":\"$MINE$SECRET\"}")sh") + ";; esac");
  ::setenv("SECRET", "leaked", 1);
  command.environment["MINE"] = "named";
  Started started(command);
  ::unsetenv("SECRET");
  ASSERT_TRUE(started.server) << started.error();
  EXPECT_EQ(started.client().greeting().string("instructions"), "named");
}

TEST(Stdio, RefusesWhatTheServerAsksOfUsAndAnswersPing) {
  test::TempDir dir;
  auto command = server(greeted(R"sh(case $method in
    tools/list) saved=$id
      say '{"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage","params":{}}'; IFS= read -r a
      say '{"jsonrpc":"2.0","id":2,"method":"roots/list"}'; IFS= read -r b
      say '{"jsonrpc":"2.0","id":3,"method":"elicitation/create"}'; IFS= read -r c
      say '{"jsonrpc":"2.0","id":4,"method":"ping"}'; IFS= read -r d
      printf '%s\n' "$a" "$b" "$c" "$d" >"$HEARD"; id=$saved; answer '{"tools":[]}';; esac)sh"));
  const auto heard = dir.path() / "heard";
  command.environment["HEARD"] = heard.string();
  Started started(command);
  ASSERT_TRUE(started.server) << started.error();
  ASSERT_TRUE(list_tools(started.client()));
  std::ifstream in(heard);
  std::string line;
  for (const auto* id : {"\"s1\"", "2", "3"}) {
    ASSERT_TRUE(std::getline(in, line));
    EXPECT_THAT(line, HasSubstr(std::string("\"id\":") + id));
    EXPECT_THAT(line, HasSubstr("-32601"));
  }
  ASSERT_TRUE(std::getline(in, line));
  EXPECT_THAT(line, HasSubstr("\"result\":{}"));
  EXPECT_THAT((*started.server)->transport().asked(),
              ElementsAre("sampling/createMessage", "roots/list", "elicitation/create", "ping"));
}

TEST(Stdio, PassesOverGarbageAndAnswersToOthers) {
  Started started(server(greeted(R"(say 'Server ready!'; say '{"jsonrpc":"2.0","id":99,"result":{"tools":[{"name":"other"}]}}'
    say '{"jsonrpc":"2.0","method":"notifications/message"}'; say '[[[['; answer '{"tools":[]}')")));
  ASSERT_TRUE(started.server) << started.error();
  EXPECT_EQ(list_tools(started.client()).value().size(), 0U);
  EXPECT_EQ((*started.server)->transport().garbage(), 2U);
}

TEST(Stdio, EndsAnEndlessLine) {
  Started started({.argv = {"sh", "-c", "exec tr '\\0' x </dev/zero"}, .environment = plain_environment()});
  ASSERT_FALSE(started.server);
  EXPECT_EQ(started.server.error().kind, Error::Kind::too_large);
}

TEST(Stdio, EndsEndlessChatter) {
  Started started({.argv = {"sh", "-c", "exec yes '{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"roots/list\"}'"},
                   .environment = plain_environment()});
  ASSERT_FALSE(started.server);
  EXPECT_EQ(started.server.error().kind, Error::Kind::too_large) << started.error();
}

TEST(Stdio, KeepsTheEndOfWhatIsWrittenToStandardErrorWithoutBeingHeldUp) {
  auto limits = impatient();
  limits.child.errors = 1024;
  Started started(server(greeted("head -c 1000000 /dev/zero | tr '\\0' e >&2; echo last words >&2; answer '{\"tools\":[]}'")),
                  limits);
  ASSERT_TRUE(started.server) << started.error();
  ASSERT_TRUE(list_tools(started.client()));
  EXPECT_LE((*started.server)->transport().errors().size(), 2 * 1024U + 16384U);
}

TEST(Stdio, SaysHowACommandEnded) {
  Started started({.argv = {"sh", "-c", "echo 'no API key' >&2; exit 3"}, .environment = plain_environment()});
  ASSERT_FALSE(started.server);
  EXPECT_THAT(started.error(), HasSubstr("exit code 3"));
  EXPECT_THAT(started.error(), HasSubstr("no API key"));
}

TEST(Stdio, SaysThatACommandCannotBeStarted) {
  Started missing({.argv = {"no-such-program-here"}, .environment = plain_environment()});
  EXPECT_THAT(missing.error(), HasSubstr("cannot start 'no-such-program-here'"));
  Started nothing({.argv = {}, .environment = {}});
  EXPECT_EQ(nothing.server.error().kind, Error::Kind::usage);
}

TEST(Stdio, DoesNotWaitForThoseWhoHoldThePipeOfADeadCommand) {
  const auto began = std::chrono::steady_clock::now();
  Started started({.argv = {"sh", "-c", "sleep 30 & exit 0"}, .environment = plain_environment()});
  ASSERT_FALSE(started.server);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST(Stdio, GivesUpOnSilence) {
  auto limits = impatient();
  limits.first = 100ms;
  SystemClock clock;
  const auto server =
      StdioServer::start({.argv = {"sleep", "30"}, .environment = plain_environment()}, clock, {.patience = 100ms}, limits);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, Error::Kind::timeout);
}

TEST(Stdio, EndsTheWholeGroupThoughItIgnoresSigterm) {
  auto child = Child::start({.argv = {"sh", "-c", "trap '' TERM; sleep 30 & echo ready; while :; do sleep 1; done"},
                             .environment = plain_environment()},
                            impatient().child);
  ASSERT_TRUE(child);
  ASSERT_TRUE((*child)->next_line(std::chrono::steady_clock::now() + 5s));
  const auto group = (*child)->pid();
  ASSERT_TRUE(group_lives(group));
  child->reset();
  // The kernel may still be burying what was killed.
  for (int i = 0; i < 200 && group_lives(group); ++i) ::usleep(5000);
  EXPECT_FALSE(group_lives(group));
}

TEST(Stdio, DoesNotWaitForEverForACommandThatLeftItsGroup) {
  const auto* const leave = "$|=1; $SIG{TERM}='IGNORE'; setpgrp(0, getpgrp(getppid())); print \"gone\\n\"; sleep 30";
  auto child = Child::start({.argv = {"perl", "-e", leave}, .environment = plain_environment()}, impatient().child);
  ASSERT_TRUE(child);
  ASSERT_TRUE((*child)->next_line(std::chrono::steady_clock::now() + 5s));
  const auto began = std::chrono::steady_clock::now();
  child->reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(Stdio, CanBeStoppedWhileItWaits) {
  auto child = Child::start({.argv = {"sleep", "30"}, .environment = plain_environment()}, impatient().child);
  ASSERT_TRUE(child);
  std::thread stopper([&] { (*child)->stop(); });
  const auto line = (*child)->next_line(std::chrono::steady_clock::now() + 20s);
  stopper.join();
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, Error::Kind::interrupted);
}

TEST(Stdio, BoundsWhatIsSentToACommandThatDoesNotRead) {
  auto child = Child::start({.argv = {"sleep", "30"}, .environment = plain_environment()}, impatient().child);
  ASSERT_TRUE(child);
  const std::string line(600'000, 'x');
  Result<void> wrote;
  for (int i = 0; i < 10 && wrote; ++i) wrote = (*child)->write_line(line);
  ASSERT_FALSE(wrote);
  EXPECT_EQ(wrote.error().kind, Error::Kind::too_large);
}

TEST(Stdio, KillsAllChildrenOnTheWayOutWithoutDestructors) {
  auto child = Child::start(
      {.argv = {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}, .environment = plain_environment()},
      impatient().child);
  ASSERT_TRUE(child);
  ASSERT_TRUE((*child)->next_line(std::chrono::steady_clock::now() + 5s));
  kill_all_children();
  const auto line = (*child)->next_line(std::chrono::steady_clock::now() + 5s);
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().message, HasSubstr("signal 9"));
}

}  // namespace
}  // namespace mcprove::mcp
