#include "oauth/flow.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jose/jws.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Flows : testing::Test {
  Bench bench{};
  FlowResult run(const Flow& flow = {}) {
    auto result = bench.run(flow);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result.value_or(FlowResult{});
  }
  std::size_t redeemed() const { return bench.site.asked("POST https://as.example/token").size(); }
  net::Params token_request() const {
    const auto asked = bench.site.asked("POST https://as.example/token");
    return asked.empty() ? net::Params{} : form_of(asked.back());
  }
  /// The server answers the authorization request at once.
  void answer_at_once(const std::function<std::string(const net::Params&)>& location) {
    bench.site.on("GET https://as.example/authorize",
                  [location](const net::Request& request) { return redirect(302, location(query_of(request))); });
  }
};

TEST_F(Flows, RunHonestlyEndInAToken) {
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(done.step, FlowStep::token);
  EXPECT_EQ(done.answer(), Answer::accepted);
  EXPECT_THAT(done.violations, IsEmpty());
  EXPECT_EQ(done.request.get("response_type"), "code");
  EXPECT_EQ(done.request.get("client_id"), "client-1");
  EXPECT_EQ(done.request.get("redirect_uri"), callback);
  EXPECT_EQ(done.request.get("scope"), "read");
  EXPECT_EQ(done.request.get("resource"), "https://rs.example/mcp");
  EXPECT_EQ(done.request.get("code_challenge"), jose::pkce_challenge(done.verifier));
  EXPECT_EQ(done.request.get("code_challenge_method"), "S256");
  EXPECT_GE(done.state.size(), 32U);
  EXPECT_EQ(token_request().get("code"), done.code);
  EXPECT_EQ(token_request().get("code_verifier"), done.verifier);
  EXPECT_EQ(token_request().get("redirect_uri"), callback);
  EXPECT_EQ(token_request().get("resource"), "https://rs.example/mcp");
  EXPECT_THAT(done.exchanges, SizeIs(5));
  EXPECT_FALSE(bench.site.contacted("http://127.0.0.1:7777"));
}

TEST_F(Flows, HideWhatTheySendAndReceive) {
  const auto done = run();
  for (const auto& secret :
       {done.code, done.verifier, done.state, done.tokens()->access_token, std::string("0123456789abcdef0123")}) {
    EXPECT_THAT(bench.redactor.redact("x " + secret + " y"), Not(HasSubstr(secret)));
  }
}

TEST_F(Flows, RememberTheLoginUnlessToldOtherwise) {
  run();
  EXPECT_FALSE(bench.jar.all().empty());
  run(Flow{}.fresh_jar());
  EXPECT_FALSE(bench.site.asked("GET https://as.example/authorize").back().headers.has("Cookie"));
  run();
  EXPECT_TRUE(bench.site.asked("GET https://as.example/authorize").back().headers.has("Cookie"));
}

TEST_F(Flows, BendTheAuthorizationRequestAndNothingElse) {
  const auto done = run(Flow{}.at_authorize([](net::Params& query) {
    query.erase("code_challenge").erase("code_challenge_method").set("resource", "https://x.example").add("scope", "more");
  }));
  EXPECT_FALSE(bench.asked.has("code_challenge"));
  EXPECT_THAT(bench.asked.all("scope"), SizeIs(2));
  EXPECT_EQ(done.resource, "https://x.example");
  EXPECT_EQ(token_request().get("code_verifier"), done.verifier);
  EXPECT_EQ(token_request().get("resource"), "https://rs.example/mcp");
}

TEST_F(Flows, BendTheUrlAfterItWasBuilt) {
  const auto done = run(Flow{}.at_authorize_url([](std::string& url) { url += "&prompt=none&prompt=login"; }));
  EXPECT_THAT(bench.asked.all("prompt"), SizeIs(2));
  EXPECT_THAT(done.request.all("prompt"), SizeIs(2));
}

TEST_F(Flows, BendFormsAndTokenRequests) {
  auto done = run(Flow{}.at_form([](Submission& form, PageKind kind) {
    if (kind == PageKind::consent) form.fields.set("decision", "deny");
  }));
  EXPECT_EQ(done.end, FlowEnd::refused);
  EXPECT_EQ(done.authorization.end, AuthorizeEnd::redirect_error);
  EXPECT_THAT(done.why, HasSubstr("access_denied"));
  done = run(Flow{}.at_token([](TokenRequest& request) { request.params.set("code_verifier", "wrong"); }));
  EXPECT_EQ(token_request().get("code_verifier"), "wrong");
}

TEST_F(Flows, UseWhatWasChosenInsteadOfTheDefaults) {
  Client other = bench.client;
  other.id = "client-2";
  const auto done =
      run(Flow{}.client(other).redirect_uri("https://audit-1.example/cb").scope("").resource("").purpose("probe: x"));
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(bench.asked.get("client_id"), "client-2");
  EXPECT_FALSE(bench.asked.has("scope"));
  EXPECT_FALSE(bench.asked.has("resource"));
  EXPECT_EQ(token_request().get("redirect_uri"), "https://audit-1.example/cb");
  EXPECT_FALSE(token_request().has("resource"));
  EXPECT_FALSE(bench.site.contacted("https://audit-1.example"));
  EXPECT_EQ(bench.transcript.at(done.exchanges.front()).request.purpose, "probe: x");
  EXPECT_EQ(bench.transcript.at(done.exchanges.back()).request.purpose, "probe: x: token request");
}

TEST_F(Flows, NeverSendASecretToAnotherIssuer) {
  Client other = bench.client;
  other.issuer = "https://elsewhere.example";
  other.secret = "sec-0123456789";
  const auto done = bench.run(Flow{}.client(other));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Error::Kind::out_of_scope);
  EXPECT_EQ(bench.site.count(), 0U);
}

TEST_F(Flows, StopAtTheCode) {
  const auto done = run(Flow{}.stop_at_code());
  EXPECT_EQ(done.end, FlowEnd::code);
  EXPECT_EQ(done.code, "code-0123456789abcdef");
  EXPECT_EQ(done.answer(), Answer::accepted);
  EXPECT_EQ(redeemed(), 0U);
}

TEST_F(Flows, NeverRedeemACodeWithAnotherState) {
  for (const char* state : {"&state=other", "", "&state="}) {
    answer_at_once([&](const net::Params& query) {
      return query.get("redirect_uri") + "?code=c0de-12345678&iss=https%3A%2F%2Fas.example" + state;
    });
    const auto done = run();
    EXPECT_EQ(done.end, FlowEnd::unclear) << state;
    EXPECT_EQ(done.step, FlowStep::callback);
    EXPECT_THAT(done.why, HasSubstr("state"));
    ASSERT_THAT(done.violations, SizeIs(1));
  }
  answer_at_once([](const net::Params& query) {
    return query.get("redirect_uri") + "?code=c0de-12345678&state=" + query.get("state") + "&state=second";
  });
  EXPECT_EQ(run().end, FlowEnd::unclear);
  EXPECT_EQ(redeemed(), 0U);
  bench.profile = Profile::strict;
  EXPECT_EQ(bench.run().error().kind, Error::Kind::malformed);
}

TEST_F(Flows, ExpectNoStateWhereNoneWasSent) {
  answer_at_once(
      [](const net::Params& query) { return query.get("redirect_uri") + "?code=c0de-12345678&iss=https%3A%2F%2Fas.example"; });
  const auto done = run(Flow{}.at_authorize([](net::Params& query) { query.erase("state"); }));
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(done.state, "");
}

TEST_F(Flows, RecordAWrongIssuerAndStopOnlyWhenStrict) {
  bench.iss = "https://evil.example";
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::token);
  ASSERT_THAT(done.violations, SizeIs(1));
  EXPECT_THAT(done.violations.front().what, HasSubstr("https://evil.example"));
  EXPECT_EQ(done.violations.front().exchange, done.authorization.last);
  const auto before = redeemed();
  bench.profile = Profile::strict;
  EXPECT_EQ(bench.run().error().kind, Error::Kind::malformed);
  EXPECT_EQ(redeemed(), before);
}

TEST_F(Flows, RecordAMissingIssuerWhereItWasAnnounced) {
  bench.iss.clear();
  EXPECT_THAT(run().violations, SizeIs(1));
  bench.server.iss_parameter_supported = false;
  EXPECT_THAT(run().violations, IsEmpty());
  bench.profile = Profile::strict;
  EXPECT_TRUE(bench.run());
}

TEST_F(Flows, CompareTheIssuerByteByByte) {
  bench.iss = "https://as.example/";
  EXPECT_THAT(run().violations, SizeIs(1));
  bench.server.claimed_issuer = "https://as.example/";  // then the document is the violation, and this one follows from it
  EXPECT_THAT(run().violations, IsEmpty());
  bench.profile = Profile::strict;
  EXPECT_FALSE(bench.run());
}

struct EndRow {
  const char* location;
  FlowEnd end;
};

TEST_F(Flows, ReadWhatARedirectMeans) {
  const EndRow rows[] = {
      {"?error=invalid_request&state=@", FlowEnd::refused},
      {"?error=access_denied&state=@", FlowEnd::refused},
      {"?error=invalid_scope", FlowEnd::refused},
      {"?error=server_error&state=@", FlowEnd::unclear},
      {"?error=temporarily_unavailable&state=@", FlowEnd::unclear},
      {"?error=login_required&state=@", FlowEnd::page},
      {"?error=consent_required&state=@", FlowEnd::page},
      {"?state=@", FlowEnd::unclear},
      {"#access_token=tok-12345678&state=@", FlowEnd::code},
      {"#error=unsupported_response_type&state=@", FlowEnd::refused},
      {"#code=c0de-12345678&state=@", FlowEnd::token},
  };
  for (const auto& row : rows) {
    answer_at_once([&](const net::Params& query) {
      std::string out = row.location;
      if (const auto at = out.find('@'); at != std::string::npos) out.replace(at, 1, query.get("state"));
      return query.get("redirect_uri") + out;
    });
    EXPECT_EQ(run().end, row.end) << row.location;
  }
  EXPECT_EQ(redeemed(), 1U);
  EXPECT_EQ(bench.redactor.redact("tok-12345678"), "access_token#1");
}

TEST_F(Flows, ReadAnswersForClientsWithoutFollowingThem) {
  const char* locations[] = {"https://evil.example/steal?code=c0de-12345678&state=@",
                             "http://127.0.0.1:7778/callback?code=c0de-12345678&state=@",
                             "http://127.0.0.1:7777/other/../callback?code=c0de-12345678&state=@",
                             "http://user@127.0.0.1:7777/callback?code=c0de-12345678&state=@",
                             "https://unknown.example/?code=c0de-12345678",
                             "app.scheme:/cb?code=c0de-12345678&state=@"};
  for (const char* location : locations) {
    answer_at_once([&](const net::Params& query) {
      std::string out = location;
      if (const auto at = out.find("=@"); at != std::string::npos) out.replace(at + 1, 1, query.get("state"));
      return out;
    });
    const auto done = run(Flow{}.stop_at_code());
    EXPECT_EQ(done.authorization.end, AuthorizeEnd::code) << location;
    EXPECT_EQ(done.code, "c0de-12345678") << location;
  }
  EXPECT_EQ(bench.site.count(), std::size(locations));
}

TEST_F(Flows, GoOnThroughTheServersOwnCallback) {
  // A proxy in front of another server sends our state upstream and gets a code of its own back.
  bench.scope.name_origin("https://up.example", net::Reach::honest);
  answer_at_once([this](const net::Params& query) {
    bench.asked = query;
    return "https://up.example/auth?state=" + query.get("state");
  });
  bench.site.on("GET https://up.example/auth", [](const net::Request& request) {
    return redirect(302, "https://as.example/upstream?code=upstream-code-123456&state=" + query_of(request).get("state"));
  });
  bench.site.on("GET https://as.example/upstream", [this](const net::Request&) { return bench.grant(); });
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(done.code, "code-0123456789abcdef");
  EXPECT_THAT(bench.redactor.redact("upstream-code-123456"), HasSubstr("code#"));
}

TEST_F(Flows, TellTheEndsOfTheTokenEndpointApart) {
  bench.site.on("POST https://as.example/token", json(400, R"({"error":"invalid_grant"})"));
  auto done = run();
  EXPECT_EQ(done.end, FlowEnd::refused);
  EXPECT_EQ(done.step, FlowStep::token);
  bench.site.on("POST https://as.example/token", json(500, "{}"));
  EXPECT_EQ(run().end, FlowEnd::unclear);
  bench.server.token_endpoint = "https://nowhere.example/token";
  done = run();
  EXPECT_EQ(done.end, FlowEnd::unclear);
  EXPECT_THAT(done.why, HasSubstr("out_of_scope"));
}

TEST_F(Flows, FailOnlyWhenNothingCameBack) {
  bench.server.authorization_endpoint = "https://nowhere.example/authorize";
  EXPECT_EQ(bench.run().error().kind, Error::Kind::out_of_scope);
  bench.server.authorization_endpoint.clear();
  EXPECT_EQ(bench.run().error().kind, Error::Kind::unavailable);
}

TEST_F(Flows, AreValuesThatDrawFreshRandomnessEachTime) {
  const Flow flow;
  const auto first = run(flow);
  const auto second = run(flow);
  EXPECT_NE(first.state, second.state);
  EXPECT_NE(first.verifier, second.verifier);
}

}  // namespace
}  // namespace mcprove::oauth::test
