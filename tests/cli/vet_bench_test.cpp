#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove {
namespace {

using testing::HasSubstr;

class VetBench : public testing::Test {
 protected:
  test::Finished bench(std::vector<std::string> flags) const {
    flags.insert(flags.begin(), {test::built_program("mcprove"), "vet", "--bench"});
    return test::run(flags, {});
  }
  std::string file(const std::string& content) const {
    const auto path = (directory_.path() / "corpus.jsonl").string();
    std::ofstream(path) << content;
    return path;
  }
  test::TempDir directory_;
};

TEST_F(VetBench, CountsWhatIsPoisonedAndWhatIsNot) {
  const auto path = file(
      R"({"id":"1","source":"s","label":"malicious","category":["ansi-escape"],"surface":"metadata","server":"x","tools":[{"name":"a","description":"x\u001b[31m"}]})"
      "\n\n"
      R"({"id":"2","source":"s","label":"malicious","category":["c"],"surface":"return","server":"y","tools":[{"name":"b"}]})"
      "\n"
      R"({"id":"3","source":"s","label":"benign","category":[],"surface":"metadata","server":"z","tools":[{"name":"c"},{"name":"d","title":"\u001b[0m"}]})"
      "\n");
  const auto done = bench({path, "--list"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("recall, servers                          1 of 1     100.00 %"));
  EXPECT_THAT(done.out, HasSubstr("false alarms, benign tools               1 of 2      50.00 %"));
  EXPECT_THAT(done.out, HasSubstr("Not scored: 1 rows whose evil is not in the metadata (return)"));
  EXPECT_THAT(done.out, HasSubstr("3 d terminal-escape /title"));
}

TEST_F(VetBench, HalvesShareNothing) {
  std::string rows;
  for (int i = 0; i < 40; ++i)
    rows += R"({"label":"benign","server":"s)" + std::to_string(i) + R"(","tools":[{"name":"t"}]})" + "\n";
  const auto path = file(rows);
  const auto count = [&](const std::string& half) {
    const auto out = bench({path, "--half", half}).out;
    const std::string before = "false alarms, benign servers             0 of ";
    const auto at = out.find(before);
    return at == std::string::npos ? -1 : std::stoi(out.substr(at + before.size()));
  };
  EXPECT_GT(count("a"), 0);
  EXPECT_GT(count("b"), 0);
  EXPECT_EQ(count("a") + count("b"), 40);
}

TEST_F(VetBench, SaysWhatIsWrongWithItsInput) {
  EXPECT_THAT(bench({}).err, HasSubstr("needs at least one file"));
  EXPECT_THAT(bench({"/nonexistent/corpus"}).err, HasSubstr("cannot read /nonexistent/corpus"));
  const auto broken = bench({file("{\"label\":\"benign\"}\n[]\n")});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("line 2 is no labelled manifest"));
  EXPECT_THAT(bench({file(""), "--half", "c"}).err, HasSubstr("'c'"));
}

}  // namespace
}  // namespace mcprove
