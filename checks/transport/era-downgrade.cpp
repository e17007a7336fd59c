#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checks/transport/origin_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

/// One question put to two wires; the older may not allow what the newer denies.
struct Question {
  std::string name{};
  std::string flaw{};
  std::function<Result<Observation>(const mcp::Endpoint&)> ask{};
};

Result<Observation> list_with(Context& at, const mcp::Endpoint& endpoint, const mcp::Credential& credential) {
  mcp::Client::Options options;
  options.connection = net::Connection::fresh();
  auto client = at.connect(endpoint, credential, std::move(options));
  return observe(MCPROVE_TRY(client.call("tools/list")));
}

/// A tool that the narrow grant may not call on the newest wire: its sentinel, or harmless, call tells.
Result<Observation> call_with(Context& at, const mcp::Endpoint& endpoint, const Grant& grant, const mcp::Tool& tool,
                              const json::Value& arguments) {
  auto client = at.connect(endpoint, grant.credential());
  return observe(MCPROVE_TRY(mcp::call_tool(client, tool, arguments, "narrow token, tool " + tool.name)));
}

void add_scope_question(Context& at, std::vector<Question>& questions, const mcp::Endpoint& newest, const Grant& full) {
  const auto issuers = at.facts().issuers();
  if (!issuers || issuers->empty()) return;
  const auto low = at.facts().low_grant(issuers->front());
  const auto catalogue = at.facts().catalogue(newest, full);
  if (!low || !catalogue) return;
  for (const auto& tool : catalogue->tools) {
    const auto arguments = at.allowed_arguments(tool);
    if (!arguments || !at.may_call(tool)) continue;
    const auto denied = call_with(at, newest, *low, tool, *arguments);
    if (!denied || denied->answer != Answer::denied) continue;
    questions.push_back({"narrow token", fmt::format("calls {} although the newest wire refuses it", tool.name),
                         [&at, grant = *low, tool, args = *arguments](const mcp::Endpoint& endpoint) {
                           return call_with(at, endpoint, grant, tool, args);
                         }});
    return;
  }
}

Result<void> run(Context& at, Cases& cases) {
  auto wires = MCPROVE_TRY(at.facts().wires());
  if (wires.size() < 2) {
    cases.add("wires", Verdict::not_applicable(Reason::not_offered, "the server speaks one wire only"));
    return {};
  }
  std::ranges::sort(wires, [](const auto& a, const auto& b) { return a.endpoint.wire > b.endpoint.wire; });
  const auto newest = wires.front().endpoint;
  const auto grant = MCPROVE_TRY(at.facts().grant());
  std::vector<Question> questions;
  questions.push_back({"no token", "lists the tools without a token although the newest wire refuses that",
                       [&at](const mcp::Endpoint& endpoint) { return list_with(at, endpoint, mcp::Credential::none()); }});
  questions.push_back({"foreign origin", "serves a foreign Origin although the newest wire refuses that",
                       [&at, &grant](const mcp::Endpoint& endpoint) {
                         return checks::from_origin(at, endpoint, grant, "https://audit-" + at.nonce() + ".example");
                       }});
  add_scope_question(at, questions, newest, grant);

  for (const auto& question : questions) {
    const auto strict = question.ask(newest);
    for (std::size_t i = 1; i < wires.size(); ++i) {
      const auto& older = wires[i].endpoint;
      const auto name = fmt::format("{}, {} wire", question.name, mcp::name(older.wire));
      if (!strict || strict->answer != Answer::denied) {
        cases.add(name, Verdict::not_applicable(Reason::not_offered,
                                                "the newest wire refuses nothing here that an older one could allow"));
        continue;
      }
      // Control: the older wire works with the good token, and the newest wire's refusal stands beside it.
      Control control([&]() -> Result<Observation> { return list_with(at, older, grant.credential()); }, nullptr);
      Probe probe;
      probe.name = name;
      probe.run = [&]() -> Result<Observation> {
        auto seen = MCPROVE_TRY(question.ask(older));
        seen.evidence.insert(seen.evidence.end(), strict->evidence.begin(), strict->evidence.end());
        return seen;
      };
      probe.accepted = fmt::format("the {} wire {}", mcp::name(older.wire), question.flaw);
      probe.denied = "refused on both";
      sandwich(control).probe(std::move(probe)).settle(cases);
    }
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(era_downgrade) = define(
    {
        .title = "An older protocol wire allows what the newest denies",
        .what =
            "Where a server speaks several wires, asks the same of each: the tools without a token, from a foreign web origin, and a "
            "tool that a narrow token may not call. What the newest refuses the older ones must refuse.",
        .why = "An attacker chooses the wire. A door that was added later and forgotten opens everything behind the new one.",
        .fix =
            "Put authentication, origin checks and scopes below the transports, so that every wire passes the same gate; switch off "
            "wires that nobody uses.",
        .severity = Severity::high,
        .cwe = 757,
        .spec = {{{"MCP 2026-07-28 versioning", "Backward Compatibility"}, {"MCP 2026-07-28 authorization", "Token Handling"}}},
        .since = "0.1",
    },
    run);
