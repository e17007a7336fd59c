#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// The same request in plain text: to the same port, or to port 80 where https has its own.
Result<void> ask_in_clear(Context& at, Cases& cases, const std::string& name, const net::Url& url) {
  net::Request request;
  request.method = "POST";
  const auto host = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  const auto clear = url.port == 443 ? "http://" + host : fmt::format("http://{}:{}", host, url.port);
  request.url = clear + url.path;
  request.headers.add("Authorization", "Bearer audit-" + at.nonce()).add("Content-Type", "application/json");
  request.headers.add("Accept", "application/json, text/event-stream");
  request.body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  request.connection = net::Connection::fresh();
  request.purpose = "probe: plain http, dummy token";
  at.recorder().scope().name_origin(clear, net::Reach::active);
  const auto reply = at.send(std::move(request));
  if (!reply) {
    cases.add(
        name,
        Verdict::pass(Document(std::vector<Citation>{cite(net::ExchangeId(static_cast<std::uint32_t>(at.transcript().size() - 1)),
                                                          "error", "no answer in plain http")}),
                      "no plain http there"));
    return {};
  }
  const Document seen(cite_status(*reply));
  const auto status = reply->response.status;
  const auto location = net::Url::parse(reply->response.headers.find("Location").value_or(""));
  if (status >= 300 && status < 400 && location && location->scheme == "https")
    cases.add(name, Verdict::pass(seen, "redirected to https"));
  else if (status == 400 || status == 426 || status == 497)
    cases.add(name, Verdict::pass(seen, fmt::format("refused with {}", status)));
  else if (status == 200 || status == 401 || status == 403)
    cases.add(name,
              Verdict::fail(
                  seen, fmt::format("the application answers {} in plain http: a token would have travelled in clear", status)));
  else
    cases.add(name,
              Verdict::inconclusive(Reason::unclear_answer, fmt::format("plain http is answered {}", status), seen.evidence()));
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto surface = MCPROVE_TRY(at.facts().surface());
  const auto exchange = surface.refusal.value_or(net::ExchangeId{0});
  const Document address(cite(exchange, "url", at.url().text()));
  if (at.url().scheme == "https") {
    MCPROVE_TRY(ask_in_clear(at, cases, "MCP endpoint", at.url()));
  } else if (at.url().is_loopback_host()) {
    cases.add("MCP endpoint", Verdict::not_applicable(Reason::not_offered, "plain http on loopback never leaves the machine"));
  } else {
    cases.add("MCP endpoint", Verdict::fail(address, "the MCP endpoint is plain http", {.severity = Severity::critical}));
  }
  const auto issuers = at.facts().issuers();
  if (!issuers) return {};
  for (const auto& issuer : *issuers) {
    for (const auto& [name, endpoint] : {std::pair{"authorization endpoint", issuer.metadata.authorization_endpoint},
                                         std::pair{"token endpoint", issuer.metadata.token_endpoint}}) {
      const auto url = net::Url::parse(endpoint);
      if (!url || !issuer.metadata.fetched.usable()) continue;
      const auto seen = document(issuer.metadata.fetched, "body", endpoint);
      if (url->scheme == "https") cases.add(name, Verdict::pass(seen, "https"));
      else if (!url->is_loopback_host())
        cases.add(name, Verdict::fail(seen, fmt::format("the {} is plain http", name), {.severity = Severity::critical}));
    }
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(tls_required) = define(
    {
        .title = "Tokens or codes travel in plain http",
        .what =
            "Looks whether the MCP endpoint and the authorization server's endpoints are https, and asks the https ones in plain http "
            "with a dummy token: nothing, or a redirect to https, is right.",
        .why = "Everybody on the path reads tokens and codes that cross the network in clear text.",
        .fix = "Serve https only; let plain http redirect before anything is processed, or close the port.",
        .severity = Severity::critical,
        .effect = Effect::passive,
        .cwe = 319,
        .spec = {{{"OAuth 2.1 draft-13", "1.5"},
                  {"RFC 9700", "2.6"},
                  {"MCP 2025-11-25 authorization", "Communication Security"}}},
        .since = "0.1",
    },
    run);
