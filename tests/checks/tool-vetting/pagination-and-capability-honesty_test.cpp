#include <fmt/format.h>

#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "pagination-and-capability-honesty";

using Page = std::function<std::string(const std::string& cursor)>;

CheckRun audit_pages(const Page& page) {
  return audit_script(id, [&](std::string_view method, const json::Value& params) {
    return method == "tools/list" ? page(params.string("cursor").value_or("")) : std::string();
  });
}

std::string tools(std::initializer_list<std::string_view> names, std::string_view next = "") {
  std::string list;
  for (const auto name : names)
    list += fmt::format(R"({}{{"name":"{}","inputSchema":{{"type":"object"}}}})", list.empty() ? "" : ",", name);
  return fmt::format(R"({{"tools":[{}]{}}})", list, next.empty() ? "" : fmt::format(R"(,"nextCursor":"{}")", next));
}

const std::string bad_cursor = R"({"code":-32602,"message":"no such page"})";

TEST(PaginationAndCapabilityHonesty, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(PaginationAndCapabilityHonesty, NoticesEveryFlawOfItsOwn) {
  const std::pair<std::string_view, Severity> flaws[] = {{"cursor-loops", Severity::medium},
                                                         {"prompts-undeclared", Severity::low}};
  for (const auto& [flaw, severity] : flaws) {
    const auto run = audit_lab(id, {flaw});
    EXPECT_THAT(run, Is(Outcome::fail)) << flaw;
    EXPECT_EQ(run.first()->folded.severity, severity) << flaw;
  }
  const auto run = audit_lab(id, {"cursor-skips-filter"});
  EXPECT_THAT(run, Case("unknown cursor", Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::high);
}

TEST(PaginationAndCapabilityHonesty, PassesPagesThatEndAndRefuseStrangeCursors) {
  const auto run = audit_pages([](const std::string& cursor) {
    if (cursor.empty()) return tools({"a", "b"}, "cGFnZS0y");
    return cursor == "cGFnZS0y" ? tools({"c"}) : bad_cursor;
  });
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_THAT(run, Case("altered cursor", Outcome::pass));
}

TEST(PaginationAndCapabilityHonesty, AdvisesAServerWithPagesThatTakesAnyCursor) {
  const auto run = audit_pages([](const std::string& cursor) {
    if (cursor.empty()) return tools({"a", "b"}, "cGFnZS0y");
    return cursor == "cGFnZS0y" ? tools({"c"}) : tools({"a", "b"}, "cGFnZS0y");
  });
  EXPECT_THAT(run, Is(Outcome::fail));
  EXPECT_EQ(run.first()->folded.level, Level::should);
  EXPECT_EQ(run.first()->folded.severity, Severity::low);
}

TEST(PaginationAndCapabilityHonesty, LetsAServerWithoutPagesIgnoreCursors) {
  const auto run = audit_pages([](const std::string&) { return tools({"a", "b"}); });
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_THAT(run, Case("unknown cursor", Outcome::pass));
}

TEST(PaginationAndCapabilityHonesty, DoesNotCallAToolThatJustCameADisclosure) {
  int lists = 0;
  const auto run = audit_pages([&](const std::string& cursor) {
    if (!cursor.empty()) return tools({"a", "b"});
    return ++lists > 1 ? tools({"a", "b"}) : tools({"a"});
  });
  EXPECT_THAT(run, ::testing::Not(Is(Outcome::fail)));
}

TEST(PaginationAndCapabilityHonesty, NoticesAnEndlessListWithoutTwoEqualCursors) {
  int page = 0;
  const auto run = audit_pages([&](const std::string& cursor) {
    return cursor.starts_with("audit-") ? bad_cursor : tools({"a"}, fmt::format("p{}", ++page));
  });
  EXPECT_THAT(run, Case("tools/list", Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::medium);
}

TEST(PaginationAndCapabilityHonesty, DoesNotCallALongListEndless) {
  int page = 0;
  const auto run = audit_pages([&](const std::string& cursor) {
    if (cursor.starts_with("audit-")) return bad_cursor;
    ++page;
    const auto name = fmt::format("tool{}", page);
    return tools({name}, fmt::format("p{}", page));
  });
  EXPECT_THAT(run, Case("tools/list", Outcome::inconclusive));
}

TEST(PaginationAndCapabilityHonesty, DoesNotCallAListFinishedWhosePageFailed) {
  const auto run = audit_pages([&](const std::string& cursor) {
    return cursor.empty() ? tools({"a"}, "x") : std::string(R"({"code":-32603,"message":"oops"})");
  });
  EXPECT_THAT(run, Case("tools/list", Outcome::inconclusive));
}

TEST(PaginationAndCapabilityHonesty, ForgivesAListThatRepeatedItselfOnce) {
  int first = 0;
  const auto run = audit_pages([&](const std::string& cursor) {
    if (cursor.empty()) return tools({"a"}, ++first > 1 ? "" : "x");
    return cursor == "x" ? tools({"b"}, "x") : bad_cursor;
  });
  EXPECT_THAT(run, Case("tools/list", Outcome::inconclusive));
}

TEST(PaginationAndCapabilityHonesty, CountsOnlyUndeclaredListsThatHoldSomething) {
  const auto served = [](const std::string& prompts) {
    return audit_script(id, [prompts](std::string_view method, const json::Value& params) -> std::string {
      if (method == "tools/list") return params.has("cursor") ? bad_cursor : tools({"a"});
      return method == "prompts/list" ? prompts : "";
    });
  };
  EXPECT_THAT(served(R"({"prompts":[]})"), Is(Outcome::pass));
  EXPECT_THAT(served(R"({"prompts":[{"name":"p"}]})"), Case("capability prompts", Outcome::fail));
}

TEST(PaginationAndCapabilityHonesty, SaysNothingOfNonsense) {
  for (const auto* answer : {R"({"tools":7})", R"([])", R"({"code":-32603,"message":"oops"})"})
    EXPECT_THAT(audit_pages([&](const std::string&) { return std::string(answer); }), Is(Outcome::inconclusive)) << answer;
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
