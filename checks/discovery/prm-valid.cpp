#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// https, or http where the target itself is loopback; no fragment, and no query where none belongs.
std::string url_problem(const std::string& text, bool loopback_target, bool query_allowed) {
  const auto url = net::Url::parse(text);
  if (!url) return "is no http or https address";
  if (url->scheme != "https" && !(loopback_target && url->is_loopback_host())) return "is not https";
  if (text.find('#') != std::string::npos) return "has a fragment";
  if (!query_allowed && text.find('?') != std::string::npos) return "has a query";
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto found = at.facts().resource_metadata();
  if (!found) {
    const auto reason = found.error().kind == Error::Kind::unavailable ? Reason::not_offered : reason_of(found.error());
    cases.add("document", Verdict::inconclusive(reason, "no protected resource metadata: " + found.error().message));
    return {};
  }
  const auto& fetched = found->fetched;
  const auto& document = fetched.document;
  const bool loopback = at.url().is_loopback_host();
  const auto add = [&](const char* name, const std::string& where, const std::string& problem, const char* fine) {
    const auto seen = mcprove::document(fetched, where, problem.empty() ? fine : problem);
    cases.add(name, problem.empty() ? Verdict::pass(seen, fine) : Verdict::fail(seen, problem));
  };
  add("media type", "header:Content-Type",
      fetched.media_type == "application/json" ? "" : fmt::format("served as {} instead of application/json", fetched.media_type),
      "application/json");

  const auto resource = document.string("resource").value_or("");
  const auto resource_problem = resource.empty() ? "is missing" : url_problem(resource, loopback, true);
  add("resource", "body:/resource", resource_problem.empty() ? "" : "resource " + resource_problem,
      "an absolute address without fragment");

  std::string issuer_problem;
  const auto issuers = document.at("authorization_servers");
  if (!issuers.is_array() || issuers.size() == 0) issuer_problem = "authorization_servers names none";
  for (std::size_t i = 0; i < issuers.size() && issuer_problem.empty(); ++i) {
    const auto issuer = issuers.at(i).string().value_or("");
    const auto problem = url_problem(issuer, loopback, false);
    if (!problem.empty()) issuer_problem = fmt::format("authorization server {} {}", text::one_line(issuer, 80), problem);
  }
  add("authorization servers", "body:/authorization_servers", issuer_problem, "issuer identifiers without query and fragment");

  std::string empty;
  for (const auto& key : document.keys())
    if (document.at(key).is_array() && document.at(key).size() == 0 && key != "authorization_servers")
      empty += (empty.empty() ? "" : ", ") + key;
  add("empty arrays", "body", empty.empty() ? "" : "empty arrays must be left out: " + text::one_line(empty, 120), "none");
  return {};
}

}  // namespace

MCPROVE_CHECK(prm_valid) = define(
    {
        .title = "Protected resource metadata is malformed",
        .what =
            "Reads the protected resource metadata strictly: application/json, a resource that is an absolute https address without "
            "fragment, at least one authorization server that is an https issuer without query or fragment, no empty arrays.",
        .why =
            "Strict clients refuse such a document, lenient ones differ in what they make of it; confusion about the issuer is what "
            "mix-up attacks live on.",
        .fix =
            "Generate the document from the server's configuration, serve it as application/json, and leave out what is empty.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .cwe = 436,
        .spec = {{{"RFC 9728", "2"}, {"RFC 9728", "3.2"}, {"RFC 8414", "2"}}},
        .since = "0.1",
    },
    run);
