#include "base/child.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Child::Limits impatient() { return {.line = 64U << 10U, .errors = 1024, .farewell = 50ms, .grace = 50ms, .aftermath = 50ms}; }

Result<std::unique_ptr<Child>> started(std::vector<std::string> argv) {
  return Child::start({.argv = std::move(argv), .environment = plain_environment()}, impatient());
}

std::chrono::steady_clock::time_point soon() { return std::chrono::steady_clock::now() + 10s; }

/// Killed is not buried at once; what is gone or a zombie of somebody else's does not run.
bool runs(pid_t pid) {
  for (int i = 0; i < 400; ++i) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
    ::usleep(5000);
  }
  return true;
}

TEST(Child, TakesALeaverOfItsSessionWithIt) {
  // Forked twice and a session of its own: no group, no session and no parent leads to it.
  const auto* const leave =
      "$|=1; use POSIX; if (!fork) { POSIX::setsid(); if (!fork) { $SIG{TERM}='IGNORE'; print \"$$\\n\"; sleep 60 } exit } sleep 60";
  auto child = started({"perl", "-e", leave});
  ASSERT_TRUE(child);
  const auto line = (*child)->next_line(soon());
  ASSERT_TRUE(line);
  const auto leaver = static_cast<pid_t>(std::stol(*line));
  ASSERT_EQ(::kill(leaver, 0), 0);
  child->reset();
  EXPECT_FALSE(runs(leaver));
}

TEST(Child, TakesWhatIsLeftOfACommandThatEnded) {
  const auto* const tell =
      "$|=1; $p=fork; if (!$p) { setpgrp; close STDOUT; close STDERR; sleep 60; exit } print \"$p\\n\"; exit 4";
  auto child = started({"perl", "-e", tell});
  ASSERT_TRUE(child);
  const auto line = (*child)->next_line(soon());
  ASSERT_TRUE(line);
  const auto left = static_cast<pid_t>(std::stol(*line));
  EXPECT_THAT((*child)->next_line(soon()).error().message, HasSubstr("exit code 4"));
  ASSERT_EQ(::kill(left, 0), 0) << "it outlives its parent, and not us";
  child->reset();
  EXPECT_FALSE(runs(left));
}

TEST(Child, KillsNobodyElse) {
  auto other = started({"sh", "-c", "echo $$; exec sleep 60"});
  ASSERT_TRUE(other);
  const auto line = (*other)->next_line(soon());
  ASSERT_TRUE(line);
  auto child = started({"sh", "-c", "echo ready; exec sleep 60"});
  ASSERT_TRUE(child);
  ASSERT_TRUE((*child)->next_line(soon()));
  child->reset();
  EXPECT_EQ(::kill(static_cast<pid_t>(std::stol(*line)), 0), 0);
  EXPECT_EQ((*other)->next_line(std::chrono::steady_clock::now() + 20ms).error().kind, Error::Kind::timeout);
}

TEST(Child, SaysHowItEnded) {
  EXPECT_THAT((*started({"sh", "-c", "exit 7"}))->next_line(soon()).error().message, HasSubstr("exit code 7"));
  EXPECT_THAT((*started({"sh", "-c", "kill -15 $$"}))->next_line(soon()).error().message, HasSubstr("signal 15"));
  const auto none = started({"/nonexistent/program"});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("No such file"));
  EXPECT_FALSE(started({"/dev/null"}));
}

TEST(Child, BoundsAFloodOnEitherStream) {
  auto loud = started({"sh", "-c", "while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"});
  ASSERT_TRUE(loud);
  EXPECT_EQ((*loud)->next_line(soon()).error().kind, Error::Kind::too_large);
  auto cross = started({"sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' y >&2; echo done"});
  ASSERT_TRUE(cross);
  EXPECT_EQ((*cross)->next_line(soon()).value_or(""), "done");
  EXPECT_LE((*cross)->errors().size(), 2 * 1024U + 16384U);
}

TEST(Child, GivesOnlyTheEnvironmentThatIsNamed) {
  ::setenv("MCPROVE_TEST_SECRET", "x", 1);
  auto child = started({"sh", "-c", "echo \"${MCPROVE_TEST_SECRET-unset}\""});
  ::unsetenv("MCPROVE_TEST_SECRET");
  ASSERT_TRUE(child);
  EXPECT_EQ((*child)->next_line(soon()).value_or(""), "unset");
}

}  // namespace
}  // namespace mcprove
