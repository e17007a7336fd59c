#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// tools/list as a stranger, on one wire.
Result<mcp::Outcome> list_as_stranger(Context& at, const mcp::Endpoint& endpoint) {
  auto client = at.connect(endpoint, mcp::Credential::none());
  auto outcome = client.call("tools/list", {}, {.purpose = "tools/list without a token"});
  // Where the handshake is refused, a stranger leaves it out.
  if (outcome && outcome->refused_at_start && outcome->answer == Answer::denied && endpoint.wire == mcp::Wire::handshake) {
    auto bare = client.raw("tools/list", {}, {.purpose = "tools/list without a token and without a handshake"});
    if (bare && bare->answer == Answer::accepted) {
      bare->refused_at_start = true;
      return bare;
    }
  }
  return outcome;
}

/// Is the same method refused without a token somewhere else on this server? Then being open here is an inconsistency.
Result<std::string> refused_elsewhere(Context& at) {
  const auto wires = MCPROVE_TRY(at.facts().wires());
  for (const auto& wire : wires) {
    if (wire.endpoint == at.endpoint()) continue;
    const auto outcome = list_as_stranger(at, wire.endpoint);
    if (outcome && outcome->answer == Answer::denied)
      return fmt::format("the {} wire demands a token for it", mcp::name(wire.endpoint.wire));
  }
  return std::string();
}

/// Only with the operator's word: call a tool he named.
Result<void> call_allowed(Context& at, Cases& cases, mcp::Client& client) {
  for (const auto& [tool, arguments] : at.options().allow_tools) {
    const auto args = arguments.is_object() ? arguments : json::Value::object({});
    const auto params = json::Value::object({{"name", json::str(tool)}, {"arguments", args}});
    const auto outcome = MCPROVE_TRY(client.call("tools/call", params, {.purpose = "tools/call without a token"}));
    const Document seen(cite(outcome.exchange, "status", outcome.why));
    if (outcome.answer == Answer::accepted) cases.add("call " + tool, Verdict::fail(seen, "a stranger called the tool " + tool));
    else if (outcome.answer == Answer::denied) cases.add("call " + tool, Verdict::pass(seen, "refused"));
    else cases.add("call " + tool, Verdict::inconclusive(reason_of(outcome.response), outcome.why, seen.evidence()));
  }
  return {};
}

void judge_list(Context& at, Cases& cases, const mcp::Outcome& listed, bool calls_refused, const std::string& inconsistent) {
  const auto count = listed.result().at("tools").size();
  const Document seen(cite(listed.exchange, "body:/result/tools", fmt::format("{} tools", count)));
  if (count == 0) {
    cases.add("list", Verdict::pass(seen, "a stranger is shown no tool"));
  } else if (at.options().expect_auth == true) {
    cases.add("list", Verdict::fail(seen, fmt::format("a stranger lists {} tools of a server that is declared private", count)));
  } else if (!inconsistent.empty()) {
    cases.add("list", Verdict::fail(seen, fmt::format("a stranger lists {} tools here, while {}", count, inconsistent)));
  } else if (calls_refused) {
    cases.add("list", Verdict::pass(seen, "calls are refused", {"public catalogue: anybody may list the tools"}));
  } else {
    cases.add("list",
              Verdict::not_applicable(Reason::not_offered,
                                      "the server asks nobody for a token; declare --expect-auth or --public", seen.evidence()));
  }
}

Result<void> run(Context& at, Cases& cases) {
  if (at.options().expect_auth == false) {
    cases.add("list", Verdict::not_applicable(Reason::declared_by_operator, "declared public"));
    return {};
  }
  const auto listed = MCPROVE_TRY(list_as_stranger(at, at.endpoint()));
  const Document seen(cite(listed.exchange, "status", listed.why));
  if (listed.answer == Answer::denied) {
    cases.add("list", Verdict::pass(seen, listed.why));
    return {};
  }
  if (listed.answer == Answer::other) {
    cases.add("list", Verdict::inconclusive(reason_of(listed.response), listed.why, seen.evidence()));
    return {};
  }
  // A call of a tool that does not exist tells whether calls ask for a token, and does nothing.
  auto client = at.connect(mcp::Credential::none());
  const auto params = json::Value::object({{"name", json::str("audit_" + at.nonce())}, {"arguments", json::Value::object({})}});
  const auto called = client.call("tools/call", params, {.purpose = "call of an unknown tool without a token"});
  const bool refused = called && called->answer == Answer::denied && called->response.status == 401;
  auto inconsistent = MCPROVE_TRY(refused_elsewhere(at));
  if (listed.refused_at_start) inconsistent = "the start of the protocol demands a token";
  judge_list(at, cases, listed, refused, inconsistent);
  return call_allowed(at, cases, client);
}

}  // namespace

MCPROVE_CHECK(unauth_tools_exposed) = define(
    {
        .title = "Tools are open to strangers on a server that demands a token",
        .what =
            "Lists the tools without any credential on each wire, and calls tools that the operator allowed by name. It is a flaw "
            "only if the operator declared the server private, or if the same method demands a token elsewhere on this server.",
        .why = "Whoever reaches the address uses the tools with the server's authority; the login protects nothing.",
        .fix = "Check the token before any method is dispatched, on every endpoint and wire; close the ones left over.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 306,
        .spec = {{{"MCP 2025-11-25 authorization", "Access Token Usage"},
                  {"MCP 2026-07-28 security-considerations", "Access Token Privilege Restriction"}}},
        .since = "0.1",
    },
    run);
