#include <map>
#include <set>

#include "checks/per-tool-authorization/narrow_tokens.h"
#include "net/challenge.h"

namespace {

using namespace mcprove;
using checks::NarrowToken;
using checks::SafeCall;

constexpr std::size_t most_tools = 30;

/// Scopes that refusals named and the full token has, by tool: the server's own policy, as far as it tells.
using Policy = std::map<std::string, std::set<std::string>>;

/// What a scope such as "notes:read" is about: its words without the deed.
std::vector<std::string> subject_of(const std::string& scope) {
  auto words = mcp::plain_words(scope);
  if (words.size() < 2) return {};
  std::erase_if(words, [](const std::string& w) {
    return is_privileged_scope(w) || w == "read" || w == "readonly" || w == "view" || w == "mcp" || w == "tools";
  });
  return words;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto stem = [](std::string_view w) { return w.size() > 3 && w.ends_with('s') ? w.substr(0, w.size() - 1) : w; };
  return stem(a) == stem(b);
}

bool is_about(const std::string& scope, const mcp::Tool& tool) {
  const auto words = mcp::plain_words(tool.name);
  for (const auto& subject : subject_of(scope))
    if (std::ranges::any_of(words, [&](const std::string& w) { return same_word(w, subject); })) return true;
  return false;
}

/// A scope of the full token that by its name covers the tool, if the token has none that does; a guess, no more.
std::string scope_by_name(const mcp::Tool& tool, const NarrowToken& token, const Grant& full) {
  if (std::ranges::any_of(token.scopes, [&](const std::string& s) { return is_about(s, tool) || is_privileged_scope(s); }))
    return {};
  for (const auto& scope : full.view.scopes.value_or(std::vector<std::string>{}))
    if (is_about(scope, tool)) return scope;
  return {};
}

struct Row {
  const SafeCall* call = nullptr;
  const mcp::Outcome* full = nullptr;
  Result<mcp::Outcome> low{};
  std::optional<Citation> elsewhere{};
};

bool declares_change(const mcp::Tool& tool) {
  const auto hints = tool.raw.at("annotations");
  return hints.boolean("destructiveHint") == true || hints.boolean("readOnlyHint") == false;
}

std::vector<SafeCall> choose(Context& at, const mcp::Catalogue& catalogue) {
  std::vector<SafeCall> calls;
  for (const bool changing : {true, false})
    for (const auto& tool : catalogue.tools)
      if (declares_change(tool) == changing && calls.size() < most_tools)
        if (auto call = checks::safe_call(at, tool)) calls.push_back(*std::move(call));
  return calls;
}

void learn(Policy& policy, const std::string& tool, const mcp::Outcome& denied, const Grant& full) {
  // A full token that is served without the scope shows that another one implies it.
  const auto held = full.view.scopes.value_or(std::vector<std::string>{});
  for (const auto& challenge : net::challenges(denied.response.headers))
    if (challenge.param("error") == "insufficient_scope")
      for (const auto& scope : scope_list(challenge.param("scope").value_or("")))
        if (std::ranges::find(held, scope) != held.end()) policy[tool].insert(scope);
}

bool same_complaint(const Row& row) {
  return row.low->answer == Answer::other && row.full->answer == Answer::other && !checks::complaint(*row.full).empty() &&
         checks::complaint(*row.low) == checks::complaint(*row.full);
}

/// Why this token should have been refused, or empty; `hard` if the server itself says so.
struct Ought {
  std::string why{};
  bool hard = false;
};

Ought ought_to_be_refused(const Row& row, const NarrowToken& token, const Policy& policy) {
  if (row.elsewhere) return {"the same token is refused this tool on another wire", true};
  if (!token.scopes_seen) return {};
  const bool may_imply = std::ranges::any_of(token.scopes, is_privileged_scope);
  if (const auto known = policy.find(row.call->tool.name); known != policy.end() && !may_imply)
    for (const auto& scope : known->second)
      if (!token.has(scope))
        return {fmt::format("the server itself says that it takes the scope {}", text::one_line(scope, 60)), true};
  if (declares_change(row.call->tool) && std::ranges::all_of(token.scopes, checks::is_reading_scope))
    return {"the tool declares that it changes something, and the token may only read", row.call->executes};
  return {};
}

/// What a case says, or nothing if the call tells nothing about permission.
std::optional<Verdict> judge(const Row& row, const NarrowToken& token, const Policy& policy, const Grant& full,
                             const Settled& settled) {
  const auto& low = *row.low;
  if (low.answer == Answer::denied) {
    if (row.full->answer == Answer::denied)
      return Verdict::inconclusive(Reason::unclear_answer, "the full token is refused too: " + row.full->why, settled.evidence());
    return Verdict::pass(settled, low.why);
  }
  const auto ought = ought_to_be_refused(row, token, policy);
  if (ought.why.empty() && low.answer == Answer::accepted && token.scopes_seen)
    if (const auto scope = scope_by_name(row.call->tool, token, full); !scope.empty() && !mcp::soft_denied(low.result()))
      return Verdict::fail(
          settled, fmt::format("served without {}, the scope that by its name covers the tool", text::one_line(scope, 60)),
          {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should});
  if (ought.why.empty()) return std::nullopt;
  if (low.answer == Answer::accepted) {
    if (mcp::soft_denied(low.result()) && !mcp::soft_denied(row.full->result()))
      return Verdict::pass(settled, "refused in an ordinary result", {"the refusal is worded as a result"});
    return Verdict::fail(settled, fmt::format("served, although {}", ought.why),
                         {.confidence = ought.hard ? Confidence::confirmed : Confidence::likely});
  }
  if (!same_complaint(row)) return Verdict::unclear(settled);
  if (row.elsewhere)
    return Verdict::fail(settled, "its arguments were looked at, although " + ought.why,
                         {.severity = Severity::high, .confidence = Confidence::likely});
  return Verdict::fail(settled,
                       fmt::format("no permission was asked for before the arguments were looked at, although {}", ought.why),
                       {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should});
}

class Matrix {
 public:
  Matrix(Context& at, Cases& cases, const Grant& full, std::vector<SafeCall> calls)
      : at_(at), cases_(cases), full_(full), calls_(std::move(calls)) {}

  Result<void> call_with_full() {
    auto client = at_.connect(full_.credential());
    for (const auto& call : calls_)
      full_outcomes_.push_back(
          MCPROVE_TRY(mcp::call_tool(client, call.tool, call.arguments, "full token, tool " + call.tool.name)));
    return {};
  }

  void call_with(const NarrowToken& token) {
    auto& rows = rows_[token.name];
    if (!checks::living_control(at_, token)) return;
    auto client = at_.connect(token.grant.credential());
    for (std::size_t i = 0; i < calls_.size() && !at_.stopping(); ++i) {
      const auto& call = calls_[i];
      Row row{&call,
              &full_outcomes_[i],
              mcp::call_tool(client, call.tool, call.arguments, fmt::format("{}, tool {}", token.name, call.tool.name)),
              {}};
      if (row.low && row.low->answer == Answer::denied) learn(policy_, call.tool.name, *row.low, full_);
      else if (row.low && (row.low->answer == Answer::accepted || same_complaint(row)))
        row.elsewhere = checks::refused_elsewhere(at_, token.grant.credential(), call);
      rows.push_back(std::move(row));
    }
  }

  void settle(const NarrowToken& token) {
    const auto control = checks::living_control(at_, token);
    if (!control) return refused_altogether(token);
    bool told = false;
    for (const auto& row : rows_[token.name]) {
      const auto settled = Sandwich::one(**control, [&row]() -> Result<Observation> {
        auto seen = observe(MCPROVE_TRY(Result<mcp::Outcome>(row.low)));
        seen.evidence.push_back(cite(row.full->exchange, "status", "full token: " + row.full->why));
        if (row.elsewhere) seen.evidence.push_back(*row.elsewhere);
        return seen;
      });
      const auto name = fmt::format("{}, {}", text::one_line(row.call->tool.name, 60), token.name);
      if (!settled) {
        cases_.add(name, Verdict::inconclusive(settled.error()));
        told = true;
      } else if (auto verdict = judge(row, token, policy_, full_, *settled)) {
        told = true;
        cases_.add(name, *std::move(verdict));
      }
    }
    any_told_ = any_told_ || told;
    if (!told)
      cases_.note(fmt::format("{}: no tool treats it unlike the full token, and nothing says that one should", token.name));
  }

  /// The endpoint itself wants more than this token has: then no tool can be called with it.
  void refused_altogether(const NarrowToken& token) {
    const auto full = at_.token_control(full_);
    if (!full) {
      cases_.add(token.name, Verdict::inconclusive(full.error()));
      return;
    }
    const auto settled = Sandwich::one(**full, [&] { return at_.present(token.grant.credential()); });
    if (!settled) {
      cases_.add(token.name, Verdict::inconclusive(settled.error()));
      return;
    }
    const auto& seen = settled->probe();
    const auto* response = seen.evidence.empty() ? nullptr : &at_.transcript().at(seen.evidence.front().exchange).response;
    const bool lacks_scope = response != nullptr && *response && (*response)->status == 403;
    if (seen.answer == Answer::denied && lacks_scope)
      cases_.add("every tool, " + token.name, Verdict::pass(*settled, "the endpoint refuses it altogether: " + seen.why));
    else
      cases_.add("every tool, " + token.name,
                 Verdict::inconclusive(Reason::control_failed, "the token is not good for anything here: " + seen.why,
                                       settled->evidence()));
    any_told_ = true;
  }

  bool any_told() const { return any_told_; }

 private:
  Context& at_;
  Cases& cases_;
  const Grant& full_;
  std::vector<SafeCall> calls_;
  std::vector<mcp::Outcome> full_outcomes_{};
  std::map<std::string, std::vector<Row>> rows_{};
  Policy policy_{};
  bool any_told_ = false;
};

Result<void> run(Context& at, Cases& cases) {
  const auto tokens = MCPROVE_TRY(checks::token_set(at));
  if (tokens.narrow.empty()) {
    cases.add("narrow token", Verdict::inconclusive(tokens.why_none));
    return {};
  }
  const auto catalogue = MCPROVE_TRY(checks::catalogue_before_calls(at, tokens.full));
  auto calls = choose(at, catalogue);
  if (calls.empty()) {
    cases.add("tools", catalogue.tools.empty()
                           ? Verdict::not_applicable(Reason::not_offered, "there are no tools")
                           : Verdict::inconclusive(Reason::needs_operator_fact,
                                                   "no tool can be called without risk; name some with --allow-tool"));
    return {};
  }
  Matrix matrix(at, cases, tokens.full, std::move(calls));
  MCPROVE_TRY(matrix.call_with_full());
  for (const auto& token : tokens.narrow) matrix.call_with(token);
  for (const auto& token : tokens.narrow) matrix.settle(token);
  if (!matrix.any_told() && cases.empty())
    cases.add("all tools", Verdict::inconclusive(Reason::evidence_weak,
                                                 "all tokens are treated alike, and no policy says that they should not be"));
  return {};
}

}  // namespace

MCPROVE_CHECK(tool_call_low_scope) = define(
    {
        .title = "A token calls tools that its scopes do not cover",
        .what =
            "Calls tools with the full token, with tokens of one scope each and with the second identity's: harmless ones without "
            "arguments, allowed ones with the operator's, others with arguments of the wrong type. A tool must refuse a token that "
            "lacks the scope which the server names for it, and one that may only read if the tool changes something.",
        .why = "A token that was given away for reading deletes, sends and administers; consent to a scope means nothing.",
        .fix =
            "Map every tool to the scope it needs and compare before its arguments are read; answer 403 with insufficient_scope.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted", "unauth-tools-exposed"},
        .cwe = 862,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"},
                  {"MCP 2025-11-25 authorization", "Runtime Insufficient Scope Errors"},
                  {"OAuth 2.1 draft-13", "5.2"}}},
        .since = "0.1",
    },
    run);
