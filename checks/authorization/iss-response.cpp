#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

void judge(Cases& cases, const std::string& name, const oauth::FlowResult& result, const Issuer& issuer) {
  if (!result.authorization.last) {
    cases.add(name, Verdict::inconclusive(Reason::unclear_answer, result.why));
    return;
  }
  const Document seen(cite(*result.authorization.last, "header:Location", "authorization response"));
  const bool present = result.authorization.callback.has("iss");
  const auto iss = result.authorization.callback.get("iss");
  const bool advertised = issuer.metadata.iss_parameter_supported;
  if (present && iss != issuer.id && iss != issuer.metadata.claimed_issuer)
    cases.add(name, Verdict::fail(seen, fmt::format("iss is \"{}\" instead of \"{}\"", text::one_line(iss, 100), issuer.id),
                                  {.severity = Severity::high}));
  else if (present && !advertised)
    cases.add(name, Verdict::fail(seen, "iss is sent, but the metadata does not say so", {.severity = Severity::low}));
  else if (!present && advertised)
    cases.add(name, Verdict::fail(seen, "the metadata promises iss, and it is missing: strict clients stop"));
  else if (present) cases.add(name, Verdict::pass(seen, "iss is the issuer"));
  else
    cases.add(name, Verdict::fail(seen, "no iss: a client of several servers cannot tell who answered",
                                  {.severity = Severity::low, .level = Level::should}));
}

Result<void> run(Context& at, Cases& cases) {
  oauth::Flow honest;
  honest.stop_at_code().purpose("authorization response of success");
  const auto success = MCPROVE_TRY(at.run(honest));
  if (success.authorization.end == oauth::AuthorizeEnd::code) judge(cases, "success", success, at.issuer());
  else cases.add("success", Verdict::inconclusive(observe(success).reason.value_or(Reason::unclear_answer), success.why));

  oauth::Flow wrong;
  wrong.scope("audit:" + at.nonce()).stop_at_code().purpose("authorization response of an error");
  const auto error = MCPROVE_TRY(at.run(wrong));
  if (error.authorization.end == oauth::AuthorizeEnd::redirect_error) judge(cases, "error", error, at.issuer());
  else cases.add("error", Verdict::not_applicable(Reason::not_offered, "an unknown scope is no error here"));
  return {};
}

}  // namespace

MCPROVE_CHECK(iss_response) = define(
    {
        .title = "The iss parameter of authorization responses is missing or wrong",
        .what =
            "Reads the redirect of a successful and of a failing authorization request: iss must be there if the metadata promises "
            "it, must be promised if it is there, and must equal the issuer as a plain string.",
        .why =
            "A client that talks to several authorization servers is led to send the code of one to another (mix-up) unless the "
            "response says whose it is; a wrong iss makes careful clients stop.",
        .fix = "Send iss with the exact issuer in every authorization response, errors too, and set "
               "authorization_response_iss_parameter_supported.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"as-metadata-issuer-identical"},
        .requirement = Requirement::code_flow,
        .cwe = 346,
        .spec = {{{"RFC 9207", "2"},
                  {"RFC 9207", "2.4"},
                  {"RFC 9700", "4.4.2"},
                  {"MCP 2026-07-28 authorization", "Authorization Response Validation"}}},
        .since = "0.1",
    },
    run);
