#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/flaws/tool-vetting.h"
#include "fixtures/lab.h"
#include "json/json.h"
#include "tests/cli/vetting.h"

namespace mcprove {
namespace {

namespace fs = std::filesystem;
using test::notes;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Sources : public test::Vet {
 protected:
  /// Lines that say why a source was not read.
  static std::string why(const test::Finished& done) {
    const auto at = done.out.find("\nnot read\n");
    return at == std::string::npos ? "" : done.out.substr(at + 1, done.out.find("\n\n", at + 1) - at - 1);
  }
};

TEST_F(Sources, ThatCannotBeReadAreOneLineEach) {
  std::string deep(100'000, '[');
  const std::vector<std::pair<std::string, std::string>> cases{
      {place("absent.json"), "there is no such file"},
      {home_.path().string(), "it is a directory"},
      {"/dev/zero", "it is a device"},
      {file("nul.json", std::string("{\"tools\":\0[]}", 13)), "NUL bytes"},
      {file("utf16.json", "\xff\xfe{"), "UTF-16"},
      {file("deep.json", deep), ""},
      {file("text.json", "hello"), "text"},
      {file("binary.json", "\x89PNG\r\n\x1a\n"), ""},
      {file("half.json", R"({"tools":[{"name":"a")"), ""},
      {file("empty.json", ""), ""}};
  for (const auto& [path, words] : cases) {
    const auto done = run({"vet", path});
    EXPECT_EQ(done.exit_code, 3) << path << done.out;
    EXPECT_THAT(why(done), HasSubstr(words)) << path;
    EXPECT_LT(std::ranges::count(why(done), '\n'), 4) << done.out;
    EXPECT_EQ(done.err, "") << path;
  }
}

TEST_F(Sources, AreReadWhateverEditorsAddAndLoseNothing) {
  EXPECT_EQ(run({"vet", file("bom.json", std::string("\xef\xbb\xbf") + notes)}).exit_code, 0);
  const auto none = run({"vet", file("none.json", R"({"server":"a","tools":[]})")});
  EXPECT_EQ(none.exit_code, 0) << none.out;
  EXPECT_THAT(none.out, HasSubstr("0 tools of 1 server"));
  const auto lines = run({"vet", file("lines.jsonl", std::string("\n\n") + notes + "\r\n\n{\"server\":\"b\",\"tools\":[]}\n\n")});
  EXPECT_EQ(lines.exit_code, 0) << lines.out;
  EXPECT_THAT(lines.out, HasSubstr("1 tool of 2 servers"));
  const auto both = run({"vet", place("absent.json"), place("lines.jsonl")});
  EXPECT_THAT(both.out, HasSubstr("1 tool of 2 servers, 1 source not read"));
}

TEST_F(Sources, AreFoundInTheConfigurationsOfManyClients) {
  file(".config/Code/User/mcp.json", R"({"servers":{"code":{"command":"npx","args":["-y","@a/code"]}}, "inputs":[]})");
  file(".config/Code/User/settings.json", R"({"editor.fontSize": 12, /* no server */ })");
  file(".config/zed/settings.json", R"({"context_servers":{"zed":{"command":"uvx","args":["zed-server==1.2"]}}})");
  file(".codex/config.toml",
       "model = \"x\"\n[mcp_servers.codex]\ncommand = \"docker\"\nargs = [\"run\", \"-i\", \"a/codex:1.0.0\"]\n");
  file(".continue/config.yaml", "mcpServers:\n  - name: x\n");
  file(".cursor/mcp.json", R"({"mcpServers": {"broken": )");
  file(".gemini/settings.json", R"({"mcpServers":{"spy":{"httpUrl":"http://127.0.0.1:1/${VET_SECRET}"}}})");
  const auto done = run({"vet", "--discover", "--format", "json"}, {{"VET_SECRET", "very-secret-value"}});
  EXPECT_EQ(done.exit_code, 3) << done.err;
  EXPECT_EQ(validated(done.out), 0);
  EXPECT_THAT(done.out, AllOf(HasSubstr("npx @a/code"), HasSubstr("uvx zed-server"), HasSubstr("docker a/codex"),
                              HasSubstr("names no server"), HasSubstr("it is YAML"), HasSubstr("which --env would give it")));
  EXPECT_THAT(done.out, Not(HasSubstr("very-secret-value")));
  file(".codex/config.toml", "model = \n");
  EXPECT_THAT(run({"vet", "--discover"}).out, HasSubstr("config.toml: line 1"));
}

TEST_F(Sources, KeepKeysInQueriesToThemselves) {
  const auto done = run({"vet", "http://127.0.0.1:1/mcp?api_key=very-secret-value", "--format", "json"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("very-secret-value")));
  EXPECT_THAT(done.out, HasSubstr("http://127.0.0.1:1/mcp?"));
}

TEST_F(Sources, EndWithUsHoweverWeEnd) {
  const auto script = file("stays.sh", "echo $$ > \"$0.pid\"; setsid sleep 600 & echo $! > \"$0.child\"; exec sleep 600\n");
  test::Process vetting({test::built_program("mcprove"), "vet", "--stdio", "sh '" + script + "'"},
                        {{"HOME", home_.path().string()}});
  const auto number = [&](const std::string& name) {
    for (int i = 0; i < 2'000 && content(place(name)).empty(); ++i) ::usleep(5'000);
    return static_cast<pid_t>(std::stol("0" + content(place(name))));
  };
  const auto gone = [](pid_t pid) {
    for (int i = 0; i < 2'000; ++i) {
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      ::usleep(5'000);
    }
    return false;
  };
  const auto server = number("stays.sh.pid");
  const auto child = number("stays.sh.child");
  ASSERT_GT(server, 1);
  ASSERT_GT(child, 1);
  vetting.signal(SIGKILL);
  EXPECT_TRUE(gone(server));
  EXPECT_TRUE(gone(child));
}

class Records : public Sources {
 protected:
  /// A package as npm installs it, whose server is the script of the fixture.
  std::string install(const std::string& mcp_name, const std::string& record) const {
    file("node_modules/@a/notes/package.json",
         R"({"name":"@a/notes","version":"1.0.0","mcpName":")" + mcp_name + R"(","repository":"github:a/notes"})");
    if (!record.empty()) file("node_modules/@a/notes/server.json", record);
    file("node_modules/.package-lock.json",
         R"({"packages":{"node_modules/@a/notes":{"version":"1.0.0","integrity":"sha512-abc"}}})");
    std::ofstream(home_.path() / "node_modules/@a/notes/index.sh") << content(program());
    return "sh '" + place("node_modules/@a/notes/index.sh") + "'";
  }
  static std::string record(const std::string& name, const std::string& package) {
    return R"({"name":")" + name + R"(","version":"1.0.0","packages":[{"registryType":"npm","identifier":")" + package +
           R"(","version":"1.0.0"}]})";
  }
};

TEST_F(Records, SayWhereAPackageComesFrom) {
  const auto command = install("io.github.a/notes", record("io.github.a/notes", "@a/notes"));
  const auto done = run({"vet", "--stdio", command, "--format", "json"});
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_EQ(validated(done.out), 0);
  const auto server = json::parse(done.out)->at("servers").at(std::size_t{0});
  EXPECT_EQ(server.string("package"), "@a/notes");
  EXPECT_EQ(server.string("packageVersion"), "1.0.0");
  EXPECT_EQ(server.string("record"), "io.github.a/notes");
  EXPECT_EQ(server.string("repository"), "https://github.com/a/notes");
  EXPECT_EQ(server.string("integrity"), "sha512-abc");
  EXPECT_THAT(done.out, Not(HasSubstr("record-mismatch")));
  // What npm fetched under one version is published once.
  ASSERT_EQ(run({"lock", "--stdio", command, "--out", place("l")}).exit_code, 0);
  EXPECT_EQ(run({"verify", "--stdio", command, "--lock", place("l"), "--strict"}).exit_code, 0);
  file("node_modules/.package-lock.json",
       R"({"packages":{"node_modules/@a/notes":{"version":"1.0.0","integrity":"sha512-other"}}})");
  const auto moved = run({"verify", "--stdio", command, "--lock", place("l")});
  EXPECT_EQ(moved.exit_code, 1);
  EXPECT_THAT(moved.out, AllOf(HasSubstr("medium  moved"), HasSubstr("sha512-other")));
}

TEST_F(Records, ContradictWhatTheyDoNotName) {
  const auto command = install("io.github.a/notes", record("io.github.b/other", "@a/notes"));
  const auto beside = run({"vet", "--stdio", command});
  EXPECT_EQ(beside.exit_code, 1) << beside.out;
  EXPECT_THAT(beside.out, HasSubstr("record-mismatch"));
  const auto other = install("io.github.a/notes", "");
  const auto given = run({"vet", "--stdio", other, "--server-json", file("r.json", record("io.github.a/notes", "@b/notes"))});
  EXPECT_EQ(given.exit_code, 1) << given.out;
  EXPECT_THAT(given.out, HasSubstr("does not name the package"));
  const auto unlisted = run({"vet", place("r.json"), "--server-json", place("r.json")});
  EXPECT_EQ(unlisted.exit_code, 3) << "a record is no list of tools";
  const auto slip = run({"vet", "--stdio", other, "--server-json", file("bad.json", "{}")});
  EXPECT_EQ(slip.exit_code, 2);
  EXPECT_THAT(slip.err, AllOf(HasSubstr("--server-json"), HasSubstr("bad.json"), HasSubstr("no name")));
}

TEST_F(Records, AreTheWordOfWhoeverTheUserAsks) {
  const auto command = install("io.github.a/notes", record("io.github.a/notes", "@a/notes"));
  const auto policy = file("mcprove.toml", "[trust]\npublishers = [\"io.github.a\"]\n");
  EXPECT_EQ(run({"vet", "--stdio", command, "--config", policy}).exit_code, 1) << "it says so itself";
  const auto scope = file("scope.toml", "[trust]\npublishers = [\"@a\"]\n");
  EXPECT_EQ(run({"vet", "--stdio", command, "--config", scope}).exit_code, 0);
  for (const auto& [line, words] :
       std::vector<std::pair<std::string, std::string>>{{"origins = [\"mcp.example.com\"]", ":2: 'origins'"},
                                                        {"signers = [\"short\"]", "is no thumbprint"},
                                                        {"publisher = [\"a\"]", "did you mean 'publishers'"},
                                                        {"allow = 3", "needs a list of strings"}}) {
    const auto slip = run({"vet", "--stdio", command, "--config", file("slip.toml", "[trust]\n" + line + "\n")});
    EXPECT_EQ(slip.exit_code, 2) << line;
    EXPECT_THAT(slip.err, AllOf(HasSubstr("slip.toml:2"), HasSubstr(words))) << line;
  }
}

TEST_F(Sources, OfSeveralIdentitiesArePinnedForEach) {
  const auto config = file("mcprove.toml", R"([[identity]]
name = "alice"
user = "alice"
password_env = "ALICE"
[[identity]]
name = "bob"
user = "bob"
password_env = "BOB"
)");
  const test::Environment passwords{{"ALICE", lab::alice.password}, {"BOB", lab::bob.password}};
  lab::Lab server({});
  const auto locked = run({"lock", server.url(), "--config", config, "--out", place("l")}, passwords);
  ASSERT_EQ(locked.exit_code, 0) << locked.err;
  EXPECT_THAT(content(place("l")), AllOf(HasSubstr("\"alice\": {"), HasSubstr("\"bob\": {")));
  const auto same = run({"verify", server.url(), "--config", config, "--lock", place("l"), "--strict"}, passwords);
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
}

}  // namespace
}  // namespace mcprove
