#include "base/random.h"

#include <gtest/gtest.h>

#include <array>

#include "base/result.h"
#include "base/text.h"

namespace mcprove {
namespace {

TEST(SeededRandom, RepeatsForASeedHoweverItIsCut) {
  SeededRandom whole(7);
  SeededRandom parts(7);
  const std::string first = parts.hex(3);
  EXPECT_EQ(whole.hex(8), first + parts.hex(5));
  EXPECT_NE(SeededRandom(8).hex(8), SeededRandom(7).hex(8));
}

TEST(Random, SpellsBytes) {
  SystemRandom random;
  EXPECT_EQ(random.hex(16).size(), 32U);
  EXPECT_EQ(random.base64url(32).size(), 43U);
  EXPECT_EQ(random.hex(0), "");
  EXPECT_NE(random.hex(16), random.hex(16));
  EXPECT_EQ(text::base64_decode(random.base64url(32))->size(), 32U);
}

Result<int> doubled(Result<int> number) {
  const int n = MCPROVE_TRY(std::move(number));
  return n * 2;
}

TEST(Result, TryPassesErrorsOn) {
  EXPECT_EQ(doubled(21), 42);
  const auto failed = doubled(failure(Error::Kind::timeout, "no answer"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, Error::Kind::timeout);
  EXPECT_EQ(failed.error().message, "no answer");
  EXPECT_EQ(name(Error::Kind::out_of_scope), "out_of_scope");
}

}  // namespace
}  // namespace mcprove
