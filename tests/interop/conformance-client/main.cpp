// The client that the conformance suite judges: our library, and what its environment says of the user. The suite passes
// the server's URL as the last argument and the rest as MCP_CONFORMANCE_SCENARIO, _PROTOCOL_VERSION and _CONTEXT (JSON).
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "client/connection.h"
#include "client/elicitation.h"
#include "net/curl.h"
#include "net/url.h"
#include "oauth/login.h"

namespace mcprove {
namespace {

// Where the suite expects a Client ID Metadata Document; nobody ever fetches it.
constexpr auto metadata_document = "https://conformance-test.local/client-metadata.json";

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

struct Task {
  client::Options options{};
  json::Value calls{};  // tools to be called, with their arguments; null: every tool
};

Result<Task> read_task(const std::string& url) {
  Task task;
  auto& options = task.options;
  options.url = url;
  options.revision = from_environment("MCP_CONFORMANCE_PROTOCOL_VERSION");
  options.client.name = "mcprove conformance client";
  options.client.cimd_url = metadata_document;
  const auto given = from_environment("MCP_CONFORMANCE_CONTEXT");
  const auto context = given.empty() ? json::Value() : MCPROVE_TRY(json::parse(given));
  const auto text = [&](std::string_view key) { return context.string(key).value_or(""); };
  task.calls = context.at("toolCalls");
  options.client.id = text("client_id");
  options.client.secret = text("client_secret");
  options.client.issuer = text("issuer");
  options.client.signing_alg = text("signing_algorithm");
  if (context.has("private_key_pem")) options.client.key = MCPROVE_TRY(jose::Key::from_pem(text("private_key_pem")));
  if (from_environment("MCP_CONFORMANCE_SCENARIO").starts_with("auth/client-credentials"))
    options.client.grant_type = client::GrantType::client_credentials;
  if (context.has("valid_jwt")) {
    options.client.grant_type = client::GrantType::jwt_bearer;
    options.client.assertion = text("valid_jwt");
  }
  if (context.has("idp_id_token")) {
    options.client.grant_type = client::GrantType::enterprise;
    options.client.enterprise = {text("idp_issuer"), text("idp_token_endpoint"), text("idp_client_id"), text("idp_client_secret"),
                                 text("idp_id_token")};
  }
  options.capabilities = client::elicitation_capability();
  options.answer = client::answer_with_defaults;
  return task;
}

// Something of the right type for every required argument. One that is called "schema" is a JSON Schema, and the tool
// before it in the list has one.
json::Value arguments_for(const mcp::Tool& tool, const std::vector<mcp::Tool>& tools) {
  const auto properties = tool.raw.at("inputSchema").at("properties");
  auto arguments = json::Value::object({});
  for (const auto& name : tool.required()) {
    const auto type = properties.at(name).string("type").value_or("string");
    auto value = json::str("text");
    if (type == "number" || type == "integer") value = json::num(2);
    else if (type == "boolean") value = json::boolean(true);
    else if (type == "array") value = json::Value::array({});
    else if (type == "object") value = name == "schema" ? tools.front().raw.at("inputSchema") : json::Value::object({});
    arguments = arguments.with(name, std::move(value));
  }
  return arguments;
}

Result<void> call_tools(client::Connection& connection, const json::Value& calls) {
  const auto tools = MCPROVE_TRY(connection.list_tools());
  for (const auto& [name, why] : connection.rejected_tools()) fmt::print("not used: {} ({})\n", text::one_line(name, 80), why);
  if (calls.is_array()) {
    for (std::size_t i = 0; i < calls.size(); ++i)
      MCPROVE_TRY(connection.call_tool(calls.at(i).string("name").value_or(""), calls.at(i).at("arguments")));
    return {};
  }
  for (const auto& tool : tools) MCPROVE_TRY(connection.call_tool(tool.name, arguments_for(tool, tools)));
  return {};
}

// What else the server says that it has is looked at too.
Result<void> read_everything_else(client::Connection& connection) {
  const auto capabilities = connection.greeting().at("capabilities");
  if (capabilities.has("resources")) {
    const auto listed = MCPROVE_TRY(connection.request("resources/list")).result().at("resources");
    for (std::size_t i = 0; i < listed.size(); ++i)
      MCPROVE_TRY(connection.request("resources/read", json::Value::object({{"uri", listed.at(i).at("uri")}})));
  }
  if (capabilities.has("prompts")) {
    const auto listed = MCPROVE_TRY(connection.request("prompts/list")).result().at("prompts");
    for (std::size_t i = 0; i < listed.size(); ++i)
      MCPROVE_TRY(connection.request("prompts/get", json::Value::object({{"name", listed.at(i).at("name")}})));
  }
  return {};
}

Result<void> run(const std::string& url) {
  auto task = MCPROVE_TRY(read_task(url));
  SystemClock clock;
  SystemRandom random;
  Redactor redactor;
  net::Scope scope;
  net::Transcript transcript;
  const auto server = MCPROVE_TRY(net::Url::parse(url));
  scope.name_origin(server.origin(), net::Reach::honest);
  const auto transport = net::make_curl_transport(scope);
  net::Recorder recorder(*transport, scope, transcript, clock);
  oauth::CookieJar jar;
  const auto driver = oauth::make_form_driver(std::nullopt);  // the suite's servers consent at once
  client::Setting setting{recorder, redactor, random, clock, *driver, jar};
  const auto connection = MCPROVE_TRY(client::Connection::connect(setting, std::move(task.options)));
  MCPROVE_TRY(connection->greet());
  MCPROVE_TRY(call_tools(*connection, task.calls));
  return read_everything_else(*connection);
}

}  // namespace
}  // namespace mcprove

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: conformance-client URL\n", stderr);
    return 2;
  }
  const auto done = mcprove::run(argv[argc - 1]);
  if (done) return 0;
  fmt::print(stderr, "conformance-client: {}: {}\n", mcprove::name(done.error().kind),
             mcprove::text::one_line(done.error().message, 400));
  return 1;
}
