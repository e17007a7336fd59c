#include <string>
#include <utility>

#include "engine/context.h"

namespace {

using namespace mcprove;

std::string with_query(const std::string& url, const std::string& name, const std::string& value) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + name + "=" + text::percent_encode(value);
}

/// On the oldest wire the token comes with the GET that opens the stream.
Result<Observation> open_stream(Context& at, const std::string& name, const std::string& value) {
  net::Request request;
  request.url = with_query(at.endpoint().url, name, value);
  request.headers.add("Accept", "text/event-stream");
  request.connection = net::Connection::fresh();
  request.purpose = "probe: the stream with a token in the URL";
  const auto stream = MCPROVE_TRY(at.recorder().open(std::move(request)));
  const auto& head = stream.events->head();
  const auto judged = mcp::judge(head, {});
  Observation seen{judged.answer, judged.why, {cite(stream.id, "status", judged.why)}, {}};
  if (head.status == 200 && net::is_event_stream(head)) {
    seen.answer = Answer::accepted;
    seen.why = "200 with the event stream";
  } else if (seen.answer != Answer::denied) {
    seen.answer = Answer::other;
    seen.reason = reason_of(head);
  }
  return seen;
}

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
      if (at.wire() == mcp::Wire::sse) return open_stream(at, name, value);
      return at.present(mcp::Credential::none(),
                        [&](net::Request& request) { request.url = with_query(request.url, name, value); });
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
