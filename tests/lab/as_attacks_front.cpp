#include "fixtures/core/crypto.h"
#include "tests/lab/as_attacks.h"

namespace mcprove::lab::testing {
namespace {

using std::string;

const string wrong_verifier(43, 'x');
const string web = "https://app.example/cb";

}  // namespace

Attacks front_channel_attacks() {
  return {
      // discovery
      {"no-as-metadata", [](Stage& s) { return s.metadata().is_discarded(); }},
      {"issuer-with-extra-slash", [](Stage& s) { return s.metadata()["issuer"] == s.server.host.origin() + "/"; }},
      {"metadata-issuer-on-other-host", [](Stage& s) { return s.metadata()["issuer"] != s.server.as->issuer(); }},
      {"metadata-without-response-types", [](Stage& s) { return !s.metadata().contains("response_types_supported"); }},
      {"metadata-with-script-endpoint", [](Stage& s) { return s.metadata().dump().find("javascript:") != string::npos; }},
      {"jwks-with-private-key", [](Stage& s) { return s.keys()[0].contains("d"); }},
      {"jwks-with-symmetric-key", [](Stage& s) { return s.keys().back()["kty"] == "oct"; }},
      {"jwks-with-short-rsa-key", [](Stage& s) { return s.keys().back().value("n", string(999, 'A')).size() < 200; }},
      {"jwks-with-one-kid-twice", [](Stage& s) { return s.keys().size() == 2 && s.keys()[0]["kid"] == s.keys()[1]["kid"]; }},
      // registration
      {"closed-registration", [](Stage& s) { return !s.registered(redirect); }},
      {"any-redirect-scheme", [](Stage& s) { return s.registered("javascript:alert(1)//"); }},
      {"script-redirect-linked",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         return s.registered("javascript:alert(1)//") && page.find("<a href=") != string::npos;
       }},
      {"only-javascript-refused", [](Stage& s) { return s.registered("data:text/html,x"); }},
      {"script-scheme-refused-in-lower-case", [](Stage& s) { return s.registered("JaVaScRiPt://x/%0aalert(1)"); }},
      {"file-and-blob-redirects",
       [](Stage& s) { return s.registered("file:///etc/passwd") && s.registered("blob:https://x/y"); }},
      {"http-redirect-anywhere", [](Stage& s) { return s.registered("http://app.example/cb"); }},
      {"loopback-judged-by-prefix", [](Stage& s) { return s.registered("http://localhost.app.example/cb"); }},
      {"redirect-fragment-registered", [](Stage& s) { return s.registered("https://app.example/cb#f"); }},
      {"any-scope-registered",
       [](Stage& s) {
         s.client.id =
             s.agent
                 .register_client({{"redirect_uris", {redirect}}, {"scope", "audit:x"}, {"token_endpoint_auth_method", "none"}})
                 .value("client_id", "");
         return s.issued(s.client.redemption(s.code(with(s.client.authorization(), "scope", "audit:x"))));
       }},
      {"registration-managed-by-anyone", [](Stage& s) { return s.agent.get("/register/" + s.client.id)->status == 200; }},
      {"registration-takes-client-id",
       [](Stage& s) {
         return s.agent.register_client({{"redirect_uris", {web}}, {"client_id", s.client.id}}).value("client_id", "") ==
                s.client.id;
       }},
      {"short-client-secret",
       [](Stage& s) {
         return s.agent.register_client({{"redirect_uris", {web}}}).value("client_secret", string(99, 'x')).size() < 20;
       }},
      {"client-name-not-escaped",
       [](Stage& s) {
         s.client.id = s.agent
                           .register_client(
                               {{"redirect_uris", {redirect}}, {"client_name", "<b>x"}, {"token_endpoint_auth_method", "none"}})
                           .value("client_id", "");
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body.find("<b>x") !=
                string::npos;
       }},
      {"client-credentials-for-everybody",
       [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.good(s.agent.json("/token", {{"grant_type", "client_credentials"}, {"scope", "notes:read"}}, headers));
       }},
      // authorization
      {"any-redirect-matches", [](Stage& s) { return s.redirects(web, "https://evil.example/other"); }},
      {"redirect-prefix-matches", [](Stage& s) { return s.redirects(web, web + "/x"); }},
      {"redirect-query-ignored", [](Stage& s) { return s.redirects(web, web + "?extra=1"); }},
      {"redirect-path-case-ignored", [](Stage& s) { return s.redirects(web, "https://app.example/CB"); }},
      {"redirect-scheme-ignored", [](Stage& s) { return s.redirects(web, "http://app.example/cb"); }},
      {"redirect-subdomains-match", [](Stage& s) { return s.redirects(web, "https://sub.app.example/cb"); }},
      {"redirect-host-ignored", [](Stage& s) { return s.redirects(web, "https://evil.example/cb"); }},
      {"redirect-host-prefix-matches", [](Stage& s) { return s.redirects(web, "https://app.example.evil.example/cb"); }},
      {"redirect-loopback-prefix-matches", [](Stage& s) { return s.redirects(redirect, "http://127.0.0.1.evil.example/cb"); }},
      {"state-missing-in-errors",
       [](Stage& s) { return query(s.agent.authorize(with(s.client.authorization(), "scope", "audit:x")), "state").empty(); }},
      {"iss-missing", [](Stage& s) { return query(s.agent.authorize(s.client.authorization()), "iss").empty(); }},
      {"iss-missing-in-errors",
       [](Stage& s) { return query(s.agent.authorize(with(s.client.authorization(), "scope", "audit:x")), "iss").empty(); }},
      {"iss-differs",
       [](Stage& s) { return query(s.agent.authorize(s.client.authorization()), "iss") != s.metadata()["issuer"]; }},
      {"iss-not-advertised", [](Stage& s) { return !s.metadata().contains("authorization_response_iss_parameter_supported"); }},
      {"consent-never-asked",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->has_header("Location");
       }},
      {"consent-given-to-all-clients",
       [](Stage& s) {
         const Registered second(s.server, s.agent, web);
         s.code();
         return s.agent.get("/authorize", second.authorization())->has_header("Location");
       }},
      {"silent-request-skips-consent",
       [](Stage& s) {
         const Registered second(s.server, s.agent, web);
         s.code();
         return !query(s.agent.get("/authorize", with(second.authorization(), "prompt", "none"))->get_header_value("Location"),
                       "code")
                     .empty();
       }},
      {"code-without-login",
       [](Stage& s) { return s.agent.get("/authorize", s.client.authorization())->has_header("Location"); }},
      {"consent-hides-redirect",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         return page.find("You will be sent to") == string::npos;
       }},
      {"forms-without-csrf-check",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent
                    .post("/login", {{"username", alice.name}, {"password", alice.password}, {"ticket", hidden(login, "ticket")}})
                    ->status == 200;
       }},
      {"pages-may-be-framed",
       [](Stage& s) {
         return s.agent.get("/authorize", s.client.authorization())
                    ->get_header_value("Content-Security-Policy")
                    .find("frame-ancestors") == string::npos;
       }},
      // pkce
      {"pkce-not-advertised", [](Stage& s) { return !s.metadata().contains("code_challenge_methods_supported"); }},
      {"only-plain-advertised", [](Stage& s) { return s.metadata()["code_challenge_methods_supported"] == Json{"plain"}; }},
      {"pkce-optional",
       [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "code_challenge"));
         return !s.issued(s.client.redemption(code)) && s.issued(without(s.client.redemption(code), "code_verifier"));
       }},
      {"unchallenged-code-takes-any-verifier",
       [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "code_challenge"));
         return !s.issued(without(s.client.redemption(code), "code_verifier")) && s.issued(s.client.redemption(code));
       }},
      {"plain-challenge-accepted",
       [](Stage& s) {
         return s.issued(s.client.redemption(
             s.code(with(with(s.client.authorization(), "code_challenge_method", "plain"), "code_challenge", verifier))));
       }},
      {"verifier-ignored", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", "x")); }},
      {"missing-verifier-accepted", [](Stage& s) { return s.issued(without(s.client.redemption(s.code()), "code_verifier")); }},
      {"empty-verifier-accepted", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", "")); }},
      {"wrong-verifier-accepted",
       [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", wrong_verifier)); }},
      {"verifier-of-any-code-accepted",
       [](Stage& s) {
         s.code(with(s.client.authorization(), "code_challenge", base64url(sha256(wrong_verifier))));
         return s.issued(with(s.client.redemption(s.code()), "code_verifier", wrong_verifier));
       }},
      {"challenge-accepted-as-verifier",
       [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", base64url(sha256(verifier)))); }},
      {"consent-form-sets-challenge-method",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         const auto sent = s.agent.submit(page, "/consent", {{"decision", "approve"}, {"code_challenge_method", "plain"}});
         const auto code = query(sent->get_header_value("Location"), "code");
         return s.issued(with(s.client.redemption(code), "code_verifier", base64url(sha256(verifier))));
       }},
      {"short-verifier-accepted",
       [](Stage& s) {
         const auto code = s.code(with(s.client.authorization(), "code_challenge", base64url(sha256("x"))));
         return s.issued(with(s.client.redemption(code), "code_verifier", "x"));
       }},
  };
}

}  // namespace mcprove::lab::testing
