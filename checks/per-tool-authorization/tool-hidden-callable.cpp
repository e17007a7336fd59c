#include <algorithm>

#include "checks/per-tool-authorization/narrow_tokens.h"

namespace {

using namespace mcprove;
using checks::NarrowToken;
using checks::SafeCall;

constexpr std::size_t most_tools = 20;

/// One complaint with the tool's name left out, so that those about two unknown names compare.
std::string without_name(std::string complaint, const std::string& name) {
  for (auto found = complaint.find(name); found != std::string::npos; found = complaint.find(name, found))
    complaint.erase(found, name.size());
  return complaint;
}

Verdict judge(const Settled& settled, const mcp::Outcome& hidden, const mcp::Outcome& unknown, const mcp::Outcome& full,
              const std::string& name, const std::string& unknown_name) {
  if (hidden.answer == Answer::denied) return Verdict::pass(settled, hidden.why);
  if (hidden.answer == Answer::accepted) {
    if (mcp::soft_denied(hidden.result())) return Verdict::pass(settled, "refused in an ordinary result");
    return Verdict::fail(settled, "a tool that the token is not shown was run when called by name");
  }
  const auto complaint = without_name(checks::complaint(hidden), name);
  if (!complaint.empty() && complaint == without_name(checks::complaint(unknown), unknown_name))
    return Verdict::pass(settled, "answered like a tool that does not exist");
  if (!complaint.empty() && checks::complaint(hidden) == checks::complaint(full))
    return Verdict::fail(settled, "its arguments were looked at, as for a token that is shown the tool",
                         {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should});
  return Verdict::unclear(settled);
}

/// A list may grow while others call tools: then the token is shown the tool by now, and nothing hidden was run.
Verdict after_a_second_look(mcp::Client& client, const std::string& name, Verdict verdict) {
  if (verdict.outcome() != Outcome::fail) return verdict;
  const auto now = mcp::list_tools(client);
  if (!now)
    return Verdict::inconclusive(Reason::control_failed,
                                 "the list could not be read again after the call: " + now.error().message);
  if (std::ranges::find(*now, name, &mcp::Tool::name) != now->end())
    return Verdict::inconclusive(Reason::control_failed, "the list has changed meanwhile: the token is shown the tool now");
  return verdict;
}

Result<void> probe_hidden(Context& at, Cases& cases, const Grant& full, const NarrowToken& token,
                          const std::vector<mcp::Tool>& hidden) {
  auto* control = MCPROVE_TRY(checks::living_control(at, token));
  auto client = at.connect(token.grant.credential());
  auto shown = at.connect(full.credential());
  const auto unknown_name = "audit_" + at.nonce();
  const auto unknown =
      MCPROVE_TRY(mcp::call_tool(client, {.name = unknown_name}, json::Value::object({}), "control: a tool that does not exist"));
  for (const auto& tool : hidden) {
    const auto name = fmt::format("{}, {}", text::one_line(tool.name, 60), token.name);
    const auto call = checks::safe_call(at, tool);
    if (!call) {
      cases.not_run(name, Reason::effect_not_allowed, "calling it might change something; allow it with --allow-tool");
      continue;
    }
    const auto served = MCPROVE_TRY(mcp::call_tool(shown, tool, call->arguments, "full token, tool " + tool.name));
    std::optional<mcp::Outcome> answer;
    const auto settled = Sandwich::one(*control, [&]() -> Result<Observation> {
      answer = MCPROVE_TRY(mcp::call_tool(client, tool, call->arguments, "probe: hidden tool " + tool.name));
      auto seen = observe(*answer);
      seen.evidence.push_back(cite(unknown.exchange, "body", "an unknown tool: " + unknown.why));
      seen.evidence.push_back(cite(served.exchange, "body", "the full token: " + served.why));
      return seen;
    });
    cases.add(name,
              settled ? after_a_second_look(client, tool.name, judge(*settled, *answer, unknown, served, tool.name, unknown_name))
                      : Verdict::inconclusive(settled.error()));
  }
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto tokens = MCPROVE_TRY(checks::token_set(at));
  if (tokens.narrow.empty()) {
    cases.add("narrow token", Verdict::inconclusive(tokens.why_none));
    return {};
  }
  const auto all = MCPROVE_TRY(checks::catalogue_before_calls(at, tokens.full));
  for (const auto& token : tokens.narrow) {
    if (const auto living = checks::living_control(at, token); !living) {
      cases.note(fmt::format("{}: the endpoint does not take it: {}", token.name, living.error().message));
      continue;
    }
    const auto mine = at.facts().catalogue(at.endpoint(), token.grant);
    if (!mine || mine->truncated) {
      cases.note(fmt::format("{}: its list of tools could not be read", token.name));
      continue;
    }
    std::vector<mcp::Tool> hidden;
    for (const auto& tool : all.tools)
      if (mine->find(tool.name) == nullptr && hidden.size() < most_tools) hidden.push_back(tool);
    if (hidden.empty()) continue;
    if (auto ran = probe_hidden(at, cases, tokens.full, token, hidden); !ran)
      cases.add(token.name, Verdict::inconclusive(ran.error()));
  }
  if (cases.empty())
    cases.add("hidden tools", Verdict::not_applicable(Reason::not_offered, "every token is shown the same tools"));
  return {};
}

}  // namespace

MCPROVE_CHECK(tool_hidden_callable) = define(
    {
        .title = "Tools that a token is not shown run when called by name",
        .what =
            "Compares the tools that the full token is shown with those shown to narrower tokens and to the second identity, and calls "
            "the missing ones by name, without effect. Each must be refused, or answered like a name that nobody knows.",
        .why =
            "Leaving a tool out of a list hides it from honest clients only; names are in documentation and in other people's lists.",
        .fix = "Decide about every call as about every list: by the token's scopes and its person.",
        .severity = Severity::high,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted", "unauth-tools-exposed"},
        .cwe = 425,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"}, {"OAuth 2.1 draft-13", "5.2"}}},
        .since = "0.1",
    },
    run);
