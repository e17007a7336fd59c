#include <string>
#include <utility>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto& token = grant.tokens.access_token;
  if (token.empty()) {
    cases.add("query", Verdict::not_applicable(Reason::not_offered, "no access token is used here"));
    return {};
  }
  auto* control = MCPROVE_TRY(at.token_control());
  auto group = sandwich(*control);
  const auto in_query = [&](std::string name, std::string value) {
    return [&at, name = std::move(name), value = std::move(value)] {
      return at.present(mcp::Credential::none(), [&](net::Request& request) {
        request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + name + "=" + text::percent_encode(value);
      });
    };
  };
  constexpr auto flaw = "a token in the URL was taken";
  group.probe("access_token", in_query("access_token", token), flaw);
  group.probe("token", in_query("token", token), flaw);
  group.probe("api_key", in_query("api_key", token), flaw);
  group.probe("Authorization", in_query("Authorization", "Bearer " + token), flaw);
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(token_in_query_accepted) = define(
    {
        .title = "Access tokens in the URL are accepted",
        .what =
            "Sends a good token in the query of the URL, under four common names, and in no header. Each must be refused, while the "
            "same token in the Authorization header is served before and after.",
        .why = "URLs end up in logs, histories and referrers; a server that takes tokens there teaches clients to leak them.",
        .fix = "Read tokens from the Authorization header only.",
        .severity = Severity::medium,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted"},
        .cwe = 598,
        .spec = {{{"MCP 2025-11-25 authorization", "Access Token Usage"}, {"OAuth 2.1 draft-13", "5.1.1"}}},
        .since = "0.1",
    },
    run);
