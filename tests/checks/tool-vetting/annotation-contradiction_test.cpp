#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "annotation-contradiction";

TEST(AnnotationContradiction, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(AnnotationContradiction, NoticesItsFlaw) { EXPECT_THAT(audit_lab(id, {"annotation-lies"}), Is(Outcome::fail)); }

TEST(AnnotationContradiction, NoticesThatAToolWhichOnlyReadsWrites) {
  const auto run = audit_lab(id, {"reading-tool-writes"});
  EXPECT_THAT(run, Is(Outcome::fail));
  ASSERT_EQ(run.outcome.findings.size(), 1U);
  EXPECT_EQ(run.outcome.checks[run.outcome.findings.front().result].folded.severity, Severity::high);
}

TEST(AnnotationContradiction, CallsNothingInAPassiveAudit) {
  LabSetup setup;
  setup.options = [](Options& options) { options.effect = Effect::passive; };
  const auto run = audit_lab(id, {"reading-tool-writes"}, setup);
  for (std::size_t i = 0; i < run.outcome.transcript->size(); ++i) {
    const auto& body = run.outcome.transcript->at(static_cast<net::ExchangeId>(i)).request.body;
    EXPECT_EQ(body.find("tools/call"), std::string::npos);
  }
}

TEST(AnnotationContradiction, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
