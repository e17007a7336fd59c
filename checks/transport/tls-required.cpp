#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"
#include "net/challenge.h"

namespace {

using namespace mcprove;

std::string host_of(const net::Url& url) { return url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host; }

/// Is this the application's own answer: what it gives over TLS too, or words that only it has?
bool is_of_the_application(const net::Response& clear, const net::Response& secure) {
  for (const auto& challenge : net::challenges(clear.headers))
    if (challenge.is("Bearer") || challenge.is("DPoP")) return true;
  if (net::is_json(clear) && json::parse(clear.body).value_or(json::Value()).has("jsonrpc")) return true;
  return clear.status == secure.status && net::media_type(clear) == net::media_type(secure) && clear.status < 500;
}

Verdict judge(const net::Reply& clear, const net::Reply& secure) {
  const auto status = clear.response.status;
  const Document seen({cite_status(clear), cite(secure.id, "status", "control: the same over TLS")});
  const auto location = net::Url::parse(clear.response.headers.find("Location").value_or(""));
  std::vector<std::string> notes;
  if (!secure.response.headers.has("Strict-Transport-Security"))
    notes.emplace_back("over TLS no Strict-Transport-Security is sent");
  if (status >= 300 && status < 400 && location && location->scheme == "https")
    return Verdict::pass(seen, "redirected to https", std::move(notes));
  if (is_of_the_application(clear.response, secure.response))
    return Verdict::fail(seen,
                         fmt::format("the application answers {} in plain http: a token would have travelled in clear", status));
  if (status >= 400 && status < 500 && status != 429)
    return Verdict::pass(seen, fmt::format("refused with {}", status), std::move(notes));
  return Verdict::inconclusive(Reason::unclear_answer, fmt::format("plain http is answered {}", status), seen.evidence());
}

/// The same request in plain http and over TLS, with a token that is none.
void ask_in_clear(Context& at, Cases& cases, const std::string& name, const std::string& clear, net::Request request) {
  request.connection = net::Connection::fresh();
  request.purpose = "control: the same over TLS";
  const auto secure = at.send(request);
  if (!secure) {
    cases.add(name, Verdict::inconclusive(secure.error()));
    return;
  }
  const auto url = net::Url::parse(request.url);
  request.url = clear + (url ? url->path : "/");
  request.purpose = "probe: plain http, dummy token";
  const net::Recorder::Capture capture;
  const auto reply = at.send(std::move(request));
  if (reply) {
    cases.add(name, judge(*reply, *secure));
  } else if (reply.error().kind == Error::Kind::network && !capture.exchanges().empty()) {
    cases.add(name, Verdict::pass(Document({cite(capture.exchanges().back(), "error", "no answer in plain http"),
                                            cite(secure->id, "status", "control: the same over TLS")}),
                                  "no plain http there"));
  } else {
    cases.add(name, Verdict::inconclusive(reply.error()));  // a filtered port tells nothing
  }
}

net::Request call_of(Context& at) {
  net::Request request;
  request.method = "POST";
  request.url = at.url().text();
  request.headers.add("Authorization", "Bearer audit-" + at.nonce()).add("Content-Type", "application/json");
  request.headers.add("Accept", "application/json, text/event-stream");
  request.body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  return request;
}

/// The port of https itself, where servers are often taken for both; and the usual one, where a browser goes that is told
/// no scheme. On this machine that one is somebody else's.
void ask_target(Context& at, Cases& cases) {
  const auto& url = at.url();
  const auto host = host_of(url);
  const auto ask = [&](const std::string& name, const std::string& clear) {
    at.recorder().scope().name_origin(clear, net::Reach::active);
    ask_in_clear(at, cases, name, clear, call_of(at));
  };
  if (url.port != 443) ask("MCP endpoint", fmt::format("http://{}:{}", host, url.port));
  if (!url.is_loopback_host()) ask(url.port == 443 ? "MCP endpoint" : "MCP endpoint, port 80", "http://" + host);
}

/// A document that names where codes and tokens go must not be had, and changed on the way, in clear.
void ask_issuer(Context& at, Cases& cases, const Issuer& issuer) {
  const auto url = net::Url::parse(issuer.metadata.fetched.url);
  if (!url || url->scheme != "https" || url->same_origin(at.url())) return;
  const auto host = host_of(*url);
  const auto clear = url->port == 443 ? "http://" + host : fmt::format("http://{}:{}", host, url->port);
  at.recorder().scope().found_origin(clear, net::Reach::read);
  net::Request request;
  request.url = issuer.metadata.fetched.url;
  request.headers.add("Accept", "application/json");
  ask_in_clear(at, cases, "metadata of the authorization server", clear, std::move(request));
}

Result<void> run(Context& at, Cases& cases) {
  const auto surface = MCPROVE_TRY(at.facts().surface());
  const auto exchange = surface.refusal.value_or(net::ExchangeId{0});
  const Document address(cite(exchange, "url", at.url().text()));
  if (at.url().scheme == "https") {
    ask_target(at, cases);
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
    ask_issuer(at, cases, issuer);
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(tls_required) = define(
    {
        .title = "Tokens or codes travel in plain http",
        .what =
            "Looks whether the MCP endpoint and the authorization server's endpoints are https, and asks the MCP endpoint in plain http "
            "with a dummy token, at its own port and at port 80, and the authorization server for its metadata: nothing, a refusal, or "
            "a redirect to https, is right.",
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
