#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "json/json.h"
#include "tests/support/process.h"

namespace mcprove {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Runs the program with a state directory of its own.
class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/mcprove-cli-XXXXXX";
    directory_ = ::mkdtemp(pattern);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  test::Finished mcprove(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), test::built_program("mcprove"));
    return test::run(arguments, environment());
  }
  test::Environment environment() const {
    return {{"XDG_STATE_HOME", directory_}, {"MCPROVE_TEST_SECRET", "s3cret-value"}, {"MCPROVE_TEST_UNSET", ""}};
  }
  /// One line on standard error, nothing on standard output, exit code 2.
  void expect_usage(const std::vector<std::string>& arguments, const std::string& message) const {
    const auto done = mcprove(arguments);
    EXPECT_EQ(done.exit_code, 2) << done.err;
    EXPECT_EQ(done.err, "mcprove: " + message + "\n");
    EXPECT_EQ(done.out, "");
  }

  std::string directory_{};
};

/// Port 1 belongs to no service that a machine for tests runs.
constexpr const char* nobody = "http://127.0.0.1:1/mcp";

TEST_F(CommandLine, NoArguments) {
  expect_usage({}, "no command; 'mcprove audit URL' audits a server, 'mcprove --help' lists the rest");
}

TEST_F(CommandLine, UnknownWords) {
  expect_usage({"adit", nobody}, "unknown command 'adit'; did you mean 'audit'?");
  expect_usage({"audit", "--passsive", nobody}, "unknown flag --passsive; did you mean '--passive'?");
  expect_usage({"audit", nobody, "--frobnicate=3"}, "unknown flag --frobnicate; see 'mcprove audit --help'");
  expect_usage({"--verbose"}, "unknown flag --verbose; see 'mcprove --help'");
  expect_usage({"audit", nobody, "http://two/"}, "'http://two/' is one argument too many for 'mcprove audit'");
  expect_usage({"audit", nobody, "--user"}, "--user needs a value");
  expect_usage({"audit", nobody, "--only", "no-such-check-at-all"},
               "no check or family is called 'no-such-check-at-all'; 'mcprove checks' lists them");
  expect_usage({"checks", "no-such-check-at-all"},
               "no check or family is called 'no-such-check-at-all'; 'mcprove checks' lists them");
  expect_usage({"checks", "--format", "xml"}, "unknown format 'xml'; it can be text, json, man, markdown");
}

TEST_F(CommandLine, WrongUrl) {
  expect_usage({"audit"}, "no URL: mcprove audit URL");
  expect_usage({"audit", "not a url"}, "'not a url' is not an http or https URL; it begins with http:// or https://");
  expect_usage({"audit", "ftp://host/"}, "'ftp://host/' is not an http or https URL");
}

TEST_F(CommandLine, ControlBytesOfArgumentsStayHarmless) {
  const auto done = mcprove({"audit", "\x1b[31m\xff"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_EQ(done.err.find('\x1b'), std::string::npos);
}

TEST_F(CommandLine, SecretsComeFromTheEnvironment) {
  expect_usage({"audit", nobody, "--user", "alice"},
               "--user 'alice' has no password: name the environment variable that holds it with --password-env");
  expect_usage({"audit", nobody, "--user", "alice", "--password-env", "MCPROVE_TEST_UNSET"},
               "the environment variable MCPROVE_TEST_UNSET is not set");
  expect_usage({"audit", "https://mcp.example.com/", "--token-env", "MCPROVE_TEST_SECRET"},
               "mcp.example.com is not this machine: with credentials, say --authorized-by WHO, or --passive");
}

TEST_F(CommandLine, ConfigurationErrorsNameTheLine) {
  const std::string path = directory_ + "/mcprove.toml";
  std::ofstream(path) << "strict = true\nfial_on = \"high\"\n";
  expect_usage({"audit", nobody, "--config", path}, path + ":2: unknown key 'fial_on'; did you mean 'fail_on'?");
  expect_usage({"audit", nobody, "--config", directory_ + "/none.toml"},
               "cannot read the configuration '" + directory_ + "/none.toml'");
}

TEST_F(CommandLine, AReportThatCannotBeWrittenIsKnownBeforehand) {
  const std::string path = directory_ + "/none/report.json";
  expect_usage({"audit", nobody, "--out", path}, "cannot write '" + path + "': No such file or directory");
  const auto full = mcprove({"checks", "--format", "json"});
  EXPECT_EQ(full.exit_code, 0);
}

TEST_F(CommandLine, RefusedConnectionIsReported) {
  const auto done = mcprove({"audit", nobody, "--no-store"});
  EXPECT_EQ(done.exit_code, 3) << done.err;
  EXPECT_THAT(done.out, StartsWith(std::string(nobody) + ": could not be tested\n"));
  EXPECT_EQ(done.err, "");
  const std::string path = directory_ + "/report.json";
  const auto json = mcprove({"audit", nobody, "--no-store", "--format", "json", "--out", path});
  EXPECT_EQ(json.exit_code, 3);
  EXPECT_EQ(json.out, "");
  EXPECT_THAT(json.err,
              StartsWith("mcprove: " + std::string(nobody) + ": could not be tested; the report is in " + path + "\nmcprove: "));
  std::ifstream in(path);
  const auto report = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->boolean("complete"), false);
  EXPECT_TRUE(report->at("error").string("message"));
}

TEST_F(CommandLine, VersionAndHelp) {
  const auto version = mcprove({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out, "mcprove 0.1.0\n");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"}, {"audit", "--help"}, {"checks", "-h"}}) {
    const auto help = mcprove(words);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_THAT(help.out, HasSubstr("mcprove"));
    for (const auto& line : text::split(help.out, '\n')) EXPECT_LE(line.size(), 110U) << line;
  }
}

/// The manual and the program say the same flags.
TEST_F(CommandLine, EveryFlagIsInTheManual) {
  std::ifstream in(test::source_path("man/mcprove.1"));
  const std::string manual(std::istreambuf_iterator<char>(in), {});
  std::size_t flags = 0;
  for (const auto& word : text::words(mcprove({"audit", "--help"}).out)) {
    if (!word.starts_with("--")) continue;
    std::string flag = word.substr(1);
    while (!flag.empty() && (flag.back() < 'a' || flag.back() > 'z')) flag.pop_back();
    if (flag == "-help") continue;
    ++flags;
    EXPECT_THAT(manual, HasSubstr("Fl " + flag)) << word;
  }
  EXPECT_GT(flags, 30U);
}

TEST_F(CommandLine, CatalogueIsWellFormed) {
  const auto list = mcprove({"checks", "--format", "json"});
  ASSERT_EQ(list.exit_code, 0) << list.err;
  const auto document = json::parse(list.out);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->integer("version"), 1);
  const auto checks = document->at("checks");
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const auto id = checks.at(i).string("id").value_or("");
    const auto one = mcprove({"checks", id});
    EXPECT_EQ(one.exit_code, 0) << one.err;
    EXPECT_THAT(one.out, StartsWith(id + " ("));
    for (const auto& line : text::split(one.out, '\n')) EXPECT_LE(line.size(), 100U) << line;
  }
}

/// A server that takes connections and says nothing.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 64), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() {
    if (peer_ >= 0) ::close(peer_);
    ::close(socket_);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/mcp"; }
  /// Returns when somebody has connected: then an audit is under way.
  void wait_for_client() { peer_ = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }

 private:
  int socket_;
  int peer_ = -1;
  std::uint16_t port_ = 0;
};

TEST_F(CommandLine, ASignalEndsTheAuditWithAReport) {
  for (const auto& [number, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    SilentServer server;
    test::Process program({test::built_program("mcprove"), "audit", server.url(), "--no-store"}, environment());
    server.wait_for_client();
    program.signal(number);
    EXPECT_EQ(program.finish(std::chrono::seconds(12)), code) << program.err();
    EXPECT_THAT(program.out(), StartsWith(server.url() + ": "));
    EXPECT_THAT(program.err(), HasSubstr("interrupted"));
  }
}

TEST_F(CommandLine, ASecondSignalEndsItAtOnce) {
  SilentServer server;
  test::Process program({test::built_program("mcprove"), "audit", server.url(), "--no-store"}, environment());
  server.wait_for_client();
  const auto began = std::chrono::steady_clock::now();
  program.signal(SIGINT);
  program.signal(SIGTERM);
  EXPECT_THAT(program.finish(std::chrono::seconds(12)), testing::Optional(testing::AnyOf(130, 143)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
}

TEST_F(CommandLine, CleanupOfNothing) {
  const auto done = mcprove({"cleanup"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.out, "nothing was left behind\n");
}

}  // namespace
}  // namespace mcprove
