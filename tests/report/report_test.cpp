#include "report/report.h"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "base/text.h"
#include "json/json.h"
#include "report/catalogue.h"
#include "report/shell.h"
#include "tests/report/sample.h"
#include "tests/support/process.h"

namespace mcprove {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string schemas = test::source_path("lib/report/");

void expect_golden(const std::string& name, const std::string& actual) {
  bool accepted = false;
  const std::string expected = test::golden(name, actual, accepted);
  if (accepted) GTEST_SKIP() << "rewrote " << name;
  EXPECT_EQ(actual, expected) << "MCPROVE_ACCEPT=1 rewrites tests/golden/" << name;
}

std::map<std::string, std::string> every_format(const RunOutcome& outcome) {
  return {{"text", report::text(outcome)},
          {"color", report::text(outcome, {.color = true})},
          {"verbose", report::text(outcome, {.verbose = true})},
          {"json", report::json(outcome)},
          {"junit", report::junit(outcome)},
          {"headline", report::headline(outcome)}};
}

/// A file that goes away with the test.
class Scratch {
 public:
  explicit Scratch(const std::string& content) : path_(testing::TempDir() + "mcprove-report-" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~Scratch() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

test::Finished validate(const std::string& schema, const std::string& document) {
  const Scratch file(document);
  const std::string script =
      "import json,sys,jsonschema\n"
      "schema=json.load(open(sys.argv[1]))\n"
      "jsonschema.Draft202012Validator.check_schema(schema)\n"
      "jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2],encoding='utf-8')))\n";
  return test::run({"/usr/bin/python3", "-c", script, schema, file.path()});
}

TEST(Report, TextIsAsAccepted) { expect_golden("report.txt", report::text(test::sample_outcome())); }
TEST(Report, VerboseTextIsAsAccepted) {
  expect_golden("report-verbose.txt", report::text(test::sample_outcome(), {.verbose = true}));
}
TEST(Report, JsonIsAsAccepted) { expect_golden("report.json", report::json(test::sample_outcome())); }
TEST(Report, JunitIsAsAccepted) {
  expect_golden("report.xml", report::junit(test::sample_outcome(), {.fail_on = Severity::medium}));
}
TEST(Report, UnreachableTargetIsAsAccepted) { expect_golden("unreachable.txt", report::text(test::unreachable_outcome())); }
TEST(Catalogue, FormatsAreAsAccepted) {
  const auto registry = test::sample_registry();
  const auto checks = registry.all();
  expect_golden("checks.txt", report::checks_text(checks) + "----\n" + report::check_text(checks[1]) + "----\n" +
                                  report::checks_markdown(checks) + "----\n" + report::checks_man(checks));
}

TEST(Report, JsonFollowsItsSchema) {
  for (const auto& outcome : {test::sample_outcome(), test::unreachable_outcome(), RunOutcome{}}) {
    const auto checked = validate(schemas + "report.schema.json", report::json(outcome));
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
  }
}

TEST(Report, SchemaRefusesWhatItDoesNotKnow) {
  std::string document = report::json(test::unreachable_outcome());
  document.replace(document.find("\"started\""), 9, "\"begun\"");
  EXPECT_NE(validate(schemas + "report.schema.json", document).exit_code, 0);
}

TEST(Catalogue, JsonFollowsItsSchema) {
  const auto registry = test::sample_registry();
  const auto checked = validate(schemas + "checks.schema.json", report::checks_json(registry.all()));
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
}

TEST(Catalogue, ManualIsLintClean) {
  const auto registry = test::sample_registry();
  const Scratch file(report::checks_man(registry.all()));
  const auto lint = test::run({"mandoc", "-Tlint", "-W", "warning", file.path()});
  EXPECT_EQ(lint.exit_code, 0) << lint.out << lint.err;
}

TEST(Report, JunitFollowsItsSchema) {
  for (const auto& outcome : {test::sample_outcome(), test::unreachable_outcome(), RunOutcome{}}) {
    const Scratch file(report::junit(outcome));
    const auto lint =
        test::run({"xmllint", "--noout", "--nonet", "--schema", test::source_path("tests/report/junit.xsd"), file.path()});
    EXPECT_EQ(lint.exit_code, 0) << lint.err;
  }
}

TEST(Report, SaysOnceWhyClientsOfOneServerAreLeft) {
  auto outcome = test::sample_outcome();
  outcome.leftovers.clear();
  for (const std::string id : {"one", "two", "three"})
    outcome.leftovers.push_back({"client", id + " at https://as.example/", "no deletion", "https://as.example/", id});
  outcome.leftovers.push_back({"client", "four at https://other.example/", "no deletion", "https://other.example/", "four"});
  const auto text = report::text(outcome);
  EXPECT_THAT(text, HasSubstr("Left behind (4)\n"));
  EXPECT_THAT(text, HasSubstr("  3 clients at https://as.example/: no deletion: one, two, three\n"));
  EXPECT_THAT(text, HasSubstr("  client four at https://other.example/: no deletion\n"));
}

TEST(Report, NoFormatShowsASecret) {
  auto outcome = test::sample_outcome();
  outcome.fatal = Error{Error::Kind::network, "failed with " + std::string(test::sample_token)};
  outcome.leftovers.push_back({"token", std::string(test::sample_token), std::string(test::sample_password)});
  for (const auto& [format, text] : every_format(outcome)) {
    EXPECT_THAT(text, Not(HasSubstr(test::sample_token))) << format;
    EXPECT_THAT(text, Not(HasSubstr("c2VjcmV0LWNsYWltcw"))) << format;  // a part of the token
    EXPECT_THAT(text, Not(HasSubstr("battery"))) << format;
    EXPECT_THAT(text, Not(HasSubstr("splxlOBe"))) << format;
    EXPECT_THAT(text, Not(HasSubstr("unregistered-session"))) << format;  // cookies that nobody registered
  }
  EXPECT_THAT(report::json(outcome), HasSubstr("access_token#1"));
}

TEST(Report, UserinfoOfTheUrlIsNotShown) {
  auto outcome = test::unreachable_outcome();
  outcome.options.url = "http://someone:hunter22@127.0.0.1:1/mcp";
  for (const auto& [format, text] : every_format(outcome)) EXPECT_THAT(text, Not(HasSubstr("hunter22"))) << format;
}

TEST(Report, ControlBytesNeverReachTheReader) {
  for (const auto& [format, text] : every_format(test::sample_outcome())) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      EXPECT_TRUE(byte >= 0x20 || c == '\n' || (c == '\x1b' && format == "color")) << format << " holds byte " << int{byte};
    }
    EXPECT_TRUE(text::valid_utf8(text)) << format;
    EXPECT_THAT(text, Not(HasSubstr("\u202e"))) << format;
    EXPECT_THAT(text, Not(HasSubstr("\x1b[31mentry"))) << format;
    EXPECT_THAT(text, Not(HasSubstr("\x1b[2J"))) << format;
  }
}

TEST(Report, NothingButOneLongWordIsWiderThanAsked) {
  for (const std::size_t width : {60U, 80U, 120U}) {
    for (const bool verbose : {false, true}) {
      for (const auto& line : text::split(report::text(test::sample_outcome(), {.width = width, .verbose = verbose}), '\n')) {
        std::size_t columns = 0;
        for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1U : 0U;
        const bool one_word = text::words(line).size() <= 2;       // its label beside it
        const bool quoted = line.find('\'') != std::string::npos;  // an argument of a command stays whole
        EXPECT_TRUE(columns <= width || one_word || quoted) << line;
      }
    }
  }
}

TEST(Report, ColorChangesNothingButColor) {
  std::string colored = report::text(test::sample_outcome(), {.color = true});
  EXPECT_THAT(colored, HasSubstr("\x1b["));
  for (auto at = colored.find('\x1b'); at != std::string::npos; at = colored.find('\x1b'))
    colored.erase(at, colored.find('m', at) - at + 1);
  EXPECT_EQ(colored, report::text(test::sample_outcome()));
}

TEST(Report, TextSaysEverythingOnce) {
  const std::string text = report::text(test::sample_outcome());
  const auto count = [&](std::string_view words) {
    std::size_t n = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("Answer 401 with a WWW-Authenticate"), 1U);  // one remedy for two wires
  EXPECT_EQ(count("code-replay-revokes"), 1U);                 // hidden, and not among the untested again
  EXPECT_EQ(count("longer --max-wait"), 1U);
}

TEST(Report, SilenceIsNeverCalledSafe) {
  auto outcome = test::sample_outcome();
  outcome.findings.clear();
  outcome.checks.clear();
  EXPECT_THAT(report::headline(outcome), HasSubstr("no findings, incomplete"));
  outcome.complete = true;
  EXPECT_THAT(report::headline(outcome), HasSubstr("no findings, complete"));
  outcome.options.plan_only = true;
  EXPECT_THAT(report::headline(outcome), HasSubstr("a plan, nothing was tested"));
  EXPECT_THAT(report::headline(test::unreachable_outcome()), HasSubstr("could not be tested"));
}

TEST(Report, BodiesAreCutAfterRedaction) {
  const auto document = json::parse(report::json(test::sample_outcome()));
  ASSERT_TRUE(document);
  const auto response = document->at("exchanges").at(2).at("response");
  EXPECT_EQ(response.at("body_cut").boolean(), true);
  EXPECT_EQ(response.integer("body_bytes"), 4090 + static_cast<std::int64_t>(test::sample_token.size()) + 3000);
  const auto body = response.string("body").value_or("");
  EXPECT_LE(body.size(), 4096U);
  EXPECT_THAT(body, Not(HasSubstr("eyJ")));
}

TEST(Report, CitationsOfNothingAreHarmless) {
  auto outcome = test::sample_outcome();
  outcome.transcript = std::make_shared<net::Transcript>();
  EXPECT_THAT(report::text(outcome), HasSubstr("code-replay"));
  outcome.transcript.reset();
  outcome.redactor.reset();
  for (const auto& [format, text] : every_format(outcome)) EXPECT_FALSE(text.empty()) << format;
}

TEST(Junit, FailuresAgreeWithTheExitCode) {
  const auto failures = [](const report::JunitOptions& options) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(report::junit(test::sample_outcome(), options).c_str()));
    return document.child("testsuites").attribute("failures").as_int(-1);
  };
  EXPECT_EQ(failures({.fail_on = Severity::info}), 3);
  EXPECT_EQ(failures({.fail_on = Severity::medium}), 1);
  EXPECT_EQ(failures({.fail_on = Severity::critical}), 0);
  EXPECT_EQ(failures({.fail_on = std::nullopt}), 0);
}

TEST(Junit, TellsFailuresSkipsAndErrorsApart) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(report::junit(test::sample_outcome()).c_str()));
  const auto root = document.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 7);
  EXPECT_EQ(root.attribute("errors").as_int(), 0);
  EXPECT_EQ(root.attribute("skipped").as_int(), 3);  // the run itself is incomplete
  const auto hidden = root.find_node(
      [](const pugi::xml_node& n) { return std::string(n.attribute("name").value()).starts_with("code-replay-revokes"); });
  EXPECT_THAT(hidden.child("skipped").attribute("message").value(), HasSubstr("follows from code-replay"));
  ASSERT_TRUE(document.load_string(report::junit(test::unreachable_outcome()).c_str()));
  EXPECT_EQ(document.child("testsuites").attribute("errors").as_int(), 1);
}

TEST(Shell, ContinuedCommandsAreTheSameCommand) {
  const std::string command = "curl -i -H 'A: b  c' --data \"x \\\" y\" 'it'\\''s one' http://h/";
  for (const std::size_t width : {1U, 20U, 40U, 500U}) {
    std::string script = "curl() { printf '<%s>' \"$@\"; }\n" + text::join(report::continued(command, width), "\n");
    EXPECT_EQ(test::run({"sh", "-c", script}).out, "<-i><-H><A: b  c><--data><x \" y><it's one><http://h/>") << script;
  }
}

}  // namespace
}  // namespace mcprove
