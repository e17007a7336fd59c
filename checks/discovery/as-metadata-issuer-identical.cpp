#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

void compare(Cases& cases, const std::string& name, const oauth::Fetched& fetched, const std::string& issuer) {
  const auto claimed = fetched.document.string("issuer").value_or("");
  const auto seen = document(fetched, "body:/issuer", claimed);
  if (claimed == issuer) cases.add(name, Verdict::pass(seen, "identical"));
  else if (claimed.empty()) cases.add(name, Verdict::fail(seen, "the document names no issuer"));
  else if (without_slash(claimed) == without_slash(issuer))
    cases.add(name,
              Verdict::fail(
                  seen, fmt::format("\"{}\" instead of \"{}\": strict clients refuse it", text::one_line(claimed, 100), issuer),
                  {.severity = Severity::low}));
  else cases.add(name, Verdict::fail(seen, fmt::format("\"{}\" instead of \"{}\"", text::one_line(claimed, 100), issuer)));
}

Result<void> run(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  if (!metadata.fetched.usable()) {
    cases.add("document", Verdict::not_applicable(Reason::not_offered, "there is no metadata document"));
    return {};
  }
  for (const auto& place : metadata.tried) {
    if (!place.usable()) continue;
    compare(cases, place.url.find("openid-configuration") != std::string::npos ? "OpenID document" : "RFC 8414 document", place,
            at.issuer().id);
  }
  if (const auto grant = at.facts().grant(at.issuer()); grant && grant->view.jws && !grant->view.issuer.empty()) {
    const Document seen(cite(grant->tokens.exchange.value_or(net::ExchangeId{}), "body:/access_token", "iss claim"));
    const auto& iss = grant->view.issuer;
    if (iss == at.issuer().id) cases.add("access token", Verdict::pass(seen, "iss is identical"));
    else
      cases.add(
          "access token",
          Verdict::fail(
              seen, fmt::format("iss of the access token is \"{}\" instead of \"{}\"", text::one_line(iss, 100), at.issuer().id),
              {.severity = without_slash(iss) == without_slash(at.issuer().id) ? Severity::low : Severity::medium}));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(as_metadata_issuer_identical) = define(
    {
        .title = "Authorization server metadata names another issuer",
        .what =
            "Compares the issuer of each metadata document with the identifier that the address was built from, as plain strings.",
        .why =
            "The identity of the issuer is what keeps credentials apart. A client must refuse metadata that names another, and one "
            "that does not can be led to send codes and secrets to the wrong server.",
        .fix =
            "Use one spelling of the issuer everywhere: protected resource metadata, metadata documents, iss parameters and tokens.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 346,
        .spec = {{{"RFC 8414", "3.3"}, {"OpenID Connect Discovery 1.0", "4.3"}, {"RFC 9700", "4.4"}}},
        .since = "0.1",
    },
    run);
