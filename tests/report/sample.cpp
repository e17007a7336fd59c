#include "tests/report/sample.h"
#include "support/process.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mcprove::test {

namespace {

constexpr Check replay = define({.title = "An authorization code can be redeemed twice",
                                 .what = "Redeems one authorization code two times with the same verifier.",
                                 .why = "Whoever reads a code in a log or a history can have tokens of their own.",
                                 .fix = "Mark a code as used when it is first redeemed, and refuse it from then on.",
                                 .severity = Severity::high,
                                 .at_issuer = true,
                                 .per = Axis::issuer,
                                 .burns = true,
                                 .requirement = Requirement::code_flow,
                                 .cwe = 294,
                                 .spec = {{{"RFC 6749", "4.1.2"}, {"RFC 9700", "2.1.1"}}},
                                 .since = "0.1"},
                                nullptr);
constexpr Check revokes = define({.title = "A replayed code leaves its tokens alive",
                                  .what = "Replays a code and looks whether the first token still works.",
                                  .why = "The thief keeps what was stolen.",
                                  .fix = "Revoke what a code brought when it comes again.",
                                  .at_issuer = true,
                                  .per = Axis::issuer,
                                  .assumes = {"code-replay"},
                                  .spec = {{{"RFC 6749", "4.1.2"}}},
                                  .since = "0.1"},
                                 nullptr);
constexpr Check challenge =
    define({.title = "A refusal says nothing about how to log in",
            .what = "Asks without a token and reads the challenge. A sound server answers \"401\\Bearer\".",
            .why = "Clients cannot find the authorization server.",
            .fix = "Answer 401 with a WWW-Authenticate field that holds a Bearer challenge.",
            .severity = Severity::low,
            .effect = Effect::passive,
            .per = Axis::wire,
            .spec = {{{"RFC 6750", "3"}}},
            .since = "0.1",
            .former_ids = {"challenge-bearer"}},
           nullptr);
constexpr Check origin = define({.title = "Requests of foreign web pages are served",
                                 .what = "Sends a foreign Origin beside a good token.",
                                 .why = "A web page can reach a server on the reader's machine.",
                                 .fix = "Refuse an Origin that is not one's own with 403.",
                                 .effect = Effect::passive,
                                 .per = Axis::wire,
                                 .cwe = 346,
                                 .spec = {{{"MCP 2025-11-25 transports", ""}}},
                                 .since = "0.1"},
                                nullptr);

constexpr std::array checks{
    RegisteredCheck{"challenge-401-bearer", "discovery", "checks/discovery/challenge-401-bearer.cpp", &challenge},
    RegisteredCheck{"code-replay", "token", "checks/token/code-replay.cpp", &replay},
    RegisteredCheck{"code-replay-revokes", "token", "checks/token/code-replay-revokes.cpp", &revokes},
    RegisteredCheck{"origin-validation", "transport", "checks/transport/origin-validation.cpp", &origin},
};

constexpr const char* issuer = "http://127.0.0.1:4001/";

Document reads(unsigned exchange, std::string where, std::string shows) {
  return Document(Citation{net::ExchangeId{exchange}, std::move(where), std::move(shows)});
}

CheckResult result(std::size_t check, Subject subject, Cases cases) {
  CheckResult out;
  out.check = &checks.at(check);
  out.subject = std::move(subject);
  out.cases = std::move(cases);
  out.folded = fold(out.cases, out.check->check->info);
  out.took = std::chrono::microseconds(12'345);
  return out;
}

net::Exchange exchange(std::string method, std::string url, int status, std::string body, std::string purpose) {
  net::Exchange out;
  out.request.method = std::move(method);
  out.request.url = std::move(url);
  out.request.purpose = std::move(purpose);
  net::Response response;
  response.status = status;
  response.version = "1.1";
  response.body = std::move(body);
  response.address = "127.0.0.1";
  response.took = std::chrono::microseconds(1'500);
  out.response = std::move(response);
  return out;
}

std::shared_ptr<const net::Transcript> transcript() {
  auto out = std::make_shared<net::Transcript>();
  auto refused =
      exchange("POST", "http://127.0.0.1:4000/mcp", 401, std::string("no \x1b[31mentry\x00\xff", 16), "probe: no token");
  refused.response->headers.add("WWW-Authenticate", "Basic realm=\"\u202eevil\"")
      .add("Set-Cookie", "sid=unregistered-session; HttpOnly; Path=/");
  out->add(std::move(refused));
  auto redeemed = exchange("POST", "http://127.0.0.1:4001/token", 200,
                           R"({"access_token":")" + std::string(sample_token) + R"("})", "redemption");
  redeemed.request.headers.add("Authorization", "Bearer " + std::string(sample_token))
      .add("Cookie", "sid=unregistered-session; b=2");
  redeemed.request.body = "grant_type=authorization_code&code=splxlOBeZQQYbYS6WxSbIA";
  redeemed.after = {net::ExchangeId{0}};
  out->add(std::move(redeemed));
  // The token lies across the place where a body is cut.
  out->add(exchange("POST", "http://127.0.0.1:4001/token", 200,
                    std::string(4090, 'x') + std::string(sample_token) + std::string(3000, 'y'), "the same again"));
  net::Exchange lost =
      exchange("GET", "http://127.0.0.1:4000/mcp?access_token=" + std::string(sample_token), 0, "", "token in the query");
  lost.response.reset();
  lost.error = Error{Error::Kind::timeout, "no answer to " + std::string(sample_token) + " within 15 s"};
  out->add(std::move(lost));
  return out;
}

std::shared_ptr<const Redactor> redactor() {
  auto out = std::make_shared<Redactor>();
  out->add("access_token", sample_token);
  out->add("password", sample_password);
  out->add("code", "splxlOBeZQQYbYS6WxSbIA");
  return out;
}

void add_checks(RunOutcome& out) {
  for (const char* wire : {"handshake", "stateless"}) {
    Cases cases;
    cases.add("no token", Verdict::fail(reads(0, "header:WWW-Authenticate", "a Basic challenge only"),
                                        "the refusal holds no Bearer challenge", {.level = Level::should}));
    out.checks.push_back(result(0, {"wire", wire}, std::move(cases)));
  }
  Cases replayed;
  replayed.add("at once", Verdict::fail(reads(2, "body:/access_token", "a token again, " + std::string(sample_token)),
                                        "the code brought tokens again"));
  replayed.add("after a minute", Verdict::inconclusive(Reason::needs_wait, "60 s are not allowed"));
  replayed.add("by another client",
               Verdict::fail(reads(1, "status", "\x1b]0;evil\x07 accepted"), "a foreign client redeemed the code"));
  out.checks.push_back(result(1, {"issuer", issuer}, std::move(replayed)));
  Cases hidden;
  hidden.add("all", Verdict::inconclusive(Reason::root_cause, "follows from code-replay"));
  auto follows = result(2, {"issuer", issuer}, std::move(hidden));
  follows.follows_from = {"code-replay"};
  out.checks.push_back(std::move(follows));
  Cases unsure;
  unsure.add("foreign origin",
             Verdict::inconclusive(Reason::unclear_answer, "500 with <b>\u202emarkup</b> ]]> & \x01 bytes", {}));
  unsure.note("CORS allows any origin");
  out.checks.push_back(result(3, {"wire", "handshake"}, std::move(unsure)));
  Cases passed;
  passed.add("foreign origin", Verdict::pass(reads(0, "status", "403"), "refused", {"the body repeats the origin"}));
  out.checks.push_back(result(3, {"wire", "stateless"}, std::move(passed)));
}

void add_findings(RunOutcome& out) {
  Finding worst;
  worst.fingerprint = "mcprove1:00112233445566778899aabbccddeeff";
  worst.result = 2;
  worst.case_name = "at once";
  worst.hides = {"code-replay-revokes"};
  worst.reproduce = {"curl -i -X POST -H 'Authorization: Bearer " + std::string(sample_token) +
                     "' -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "
                     "'grant_type=authorization_code&code=splxlOBeZQQYbYS6WxSbIA' 'http://127.0.0.1:4001/token'"};
  out.findings.push_back(std::move(worst));
  Finding mild;
  mild.fingerprint = "mcprove1:ffeeddccbbaa99887766554433221100";
  mild.result = 0;
  mild.case_name = "no token";
  mild.also = {"stateless"};
  mild.reproduce = {"curl -i -X POST 'http://127.0.0.1:4000/mcp'"};
  out.findings.push_back(std::move(mild));
}

}  // namespace

Registry sample_registry() { return Registry(checks); }

RunOutcome sample_outcome() {
  RunOutcome out;
  out.version = "0.1.0";
  out.started = "2026-11-23T02:00:00Z";
  out.options.url = "http://127.0.0.1:4000/mcp";
  out.options.authorized_by = "ops@example.com";
  Identity alice;
  alice.name = alice.user = "alice";
  alice.password = sample_password;
  out.options.identities = {alice};
  out.target_name = "/mcp";
  out.server_name = "demo\x1b[2J 1.0";
  out.untested = {"need a longer --max-wait: 1"};
  out.architecture = {
      .architecture = "native", .confidence = Confidence::confirmed, .evidence = {"the issuer is the target's origin"}};
  out.wires = {{"handshake", "http://127.0.0.1:4000/mcp", "2025-11-25", "initialize was answered"},
               {"stateless", "http://127.0.0.1:4000/mcp", "2026-07-28", "server/discover was answered"}};
  out.issuers = {issuer};
  out.requirements = {{Requirement::code_flow, Holds::no, "code-replay failed", {"code-replay"}},
                      {Requirement::pkce, Holds::yes, "", {"pkce-required", "pkce-downgrade"}},
                      {Requirement::userinfo, Holds::unknown, "no login", {}}};
  out.transcript = transcript();
  out.redactor = redactor();
  add_checks(out);
  add_findings(out);
  out.leftovers = {{"client", "abc123 at http://127.0.0.1:4001/", "the server offers no deletion (RFC 7592)"}};
  out.totals = {.pass = 1,
                .fail = 3,
                .inconclusive = 2,
                .not_applicable = 0,
                .requests = 4,
                .registrations = 1,
                .tokens = 2,
                .authorizations = 2,
                .wall = std::chrono::microseconds(412'345),
                .chain = std::chrono::microseconds(300'000)};
  return out;
}

RunOutcome unreachable_outcome() {
  RunOutcome out;
  out.version = "0.1.0";
  out.started = "2026-11-23T02:00:00Z";
  out.options.url = "http://127.0.0.1:1/mcp";
  out.target_name = "/mcp";
  out.fatal = Error{Error::Kind::network, "127.0.0.1 port 1 refuses connections; is the server running?"};
  out.transcript = std::make_shared<net::Transcript>();
  out.redactor = std::make_shared<Redactor>();
  return out;
}

std::string golden(const std::string& name, const std::string& actual, bool& accepted) {
  const std::string path = test::source_path("tests/golden/") + name;
  const char* accept = std::getenv("MCPROVE_ACCEPT");
  accepted = accept != nullptr && std::string_view(accept) == "1";
  if (accepted) {
    std::ofstream(path, std::ios::binary) << actual;
    return actual;
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("no " + path + "; MCPROVE_ACCEPT=1 writes it");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace mcprove::test
