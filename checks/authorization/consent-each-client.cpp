#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

/// An authorization request on which nobody clicks anything.
oauth::Flow silent(const oauth::Client& client, const std::string& purpose) {
  oauth::Flow flow;
  flow.client(client).interaction(oauth::Interaction::none).stop_at_code().purpose(purpose);
  return flow;
}

/// The errors that say that the person would have to be asked (OpenID Connect Core section 3.1.2.6).
bool asks_the_person(const std::string& error) {
  return error == "login_required" || error == "interaction_required" || error == "consent_required" ||
         error == "account_selection_required";
}

Verdict judge(const oauth::FlowResult& result, const std::string& flaw, Severity severity,
              const std::optional<Citation>& control = {}, std::vector<std::string> notes = {}) {
  std::vector<Citation> evidence;
  if (result.authorization.last) evidence.push_back(cite(*result.authorization.last, "status", result.why));
  if (evidence.empty()) return Verdict::inconclusive(Reason::unclear_answer, result.why);
  if (control) evidence.push_back(*control);
  const Document seen(evidence);
  switch (result.authorization.end) {
    case oauth::AuthorizeEnd::code: return Verdict::fail(seen, flaw, {.severity = severity});
    case oauth::AuthorizeEnd::page: return Verdict::pass(seen, "a page asks the person first", std::move(notes));
    case oauth::AuthorizeEnd::redirect_error: {
      const auto error = result.authorization.callback.get("error");
      if (asks_the_person(error)) return Verdict::pass(seen, "refused: " + error, std::move(notes));
      return Verdict::inconclusive(Reason::evidence_weak,
                                   "the request was refused for another reason: " + text::one_line(error, 60), evidence);
    }
    case oauth::AuthorizeEnd::error_page:
      return Verdict::inconclusive(Reason::evidence_weak, "the request itself was refused: " + result.why, evidence);
    case oauth::AuthorizeEnd::unclear: break;
  }
  return Verdict::inconclusive(Reason::unclear_answer, result.why, evidence);
}

/// Where the person logs in with a program of his own, the session is there and not in our cookies.
bool session_is_elsewhere(const Identity& identity) {
  return identity.login == "browser" || identity.login == "print" || identity.login == "script" || identity.login == "webdriver";
}

/// The person has logged in and approved the first client: is he known to this browser?
Result<Citation> known_here(Context& at, const oauth::Client& approved, oauth::CookieJar& jar, std::vector<std::string>& notes) {
  const auto& person = at.facts().main_identity();
  const auto again = MCPROVE_TRY(at.run(silent(approved, "control: the approved client again, no click"), person, jar));
  const auto& end = again.authorization;
  if (!end.last || (end.end != oauth::AuthorizeEnd::code && end.end != oauth::AuthorizeEnd::page))
    return failure(Error::Kind::unavailable, "the client that was approved cannot be authorized again: " + again.why);
  if (end.end == oauth::AuthorizeEnd::code) return cite(*end.last, "status", "control: the approved client needs no click");
  if (session_is_elsewhere(person)) return failure(Error::Kind::login, "the person's session is in a browser that is not ours");
  notes.emplace_back("the person is asked each time, for a client that was approved as well");
  return cite(*end.last, "status", "control: the approved client is asked for, too");
}

Result<void> run(Context& at, Cases& cases) {
  // Control: a browser that nobody logged in with stops at a page.
  const auto main = MCPROVE_TRY(at.client(ClientKind::main));
  auto stranger = silent(main, "control: a fresh browser, no click");
  stranger.fresh_jar();
  const auto anonymous = MCPROVE_TRY(at.run(stranger));
  if (anonymous.authorization.end == oauth::AuthorizeEnd::code) {
    if (at.options().auto_approve)
      cases.add("codes without any login", Verdict::not_applicable(Reason::declared_by_operator, "declared intended"));
    else
      cases.add("codes without any login",
                judge(anonymous, "a browser that nobody logged in with got a code", Severity::critical));
    return {};
  }
  if (anonymous.authorization.end != oauth::AuthorizeEnd::page) {
    cases.add("codes without any login", judge(anonymous, "", Severity::critical));
    return {};
  }
  cases.add("codes without any login", judge(anonymous, "", Severity::critical));

  if (checks::credential_given(at)) {
    cases.not_run("a new client", Reason::no_login, "the token was given: nobody has logged in");
    return {};
  }
  static_cast<void>(MCPROVE_TRY(at.facts().grant(at.issuer())));
  auto jar = at.logged_in_jar(at.facts().main_identity());
  const auto second = at.client(ClientKind::second);
  if (!second) {
    cases.add("a new client", Verdict::inconclusive(Reason::no_second_client, second.error().message));
    return {};
  }
  std::vector<std::string> notes;
  const auto control = known_here(at, main, jar, notes);
  if (!control) {
    const auto& why = control.error();
    cases.add("a new client", why.kind == Error::Kind::unavailable ? Verdict::inconclusive(Reason::control_failed, why.message)
                                                                   : Verdict::inconclusive(why));
    return {};
  }
  const auto quiet = MCPROVE_TRY(at.run(silent(*second, "probe: a new client, no click"), at.facts().main_identity(), jar));
  cases.add("a new client",
            judge(quiet, "a client that the person never saw got a code without a click", Severity::critical, *control, notes));

  auto prompt = silent(*second, "probe: a new client, prompt=none");
  prompt.at_authorize([](net::Params& query) { query.set("prompt", "none"); });
  const auto unasked = MCPROVE_TRY(at.run(prompt, at.facts().main_identity(), jar));
  cases.add("prompt=none",
            judge(unasked, "a client that the person never saw got a code by prompt=none", Severity::critical, *control, notes));
  return {};
}

}  // namespace

MCPROVE_CHECK(consent_each_client) = define(
    {
        .title = "A new client gets codes without the person's consent",
        .what =
            "In a browser where the person is logged in and has approved one client, asks for authorization for a newly registered "
            "one without clicking anything, plainly and with prompt=none. A fresh browser must stop at a page first, and the approved "
            "client shows whether the person is known to this one.",
        .why =
            "With open registration, any web page can register a client, open one link in the victim's browser and receive a code.",
        .fix = "Show a consent page for every client that the person has not approved, and remember consent per client.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"proxy-consent-missing"},
        .requirement = Requirement::code_flow,
        .cwe = 862,
        .spec = {{{"OAuth 2.1 draft-13", "7.3"},
                  {"RFC 8252", "8.6"},
                  {"MCP Security Best Practices", "Confused Deputy Problem"}}},
        .since = "0.1",
    },
    run);
