#include "client/connection.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/authorizer.h"
#include "mcp/param_headers.h"
#include "oauth/dpop.h"

namespace mcprove::client {

struct Connection::Impl {
  Impl(Setting given, Options wanted, net::Url server)
      : setting(given), options(std::move(wanted)), url(std::move(server)), authorizer(setting, options, url) {}

  mcp::Client open(const mcp::Endpoint& endpoint);
  Result<mcp::Outcome> call(std::string_view method, const json::Value& params, const mcp::CallOptions& how = {});
  Result<mcp::Outcome> greet();
  Result<void> choose_wire();
  Result<bool> try_wire(mcp::Wire wire, const std::string& at, std::string& why);
  void learn(const mcp::Tool& tool);

  Setting setting;
  Options options;
  net::Url url;
  Authorizer authorizer;
  std::optional<mcp::Client> client{};
  std::map<std::string, std::vector<mcp::ParamHeader>> mirrored{};
  std::vector<Rejected> rejected{};
  bool login_failed = false;
};

mcp::Client Connection::Impl::open(const mcp::Endpoint& endpoint) {
  mcp::Client::Options how;
  how.client_name = options.client.name;
  how.patience = options.patience;
  how.capabilities = options.capabilities;
  how.answer = options.answer;
  how.present = [this](net::Request& request) { authorizer.present(request); };
  how.heard = [this](const net::Request& request, const net::Response& response) { authorizer.heard(request, response); };
  return {setting.recorder, endpoint, std::move(how)};
}

Result<mcp::Outcome> Connection::Impl::call(std::string_view method, const json::Value& params, const mcp::CallOptions& how) {
  authorizer.begin();
  authorizer.freshen();
  for (;;) {
    auto outcome = MCPROVE_TRY(client->call(method, params, how));
    const auto demand = demand_of(outcome.response);
    if (!demand) return outcome;
    const auto satisfied = authorizer.satisfy(*demand, oauth::wants_nonce(outcome.response));
    login_failed = !satisfied;
    if (!satisfied) return tl::unexpected(satisfied.error());
  }
}

Result<mcp::Outcome> Connection::Impl::greet() {
  return call(client->endpoint().wire == mcp::Wire::stateless ? "server/discover" : "initialize", {});
}

/// True: the server speaks it, and `client` is open on it.
Result<bool> Connection::Impl::try_wire(mcp::Wire wire, const std::string& at, std::string& why) {
  client.emplace(open({wire, at, {}}));
  const auto outcome = greet();
  // A login that failed fails on every wire; an answer that makes no sense on this one may make some on another.
  const bool senseless = !outcome && outcome.error().kind == Error::Kind::malformed && !login_failed;
  if (!outcome && !senseless) return tl::unexpected(outcome.error());
  why = outcome ? outcome->why : outcome.error().message;
  if (senseless) return false;
  return mcp::proves_wire(wire, *outcome);
}

/// 2026-07-28, versioning, backward compatibility: the newest first; a server that does not know it is asked in the way of
/// 2025-11-25, and one that does not know that either in the way of 2024-11-05.
Result<void> Connection::Impl::choose_wire() {
  if (!options.revision.empty()) {
    const auto wire = mcp::at_least(options.revision, mcp::stateless_revision) ? mcp::Wire::stateless
                      : options.revision == mcp::sse_revision                  ? mcp::Wire::sse
                                                                               : mcp::Wire::handshake;
    client.emplace(open({wire, url.text(), options.revision}));
    return {};
  }
  std::vector<std::string> said;
  for (const auto wire : {mcp::Wire::stateless, mcp::Wire::handshake, mcp::Wire::sse}) {
    std::string why;
    if (MCPROVE_TRY(try_wire(wire, url.text(), why))) return {};
    said.push_back(fmt::format("{}: {}", mcp::name(wire), text::one_line(why, 160)));
  }
  client.reset();
  return failure(Error::Kind::malformed,
                 fmt::format("{} does not answer as an MCP server: {}", url.text(), text::join(said, "; ")));
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::connect(Setting setting, Options options) {
  auto url = MCPROVE_TRY(net::Url::parse(options.url));
  std::unique_ptr<Connection> connection(new Connection(std::make_unique<Impl>(setting, std::move(options), std::move(url))));
  MCPROVE_TRY(connection->impl_->choose_wire());
  return connection;
}

Result<mcp::Outcome> Connection::request(std::string_view method, const json::Value& params) {
  return impl_->call(method, params);
}

void Connection::Impl::learn(const mcp::Tool& tool) {
  auto headers = mcp::param_headers(tool.raw.at("inputSchema"));
  if (headers) mirrored[tool.name] = *std::move(headers);
  else rejected.push_back({tool.name, headers.error().message});
}

Result<std::vector<mcp::Tool>> Connection::list_tools() {
  auto tools = MCPROVE_TRY(
      mcp::list_tools([this](std::string_view method, const json::Value& params) { return impl_->call(method, params); }));
  impl_->mirrored.clear();
  impl_->rejected.clear();
  for (const auto& tool : tools) impl_->learn(tool);
  std::erase_if(tools, [this](const mcp::Tool& tool) { return !impl_->mirrored.contains(tool.name); });
  return tools;
}

Result<mcp::Outcome> Connection::call_tool(const std::string& name, const json::Value& arguments) {
  for (const auto& tool : impl_->rejected)
    if (tool.name == name) return failure(Error::Kind::malformed, fmt::format("the tool {} is not used: {}", name, tool.why));
  auto params = json::Value::object({{"name", json::str(name)}});
  if (!arguments.is_null()) params = params.with("arguments", arguments);
  mcp::CallOptions how;
  const auto known = impl_->mirrored.find(name);
  if (known != impl_->mirrored.end() && impl_->client->endpoint().wire == mcp::Wire::stateless)
    for (auto& [field, value] : mcp::mirror(known->second, arguments).fields) how.headers.add(field, value);
  return impl_->call("tools/call", params, how);
}

Result<void> Connection::greet() {
  if (!impl_->client->greeting().is_null()) return {};
  const auto greeted = MCPROVE_TRY(impl_->greet());
  if (mcp::proves_wire(endpoint().wire, greeted)) return {};
  return failure(Error::Kind::malformed, "the server's greeting is none: " + text::one_line(greeted.why, 160));
}

Result<void> Connection::log_in() {
  const auto& grant = impl_->authorizer.grant();
  if (grant && !grant->expired(impl_->setting.clock.now())) return {};
  impl_->authorizer.begin();
  return impl_->authorizer.authorize({});
}

const std::vector<Connection::Rejected>& Connection::rejected_tools() const { return impl_->rejected; }
const mcp::Endpoint& Connection::endpoint() const { return impl_->client->endpoint(); }
json::Value Connection::greeting() const { return impl_->client->greeting(); }
const std::optional<oauth::StoredGrant>& Connection::grant() const { return impl_->authorizer.grant(); }

}  // namespace mcprove::client
