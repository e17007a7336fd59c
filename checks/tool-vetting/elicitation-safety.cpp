#include <algorithm>
#include <array>
#include <set>

#include "checks/tool-vetting/secret_words.h"
#include "checks/tool-vetting/texts.h"
#include "net/url.h"
#include "oauth/html.h"

namespace {

using namespace mcprove;

bool is_question(const Asked& asked) { return asked.method == "elicitation/create"; }
bool is_url(const Asked& asked) { return asked.params.string("mode") == "url"; }

/// Three parts in base64url, of which the first is a JSON object's beginning.
bool is_jwt(std::string_view text) { return text.starts_with("eyJ") && std::ranges::count(text, '.') == 2; }

/// A parameter that by its name carries a credential.
bool names_credential(std::string_view name) {
  constexpr auto names =
      std::to_array<std::string_view>({"access_token", "id_token", "refresh_token", "bearer_token", "auth_token", "api_key",
                                       "apikey", "jwt", "password", "session_id", "sessionid", "sid"});
  return std::ranges::find(names, text::lower(name)) != names.end();
}

/// Everything that was asked by a call: by requests, and by the error that names addresses to open first (2025-11-25,
/// URLElicitationRequired).
std::vector<Asked> asked_by(const mcp::Outcome& outcome, std::vector<Asked> asked) {
  constexpr int address_required = -32042;
  if (outcome.error().integer("code") != address_required) return asked;
  const auto addresses = outcome.error().at("data").at("elicitations");
  for (std::size_t i = 0; i < std::min<std::size_t>(addresses.size(), 16); ++i)
    asked.push_back({"elicitation/create", addresses.at(i)});
  return asked;
}

class Questions {
 public:
  Questions(Context& at, Cases& cases, const Grant& grant) : at_(at), cases_(cases), grant_(grant) {}

  void judge(const TriedCall& call) {
    const auto tool = "tool " + text::one_line(call.tool.name, 60);
    if (!call.outcome) {
      cases_.add(tool, Verdict::inconclusive(call.outcome.error()));
      return;
    }
    std::vector<Citation> evidence;
    for (const auto id : call.outcome->exchanges) evidence.push_back(cite(id, "body", "a question to the person, declined"));
    const Document seen(std::move(evidence));
    std::set<std::string> before;
    bool any = false;
    const auto all = asked_by(*call.outcome, call.asked);
    for (const auto& asked : all) {
      if (!is_question(asked)) {
        cases_.note(fmt::format("{} asks for {}, which was not declared", tool, text::one_line(asked.method, 60)));
        continue;
      }
      any = true;
      if (!before.insert(asked.params.canonical()).second) continue;
      if (is_url(asked)) judge_url(tool + " url", seen, asked.params.string("url").value_or(""));
      else judge_form(tool + " form", seen, asked.params);
    }
    if (!any) return;
    ++asking_;
    judge_undeclared(tool + " undeclared", call, std::ranges::any_of(all, is_url));
  }

  std::size_t asking() const { return asking_; }

 private:
  void judge_form(const std::string& name, const Document& seen, const json::Value& params) {
    const auto properties = params.at("requestedSchema").at("properties");
    for (const auto& field : properties.keys()) {
      const auto secret = checks::secret_in(field, properties.at(field));
      if (!secret) continue;
      cases_.add(name,
                 Verdict::fail(seen, fmt::format("the field {} asks for a secret ({})", text::one_line(field, 60), secret->shows),
                               {.confidence = secret->by_name ? Confidence::confirmed : Confidence::likely}));
      return;
    }
    const auto message = params.string("message").value_or("");
    if (const auto asked = checks::asked_for(message))
      cases_.add(name, Verdict::fail(
                           seen, fmt::format("the question asks for a secret ({}): \"{}\"", *asked, text::one_line(message, 100)),
                           {.confidence = Confidence::likely}));
    else cases_.add(name, Verdict::pass(seen, fmt::format("{} fields, none of them a secret", properties.size())));
  }

  void judge_url(const std::string& name, const Document& seen, const std::string& text) {
    const auto url = net::Url::parse(text);
    if (!url) {
      cases_.add(name, Verdict::fail(seen, fmt::format("no address to open: {}", text::one_line(text, 100)),
                                     {.severity = Severity::medium}));
      return;
    }
    if (url->scheme == "http" && !url->is_loopback_host())
      cases_.add(name + " scheme", Verdict::fail(seen, fmt::format("{} without TLS", url->host), {.severity = Severity::low}));
    if (const auto carried = credential_in(*url); !carried.empty()) {
      cases_.add(name,
                 Verdict::fail(seen, "whoever has the address is logged in: " + carried, {.confidence = Confidence::likely}));
      return;
    }
    if (const auto person = person_in(*url); !person.empty())
      cases_.add(name + " data", Verdict::fail(seen, person, {.severity = Severity::medium}));
    open(name, seen, *url);
  }

  std::string credential_in(const net::Url& url) const {
    const auto& token = grant_.tokens.access_token;
    if (!token.empty() && url.raw.find(token) != std::string::npos) return "it holds the access token";
    if (!url.user.empty()) return "it holds a user and a password";
    auto fields = url.params().fields();
    const auto fragment = net::Params::decode(url.fragment);
    fields.insert(fields.end(), fragment.fields().begin(), fragment.fields().end());
    for (const auto& [key, value] : fields)
      if (!value.empty() && (names_credential(key) || is_jwt(value)))
        return fmt::format("the parameter {} is a credential", text::one_line(key, 40));
    return {};
  }

  std::string person_in(const net::Url& url) const {
    const auto& user = at_.facts().main_identity().user;
    const auto params = url.params();
    for (const auto& [key, value] : params.fields()) {
      const auto at = value.find('@');
      const bool address = at != std::string::npos && at > 0 && value.find('.', at) != std::string::npos;
      if (address || (!user.empty() && value == user))
        return fmt::format("the parameter {} names the person", text::one_line(key, 40));
    }
    return {};
  }

  /// As anybody would who found the address: without cookies, credentials or redirects. Only at the server's own origin:
  /// other hosts are not ours to visit.
  void open(const std::string& name, const Document& seen, const net::Url& url) {
    if (!url.same_origin(at_.url())) {
      cases_.not_run(name, Reason::out_of_scope, fmt::format("{} was not opened: it is not the server's own", url.origin()));
      return;
    }
    net::Request request;
    request.url = url.raw;
    request.headers.add("Accept", "text/html");
    request.connection = net::Connection::fresh();
    request.purpose = "probe: open the address as a stranger";
    const auto reply = at_.send(std::move(request));
    if (!reply) {
      cases_.add(name, Verdict::inconclusive(reply.error(), seen.evidence()));
      return;
    }
    auto evidence = seen.evidence();
    evidence.push_back(cite_status(*reply));
    const auto status = reply->response.status;
    const auto& user = at_.facts().main_identity().user;
    const auto page = oauth::read_page(reply->response.body, url);
    const bool login = std::ranges::any_of(page.forms, &oauth::Form::has_password);
    constexpr std::size_t telling = 4;  // shorter names stand in any page
    if (login || status == 401 || status == 403 || (status >= 300 && status < 400))
      cases_.add(name, Verdict::pass(Document(evidence), fmt::format("a stranger who opens it has to log in (HTTP {})", status)));
    else if (status >= 200 && status < 300 && user.size() >= telling && reply->response.body.find(user) != std::string::npos)
      cases_.add(name, Verdict::fail(Document(evidence), "a stranger who opens it is shown the person's page",
                                     {.confidence = Confidence::likely}));
    else
      cases_.add(name, Verdict::inconclusive(
                           Reason::evidence_weak,
                           fmt::format("a stranger who opens it gets HTTP {} and no login; look at the page", status), evidence));
  }

  /// The same call by a client that can be asked by form only, or not at all: it must not be asked what it cannot answer.
  void judge_undeclared(const std::string& name, const TriedCall& call, bool url) {
    const auto none = json::Value::object({});
    std::vector<Asked> asked;
    mcp::Client::Options options;
    if (url) options.capabilities = json::Value::object({{"elicitation", json::Value::object({{"form", none}})}});
    options.answer = [&](std::string_view method, const json::Value& params) -> std::optional<json::Value> {
      if (asked.size() < 64) asked.push_back({std::string(method), params});
      if (method != "elicitation/create") return std::nullopt;
      return json::Value::object({{"action", json::str("decline")}});
    };
    auto client = at_.connect(grant_.credential(), std::move(options));
    const auto outcome = mcp::call_tool(client, call.tool, call.arguments,
                                        url ? "probe: a client that opens no addresses" : "probe: a client that cannot be asked");
    if (!outcome) {
      cases_.add(name, Verdict::inconclusive(outcome.error()));
      return;
    }
    const Document seen(cite(outcome->exchange, "body", outcome->why));
    const auto all = asked_by(*outcome, std::move(asked));
    const bool wrongly = std::ranges::any_of(all, [&](const Asked& a) { return is_question(a) && (!url || is_url(a)); });
    if (wrongly)
      cases_.add(name, Verdict::fail(seen,
                                     url ? "it sends an address to a client that only declared forms"
                                         : "it asks a client that did not declare elicitation",
                                     {.severity = Severity::low}));
    else cases_.add(name, Verdict::pass(seen, "a client that did not declare it is not asked"));
  }

  Context& at_;
  Cases& cases_;
  const Grant& grant_;
  std::size_t asking_ = 0;
};

Result<void> run(Context& at, Cases& cases) {
  if (at.wire() == mcp::Wire::sse ||
      (at.wire() == mcp::Wire::handshake && !mcp::at_least(at.endpoint().revision, "2025-06-18"))) {
    cases.add("questions", Verdict::not_applicable(Reason::wrong_wire, "elicitation came with the revision 2025-06-18"));
    return {};
  }
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto tried = MCPROVE_TRY(at.facts().tried_calls(at.endpoint()));
  Questions questions(at, cases, grant);
  for (const auto& call : tried.calls) questions.judge(call);
  const auto uncalled = tried.not_allowed.size() + tried.left_out.size();
  if (uncalled > 0) cases.note(fmt::format("{} tools were not called; --allow-tool names tools that may be", uncalled));
  if (questions.asking() > 0) return {};
  if (uncalled > 0)
    cases.not_run("questions", Reason::effect_not_allowed,
                  fmt::format("none of {} calls asked the person anything; {} tools may not be called without --allow-tool",
                              tried.calls.size(), uncalled));
  else cases.add("questions", Verdict::not_applicable(Reason::not_offered, "no tool asks the person anything"));
  return {};
}

}  // namespace

MCPROVE_CHECK(elicitation_safety) = define(
    {
        .title = "The server asks people for secrets or sends them bad addresses",
        .what =
            "Calls the tools that can be called without risk as a client that lets itself be asked, declines every question, and judges "
            "it: forms must ask for no password, token, key or card; addresses must be https, hold no token and no personal data, and "
            "show a stranger a login; a client that did not declare it must not be asked. Addresses elsewhere are not opened.",
        .why =
            "A question in the client's own window is believed: secrets typed there go to the server, the model's context and its logs.",
        .fix =
            "Have secrets typed into pages of your own, reached by URL mode and a login; ask by form for harmless things only.",
        .severity = Severity::high,
        .per = Axis::wire,
        .cwe = 522,
        .spec = {{{"MCP 2025-11-25 client/elicitation", "Security Considerations"},
                  {"MCP 2025-11-25 client/elicitation", "URL Mode Elicitation Requests"},
                  {"OWASP MCP Top 10", "MCP01"}}},
        .since = "0.1",
    },
    run);
