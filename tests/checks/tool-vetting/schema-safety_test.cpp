#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "schema-safety";

TEST(SchemaSafety, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(SchemaSafety, NoticesItsFlaw) { EXPECT_THAT(audit_lab(id, {"schema-refers-elsewhere"}), Is(Outcome::fail)); }

TEST(SchemaSafety, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
