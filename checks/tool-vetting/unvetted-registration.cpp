#include <array>

#include "checks/per-tool-authorization/narrow_tokens.h"

namespace {

using namespace mcprove;

/// "register_tool", "addServer", "plugin-install": a deed upon the server's own abilities.
bool registers(const std::string& name) {
  constexpr auto deeds =
      std::to_array<std::string_view>({"register", "add", "install", "create", "update", "delete", "enable", "upload", "import",
                                       "publish", "unregister", "remove", "uninstall", "disable", "reload"});
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

bool undoes(const mcp::Tool& tool) {
  const auto words = mcp::plain_words(tool.name);
  const auto holds = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
  return (holds("unregister") || holds("delete") || holds("remove") || holds("uninstall")) && holds("tool");
}

/// A token, and whose it is in the report.
struct Holder {
  std::string name{};
  Grant grant{};
};

/// Those who should not be able to add a tool: the narrow tokens and other people; failing them, the only one there is.
std::vector<Holder> ordinary(const checks::TokenSet& tokens) {
  std::vector<Holder> holders;
  for (const auto& token : tokens.narrow) holders.push_back({token.name, token.grant});
  if (holders.empty()) holders.push_back({tokens.full.credential().empty() ? "anybody" : "the token", tokens.full});
  return holders;
}

/// Registers a tool that does nothing, looks who sees it, and takes it away again where that is offered.
class Registration {
 public:
  Registration(Context& at, Cases& cases, const checks::TokenSet& tokens, const mcp::Catalogue& catalogue)
      : at_(at), cases_(cases), tokens_(tokens), catalogue_(catalogue) {}

  Result<void> exercise(const mcp::Tool& tool) {
    const auto name = "tool " + text::one_line(tool.name, 60);
    std::vector<Citation> refusals;
    std::vector<Citation> odd;
    std::string why;
    for (const auto& holder : ordinary(tokens_)) {
      const auto made = "audit_" + at_.nonce().substr(0, 12);
      auto client = at_.connect(holder.grant.credential());
      const auto called =
          MCPROVE_TRY(mcp::call_tool(client, tool, benign_arguments(tool, made), "probe: register a tool that does nothing"));
      std::vector<Citation> evidence{cite(called.exchange, "status", called.why)};
      std::vector<net::ExchangeId> exchanges;
      if (MCPROVE_TRY(shows(client, made, exchanges))) {
        evidence.push_back(cite(exchanges.back(), "body:/result/tools", "the new tool is listed"));
        registered(name, holder, made, std::move(evidence));
        return {};
      }
      why = called.why;
      auto& pile = called.answer == Answer::denied ? refusals : odd;
      pile.insert(pile.end(), evidence.begin(), evidence.end());
    }
    if (odd.empty()) cases_.add(name, Verdict::pass(Document(std::move(refusals)), "refused: " + why));
    else
      cases_.add(name,
                 Verdict::inconclusive(Reason::evidence_weak, "it is offered, and a call added no tool: " + why, std::move(odd)));
    return {};
  }

 private:
  void registered(const std::string& name, const Holder& by, const std::string& made, std::vector<Citation> evidence) {
    std::vector<std::string> seen_by;
    for (const auto& [other, grant] : everybody()) {
      if (grant.credential().headers.fields == by.grant.credential().headers.fields) continue;
      auto client = at_.connect(grant.credential());
      std::vector<net::ExchangeId> exchanges;
      if (!shows(client, made, exchanges).value_or(false)) continue;
      evidence.push_back(cite(exchanges.back(), "body:/result/tools", other + " is shown it too"));
      seen_by.push_back(other);
    }
    take_away(by, made);
    const bool anybody = by.grant.credential().empty();
    const bool critical = anybody || !seen_by.empty() || !tokens_.narrow.empty();
    cases_.add(name, Verdict::fail(Document(std::move(evidence)),
                                   fmt::format("{} added a tool at run time{}{}", by.name,
                                               seen_by.empty() ? "" : ", and it is shown to ", text::join(seen_by, " and ")),
                                   {.severity = critical ? Severity::critical : Severity::high}));
  }

  std::vector<Holder> everybody() const {
    std::vector<Holder> all{{"the full token", tokens_.full}};
    for (const auto& token : tokens_.narrow) all.push_back({token.name, token.grant});
    return all;
  }

  /// As whoever made it; failing that, with the full token.
  void take_away(const Holder& by, const std::string& made) {
    for (const auto& grant : {by.grant, tokens_.full}) {
      auto client = at_.connect(grant.credential());
      for (const auto& each : catalogue_.tools)
        if (undoes(each))
          static_cast<void>(mcp::call_tool(client, each, benign_arguments(each, made), "take the tool away again"));
      std::vector<net::ExchangeId> exchanges;
      if (!shows(client, made, exchanges).value_or(true)) return;
    }
    cases_.note(fmt::format("the tool {} is left behind; remove it by hand", made));
  }

  Context& at_;
  Cases& cases_;
  const checks::TokenSet& tokens_;
  const mcp::Catalogue& catalogue_;
};

/// Tools that run others by name. Behind one, a tool must be refused to whom it is refused directly.
class MetaTools {
 public:
  MetaTools(Context& at, Cases& cases, const checks::TokenSet& tokens, const mcp::Catalogue& catalogue)
      : at_(at), cases_(cases), tokens_(tokens), catalogue_(catalogue) {}

  void exercise(const mcp::Tool& tool, const std::vector<Citation>& listed) {
    const auto name = "tool " + text::one_line(tool.name, 60);
    const auto fields = fields_of(tool);
    if (!at_.may(Effect::active) || !fields)
      return cases_.add(name, Verdict::inconclusive(Reason::evidence_weak,
                                                    "it runs other tools by name; see that permissions hold behind it", listed));
    for (const auto& token : tokens_.narrow) {
      for (const auto& inner : catalogue_.tools) {
        if (inner.name == tool.name || !at_.may_call(inner)) continue;
        if (compare(name, tool, *fields, inner, token)) return;
      }
    }
    cases_.add(name,
               Verdict::inconclusive(Reason::evidence_weak,
                                     "it runs other tools by name, and none that may be called is refused to a narrower token; "
                                     "see that permissions hold behind it",
                                     listed));
  }

 private:
  /// The arguments that take the other tool's name and its arguments.
  struct Fields {
    std::string name{};
    std::string arguments{};
  };

  static std::optional<Fields> fields_of(const mcp::Tool& tool) {
    Fields fields;
    const auto properties = tool.raw.at("inputSchema").at("properties");
    for (const auto& key : properties.keys()) {
      const auto type = properties.at(key).string("type").value_or("");
      if (type == "string" && fields.name.empty() && (text::icontains(key, "tool") || text::icontains(key, "name")))
        fields.name = key;
      if (type == "object" && fields.arguments.empty()) fields.arguments = key;
    }
    for (const auto& required : tool.required())
      if (required != fields.name && required != fields.arguments) return std::nullopt;
    return fields.name.empty() ? std::nullopt : std::optional(fields);
  }

  /// True if it told: the inner tool is refused directly, and either refused or run behind the outer one.
  bool compare(const std::string& name, const mcp::Tool& outer, const Fields& fields, const mcp::Tool& inner,
               const checks::NarrowToken& token) {
    const auto given = at_.allowed_arguments(inner).value_or(json::Value::object({}));
    auto client = at_.connect(token.grant.credential());
    const auto direct = mcp::call_tool(client, inner, given, "control: the tool itself, with a narrower token");
    if (!direct || direct->answer != Answer::denied || direct->refused_at_start) return false;
    auto arguments = json::Value::object({{fields.name, json::str(inner.name)}});
    if (!fields.arguments.empty()) arguments = arguments.with(fields.arguments, given);
    const auto behind = mcp::call_tool(client, outer, arguments, "probe: the same behind the tool that runs others");
    if (!behind) return false;
    const Document seen({cite(behind->exchange, "body", behind->why), cite(direct->exchange, "status", direct->why)});
    const auto refused = fmt::format("{} refuses {} directly ({})", text::one_line(inner.name, 60), token.name, direct->why);
    const bool ran =
        behind->answer == Answer::accepted && !mcp::soft_denied(behind->result()) && as_by_right(inner, given, *behind);
    if (ran) cases_.add(name, Verdict::fail(seen, refused + ", and runs behind this tool", {.severity = Severity::high}));
    else if (behind->answer == Answer::denied) cases_.add(name, Verdict::pass(seen, refused + ", and behind this tool too"));
    else return false;
    return true;
  }

  /// It ran only if it returned what the full token is returned: an error in words is a result too.
  bool as_by_right(const mcp::Tool& inner, const json::Value& given, const mcp::Outcome& behind) {
    auto client = at_.connect(tokens_.full.credential());
    const auto full = mcp::call_tool(client, inner, given, "control: the tool itself, with the full token");
    return full && full->answer == Answer::accepted && full->result().at("content") == behind.result().at("content");
  }

  Context& at_;
  Cases& cases_;
  const checks::TokenSet& tokens_;
  const mcp::Catalogue& catalogue_;
};

/// How a server answers a method: by its code, or failing that by its status.
std::string manner(const mcp::Outcome& outcome) {
  const auto code = outcome.error().integer("code");
  return code ? fmt::format("code {}", *code) : fmt::format("{} {}", outcome.response.status, name(outcome.answer));
}

/// Methods that the protocol does not have; calling one without parameters that make sense does nothing. A method that is
/// answered as one is that cannot exist does not exist either.
Result<void> ask_methods(Context& at, Cases& cases, const mcp::Credential& credential) {
  auto client = at.connect(credential);
  const auto ask = [&](const std::string& method, std::string purpose) {
    return client.call(method, json::Value::object({{"audit", json::str(at.nonce())}}), {.purpose = std::move(purpose)});
  };
  const auto unknown = ask("audit/" + at.nonce(), "control: a method that cannot exist");
  for (const auto* method : {"tools/register", "tools/add", "admin/tools/register"}) {
    const auto outcome = unknown ? ask(method, "probe: a method that registers") : unknown;
    if (!outcome) {
      cases.add(method, Verdict::inconclusive(outcome.error()));
      return {};  // a wire that fell silent at one does so at all
    }
    const Document seen(
        {cite(outcome->exchange, "body", outcome->why), cite(unknown->exchange, "body", "a method that cannot exist")});
    const auto code = outcome->error().integer("code");
    const bool absent = code == mcp::code::method_not_found || outcome->response.status == 404 || outcome->response.status == 405;
    // What is accepted whatever it is called says nothing; neither does a limit or a block page.
    const bool alike = manner(*outcome) == manner(*unknown) && net::oddity(outcome->response) == net::Oddity::none;
    if (absent || outcome->answer == Answer::denied || alike) cases.add(method, Verdict::pass(seen, outcome->why));
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
  Registration registration(at, cases, tokens, catalogue);
  MetaTools meta(at, cases, tokens, catalogue);
  bool found = false;
  for (const auto& tool : catalogue.tools) {
    const auto name = "tool " + text::one_line(tool.name, 60);
    if (runs_others(tool.name)) {
      found = true;
      meta.exercise(tool, evidence);
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
      else if (auto tried = registration.exercise(tool); !tried) cases.add(name, Verdict::inconclusive(tried.error(), evidence));
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
            "Looks for tools, methods and addresses that register tools, servers, plug-ins or prompts, and for tools that run others by "
            "name. With --intrusive, registers a tool that does nothing with the narrowest token and as another person, looks who is "
            "shown it, and takes it away again where that is offered. Asks tools that run others for one that is refused directly.",
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
