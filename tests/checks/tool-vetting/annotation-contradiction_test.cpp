#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "annotation-contradiction";

TEST(AnnotationContradiction, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(AnnotationContradiction, NoticesItsFlaw) { EXPECT_THAT(audit_lab(id, {"annotation-lies"}), Is(Outcome::fail)); }

TEST(AnnotationContradiction, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
