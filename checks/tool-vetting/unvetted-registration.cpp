#include <array>

#include "checks/per-tool-authorization/narrow_tokens.h"

namespace {

using namespace mcprove;

/// "register_tool", "addServer", "plugin-install": a deed upon the server's own abilities.
bool registers(const std::string& name) {
  constexpr std::array<std::string_view, 10> deeds{"register", "add",    "install", "create", "update",
                                                   "delete",   "enable", "upload",  "import", "publish"};
  constexpr std::array<std::string_view, 10> things{"tool",  "tools",  "server", "plugin",    "plugins",
                                                    "skill", "skills", "prompt", "extension", "connector"};
  const auto words = mcp::plain_words(name);
  const auto among = [&](const auto& list) {
    return std::ranges::any_of(words,
                               [&](const std::string& w) { return std::ranges::find(list, std::string_view(w)) != list.end(); });
  };
  return words.size() <= 3 && among(deeds) && among(things);
}

bool runs_others(const std::string& name) {
  constexpr std::array<std::string_view, 5> known{"execute_tool", "call_tool", "run_tool", "invoke_tool", "execute_dynamic_tool"};
  return std::ranges::find(known, std::string_view(text::lower(name))) != known.end();
}

/// Every required argument of the tool as text that means no harm.
json::Value benign_arguments(const mcp::Tool& tool, const std::string& name) {
  std::vector<std::pair<std::string, json::Value>> arguments;
  for (const auto& field : tool.required()) {
    const auto words = mcp::plain_words(field);
    const bool is_name = std::ranges::find(words, "name") != words.end() || std::ranges::find(words, "id") != words.end();
    const auto type = tool.raw.at("inputSchema").at("properties").at(field).string("type").value_or("string");
    if (type == "object") arguments.emplace_back(field, json::Value::object({{"type", json::str("object")}}));
    else if (type == "array") arguments.emplace_back(field, json::Value::array({}));
    else if (type == "boolean") arguments.emplace_back(field, json::boolean(false));
    else if (type == "integer" || type == "number") arguments.emplace_back(field, json::num(1));
    else arguments.emplace_back(field, json::str(is_name ? name : "a tool of a security audit; it does nothing"));
  }
  return json::Value::object(std::move(arguments));
}

Result<bool> shows(mcp::Client& client, const std::string& name, std::vector<net::ExchangeId>& exchanges) {
  const auto tools = MCPROVE_TRY(mcp::list_tools(client, &exchanges));
  return std::ranges::find(tools, name, &mcp::Tool::name) != tools.end();
}

/// Registers a tool that does nothing, looks who sees it, and takes it away again where that is offered.
Result<void> exercise(Context& at, Cases& cases, const mcp::Tool& tool, const checks::TokenSet& tokens,
                      const mcp::Catalogue& catalogue) {
  const auto& grant = tokens.narrow.empty() ? tokens.full : tokens.narrow.front().grant;
  const auto made = "audit_" + at.nonce().substr(0, 12);
  auto client = at.connect(grant.credential());
  const auto called =
      MCPROVE_TRY(checks::call_tool(client, tool.name, benign_arguments(tool, made), "probe: register a tool that does nothing"));
  std::vector<Citation> evidence{cite(called.exchange, "status", called.why)};
  std::vector<net::ExchangeId> exchanges;
  const bool seen = MCPROVE_TRY(shows(client, made, exchanges));
  if (!exchanges.empty())
    evidence.push_back(
        cite(exchanges.back(), "body:/result/tools", seen ? "the new tool is listed" : "the new tool is not listed"));
  const auto name = "tool " + text::one_line(tool.name, 60);
  if (!seen) {
    if (called.answer == Answer::denied) cases.add(name, Verdict::pass(Document(evidence), called.why));
    else
      cases.add(name,
                Verdict::inconclusive(Reason::evidence_weak, "it is offered, and a call added no tool: " + called.why, evidence));
    return {};
  }
  bool others = false;
  if (tokens.full.credential().headers.fields != grant.credential().headers.fields) {
    auto other = at.connect(tokens.full.credential());
    others = shows(other, made, exchanges).value_or(false);
    if (others) evidence.push_back(cite(exchanges.back(), "body:/result/tools", "another token is shown it too"));
  }
  for (const auto& each : catalogue.tools) {
    const auto words = mcp::plain_words(each.name);
    const bool undoes = std::ranges::any_of(
        words, [](const std::string& w) { return w == "unregister" || w == "delete" || w == "remove" || w == "uninstall"; });
    if (!undoes || std::ranges::find(words, "tool") == words.end()) continue;
    static_cast<void>(checks::call_tool(client, each.name, benign_arguments(each, made), "take the tool away again"));
  }
  if (shows(client, made, exchanges).value_or(true))
    cases.note(fmt::format("the tool {} is left behind; remove it by hand", made));
  cases.add(name,
            Verdict::fail(Document(evidence),
                          others ? "a client added a tool that other tokens are shown too" : "a client added a tool at run time",
                          {.severity = others || !tokens.narrow.empty() ? Severity::critical : Severity::high}));
  return {};
}

/// Methods that the protocol does not have; calling one without parameters that make sense does nothing.
Result<void> ask_methods(Context& at, Cases& cases, const mcp::Credential& credential) {
  auto client = at.connect(credential);
  for (const auto* method : {"tools/register", "tools/add", "admin/tools/register"}) {
    const auto outcome = client.call(method, json::Value::object({{"audit", json::str(at.nonce())}}),
                                     {.purpose = "probe: a method that registers"});
    if (!outcome) {
      cases.add(method, Verdict::inconclusive(outcome.error()));
      return {};  // a wire that fell silent at one does so at all
    }
    const Document seen(cite(outcome->exchange, "body", outcome->why));
    const auto code = outcome->error().integer("code");
    const bool absent = code == mcp::code::method_not_found || outcome->response.status == 404 || outcome->response.status == 405;
    if (absent || outcome->answer == Answer::denied) cases.add(method, Verdict::pass(seen, outcome->why));
    else if (outcome->answer == Answer::accepted || code == mcp::code::invalid_params)
      cases.add(method, Verdict::inconclusive(Reason::evidence_weak, "the method seems to exist; look at it: " + outcome->why,
                                              seen.evidence()));
    else cases.add(method, Verdict::inconclusive(reason_of(outcome->response), outcome->why, seen.evidence()));
  }
  return {};
}

Result<net::Reply> get(Context& at, const std::string& path) {
  net::Request request;
  request.url = at.url().origin() + path;
  request.headers.add("Accept", "application/json");
  request.connection = net::Connection::fresh();
  request.purpose = "probe: an administrative address";
  return at.send(std::move(request));
}

Result<void> ask_paths(Context& at, Cases& cases) {
  const auto wires = MCPROVE_TRY(at.facts().wires());
  if (wires.empty() || !(wires.front().endpoint == at.endpoint())) return {};  // once for the target
  const auto unknown = MCPROVE_TRY(get(at, "/audit-" + at.nonce()));
  std::vector<Citation> evidence{cite_status(unknown)};
  for (const auto* path : {"/register-tool", "/api/tools", "/admin", "/tools/register"}) {
    const auto reply = MCPROVE_TRY(get(at, path));
    evidence.push_back(cite_status(reply));
    const bool there = reply.response.status >= 200 && reply.response.status < 300 && net::is_json(reply.response);
    if (there && reply.response.body != unknown.response.body)
      cases.add(path, Verdict::inconclusive(Reason::evidence_weak, "it answers a stranger with JSON; look at it",
                                            {cite_status(reply)}));
  }
  cases.add("addresses",
            Verdict::pass(Document(std::move(evidence)), "no other administrative address answers a stranger with JSON"));
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto tokens = MCPROVE_TRY(checks::token_set(at));
  const auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), tokens.full));
  std::vector<Citation> evidence;
  if (!catalogue.exchanges.empty()) evidence.push_back(cite(catalogue.exchanges.back(), "body:/result", "the lists"));
  bool found = false;
  for (const auto& tool : catalogue.tools) {
    const auto name = "tool " + text::one_line(tool.name, 60);
    if (runs_others(tool.name)) {
      found = true;
      cases.add(name, Verdict::inconclusive(Reason::evidence_weak,
                                            "it runs other tools by name; see that permissions hold behind it", evidence));
    } else if (registers(tool.name)) {
      found = true;
      const auto words = mcp::plain_words(tool.name);
      const bool adds =
          std::ranges::any_of(words, [](const std::string& w) { return w == "register" || w == "add" || w == "create"; }) &&
          std::ranges::find(words, "tool") != words.end();
      if (!adds)
        cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "by its name it changes what the server can do; look at it",
                                              evidence));
      else if (!at.may(Effect::intrusive))
        cases.add(name, Verdict::inconclusive(Reason::effect_not_allowed, "by its name it registers tools; --intrusive tries it",
                                              evidence));
      else if (auto tried = exercise(at, cases, tool, tokens, catalogue); !tried)
        cases.add(name, Verdict::inconclusive(tried.error(), evidence));
    }
  }
  if (!found)
    cases.add("tools",
              Verdict::pass(Document(evidence), fmt::format("none of {} tools registers others", catalogue.tools.size())));
  MCPROVE_TRY(ask_methods(at, cases, tokens.full.credential()));
  return ask_paths(at, cases);
}

}  // namespace

MCPROVE_CHECK(unvetted_registration) = define(
    {
        .title = "Clients can add tools to the server at run time",
        .what =
            "Looks for tools, methods and addresses that register tools, servers, plug-ins or prompts. With --intrusive, registers a "
            "tool that does nothing with the narrowest token, looks who is shown it, and takes it away again where that is offered.",
        .why = "Whoever adds a tool writes into the instructions of every model that lists them, past all review.",
        .fix =
            "Take registration out of reach of clients, or bind it to administrators and to review; show new tools to nobody before.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .burns = true,
        .assumes = {"malformed-token-accepted"},
        .cwe = 862,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
