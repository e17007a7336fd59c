#include <memory>
#include <set>

#include "checks/per-tool-authorization/method_questions.h"
#include "checks/per-tool-authorization/narrow_tokens.h"
#include "checks/per-tool-authorization/verb_probes.h"

namespace {

using namespace mcprove;

using checks::Question;

/// Lines of content that are long enough to be recognised again; the protocol's own members are left out.
void lines_of(const json::Value& value, std::set<std::string>& out, int depth = 6) {
  if (depth == 0 || out.size() > 500) return;
  if (const auto text = value.string())
    for (const auto& line : text::split(*text, '\n'))
      if (line.size() >= 6) out.insert(line);
  for (std::size_t i = 0; value.is_array() && i < value.size() && i < 200; ++i) lines_of(value.at(i), out, depth - 1);
  for (const auto* member : {"text", "name", "title", "uri", "description"}) lines_of(value.at(member), out, depth - 1);
}

std::set<std::string> tool_lines(const mcp::Outcome& outcome) {
  std::set<std::string> lines;
  lines_of(outcome.result().at("content"), lines);
  return lines;
}

/// The content of a list of resources, of what was read, or of a task's result; other methods show nothing that is
/// somebody's.
std::set<std::string> method_lines(const mcp::Outcome& outcome) {
  std::set<std::string> lines;
  for (const auto* member : {"resources", "contents", "content"}) lines_of(outcome.result().at(member), lines);
  return lines;
}

/// Ends a stream at its first event.
mcp::Bend first_event_is_enough(bool stream, mcp::Bend before = {}) {
  if (!stream) return before;
  return [before = std::move(before)](net::Request& request) {
    if (before) before(request);
    request.enough = [](std::string_view body) { return !body.empty(); };
  };
}

/// Whoever hears the first event of a stream is served.
void judge_stream(mcp::Outcome& outcome) {
  if (outcome.response.status != 200 || !net::is_event_stream(outcome.response)) return;
  if (!outcome.error().is_null() || outcome.response.body.find("subscriptions/acknowledged") == std::string::npos) return;
  outcome.answer = Answer::accepted;
  outcome.why = "200 with the stream of a subscription";
}

/// Not there, for a person who is not the one who read it: a refusal (catalogue of answers, "not found for its owner's").
/// Parameters that are good for the owner can be wrong for another person for no other reason.
bool says_not_found(const mcp::Outcome& outcome) {
  constexpr int resource_not_found = -32002;  // until 2025-11-25
  const auto code = outcome.error().integer("code");
  return code == resource_not_found || code == mcp::code::invalid_params ||
         mcp::complaint_of(outcome.error().string("message").value_or("")) == mcp::Complaint::unknown_object;
}

/// The other wires of this server, each with one session for all questions: does one refuse what this one serves? Then being
/// served here is a contradiction.
class OtherWires {
 public:
  OtherWires(Context& at, const mcp::Credential& credential) {
    const auto wires = at.facts().wires();
    for (const auto& wire : wires.value_or(std::vector<mcp::WireReport>{}))
      if (wire.endpoint != at.endpoint()) clients_.push_back(at.connect(wire.endpoint, credential));
  }

  std::optional<Citation> refuse(const Question& question) {
    for (auto& client : clients_) {
      const auto outcome = client.call(question.method, question.params, {.purpose = question.method + " on another wire"});
      if (outcome && outcome->answer == Answer::denied && !outcome->refused_at_start)
        return cite(outcome->exchange, "status", fmt::format("the {} wire: {}", mcp::name(client.endpoint().wire), outcome->why));
    }
    return std::nullopt;
  }

 private:
  std::vector<mcp::Client> clients_{};
};

class Methods {
 public:
  Methods(Context& at, Cases& cases, const checks::TokenSet& tokens, const mcp::Catalogue& catalogue)
      : at_(at), cases_(cases), tokens_(tokens), catalogue_(catalogue), verbs_(at, tokens.full) {}

  Result<void> run() {
    auto client = at_.connect(tokens_.full.credential());
    static_cast<void>(MCPROVE_TRY(client.greet()));
    const auto capabilities = client.greeting().at("capabilities");
    for (const auto& question : checks::questions(catalogue_, capabilities, at_.wire())) learn(client, question);
    MCPROVE_TRY(verbs_.learn());
    if (served_.empty()) {
      cases_.add("methods", Verdict::inconclusive(Reason::unclear_answer, "no method was served to the full token"));
      return {};
    }
    // A server that asks nobody for a token has nothing that could be missing here.
    if (const auto oracle = at_.oracle()) MCPROVE_TRY(as_strangers());
    else cases_.note("nothing is refused without a token");
    for (const auto& token : tokens_.narrow) {
      if (auto ran = as_narrow(token); !ran) cases_.note(fmt::format("{}: {}", token.name, ran.error().message));
      if (token.grant.identity == tokens_.full.identity) continue;
      if (auto ran = verbs_of(token.name, token.grant.credential()); !ran)
        cases_.note(fmt::format("{}: {}", token.name, ran.error().message));
    }
    if (cases_.empty()) cases_.add("methods", Verdict::inconclusive(Reason::no_oracle, "nothing is refused without a token"));
    return {};
  }

 private:
  /// What the full token is served, it is worth asking others for.
  void learn(mcp::Client& client, const Question& question) {
    mcp::CallOptions call{.bend = first_event_is_enough(question.stream), .purpose = "full token, " + question.name};
    auto outcome = client.call(question.method, question.params, std::move(call));
    if (!outcome) return;
    if (question.stream) judge_stream(*outcome);
    if (outcome->answer != Answer::accepted) return;
    const auto result = outcome->result();
    served_.emplace_back(question, *std::move(outcome));
    if (question.method == "tasks/list")
      for (const auto& task : checks::task_questions(result)) learn(client, task);
  }

  /// Without a session of ours first; if that is all the server misses, within one that a good token opened.
  Result<mcp::Outcome> ask(const mcp::Credential& credential, const Question& question, const std::string& who) {
    const auto& method = question.method;
    const auto& params = question.params;
    mcp::Client::Options options;
    options.connection = net::Connection::fresh();
    auto stranger = at_.connect(credential, options);
    mcp::CallOptions first{
        .bend = first_event_is_enough(question.stream), .connection = net::Connection::fresh(), .purpose = who + ", " + method};
    auto outcome = MCPROVE_TRY(stranger.raw(method, params, std::move(first)));
    if (question.stream) judge_stream(outcome);
    if (outcome.answer != Answer::other || at_.wire() == mcp::Wire::stateless) return outcome;
    auto session = at_.connect(tokens_.full.credential());
    mcp::CallOptions call{.connection = net::Connection::fresh(), .purpose = who + " within a session, " + method};
    call.bend = [&credential, mine = tokens_.full.credential()](net::Request& request) {
      for (const auto& [field, value] : mine.headers.fields) request.headers.erase(field);
      for (const auto& [field, value] : credential.headers.fields) request.headers.add(field, value);
    };
    return session.call(method, params, std::move(call));
  }

  Result<void> as_strangers() {
    auto* control = MCPROVE_TRY(at_.token_control(tokens_.full));
    const std::pair<std::string, mcp::Credential> strangers[] = {
        {"no token", mcp::Credential::none()}, {"garbage", mcp::Credential::bearer(at_.random().base64url(32))}};
    for (const auto& [who, credential] : strangers) {
      const Question call_of_a_tool{
          "tools/call", "tools/call",
          json::Value::object({{"name", json::str("audit_" + at_.nonce())}, {"arguments", json::Value::object({})}})};
      const auto unknown = MCPROVE_TRY(ask(credential, call_of_a_tool, who));
      // A server that breaks at a bad token serves nobody and refuses nobody: once said is enough.
      if (unknown.answer == Answer::other && unknown.response.status >= 500) {
        cases_.add(who, Verdict::inconclusive(Reason::unclear_answer, "the server breaks at it: " + unknown.why,
                                              {cite(unknown.exchange, "status", unknown.why)}));
        continue;
      }
      auto group = sandwich(*control);
      for (const auto& [question, full] : served_) group.probe(probe_of(question, who, credential, unknown));
      group.settle(cases_);
      MCPROVE_TRY(verbs_of(who, credential));
    }
    return {};
  }

  Probe probe_of(const Question& question, const std::string& who, const mcp::Credential& credential,
                 const mcp::Outcome& unknown) {
    Probe probe;
    probe.name = fmt::format("{}, {}", question.name, who);
    probe.run = [this, &question, &credential, &who, &unknown]() -> Result<Observation> {
      auto seen = observe(MCPROVE_TRY(ask(credential, question, who)));
      seen.evidence.push_back(cite(unknown.exchange, "status", "a call of a tool: " + unknown.why));
      return seen;
    };
    probe.judge = [&question, &unknown](const Settled& settled) { return judge_stranger(settled, question, unknown); };
    return probe;
  }

  static Verdict judge_stranger(const Settled& settled, const Question& question, const mcp::Outcome& unknown) {
    if (settled.answer() == Answer::denied) return Verdict::pass(settled, settled.probe().why);
    if (settled.answer() == Answer::other) return Verdict::unclear(settled);
    if (unknown.answer != Answer::denied)
      return Verdict::inconclusive(Reason::evidence_weak, "served, but calls of tools are not refused either",
                                   settled.evidence());
    if (question.list_of_names)
      return Verdict::pass(settled, "served to anybody", {"public catalogue: anybody may read this list"});
    return Verdict::fail(settled, "served without a good token, although calls of tools demand one",
                         question.data ? Grade{} : Grade{.severity = Severity::low});
  }

  /// The stream and the end of a session, for whoever does not own it. What a session id opens alone is session-as-auth's.
  Result<void> verbs_of(const std::string& who, const mcp::Credential& credential) {
    if (!verbs_.get_served() && !verbs_.delete_served()) return {};
    auto* control = MCPROVE_TRY(at_.token_control(tokens_.full));
    auto group = sandwich(*control);
    const bool owns_a_token = !credential.empty() && who != "garbage";
    if (verbs_.get_served())
      group.probe(
          fmt::format("GET, {}", who),
          [this, &credential, &who, owns_a_token] {
            return owns_a_token ? verbs_.try_get_within(credential, who) : verbs_.try_get(credential, who);
          },
          "the stream on which the server speaks to its client was opened");
    if (verbs_.delete_served() && !credential.empty())
      group.probe(fmt::format("DELETE of a session, {}", who),
                  [this, &credential, &who] { return verbs_.try_delete(credential, who); }, "it ended the session of another",
                  {.severity = Severity::medium});
    group.settle(cases_);
    return {};
  }

  /// What the full token learns from tools that this one is refused, and from no tool that serves it: it must not come
  /// by another method either.
  Result<std::set<std::string>> forbidden_to(const checks::NarrowToken& token, std::vector<Citation>& evidence) {
    std::set<std::string> forbidden;
    std::set<std::string> allowed;
    auto full = at_.connect(tokens_.full.credential());
    auto low = at_.connect(token.grant.credential());
    int asked = 0;
    for (const auto& tool : catalogue_.tools) {
      if (!tool.harmless() || !at_.may_call(tool) || asked++ == 10) continue;
      const auto arguments = at_.allowed_arguments(tool).value_or(json::Value::object({}));
      const auto refused = MCPROVE_TRY(mcp::call_tool(low, tool, arguments, fmt::format("{}, tool {}", token.name, tool.name)));
      if (refused.answer == Answer::accepted) allowed.merge(tool_lines(refused));
      if (refused.answer != Answer::denied) continue;
      const auto served = MCPROVE_TRY(mcp::call_tool(full, tool, arguments, "full token, tool " + tool.name));
      if (served.answer != Answer::accepted) continue;
      evidence.push_back(cite(refused.exchange, "status", tool.name + ": " + refused.why));
      evidence.push_back(cite(served.exchange, "body:/result", tool.name + " with the full token"));
      forbidden.merge(tool_lines(served));
    }
    for (const auto& line : allowed) forbidden.erase(line);
    return forbidden;
  }

  /// What a narrow token was served, and what speaks against it.
  struct Served {
    std::set<std::string> leaked{};
    bool refused_elsewhere = false;
  };

  Result<void> as_narrow(const checks::NarrowToken& token) {
    auto* control = MCPROVE_TRY(checks::living_control(at_, token));
    const bool same_person = token.grant.identity == tokens_.full.identity;
    std::vector<Citation> evidence;
    // Another person's data may read like ours by chance; object-level checks look at that.
    const auto forbidden = same_person ? MCPROVE_TRY(forbidden_to(token, evidence)) : std::set<std::string>();
    OtherWires others(at_, token.grant.credential());
    auto group = sandwich(*control);
    for (const auto& [question, full] : served_) {
      if (question.list_of_names || !question.data) continue;
      const auto served = std::make_shared<Served>();
      Probe probe;
      probe.name = fmt::format("{}, {}", question.name, token.name);
      probe.run = [this, &question = question, &token, &forbidden, &evidence, &others, served,
                   same_person]() -> Result<Observation> {
        auto client = at_.connect(token.grant.credential());
        mcp::CallOptions call{.bend = first_event_is_enough(question.stream), .purpose = token.name + ", " + question.name};
        auto outcome = MCPROVE_TRY(client.call(question.method, question.params, std::move(call)));
        if (question.stream) judge_stream(outcome);
        auto seen = observe(outcome);
        if (outcome.answer == Answer::other && !same_person && says_not_found(outcome)) seen.answer = Answer::denied;
        if (outcome.answer != Answer::accepted) return seen;
        served->leaked = common(method_lines(outcome), forbidden);
        if (!served->leaked.empty()) seen.evidence.insert(seen.evidence.end(), evidence.begin(), evidence.end());
        if (const auto refused = others.refuse(question)) {
          served->refused_elsewhere = true;
          seen.evidence.push_back(*refused);
        }
        return seen;
      };
      probe.judge = [served](const Settled& settled) { return judge_narrow(settled, *served); };
      group.probe(std::move(probe));
    }
    group.settle(cases_);
    return {};
  }

  static Verdict judge_narrow(const Settled& settled, const Served& served) {
    if (settled.answer() == Answer::denied) return Verdict::pass(settled, settled.probe().why);
    if (settled.answer() == Answer::other) return Verdict::unclear(settled);
    if (served.refused_elsewhere) return Verdict::fail(settled, "served, although the same token is refused it on another wire");
    if (served.leaked.empty()) return Verdict::pass(settled, "served, and nothing of it is refused to this token elsewhere");
    const auto why = fmt::format("it shows \"{}\", which a tool shows only to a token of another scope",
                                 text::one_line(*served.leaked.begin(), 60));
    // One short line may be there by chance.
    if (served.leaked.size() == 1 && served.leaked.begin()->size() < 20)
      return Verdict::inconclusive(Reason::evidence_weak, why, settled.evidence());
    return Verdict::fail(settled, why);
  }

  static std::set<std::string> common(const std::set<std::string>& mine, const std::set<std::string>& forbidden) {
    std::set<std::string> both;
    for (const auto& line : mine)
      for (const auto& secret : forbidden)
        if (secret.find(line) != std::string::npos) both.insert(line);
    return both;
  }

  Context& at_;
  Cases& cases_;
  const checks::TokenSet& tokens_;
  const mcp::Catalogue& catalogue_;
  checks::VerbProbes verbs_;
  std::vector<std::pair<Question, mcp::Outcome>> served_{};
};

Result<void> run(Context& at, Cases& cases) {
  const auto tokens = MCPROVE_TRY(checks::token_set(at));
  const auto catalogue = MCPROVE_TRY(checks::catalogue_before_calls(at, tokens.full));
  return Methods(at, cases, tokens, catalogue).run();
}

}  // namespace

MCPROVE_CHECK(method_authz_matrix) = define(
    {
        .title = "A method gives data to callers whom the tools refuse",
        .what =
            "Asks for resources, templates, prompts, completions, tasks, subscriptions and log levels without a token, with garbage, and "
            "with narrow tokens. Strangers must be refused as they are at tools; a narrow token must not get by a method what a tool or "
            "another wire refuses it. GET and DELETE of a session are tried with garbage and with another person's token.",
        .why = "The tools are guarded and the same data lies open beside them.",
        .fix =
            "Check token and scope before any method is dispatched, and give each resource, prompt and completion the scope of the tool "
            "that shows the same data.",
        .severity = Severity::high,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted", "unauth-tools-exposed", "session-as-auth"},
        .cwe = 862,
        .spec = {{{"MCP 2025-11-25 authorization", "Access Token Usage"},
                  {"MCP 2025-11-25 server/resources", "Security Considerations"},
                  {"OAuth 2.1 draft-13", "5.2"}}},
        .since = "0.1",
    },
    run);
