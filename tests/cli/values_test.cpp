#include "cli/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::cli {
namespace {

using testing::ElementsAre;

TEST(Commands, AreWordsWithoutAShell) {
  EXPECT_THAT(words_of_command("--stdio", "npx  -y 'a b' \"c 'd'\" e\\ f $HOME ''").value(),
              ElementsAre("npx", "-y", "a b", "c 'd'", "e f", "$HOME", ""));
  EXPECT_FALSE(words_of_command("--stdio", "  "));
  EXPECT_EQ(words_of_command("--login-command", "a 'b").error().message, "--login-command: a quote is not closed in 'a 'b'");
}

}  // namespace
}  // namespace mcprove::cli
