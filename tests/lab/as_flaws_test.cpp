#include <gtest/gtest.h>

#include "tests/lab/as_attacks.h"

namespace mcprove::lab::testing {
namespace {

using std::string;

class AsFlaw : public ::testing::TestWithParam<std::string_view> {};

std::vector<std::string_view> as_flaws() {
  std::vector<std::string_view> names;
  for (const auto& flaw : all_flaws()) {
    if (flaw.side == Side::as) names.push_back(flaw.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Each, AsFlaw, ::testing::ValuesIn(as_flaws()), [](const auto& at) {
  string name(at.param);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST_P(AsFlaw, OpensTheServerToItsAttackAndNothingElseDoes) {
  const auto* flaw = find_flaw(GetParam());
  auto attacks = front_channel_attacks();
  attacks.merge(back_channel_attacks());
  const auto attack = attacks.find(GetParam());
  ASSERT_NE(attack, attacks.end()) << "no attack shows what this flaw does";
  const auto format = flaw->needs == "--token opaque" ? TokenFormat::opaque : TokenFormat::jwt;
  Stage sound({}, format);
  EXPECT_FALSE(attack->second(sound));
  Stage flawed({*flaw}, format);
  EXPECT_TRUE(attack->second(flawed));
}

}  // namespace
}  // namespace mcprove::lab::testing
