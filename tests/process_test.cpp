#include "tests/support/process.h"

#include <signal.h>

#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>

namespace mcprove::test {
namespace {

using std::chrono::seconds;

TEST(Process, TellsBothOutputsAndTheExitCode) {
  const auto done = run({"sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(done.exit_code, 7);
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
}

TEST(Process, AddsAndUnsetsVariables) {
  const auto done = run({"sh", "-c", "echo \"$ADDED${HOME-none}\""}, {{"ADDED", "a"}, {"HOME", ""}});
  EXPECT_EQ(done.out, "anone\n");
}

TEST(Process, FindsALineAndAnswersSignals) {
  Process process({"sh", "-c", "trap 'echo bye; exit 3' TERM; echo noise; echo READY http://x; while :; do sleep 0.01; done"});
  EXPECT_EQ(process.line_starting("READY ", seconds(10)), "READY http://x");
  process.signal(SIGTERM);
  EXPECT_EQ(process.finish(seconds(10)), 3);
  EXPECT_NE(process.out().find("bye"), std::string::npos);
}

TEST(Process, PassesInputOn) {
  Process process({"cat"});
  process.write("hello\n");
  EXPECT_EQ(process.finish(seconds(10)), 0);
  EXPECT_EQ(process.out(), "hello\n");
}

TEST(Process, EndsWhatDoesNotEnd) {
  EXPECT_EQ(run({"sh", "-c", "sleep 1000 & sleep 1000"}, {}, std::chrono::milliseconds(50)).exit_code, -1);
  EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).exit_code, 128 + 9);
  EXPECT_THROW(run({"/nonexistent/program"}), std::runtime_error);
}

// More than a pipe holds: without a reader the child would never reach its end.
TEST(Process, NeverStopsATalkativeChild) {
  Process process(
      {"sh", "-c", "echo READY; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; echo end > \"$0\"", "/dev/null"});
  ASSERT_TRUE(process.line_starting("READY", seconds(10)));
  process.discard_output();
  EXPECT_EQ(process.finish(seconds(10)), 0);
}

}  // namespace
}  // namespace mcprove::test
