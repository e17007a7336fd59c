#include "engine/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/private_file.h"
#include "base/text.h"
#include "engine/logins.h"
#include "net/curl.h"
#include "oauth/enterprise.h"

namespace mcprove {
namespace {

std::string state_directory(const Options& options) {
  if (!options.store) return {};
  return options.state_dir.empty() ? default_state_dir() : options.state_dir;
}

}  // namespace

Session::Session(Options options, Progress progress, World world)
    : options_(std::move(options)),
      progress_(std::move(progress)),
      own_clock_(world.clock == nullptr ? std::make_unique<SystemClock>() : nullptr),
      own_random_(world.random == nullptr ? std::make_unique<SystemRandom>() : nullptr),
      clock_(world.clock == nullptr ? own_clock_.get() : world.clock),
      random_(world.random == nullptr ? own_random_.get() : world.random),
      redactor_(std::make_shared<Redactor>()),
      transcript_(std::make_shared<net::Transcript>()),
      possession_(url_, *clock_, *random_),
      budgets_(options_.budgets),
      clients_(state_directory(options_)) {
  run_tag_ = random_->hex(6);
  journal_ = std::make_unique<Journal>(state_directory(options_), run_tag_);
  hide_client_secret(options_.introspection.id, options_.introspection.secret);
  for (const auto& identity : options_.identities) {
    if (!identity.password.empty()) redactor_->add("password", identity.password);
    if (!identity.token.empty()) redactor_->add("access_token", identity.token);
    oauth::hide_secrets(identity.client, *redactor_);
    for (const auto& [field, value] : identity.headers.fields) redactor_->add("api_key", value);
  }
  if (auto url = net::Url::parse(options_.url)) {
    url_ = *std::move(url);
    scope_.name_origin(url_.origin(), net::Reach::active);
  } else {
    bad_url_ = std::make_unique<Error>(url.error());
  }
  if (!options_.other_resource.empty())
    if (const auto other = net::Url::parse(options_.other_resource)) scope_.name_origin(other->origin(), net::Reach::active);
  for (const auto& origin : options_.login_origins) scope_.name_origin(origin, net::Reach::honest);
  if (!options_.proxy.empty()) scope_.allow_any_address();
  make_transport_ = [this, given = std::move(world.transport)] {
    return given ? given(scope_) : net::make_curl_transport(scope_, {options_.ca_file, options_.proxy, 32});
  };
  transport_ = make_transport_();
  recorder_ = std::make_unique<net::Recorder>(*transport_, scope_, *transcript_, *clock_);
  recorder_->finish_with(&possession_);
  for (const auto& identity : options_.identities) {
    possession_.spare(identity.client.initial_access_token);
    if (identity.proof_key.empty() || identity.token.empty()) continue;
    if (possession_.begin_with(identity.proof_key)) possession_.bind(identity.token);
  }
  facts_ = std::make_unique<Facts>(*this);
}

Session::~Session() = default;

void Session::hide_client_secret(const std::string& id, const std::string& secret) {
  if (secret.empty()) return;
  redactor_->add("client_secret", secret);
  redactor_->add_basic_pair(text::percent_encode(id), text::percent_encode(secret));
}

const Identity& Session::main_identity() const { return options_.identities.empty() ? nobody_ : options_.identities.front(); }

const Identity* Session::second_identity() const { return options_.identities.size() < 2 ? nullptr : &options_.identities[1]; }

PersonState& Session::person(const Identity& identity) {
  const std::scoped_lock lock(people_mutex_);
  auto& state = people_[identity.name];
  if (!state) {
    state = std::make_unique<PersonState>();
    state->identity = &identity;
    for (auto& seat : state->seats) seat.driver = make_login_driver(identity, {progress_.open_browser, progress_.say});
  }
  return *state;
}

bool Session::active_at(const std::string& issuer_origin) const {
  const auto origin = net::Url::parse(issuer_origin);
  if (!origin) return false;
  return origin->same_origin(url_) || (url_.is_loopback_host() && origin->is_loopback_host()) ||
         options_.as_in_scope.contains(origin->host);
}

bool Session::named_by_user(const net::Url& url) const {
  const auto origin = url.origin();
  return active_at(origin) || std::ranges::any_of(options_.login_origins, [&](const std::string& named) {
           const auto there = net::Url::parse(named);
           return there && there->same_origin(url);
         });
}

bool Session::may(Effect effect, const Issuer* issuer) const {
  if (effect == Effect::passive) return true;
  if (effect == Effect::load ? !options_.load : effect > options_.effect) return false;
  return issuer == nullptr || issuer->active;
}

std::optional<json::Value> Session::allowed_arguments(const mcp::Tool& tool) const {
  const auto& allowed = options_.allow_tools;
  if (const auto it = allowed.find(tool.name); it != allowed.end())
    return it->second.is_object() ? it->second : json::Value::object({});
  if (tool.harmless()) return json::Value::object({});
  return std::nullopt;
}

bool Session::may_call(const mcp::Tool& tool) const {
  return allowed_arguments(tool).has_value() && (may(Effect::active, nullptr) || options_.allow_tools.contains(tool.name));
}

Result<void> Session::may_log_in(const Issuer& issuer, const Identity& identity) const {
  if (options_.effect == Effect::passive && !logs_in(identity))
    return failure(Error::Kind::login, "a passive audit without a login does not ask for a token");
  if (issuer.active || logs_in(identity)) return {};
  return failure(Error::Kind::out_of_scope,
                 fmt::format("{} is not in scope: give a login, or name its host with --as-in-scope", issuer.id));
}

Result<oauth::FlowResult> Session::run(const Issuer& issuer, const oauth::Flow& flow, const Identity& identity,
                                       const oauth::Client& default_client, oauth::CookieJar* jar, bool in_lane) {
  if (stopping()) return failure(Error::Kind::interrupted, "interrupted");
  MCPROVE_TRY(may_log_in(issuer, identity));
  if (needs_nobody(identity)) return failure(Error::Kind::login, "tokens are asked for by a grant in which nobody logs in");
  MCPROVE_TRY(budgets_.take(Spending::authorization, issuer.id));
  if (!flow.stops_at_code()) {
    if (auto paid = budgets_.take(Spending::token, issuer.id); !paid) {
      budgets_.give_back(Spending::authorization, issuer.id);
      return tl::unexpected(paid.error());
    }
  }
  auto& person = this->person(identity);
  std::optional<Lane::Hold> hold;
  // A flow that clicks nothing, or brings cookies of the first browser, is about what that browser has done before.
  const bool needs_first = jar != nullptr || !flow.is_full();
  if (!in_lane) hold.emplace(person.lane, needs_first ? Lane::Turn::first_seat : Lane::Turn::probe);
  auto& seat = person.seats.at(hold ? hold->seat() : 0);
  oauth::CookieJar fresh;
  oauth::CookieJar& used = flow.wants_fresh_jar() ? fresh : jar != nullptr ? *jar : seat.jar;
  oauth::LoginOptions login;
  login.login_origins = options_.login_origins;
  login.login_origins.insert(url_.origin());
  login.any_loopback_origin = url_.is_loopback_host();
  login.stopped = [this] { return stopping(); };
  oauth::Flow::Setting setting{*recorder_,
                               *redactor_,
                               *random_,
                               *clock_,
                               *seat.driver,
                               used,
                               issuer.metadata,
                               login,
                               default_client,
                               identity.scope.empty() ? facts_->guidance_scope() : identity.scope,
                               facts_->resource_id(),
                               oauth::Profile::audit};
  setting.push = !issuer.metadata.pushed_authorization_request_endpoint.empty() &&
                 (identity.client.push || plan().push || issuer.metadata.par_required);
  if (auto ready = prepare_proofs(issuer); !ready) return tl::unexpected(ready.error());
  setting.prover = possession_.prover();
  const bool came_before = !used.all().empty();
  const auto began = clock_->tick();
  auto result = flow.run(setting);
  person.flow_time = clock_->tick() - began;
  if (result && &used == &person.seats.front().jar && came_before && result->answer() == Answer::accepted)
    person.memory = asked_for_password(result->authorization) ? PersonState::Memory::forgotten : PersonState::Memory::remembered;
  if (!flow.stops_at_code() && (!result || !result->token)) budgets_.give_back(Spending::token, issuer.id);
  if (!result) return result;
  if (result->token) budgets_.learn(Spending::token, issuer.id, result->token->reply.response.headers);
  if (const auto* tokens = result->tokens()) journal_tokens(issuer, result->client, *tokens);
  return result;
}

Result<void> Session::prepare_proofs(const Issuer& issuer) {
  const auto wanted = plan().dpop;
  if (wanted == oauth::Dpop::never || possession_.prover() != nullptr) return {};
  if (wanted == oauth::Dpop::automatic && !facts_->demands_proof()) return {};
  return possession_.begin(oauth::proof_algorithm(issuer.metadata.dpop_signing_algs));
}

Result<std::string> Session::id_jag(const Issuer& issuer, const oauth::Enterprise& company, const std::string& resource,
                                    const std::string& scope) {
  auto provider = oauth::identity_provider(company, scope_);
  if (provider.token_endpoint.empty()) {
    provider = MCPROVE_TRY(oauth::discover_server(*recorder_, company.issuer));
    // The ID token goes to nobody but the provider that the operator named.
    if (provider.claimed_issuer != company.issuer)
      return failure(Error::Kind::malformed, fmt::format("the metadata of {} names another issuer", company.issuer));
  }
  return oauth::id_jag(*recorder_, signing(), provider, company, issuer.id, resource, scope);
}

void Session::journal_tokens(const Issuer& issuer, const oauth::Client& client, const oauth::Tokens& tokens) {
  // Before anybody can present it.
  if (text::iequals(tokens.token_type, "DPoP")) possession_.bind(tokens.access_token);
  Journal::Entry entry;
  entry.kind = "token";
  entry.issuer = issuer.id;
  entry.token = tokens.refresh_token.empty() ? tokens.access_token : tokens.refresh_token;
  entry.revocation_endpoint = issuer.metadata.revocation_endpoint;
  entry.client = client;
  journal_->add(std::move(entry));
}

Result<oauth::TokenAnswer> Session::token(const Issuer& issuer, const oauth::TokenRequest& request, const oauth::Client& client) {
  if (stopping()) return failure(Error::Kind::interrupted, "interrupted");
  const bool counted = request.url.starts_with(issuer.metadata.token_endpoint);
  if (counted) MCPROVE_TRY(budgets_.take(Spending::token, issuer.id));
  auto proven = request;
  MCPROVE_TRY(oauth::sign(proven, signing()));
  auto answer = oauth::request_token(*recorder_, *redactor_, *clock_, proven, counted ? possession_.prover() : nullptr);
  if (!answer) return answer;
  if (counted) budgets_.learn(Spending::token, issuer.id, answer->reply.response.headers);
  if (answer->tokens && !answer->tokens->access_token.empty()) journal_tokens(issuer, client, *answer->tokens);
  return answer;
}

Result<oauth::Registered> Session::register_client(const Issuer& issuer, const oauth::Registration& wanted, Registering how) {
  if (stopping()) return failure(Error::Kind::interrupted, "interrupted");
  if (issuer.metadata.registration_endpoint.empty())
    return failure(Error::Kind::unavailable, "no registration endpoint is advertised");
  if (!issuer.active && how != Registering::honest)
    return failure(Error::Kind::out_of_scope, fmt::format("{} is not in scope", issuer.id));
  MCPROVE_TRY(budgets_.take(Spending::registration, issuer.id));
  auto registered = oauth::register_client(*recorder_, *redactor_, issuer.metadata, wanted,
                                           how == Registering::as_stranger ? std::string() : plan().initial_access_token);
  if (!registered) return registered;
  budgets_.learn(Spending::registration, issuer.id, registered->reply.response.headers);
  if (registered->client) {
    possession_.spare(registered->client->registration_token);
    Journal::Entry entry;
    entry.kind = "client";
    entry.issuer = issuer.id;
    entry.client = *registered->client;
    journal_->add(std::move(entry));
  }
  return registered;
}

Result<void> Session::wait(std::chrono::seconds duration) {
  const auto until = clock_->tick() + duration;
  {
    // No wait is longer than --max-wait, and all overlap: none begins when the first must have ended.
    const std::scoped_lock lock(people_mutex_);
    if (!wait_deadline_) wait_deadline_ = clock_->tick() + options_.max_wait;
  }
  if (duration > options_.max_wait || clock_->tick() > *wait_deadline_)
    return failure(Error::Kind::wait, fmt::format("needs a wait of {} s, more than --max-wait leaves", duration.count()));
  if (!clock_->sleep_until(until, [this] { return stopping(); })) return failure(Error::Kind::interrupted, "interrupted");
  return {};
}

void Session::interrupt(int signal) {
  signal_ = signal;
  recorder_->stop();
  clock_->wake();
}

net::Recorder& Session::last_recorder() {
  if (!stopping()) return *recorder_;
  if (!last_recorder_) {
    last_transport_ = make_transport_();
    last_recorder_ = std::make_unique<net::Recorder>(*last_transport_, scope_, *transcript_, *clock_);
  }
  return *last_recorder_;
}

}  // namespace mcprove
