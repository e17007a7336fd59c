#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/facts_impl.h"

namespace mcprove {
namespace {

constexpr std::size_t most_calls = 6;
constexpr std::size_t most_asked = 64;  ///< remembered of one call

/// The operator's choice first, then tools that say what they return, then the others as they are listed.
int rank(const Options& options, const mcp::Tool& tool) {
  if (options.allow_tools.contains(tool.name)) return 0;
  return tool.raw.at("outputSchema").is_object() ? 1 : 2;
}

/// "elicitation": {"form": {}, "url": {}} (2025-11-25, client, elicitation).
json::Value can_be_asked() {
  const auto none = json::Value::object({});
  return json::Value::object({{"elicitation", json::Value::object({{"form", none}, {"url", none}})}});
}

/// Notes what is asked, and never says anything of a person: a question is declined.
std::optional<json::Value> decline(std::vector<Asked>& asked, std::string_view method, const json::Value& params) {
  if (method == "ping") return json::Value::object({});
  if (asked.size() < most_asked) asked.push_back({std::string(method), params});
  if (method != "elicitation/create") return std::nullopt;
  return json::Value::object({{"action", json::str("decline")}});
}

}  // namespace

Result<TriedCalls> Facts::Impl::call_harmless_tools(const mcp::Endpoint& endpoint, const Grant& grant) {
  auto tools = MCPROVE_TRY(session.facts().catalogue(endpoint, grant)).tools;
  std::ranges::stable_sort(tools, {}, [&](const mcp::Tool& tool) { return rank(session.options(), tool); });
  TriedCalls tried;
  std::vector<Asked> asked;
  mcp::Client::Options options;
  options.credential = grant.credential();
  options.capabilities = can_be_asked();
  options.answer = [&](std::string_view method, const json::Value& params) { return decline(asked, method, params); };
  mcp::Client client(session.recorder(), endpoint, std::move(options));
  bool silent = false;
  for (const auto& tool : tools) {
    if (!session.may_call(tool)) {
      tried.not_allowed.push_back(tool.name);
      continue;
    }
    // A wire that fell silent at one call does so at the next, and each would have to be waited for.
    if (tried.calls.size() == most_calls || silent || session.stopping()) {
      tried.left_out.push_back(tool.name);
      continue;
    }
    TriedCall call{.tool = tool, .arguments = session.allowed_arguments(tool).value_or(json::Value::object({}))};
    call.outcome = mcp::call_tool(client, tool, call.arguments, "a harmless call");
    call.asked = std::exchange(asked, {});
    silent = !call.outcome;
    tried.calls.push_back(std::move(call));
  }
  return tried;
}

Result<TriedCalls> Facts::tried_calls(const mcp::Endpoint& endpoint) {
  return impl_->calls_memo.get(impl_->session.recorder(), fmt::format("{} {}", mcp::name(endpoint.wire), endpoint.url), [&] {
    return grant().and_then([&](const Grant& mine) { return impl_->call_harmless_tools(endpoint, mine); });
  });
}

}  // namespace mcprove
