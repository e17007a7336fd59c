// mcprove login and mcprove call against the lab: every architecture and wire, with the program as a person runs it.
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/core/people.h"
#include "json/json.h"
#include "net/listener.h"
#include "tests/support/process.h"
#include "tests/support/raw_server.h"
#include "tests/support/temp_dir.h"

namespace mcprove::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Words = std::vector<std::string>;

class Grants : public testing::Test {
 protected:
  void start_lab(const Words& flags = {}) {
    Words argv{built_program("mcprove-lab")};
    argv.insert(argv.end(), flags.begin(), flags.end());
    lab_ = std::make_unique<Process>(argv);
    const auto ready = lab_->line_starting("READY ", std::chrono::seconds(20));
    ASSERT_TRUE(ready);
    url_ = ready->substr(6);
    lab_->discard_output();
  }
  Finished mcprove(Words arguments) const {
    arguments.insert(arguments.begin(), built_program("mcprove"));
    auto done = run(arguments, environment());
    for (const auto& secret : secrets()) {
      EXPECT_THAT(done.out, Not(HasSubstr(secret)));
      EXPECT_THAT(done.err, Not(HasSubstr(secret)));
    }
    return done;
  }
  Environment environment() const {
    return {{"XDG_STATE_HOME", state_.path().string()},
            {"ALICE", lab::alice.password},
            {"BOB", lab::bob.password},
            {"WRONG", "wr0ng-password"}};
  }
  Finished log_in(const std::string& who = "alice", Words more = {}) const {
    Words argv{"login", url_, "--user", who, "--password-env", who == "bob" ? "BOB" : "ALICE"};
    argv.insert(argv.end(), more.begin(), more.end());
    return mcprove(argv);
  }
  std::vector<json::Value> kept() const {
    std::vector<json::Value> all;
    if (!fs::exists(state_.path() / "mcprove/grants")) return all;
    for (const auto& entry : fs::directory_iterator(state_.path() / "mcprove/grants")) {
      struct stat status{};
      EXPECT_EQ(::stat(entry.path().c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0777U, 0600U);
      std::ifstream in(entry.path());
      const auto parsed = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
      EXPECT_TRUE(parsed);
      if (parsed) all.push_back(*parsed);
    }
    return all;
  }
  std::vector<std::string> secrets() const {
    std::vector<std::string> all{lab::alice.password, lab::bob.password, "wr0ng-password"};
    for (const auto& grant : kept())
      for (const auto* key : {"access_token", "refresh_token"}) all.push_back(grant.string(key).value_or("?"));
    return all;
  }

  TempDir state_{};
  std::unique_ptr<Process> lab_{};
  std::string url_{};
};

class Everywhere : public Grants, public testing::WithParamInterface<std::tuple<const char*, const char*>> {};

TEST_P(Everywhere, LogsInOnceAndCallsWithTheGrant) {
  start_lab({"--architecture", std::get<0>(GetParam()), "--wire", std::get<1>(GetParam())});
  const auto in = log_in();
  ASSERT_EQ(in.exit_code, 0) << in.err;
  EXPECT_THAT(in.out, StartsWith("alice is logged in to " + url_ + ": scope "));
  EXPECT_THAT(in.out, AllOf(HasSubstr(", renewable\n  "), HasSubstr("form: a code after "), HasSubstr("; client c-")));
  EXPECT_EQ(in.err, "");
  ASSERT_EQ(kept().size(), 1U);

  const auto list = mcprove({"call", url_});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("whoami\n    "));
  const auto who = mcprove({"call", url_, "whoami", "--format", "json"});
  EXPECT_EQ(who.exit_code, 0) << who.err;
  EXPECT_THAT(who.out, HasSubstr("alice"));
  EXPECT_EQ(kept().size(), 1U);

  EXPECT_EQ(mcprove({"login", "--remove", url_}).out, "alice at " + url_ + ": removed, revoked\n1 grant removed\n");
  EXPECT_TRUE(kept().empty());
  const auto without = mcprove({"call", url_});
  EXPECT_EQ(without.exit_code, 3);
  EXPECT_EQ(std::count(without.err.begin(), without.err.end(), '\n'), 1) << without.err;
}

INSTANTIATE_TEST_SUITE_P(OfTheLab, Everywhere,
                         testing::Combine(testing::Values("native", "proxy", "external"),
                                          testing::Values("sse", "handshake", "stateless")),
                         [](const auto& row) { return std::string(std::get<0>(row.param)) + "_" + std::get<1>(row.param); });

TEST_F(Grants, OfSeveralPeopleAreToldApart) {
  start_lab();
  ASSERT_EQ(log_in("alice").exit_code, 0);
  ASSERT_EQ(log_in("bob").exit_code, 0);
  const auto both = mcprove({"call", url_});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_EQ(both.err, "mcprove: several grants are kept: name the person with --as (alice, bob)\n");
  EXPECT_THAT(mcprove({"call", url_, "whoami", "--as", "bob"}).out, HasSubstr("\"person\":\"bob\""));
  EXPECT_EQ(mcprove({"call", url_, "--as", "carol"}).exit_code, 2);
  const auto listed = mcprove({"login", "--list", "--format", "json"});
  const auto rows = json::parse(listed.out);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ(rows->at(0).string("person"), "alice");
  EXPECT_EQ(rows->at(1).string("person"), "bob");
  const auto table = mcprove({"login", "--list"}).out;
  EXPECT_THAT(table, StartsWith(url_ + "\n  alice: until "));
  EXPECT_THAT(table, AllOf(HasSubstr("\n  bob: until "), HasSubstr(", renewable\n    scope "), HasSubstr("\n    client c-")));
  EXPECT_EQ(mcprove({"login", "--remove", "bob"}).out, "bob at " + url_ + ": removed, revoked\n1 grant removed\n");
  EXPECT_EQ(mcprove({"login", "--remove", "bob"}).exit_code, 2);
  EXPECT_THAT(mcprove({"login", "--remove"}).out, HasSubstr("removed, revoked\n1 grant removed\n"));
  EXPECT_EQ(mcprove({"login", "--list"}).out, "no grants are kept\n");
}

TEST_F(Grants, ThatAreRemovedAreWorthNothingToWhoeverKeptACopy) {
  start_lab();
  ASSERT_EQ(log_in("alice").exit_code, 0);
  auto with_token = environment();
  with_token["TOKEN"] = kept().front().string("access_token").value_or("");
  const Words call{built_program("mcprove"), "call", url_, "whoami", "--token-env", "TOKEN"};
  ASSERT_EQ(run(call, with_token).exit_code, 0);
  ASSERT_EQ(mcprove({"login", "--remove", "alice"}).exit_code, 0);
  EXPECT_EQ(run(call, with_token).exit_code, 3);
}

TEST_F(Grants, GoWhenTheirServerIsGone) {
  start_lab();
  ASSERT_EQ(log_in("alice").exit_code, 0);
  lab_.reset();
  const auto done = mcprove({"login", "--remove"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("removed, not revoked: connection refused by 127.0.0.1:"));
  EXPECT_TRUE(kept().empty());
}

/// Everything that an authorization server may demand at once, over flags that a person types.
TEST_F(Grants, MeetWhatTheAuthorizationServerDemands) {
  start_lab({"--demand", "par", "--demand", "dpop", "--demand", "private-key-jwt"});
  const auto in = log_in();
  ASSERT_EQ(in.exit_code, 0) << in.err;
  EXPECT_THAT(mcprove({"login", "--list"}).out, HasSubstr("renewable, bound to a key\n"));
  const auto who = mcprove({"call", url_, "whoami"});
  EXPECT_EQ(who.exit_code, 0) << who.err;
  EXPECT_THAT(who.out, HasSubstr("alice"));
  EXPECT_THAT(mcprove({"login", "--remove"}).out, HasSubstr("removed, revoked"));
}

TEST_F(Grants, AreHadByADocumentThatWeServeOurselves) {
  start_lab({"--demand", "cimd"});
  EXPECT_THAT(log_in().err, HasSubstr("registers no clients, and no client id was given"));
  const auto port = std::to_string((*net::Listener::bind())->port());
  const auto document = "http://127.0.0.1:" + port + "/mcprove.json";
  const auto in = log_in("alice", {"--cimd-url", document});
  ASSERT_EQ(in.exit_code, 0) << in.err;
  EXPECT_THAT(in.out, HasSubstr("; client " + document + " of "));
  const auto printed = json::parse(mcprove({"login", "--print-cimd", "--cimd-url", document}).out);
  ASSERT_TRUE(printed);
  EXPECT_EQ(printed->string("client_id"), document);
  EXPECT_EQ(printed->string("token_endpoint_auth_method"), "none");
}

TEST_F(Grants, AreWidenedWhenAToolWantsMoreScopeAndReplacedInTheStore) {
  start_lab();
  ASSERT_EQ(log_in().exit_code, 0);
  const Words call{"call", url_, "note_write", "--args", R"({"title":"t","body":"b"})"};
  const auto refused = mcprove(call);
  EXPECT_EQ(refused.exit_code, 3) << "nobody can log in again without the password: " << refused.out;
  auto with_password = call;
  with_password.insert(with_password.end(), {"--user", "alice", "--password-env", "ALICE"});
  const auto done = mcprove(with_password);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const auto now = kept();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_THAT(now.front().string("scope").value_or(""),
              AllOf(HasSubstr("notes:write"), HasSubstr("notes:read"), HasSubstr("files:read")));
  EXPECT_EQ(mcprove(call).exit_code, 0) << "the wider grant is used";
}

TEST_F(Grants, AreRefreshedOnceByAnyNumberOfProcesses) {
  start_lab({"--token-life", "5"});  // shorter than the margin: every call refreshes
  ASSERT_EQ(log_in().exit_code, 0);
  const auto before = kept().front().string("refresh_token");
  ASSERT_EQ(mcprove({"call", url_, "whoami"}).exit_code, 0);
  const auto after = kept().front().string("refresh_token");
  EXPECT_NE(before, after) << "the lab rotates";
  std::vector<std::unique_ptr<Process>> crowd;
  for (int i = 0; i < 4; ++i)
    crowd.push_back(std::make_unique<Process>(Words{built_program("mcprove"), "call", url_, "whoami"}, environment()));
  for (auto& one : crowd) EXPECT_EQ(one->finish(std::chrono::seconds(60)).value_or(-1), 0) << one->err();
  EXPECT_EQ(mcprove({"call", url_, "whoami"}).exit_code, 0) << "a refresh token used twice would have ended the grant";
}

TEST_F(Grants, AreNotKeptWhenTheyAreNotToBe) {
  start_lab();
  const auto in = log_in("alice", {"--no-store"});
  EXPECT_EQ(in.exit_code, 0) << in.err;
  EXPECT_THAT(in.out, HasSubstr(", not kept\n"));
  EXPECT_TRUE(kept().empty());
  const auto done = mcprove({"call", url_, "whoami", "--user", "alice", "--password-env", "ALICE", "--no-store"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(kept().empty());
}

TEST_F(Grants, AWrongPasswordIsToldInALineOfItsOwn) {
  start_lab();
  const auto done = mcprove({"login", url_, "--user", "alice", "--password-env", "WRONG"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_EQ(done.out, "");
  EXPECT_THAT(done.err, StartsWith("mcprove: no login: "));
  EXPECT_TRUE(kept().empty());
}

TEST_F(Grants, AGivenTokenIsUsedAndNobodyIsAskedForAnother) {
  start_lab();
  ASSERT_EQ(log_in("alice").exit_code, 0);
  auto with_token = environment();
  with_token["TOKEN"] = kept().front().string("access_token").value_or("");
  const auto good = run({built_program("mcprove"), "call", url_, "whoami", "--token-env", "TOKEN"}, with_token);
  EXPECT_EQ(good.exit_code, 0) << good.err;
  with_token["TOKEN"] = "no-such-token";
  const auto bad = run({built_program("mcprove"), "call", url_, "whoami", "--token-env", "TOKEN"}, with_token);
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_EQ(bad.err, "mcprove: the server refuses the token that was given\n");
}

TEST_F(Grants, AToolsOwnErrorIsItsAnswer) {
  start_lab();
  ASSERT_EQ(log_in().exit_code, 0);
  const auto done = mcprove({"call", url_, "note_read", "--args", R"({"id":"no-such-note"})"});
  EXPECT_EQ(done.exit_code, 1) << done.err;
  EXPECT_NE(done.out, "");
  const auto slip = mcprove({"call", url_, "whoamI"});
  EXPECT_EQ(slip.exit_code, 2);
  EXPECT_EQ(slip.err, "mcprove: no tool is called 'whoamI'; did you mean 'whoami'?\n");
}

TEST_F(Grants, StandInForALoginOfAnAudit) {
  start_lab();
  const auto none = mcprove({"audit", url_, "--use-grant"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(none.err, "mcprove: no grant is kept for " + url_ + "; 'mcprove login' gets one\n");
  ASSERT_EQ(log_in("alice").exit_code, 0);
  ASSERT_EQ(log_in("bob").exit_code, 0);
  const auto done =
      mcprove({"audit", url_, "--use-grant", "--only", "malformed-token-accepted,jwt-alg-none", "--format", "json"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const auto report = json::parse(done.out);
  ASSERT_TRUE(report);
  for (std::size_t i = 0; i < report->at("checks").size(); ++i) EXPECT_EQ(report->at("checks").at(i).string("outcome"), "pass");
  EXPECT_EQ(mcprove({"audit", url_, "--use-grant", "carol"}).exit_code, 2);
}

TEST_F(Grants, StandInForALoginOfAReview) {
  start_lab();
  const auto none = mcprove({"vet", url_, "--use-grant"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(none.err, "mcprove: no grant is kept for " + url_ + "; 'mcprove login' gets one\n");
  ASSERT_EQ(log_in("alice").exit_code, 0);
  ASSERT_EQ(log_in("bob").exit_code, 0);
  const auto vetted = mcprove({"vet", url_, "--use-grant", "--format", "json"});
  EXPECT_EQ(vetted.exit_code, 0) << vetted.err;
  const auto report = json::parse(vetted.out);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->at("servers").at(std::size_t{0}).strings("identities"), testing::IsSupersetOf({"alice", "bob"}));
  const auto lock = (state_.path() / "l").string();
  EXPECT_EQ(mcprove({"lock", url_, "--use-grant", "alice", "--out", lock}).exit_code, 0);
  EXPECT_EQ(mcprove({"verify", url_, "--use-grant", "alice", "--lock", lock, "--strict"}).exit_code, 0);
  EXPECT_EQ(mcprove({"lock", url_, "--use-grant", "carol", "--out", lock}).exit_code, 2);
}

TEST_F(Grants, AreRenewedBeforeAnAudit) {
  start_lab({"--token-life", "8"});  // within the margin
  ASSERT_EQ(log_in("alice").exit_code, 0);
  const auto before = kept().front().string("access_token");
  const auto done = mcprove({"audit", url_, "--use-grant", "alice", "--only", "malformed-token-accepted"});
  EXPECT_EQ(done.exit_code, 0) << done.err << done.out;
  EXPECT_THAT(done.out, HasSubstr("no findings"));
  EXPECT_NE(kept().front().string("access_token"), before);
}

TEST_F(Grants, ASignalEndsALoginThatHangs) {
  std::promise<void> asked;
  std::atomic<bool> told = false;
  const RawServer silent([&](Peer& peer) {
    if (peer.request() && !told.exchange(true)) asked.set_value();
    peer.wait_for_close();
  });
  Process login({built_program("mcprove"), "login", silent.url("/mcp")}, environment());
  ASSERT_EQ(asked.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  login.signal(SIGINT);
  EXPECT_EQ(login.finish(std::chrono::seconds(20)).value_or(-1), 130);
}

/// A server on pipes, in the shell's words.
TEST_F(Grants, AreNotNeededOnPipes) {
  const auto script = state_.path() / "server.sh";
  std::ofstream(script) << R"sh(
while IFS= read -r line; do
  id=${line#*\"id\":}; id=${id%%[,\}]*}
  case $line in
    *'"initialize"'*) result='{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"pipes","version":"1"}}' ;;
    *'"notifications/'*) continue ;;
    *'"tools/list"'*) result='{"tools":[{"name":"secret","description":"tells","inputSchema":{"type":"object"}}]}' ;;
    *) result="{\"content\":[{\"type\":\"text\",\"text\":\"it is <$SHARED>\"}]}" ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
)sh";
  const auto command = "sh " + script.string();
  const auto listed = mcprove({"call", "--stdio", command});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.out, "secret\n    tells\n");
  auto shared = environment();
  shared["SHARED"] = "a-shared-s3cret";
  const auto without = run({built_program("mcprove"), "call", "secret", "--stdio", command}, shared);
  EXPECT_EQ(without.out, "it is <>\n") << without.err;
  const auto with = run({built_program("mcprove"), "call", "secret", "--stdio", command, "--env", "SHARED"}, shared);
  EXPECT_EQ(with.exit_code, 0) << with.err;
  EXPECT_EQ(with.out, "it is <environment#1>\n") << "what a command was given in confidence is not printed";
  EXPECT_EQ(mcprove({"call", "http://127.0.0.1:1/", "secret", "--stdio", command}).exit_code, 2);
  EXPECT_EQ(mcprove({"call", "--stdio", "no-such-program-at-all"}).exit_code, 3);
}

TEST_F(Grants, WrongWordsAreUsageErrors) {
  const std::vector<std::pair<Words, std::string>> rows{
      {{"login"}, "no URL: mcprove login URL"},
      {{"call"}, "no URL: mcprove call URL [TOOL]"},
      {{"call", "http://127.0.0.1:1/", "t", "--args", "{"}, "--args is no JSON"},
      {{"call", "http://127.0.0.1:1/", "t", "--args", "[]"}, "--args is JSON, but no object"},
      {{"call", "http://127.0.0.1:1/", "--args", "{}"}, "--args is for a tool, and none is named"},
      {{"login", "http://127.0.0.1:1/", "--format", "xml"}, "unknown format 'xml'"},
      {{"login", "http://127.0.0.1:1/", "--token-env", "ALICE"}, "a token that is given needs no login"},
      {{"login", "http://127.0.0.1:1/", "--header-env", "X-Key=ALICE"}, "an API key needs no login"},
      {{"login", "--remove", "nobody"}, "no grant is kept of 'nobody'"},
  };
  for (const auto& [words, message] : rows) {
    const auto done = mcprove(words);
    EXPECT_EQ(done.exit_code, 2) << message;
    EXPECT_THAT(done.err, StartsWith("mcprove: " + message));
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1);
  }
  EXPECT_EQ(mcprove({"call", "http://127.0.0.1:1/"}).exit_code, 3) << "nobody answers";
}

}  // namespace
}  // namespace mcprove::test
