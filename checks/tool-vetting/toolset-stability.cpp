#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

constexpr int more_on_one_connection = 4;

/// One reading of tools/list: what it said, and in which order.
struct Reading {
  std::vector<mcp::Tool> tools{};
  std::vector<net::ExchangeId> exchanges{};
};

std::map<std::string, std::string> by_name(const std::vector<mcp::Tool>& tools) {
  std::map<std::string, std::string> content;
  for (const auto& tool : tools) content[tool.name] += tool.raw.canonical();
  return content;
}

/// What differs, in words; empty if only the order does, or nothing.
std::string difference(const Reading& a, const Reading& b) {
  const auto before = by_name(a.tools);
  const auto after = by_name(b.tools);
  for (const auto& [name, raw] : after)
    if (!before.contains(name)) return fmt::format("the tool {} is new", text::one_line(name, 60));
  for (const auto& [name, raw] : before) {
    const auto found = after.find(name);
    if (found == after.end()) return fmt::format("the tool {} is gone", text::one_line(name, 60));
    if (found->second != raw) return fmt::format("the tool {} reads otherwise", text::one_line(name, 60));
  }
  return {};
}

bool same_order(const Reading& a, const Reading& b) {
  return std::ranges::equal(a.tools, b.tools, {}, &mcp::Tool::name, &mcp::Tool::name);
}

Document both(const Reading& a, const Reading& b) {
  std::vector<Citation> evidence;
  for (const auto* reading : {&a, &b})
    if (!reading->exchanges.empty())
      evidence.push_back(cite(reading->exchanges.back(), "body:/result/tools", fmt::format("{} tools", reading->tools.size())));
  return Document(std::move(evidence));
}

Result<Reading> read(mcp::Client& client) {
  Reading reading;
  reading.tools = MCPROVE_TRY(mcp::list_tools(client, &reading.exchanges));
  return reading;
}

/// A client as it shows itself: by its name in the protocol and by its User-Agent.
struct Guise {
  std::string name{};
  std::string client_name = "mcprove";
  std::string user_agent{};
};

Result<Reading> read_as(Context& at, const mcp::Credential& credential, const Guise& guise) {
  mcp::Client::Options options;
  options.client_name = guise.client_name;
  if (!guise.user_agent.empty()) options.extra.add("User-Agent", guise.user_agent);
  options.connection = net::Connection::fresh();
  auto client = at.connect(credential, std::move(options));
  return read(client);
}

class Stability {
 public:
  Stability(Context& at, Cases& cases, mcp::Credential credential) : at_(at), cases_(cases), credential_(std::move(credential)) {}

  Result<void> run(const mcp::Catalogue& earliest) {
    const Reading first{earliest.tools, earliest.exchanges};
    auto client = at_.connect(credential_);
    base_ = MCPROVE_TRY(read(client));
    if (!difference(first, base_).empty()) return changed(first, base_);
    std::vector<Reading> others;
    for (int i = 0; i < more_on_one_connection; ++i) others.push_back(MCPROVE_TRY(read(client)));
    others.push_back(MCPROVE_TRY(read_as(at_, credential_, {})));
    for (const auto& other : others)
      if (!difference(base_, other).empty()) return changed(base_, other);
    const auto moved = std::ranges::find_if_not(others, [&](const Reading& other) { return same_order(base_, other); });
    if (moved == others.end())
      cases_.add("repetition", Verdict::pass(both(base_, others.back()),
                                             fmt::format("the same tools in the same order, {} times", others.size() + 1)));
    else
      cases_.add("repetition", Verdict::fail(both(base_, *moved), "the same tools in another order",
                                             {.severity = Severity::low, .level = Level::should}));
    // As agents come: name and User-Agent together. Which of the two it is is asked only where it matters.
    for (const auto& guise :
         {Guise{"as claude-ai", "claude-ai", "claude-code/2.0.14"}, Guise{"as cursor", "cursor-vscode", "Cursor/2.1.0"},
          Guise{"as an unknown client in a browser", "audit-" + at_.nonce(),
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}})
      compare(guise);
    after_calls();
    return {};
  }

 private:
  /// A list that changed once and then stays was changed; one that goes on changing is only unsteady, as behind a load
  /// balancer.
  Result<void> changed(const Reading& before, const Reading& after) {
    const auto change = difference(before, after);
    for (int i = 0; i < 4; ++i)
      if (const auto later = MCPROVE_TRY(read_as(at_, credential_, {})); !difference(after, later).empty()) {
        cases_.add("repetition",
                   Verdict::fail(both(before, after), "the list is not the same from one request to the next: " + change,
                                 {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should}));
        return {};
      }
    cases_.add("during the audit", Verdict::fail(both(before, after), "the list changed while tools were called: " + change,
                                                 {.confidence = Confidence::likely}));
    return {};
  }

  /// Cloaking is proven by the guise's list twice, and the plain one in between.
  void compare(const Guise& guise) {
    const auto seen = read_as(at_, credential_, guise);
    if (!seen) {
      cases_.add(guise.name, Verdict::inconclusive(seen.error()));
      return;
    }
    const auto change = difference(base_, *seen);
    if (change.empty()) {
      cases_.add(guise.name, Verdict::pass(both(base_, *seen), "the same tools"));
      return;
    }
    const auto plain = read_as(at_, credential_, {});
    const auto twice = read_as(at_, credential_, guise);
    if (plain && twice && difference(base_, *plain).empty() && difference(*seen, *twice).empty())
      cases_.add(guise.name,
                 Verdict::fail(both(base_, *seen), fmt::format("by {} it is shown another list than a plain client: {}",
                                                               told_by(guise, *seen), change)));
    else
      cases_.add(guise.name,
                 Verdict::inconclusive(Reason::control_failed, "the list changed, but not with the guise alone: " + change,
                                       both(base_, *seen).evidence()));
  }

  /// Which part of the guise is enough.
  std::string told_by(const Guise& guise, const Reading& seen) {
    const auto enough = [&](const Guise& part) {
      const auto read = read_as(at_, credential_, part);
      return read && difference(seen, *read).empty();
    };
    if (enough({"", guise.client_name, ""})) return "its name";
    if (enough({"", "mcprove", guise.user_agent})) return "its User-Agent";
    return "its name and its User-Agent together";
  }

  void after_calls() {
    const auto tried = at_.facts().tried_calls(at_.endpoint());
    if (!tried) {
      cases_.add("after calls", Verdict::inconclusive(tried.error()));
      return;
    }
    std::vector<std::string> called;
    for (const auto& call : tried->calls)
      if (call.outcome) called.push_back(text::one_line(call.tool.name, 40));
    if (called.empty()) {
      cases_.note("after a call: not tried, for no tool can be called without risk; --allow-tool names one");
      return;
    }
    const auto later = read_as(at_, credential_, {});
    if (!later) {
      cases_.add("after calls", Verdict::inconclusive(later.error()));
    } else if (const auto change = difference(base_, *later); !change.empty()) {
      cases_.add("after calls",
                 Verdict::fail(both(base_, *later), fmt::format("after calls of {}, {}", text::join(called, ", "), change)));
    } else {
      cases_.add("after calls", Verdict::pass(both(base_, *later), "the same tools"));
    }
  }

  Context& at_;
  Cases& cases_;
  mcp::Credential credential_;
  Reading base_{};
};

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto earliest = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  if (earliest.truncated) {
    cases.add("repetition", Verdict::inconclusive(Reason::unclear_answer, "the list is too long, or its pages do not end"));
    return {};
  }
  return Stability(at, cases, grant.credential()).run(earliest);
}

}  // namespace

MCPROVE_CHECK(toolset_stability) = define(
    {
        .title = "The list of tools depends on who seems to ask, or changes by itself",
        .what =
            "Reads tools/list with one token again and again: on the same and on new connections, as clients and agents of other names, "
            "and after harmless calls. Tools, texts and order must stay the same.",
        .why =
            "A list that is clean for reviewers and poisoned for an agent passes every review; so does one that grows after the first call.",
        .fix =
            "Compute the list from the token alone, in a fixed order, and announce real changes with notifications/tools/list_changed.",
        .severity = Severity::high,
        .per = Axis::wire,
        .cwe = 345,
        .spec = {{{"MCP 2026-07-28 server/tools", "Listing Tools"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
