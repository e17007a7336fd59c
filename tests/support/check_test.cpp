#include "support/check_test.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "checks/registry.h"
#include "engine/reading.h"
#include "fixtures/rs/api_key.h"
#include "support/scripted_transport.h"

namespace mcprove::testing {

lab::LabOptions configured(std::string_view flags) {
  lab::LabOptions options;
  std::istringstream words{std::string(flags)};
  bool first_wire = true;
  for (std::string flag, value; words >> flag;) {
    if (flag == "--tls") {
      options.tls = true;
      continue;
    }
    words >> value;
    if (flag == "--architecture") {
      options.architecture = value == "proxy"      ? lab::Architecture::proxy
                             : value == "external" ? lab::Architecture::external
                                                   : lab::Architecture::native;
    } else if (flag == "--token") {
      options.tokens = value == "opaque" ? lab::TokenFormat::opaque : lab::TokenFormat::jwt;
    } else if (flag == "--wire") {
      if (first_wire) options.wires.clear();
      first_wire = false;
      options.wires.insert(value == "sse" ? lab::Wire::sse : value == "stateless" ? lab::Wire::stateless : lab::Wire::handshake);
    } else if (flag == "--as" && value == "pingone-aic") {
      options.login_pages = lab::LoginPages::pingone_aic;
    } else if (flag == "--login-page" && value == "script") {
      options.login_pages = lab::LoginPages::script;
    } else if (flag == "--demand") {
      for (const auto& demand : lab::named_demands)
        if (demand.name == value) options.demands.*demand.member = true;
    } else if (flag == "--revision") {
      options.revision = value;
    } else {
      throw std::invalid_argument("the lab has no flag " + flag);
    }
  }
  return options;
}

const CheckResult* CheckRun::first() const {
  const auto it = std::ranges::find_if(outcome.checks, [&](const CheckResult& r) { return r.check->id == id; });
  return it == outcome.checks.end() ? nullptr : &*it;
}

Outcome CheckRun::worst() const {
  auto worst = Outcome::pass;
  bool any = false;
  for (const auto& result : outcome.checks) {
    if (result.check->id != id) continue;
    worst = any ? std::max(worst, result.folded.outcome) : result.folded.outcome;
    any = true;
  }
  return any ? worst : Outcome::inconclusive;
}

std::string CheckRun::explain() const {
  std::string out;
  if (outcome.fatal) out += "fatal: " + outcome.fatal->message + "\n";
  if (outcome.login_error) out += "login: " + outcome.login_error->message + "\n";
  for (const auto& result : outcome.checks) {
    if (result.check->id != id) continue;
    out += fmt::format("{} at {} {}: {} ({})\n", id, result.subject.kind, result.subject.name, name(result.folded.outcome),
                       result.folded.because);
    for (const auto& [each, verdict] : result.cases.all())
      out += fmt::format("  {}: {}{} {}\n", each, name(verdict.outcome()),
                         verdict.reason() ? fmt::format(" [{}]", name(*verdict.reason())) : "", verdict.because());
  }
  return out;
}

Options lab_options(const lab::Lab& lab) {
  Options options;
  options.url = lab.url();
  options.target_name = "lab";
  Identity alice;
  alice.name = lab::alice.name;
  alice.user = lab::alice.name;
  alice.password = lab::alice.password;
  Identity bob;
  bob.name = lab::bob.name;
  bob.user = lab::bob.name;
  bob.password = lab::bob.password;
  options.identities = {alice, bob};
  options.other_resource = lab.other_resource();
  for (auto& identity : options.identities) identity.client.initial_access_token = lab.initial_access_token();
  options.effect = Effect::intrusive;
  options.effect_given = true;
  options.load = true;
  options.store = false;
  options.ca_file = lab.ca_file();
  options.budgets = {.registrations = 100, .tokens = 400, .authorizations = 400};
  return options;
}

namespace {

/// What a registry holds of the lab.
json::Value lab_record(const std::string& url) {
  const auto remote = json::Value::object({{"type", json::str("streamable-http")}, {"url", json::str(url)}});
  return json::Value::object({{"name", json::str("io.github.example/mcprove-lab")},
                              {"description", json::str("Notes, files and contacts")},
                              {"version", json::str("1.0.0")},
                              {"remotes", json::Value::array({remote})}});
}

/// The check and everything it assumes, by way of others too.
std::vector<std::string> with_assumed(const Registry& registry, std::string_view id) {
  std::vector<std::string> ids{std::string(id)};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto* check = registry.find(ids[i]);
    if (check == nullptr) throw std::invalid_argument("no such check: " + ids[i]);
    for (const auto assumed : check->check->info.assumes)
      if (!assumed.empty() && std::ranges::find(ids, assumed) == ids.end()) ids.emplace_back(assumed);
  }
  return ids;
}

/// The lab and the engine share one clock that only moves when somebody would sleep.
class SharedClock {
 public:
  ManualClock clock{std::chrono::system_clock::now()};
  lab::Now now() {
    return [this] { return clock.now(); };
  }
};

}  // namespace

namespace {

RunOutcome audit(LabSetup setup, const std::vector<std::string_view>& flaws, std::vector<std::string> only, std::string* url) {
  SharedClock time;
  for (const auto name : flaws) {
    const auto* flaw = lab::find_flaw(name);
    if (flaw == nullptr) throw std::invalid_argument("no such flaw: " + std::string(name));
    if (!flaw->needs.empty()) setup.lab = configured(flaw->needs);
  }
  for (const auto name : flaws) setup.lab.flaws.add(*lab::find_flaw(name));
  setup.lab.now = time.now();
  const lab::Lab lab(setup.lab);
  auto options = lab_options(lab);
  options.server_json = lab_record(lab.url());
  // Other flaws of tools are changes too; only with a review at hand are they told as such.
  const auto by_review = [](std::string_view name) {
    return std::ranges::find(lab::find_flaw(name)->fails, "toolset-baseline-drift") != lab::find_flaw(name)->fails.end();
  };
  const bool looked_for = only.empty() || std::ranges::find(only, "toolset-baseline-drift") != only.end();
  if (looked_for && std::ranges::all_of(flaws, by_review)) options.baseline = reviewed_lab();
  options.only = std::move(only);
  if (setup.lab.login_pages == lab::LoginPages::pingone_aic) {
    for (auto& identity : options.identities) identity.how.profile = "pingone-aic";
  }
  if (setup.lend_introspection) options.introspection = {lab.introspection_client_id(), lab.introspection_client_secret()};
  if (setup.options) setup.options(options);
  if (url != nullptr) *url = lab.url();
  World world;
  world.clock = &time.clock;
  const Registry registry(checks::all());
  return Audit(registry, options, {}, world).run();
}

}  // namespace

CheckRun audit_lab(std::string_view id, const std::vector<std::string_view>& flaws, LabSetup setup) {
  CheckRun run;
  run.id = id;
  run.outcome = audit(std::move(setup), flaws, with_assumed(Registry(checks::all()), id), &run.url);
  return run;
}

RunOutcome audit_whole_lab(lab::LabOptions lab, const std::vector<std::string_view>& flaws) {
  LabSetup setup;
  setup.lab = std::move(lab);
  // Nobody can log in where a key is the only credential: its operator has the key.
  if (std::ranges::find(flaws, "api-key-only") != flaws.end()) {
    setup.options = [](Options& options) {
      Identity keyed;
      keyed.token = lab::lab_api_key;
      options.identities = {keyed};
    };
  }
  return audit(std::move(setup), flaws, {}, nullptr);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

CheckRun audit_lab(std::string_view id, std::initializer_list<std::string_view> flaws, LabSetup setup) {
  return audit_lab(id, std::vector<std::string_view>(flaws), std::move(setup));
}

Baseline reviewed_lab() {
  static const auto servers = [] {
    const lab::Lab lab({});
    auto options = lab_options(lab);
    options.identities.resize(1);
    auto reading = ReadOnlyVisit(options).run();
    if (!reading) throw std::runtime_error("the sound lab cannot be read: " + reading.error().message);
    const auto& seen = reading->seen.front();
    vet::Pinned pinned;
    pinned.manifest.server = reading->name;
    for (const auto& tool : seen.catalogue.tools) {
      pinned.manifest.tools.push_back(tool.raw);
      pinned.identities[seen.identity].push_back(tool.name);
    }
    pinned.manifest.prompts = seen.catalogue.prompts;
    pinned.manifest.resources = seen.catalogue.resources;
    pinned.manifest.templates = seen.catalogue.templates;
    pinned.manifest.instructions = seen.catalogue.instructions;
    return std::vector{pinned};
  }();
  return {.file = "mcprove.lock", .servers = servers, .signature = "not signed"};
}

namespace {

constexpr const char* discovered =
    R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"serverInfo":{"name":"script","version":"1.0.0"}})";

net::Response answered(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

net::Response scripted(const Script& script, const net::Request& request) {
  const auto message = json::parse(request.body).value_or(json::Value());
  const auto method = message.string("method").value_or("");
  if (request.method != "POST" || method.empty()) return answered(request.method == "POST" ? 400 : 404, "{}");
  if (!request.headers.find("Mcp-Method")) return answered(400, "{}");
  const auto id = message.at("id").dump();
  auto result = script(method, message.at("params"));
  if (result.empty() && method == "server/discover") result = discovered;
  if (result.empty())
    return answered(404, fmt::format(R"({{"jsonrpc":"2.0","id":{},"error":{{"code":-32601,"message":"no such method"}}}})", id));
  const bool refused = result.starts_with(R"({"code")");
  return answered(200, fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":{}}})", id, refused ? "error" : "result", result));
}

}  // namespace

CheckRun audit_script(std::string_view id, const Script& script, const std::function<void(Options&)>& options) {
  ManualClock clock{std::chrono::system_clock::now()};
  Options told;
  told.url = "http://127.0.0.1:1/mcp";
  told.store = false;
  told.only = {std::string(id)};
  if (options) options(told);
  World world;
  world.clock = &clock;
  world.transport = [&](const net::Scope&) {
    return std::make_unique<test::ScriptedTransport>(
        [&](const net::Request& request) -> Result<net::Response> { return scripted(script, request); });
  };
  CheckRun run;
  run.id = id;
  run.url = told.url;
  run.outcome = Audit(Registry(checks::all()), told, {}, world).run();
  return run;
}

CheckRun audit_url(std::string_view id, const std::string& url) {
  Options options;
  options.url = url;
  options.store = false;
  options.only = {std::string(id)};
  Audit audit(Registry(checks::all()), options);
  return {audit.run(), std::string(id), url};
}

}  // namespace mcprove::testing
