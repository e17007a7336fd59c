// Clients that are broken in one place each, and the trials that a sound one passes: every broken client fails the trial
// meant for it, and the sound one fails none. What the specification's own suite asks of other clients, asked of ours.
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "jose/jws.h"
#include "tests/client/town.h"

namespace mcprove::client::test {
namespace {

// ------------------------------------------------------------------------------------------------ the trials

/// What a client did wrong in a trial; empty: nothing.
using Complaint = std::string;

/// A client at work: logs in where it is asked to, lists, calls.
void use(Town& town, Options options = {}) {
  const auto connection = town.connect(std::move(options));
  if (!connection) return;
  if ((*connection)->list_tools()) static_cast<void>((*connection)->call_tool("greet", {}));
}

Complaint proves_possession_of_the_code(Town& town) {
  use(town);
  if (town.authorizations.empty() || town.token_requests.empty()) return "it did not log in";
  const auto& asked = town.authorizations.back().params;
  const auto verifier = Town::last(town.token_requests, "code_verifier");
  if (asked.get("code_challenge_method") != "S256") return "the challenge is not S256";
  if (asked.get("code_challenge").empty() || jose::pkce_challenge(verifier) != asked.get("code_challenge"))
    return "the verifier does not belong to the challenge";
  return verifier.size() >= 43 ? "" : "the verifier is too short";
}

Complaint refuses_servers_without_pkce(Town& town) {
  town.challenge_methods = {"plain"};
  use(town);
  return town.authorizations.empty() ? "" : "it asked for authorization without PKCE to be had";
}

Complaint keeps_the_code_if(Town& town) {
  use(town);
  if (town.authorizations.empty()) return "it did not get as far as the authorization response";
  return town.token_requests.empty() ? "" : "it sent the code to the token endpoint";
}

Complaint refuses_a_foreign_iss(Town& town) {
  town.iss = evil;
  return keeps_the_code_if(town);
}

Complaint refuses_a_missing_iss(Town& town) {
  town.iss.reset();
  return keeps_the_code_if(town);
}

Complaint refuses_a_similar_iss(Town& town) {
  town.iss = std::string(first_issuer) + "/";
  return keeps_the_code_if(town);
}

Complaint refuses_a_foreign_state(Town& town) {
  town.state = "somebody-elses-state-0123456789";
  return keeps_the_code_if(town);
}

Complaint sends_a_state_of_its_own(Town& town) {
  use(town);
  use(town);
  if (town.authorizations.size() < 2) return "it did not log in";
  const auto one = town.authorizations.front().params.get("state");
  const auto two = town.authorizations.back().params.get("state");
  if (one.size() < 22 || two.size() < 22) return "the state has less than 128 bits";
  return one == two ? "two logins have the same state" : "";
}

Complaint refuses_metadata_of_another_issuer(Town& town) {
  town.claimed_issuer = evil;
  town.iss = evil;
  use(town);
  return town.authorizations.empty() && town.registrations.empty() ? "" : "it used metadata of another issuer";
}

Complaint refuses_metadata_of_another_resource(Town& town) {
  town.resource = std::string(evil) + "/mcp";
  use(town);
  return town.authorizations.empty() ? "" : "it asked for a token for another resource";
}

Complaint names_the_resource(Town& town) {
  town.resource = "https://rs.example";  // as published, without a slash
  use(town);
  if (Town::last(town.authorizations, "resource") != town.resource) return "no resource in the authorization request";
  return Town::last(town.token_requests, "resource") == town.resource ? "" : "no resource in the token request";
}

Complaint registers_anew_at_a_new_issuer(Town& town) {
  const auto connection = town.connect();
  if (!connection || !(*connection)->list_tools()) return "it did not log in";
  const auto old = Town::last(town.authorizations, "client_id");
  town.issuers = {second_issuer};
  town.refused_tokens = {"token-1-0123456789abcdef"};
  static_cast<void>((*connection)->call_tool("greet", {}));
  if (town.authorizations.size() != 2) return "it did not log in at the new issuer";
  if (Town::last(town.authorizations, "client_id") == old || Town::last(town.token_requests, "client_id") == old)
    return "it used the credentials of the old issuer at the new one";
  return "";
}

Complaint keeps_given_credentials_at_their_issuer(Town& town) {
  Options options;
  options.client.id = "given";
  options.client.issuer = first_issuer;
  town.issuers = {second_issuer};
  use(town, std::move(options));
  for (const auto* all : {&town.authorizations, &town.token_requests})
    for (const auto& seen : *all)
      if (seen.params.get("client_id") == "given") return "it took them to another issuer";
  return town.authorizations.empty() ? "it did not log in with a client of that issuer" : "";
}

Complaint gives_up_in_time(Town& town) {
  // Each authorization is answered by a wish for one scope more.
  town.scope_for = [&town](const std::string& method) {
    return method == "tools/call" ? fmt::format("scope-{}", town.authorizations.size()) : std::string();
  };
  town.at_token = [&town](const Seen&) -> std::optional<net::Response> {
    if (town.authorizations.size() < 12) return std::nullopt;
    net::Response enough;
    enough.status = 400;
    return enough;
  };
  use(town);
  if (town.authorizations.size() < 2) return "it did not ask for more scope at all";
  return town.authorizations.size() <= 4 ? "" : fmt::format("it asked {} times", town.authorizations.size());
}

Complaint asks_for_the_union_of_scopes(Town& town) {
  town.scope_for = [](const std::string& method) { return method == "tools/call" ? "write" : "read"; };
  use(town);
  if (town.authorizations.size() != 2) return "it did not step up once";
  const auto scopes = text::words(Town::last(town.authorizations, "scope"));
  const bool both = std::find(scopes.begin(), scopes.end(), "read") != scopes.end() &&
                    std::find(scopes.begin(), scopes.end(), "write") != scopes.end();
  return both ? "" : "it gave up a scope that it had";
}

Complaint proves_each_request_anew(Town& town) {
  town.wants_dpop = true;
  use(town);
  std::map<std::string, int> seen;
  for (const auto& call : town.calls) {
    const auto jws = jose::Jws::parse(call.headers.find("DPoP").value_or(""));
    if (!call.headers.find("Authorization").value_or("").starts_with("DPoP ")) continue;
    if (!jws) return "a request with a bound token has no proof";
    if (++seen[jws->claims.string("jti").value_or("")] > 1) return "a proof was used twice";
  }
  return seen.size() >= 2 ? "" : "it did not use a bound token twice";
}

Complaint takes_tokens_back_at_the_issuers_own_site(Town& town) {
  town.more_metadata = {{"revocation_endpoint", json::str(std::string(evil) + "/revoke")}};
  const auto connection = town.connect();
  if (!connection || !(*connection)->list_tools() || !(*connection)->grant()) return "it did not log in";
  return (*connection)->grant()->revocation_endpoint.empty() ? "" : "it would show its tokens to another site";
}

Complaint sends_nothing_to_foreign_endpoints(Town& town) {
  town.token_endpoint = std::string(evil) + "/token";
  use(town);
  return town.was_visited(evil) ? "it sent the code to another site" : "";
}

struct Trial {
  const char* name = "";
  Complaint (*run)(Town&) = nullptr;
};

void PrintTo(const Trial& trial, std::ostream* out) { *out << trial.name; }

const std::vector<Trial>& trials() {
  static const std::vector<Trial> all{
      {"ProvesPossessionOfTheCode", proves_possession_of_the_code},
      {"RefusesServersWithoutPkce", refuses_servers_without_pkce},
      {"RefusesAForeignIss", refuses_a_foreign_iss},
      {"RefusesAMissingIss", refuses_a_missing_iss},
      {"RefusesASimilarIss", refuses_a_similar_iss},
      {"RefusesAForeignState", refuses_a_foreign_state},
      {"SendsAStateOfItsOwn", sends_a_state_of_its_own},
      {"RefusesMetadataOfAnotherIssuer", refuses_metadata_of_another_issuer},
      {"RefusesMetadataOfAnotherResource", refuses_metadata_of_another_resource},
      {"NamesTheResource", names_the_resource},
      {"RegistersAnewAtANewIssuer", registers_anew_at_a_new_issuer},
      {"KeepsGivenCredentialsAtTheirIssuer", keeps_given_credentials_at_their_issuer},
      {"GivesUpInTime", gives_up_in_time},
      {"AsksForTheUnionOfScopes", asks_for_the_union_of_scopes},
      {"ProvesEachRequestAnew", proves_each_request_anew},
      {"SendsNothingToForeignEndpoints", sends_nothing_to_foreign_endpoints},
      {"TakesTokensBackAtTheIssuersOwnSite", takes_tokens_back_at_the_issuers_own_site},
  };
  return all;
}

class Sound : public testing::TestWithParam<Trial> {};

TEST_P(Sound, ClientPasses) {
  Town town;
  EXPECT_EQ(GetParam().run(town), "");
}

INSTANTIATE_TEST_SUITE_P(Trials, Sound, testing::ValuesIn(trials()), [](const auto& row) { return std::string(row.param.name); });

// ------------------------------------------------------------------------------------------------ the broken clients

struct NoPkce : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow()
        .at_authorize([](net::Params& p) { p.erase("code_challenge").erase("code_challenge_method"); })
        .at_token([](oauth::TokenRequest& r) { r.params.erase("code_verifier"); });
  }
};
struct PlainPkce : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow().at_authorize([](net::Params& p) { p.set("code_challenge_method", "plain"); });
  }
};
struct TakesAnyPkce : Conduct {
  bool has_pkce(const oauth::ServerMetadata&) const override { return true; }
};
struct IgnoresViolations : Conduct {
  oauth::Profile profile() const override { return oauth::Profile::audit; }
};
struct NoState : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow().at_authorize([](net::Params& p) { p.erase("state"); });
  }
};
struct FixedState : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow().at_authorize([](net::Params& p) { p.set("state", "the-same-state-every-time-0123456789"); });
  }
};
struct TakesAnyIssuer : Conduct {
  bool is_issuer(const std::string&, const std::string&) const override { return true; }
};
struct TakesAnyResource : Conduct {
  bool is_resource(const std::string&, const net::Url&) const override { return true; }
};
struct OmitsResource : Conduct {
  oauth::Flow flow() const override { return oauth::Flow().resource(""); }
};
struct OmitsResourceAtToken : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow().at_token([](oauth::TokenRequest& r) { r.params.erase("resource"); });
  }
};
struct NormalisesResource : Conduct {
  oauth::Flow flow() const override { return oauth::Flow().resource("https://rs.example/"); }
};
struct SharesCredentials : Conduct {
  bool may_use(const oauth::Client&, const std::string&) const override { return true; }
};
struct NeverGivesUp : Conduct {
  int most_rounds() const override { return 1000; }
};
struct DropsScopes : Conduct {
  oauth::Flow flow() const override {
    return oauth::Flow().at_authorize([](net::Params& p) {
      const auto scopes = text::words(p.get("scope"));
      if (!scopes.empty()) p.set("scope", scopes.back());
    });
  }
};
struct ReplaysProofs : Conduct {
  Result<std::string> proof(const oauth::Prover& prover, const std::string& method, const std::string& url,
                            const std::string& token) const override {
    if (!kept) kept = MCPROVE_TRY(prover.proof(method, url, token));
    return *kept;
  }
  mutable std::optional<std::string> kept{};
};
struct TrustsAnyEndpoint : Conduct {
  bool belongs(const net::Url&, const net::Url&) const override { return true; }
};

/// A client that does not look at one parameter of the authorization response: it sees what it wants to see.
class Blind final : public oauth::LoginDriver {
 public:
  Blind(std::unique_ptr<LoginDriver> inner, std::string name) : inner_(std::move(inner)), name_(std::move(name)) {}
  std::string name() const override { return inner_->name(); }
  Result<oauth::Authorization> authorize(oauth::Browser& browser, const std::string& url,
                                         const oauth::LoginOptions& options) override {
    auto out = MCPROVE_TRY(inner_->authorize(browser, url, options));
    if (name_ == "state") out.callback.set("state", MCPROVE_TRY(net::Url::parse(url)).params().get("state"));
    else out.callback.set("iss", first_issuer);
    return out;
  }

 private:
  std::unique_ptr<LoginDriver> inner_;
  std::string name_;
};

struct Mutant {
  const char* name = "";
  const char* caught_by = "";
  const char* complaint = "";  // of that trial: it is caught for what it does
  std::unique_ptr<Conduct> (*make)() = nullptr;
  const char* blind_to = "";  // a parameter of the authorization response
};

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

template <class Broken>
std::unique_ptr<Conduct> made() {
  return std::make_unique<Broken>();
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {"NoPkce", "ProvesPossessionOfTheCode", "the challenge is not S256", made<NoPkce>},
      {"PlainPkce", "ProvesPossessionOfTheCode", "the challenge is not S256", made<PlainPkce>},
      {"TakesAnyPkce", "RefusesServersWithoutPkce", "it asked for authorization without PKCE to be had", made<TakesAnyPkce>},
      {"IgnoresAForeignIss", "RefusesAForeignIss", "it sent the code to the token endpoint", made<IgnoresViolations>},
      {"IgnoresAMissingIss", "RefusesAMissingIss", "it sent the code to the token endpoint", made<IgnoresViolations>},
      {"NormalisesIss", "RefusesASimilarIss", "it sent the code to the token endpoint", made<Conduct>, "iss"},
      {"IgnoresState", "RefusesAForeignState", "it sent the code to the token endpoint", made<Conduct>, "state"},
      {"NoState", "SendsAStateOfItsOwn", "the state has less than 128 bits", made<NoState>},
      {"FixedState", "SendsAStateOfItsOwn", "two logins have the same state", made<FixedState>},
      {"TakesAnyIssuer", "RefusesMetadataOfAnotherIssuer", "it used metadata of another issuer", made<TakesAnyIssuer>},
      {"TakesAnyResource", "RefusesMetadataOfAnotherResource", "it asked for a token for another resource",
       made<TakesAnyResource>},
      {"OmitsResource", "NamesTheResource", "no resource in the authorization request", made<OmitsResource>},
      {"OmitsResourceAtToken", "NamesTheResource", "no resource in the token request", made<OmitsResourceAtToken>},
      {"NormalisesResource", "NamesTheResource", "no resource in the authorization request", made<NormalisesResource>},
      {"SharesRegistrations", "RegistersAnewAtANewIssuer", "it used the credentials of the old issuer at the new one",
       made<SharesCredentials>},
      {"SharesGivenCredentials", "KeepsGivenCredentialsAtTheirIssuer", "it took them to another issuer", made<SharesCredentials>},
      {"NeverGivesUp", "GivesUpInTime", "it asked 12 times", made<NeverGivesUp>},
      {"DropsScopes", "AsksForTheUnionOfScopes", "it gave up a scope that it had", made<DropsScopes>},
      {"ReplaysProofs", "ProvesEachRequestAnew", "a proof was used twice", made<ReplaysProofs>},
      {"TrustsAnyEndpoint", "SendsNothingToForeignEndpoints", "it sent the code to another site", made<TrustsAnyEndpoint>},
      {"TrustsAnyRevocationEndpoint", "TakesTokensBackAtTheIssuersOwnSite", "it would show its tokens to another site",
       made<TrustsAnyEndpoint>},
  };
  return all;
}

class Broken : public testing::TestWithParam<Mutant> {};

TEST_P(Broken, ClientIsCaught) {
  const auto& mutant = GetParam();
  const auto conduct = mutant.make();
  for (const auto& trial : trials()) {
    if (std::string(trial.name) != mutant.caught_by) continue;
    Town town;
    town.conduct = conduct.get();
    if (*mutant.blind_to != '\0') town.driver = std::make_unique<Blind>(std::move(town.driver), mutant.blind_to);
    EXPECT_EQ(trial.run(town), mutant.complaint) << trial.name << " does not notice what is wrong with " << mutant.name;
    return;
  }
  FAIL() << "there is no trial " << mutant.caught_by;
}

INSTANTIATE_TEST_SUITE_P(Mutants, Broken, testing::ValuesIn(mutants()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace mcprove::client::test
