#include "mcp/stdio.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "mcp/message.h"
#include "mcp/protocol.h"
#include "net/sse.h"

namespace mcprove::mcp {
namespace {

/// Methods of the server's that are kept by name.
constexpr std::size_t most_asked = 100;

std::optional<int> id_of(const std::string& body) {
  const auto message = json::parse(body);
  const auto id = message ? message->integer("id") : std::nullopt;
  return id ? std::optional(static_cast<int>(*id)) : std::nullopt;
}

net::Response response_of(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.version = "stdio";
  if (!body.empty()) response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

bool knows_no_handshake(const Outcome& outcome) {
  const auto number = outcome.error().integer("code");
  return number == code::method_not_found || number == code::unsupported_version || number == code::missing_capability ||
         number == code::invalid_params || number == code::invalid_request;
}

}  // namespace

Result<std::unique_ptr<StdioTransport>> StdioTransport::start(const Command& command, const StdioLimits& limits) {
  auto child = MCPROVE_TRY(Child::start(command, limits.child));
  return std::unique_ptr<StdioTransport>(new StdioTransport(std::move(child), limits));
}

StdioTransport::StdioTransport(std::unique_ptr<Child> child, const StdioLimits& limits)
    : child_(std::move(child)), limits_(limits), over_(std::chrono::steady_clock::now() + limits.session) {}

Result<net::Response> StdioTransport::send(const net::Request& request) {
  const std::lock_guard lock(mutex_);
  const auto began = std::chrono::steady_clock::now();
  if (request.method != "POST") return response_of(405, {});
  if (began >= over_) return failure(Error::Kind::timeout, "the command's time is over");
  MCPROVE_TRY(child_->write_line(request.body));
  const auto id = id_of(request.body);
  if (!id) return response_of(202, {});
  const auto patience = answered_ ? request.limits.total : std::max(request.limits.total, limits_.first);
  auto response = MCPROVE_TRY(await(*id, std::min(began + patience, over_)));
  answered_ = true;
  response.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  return response;
}

Result<net::Response> StdioTransport::await(int id, Child::Deadline until) {
  for (std::size_t noise = 0; noise <= limits_.noise;) {
    auto line = MCPROVE_TRY(child_->next_line(until));
    noise += line.size() + 1;
    if (text::trim(line).empty()) continue;
    const auto message = json::parse(line, {.bytes = limits_.child.line});
    if (!message) {
      ++garbage_;
      continue;
    }
    if (!answer_in(*message, id).is_null()) return response_of(200, std::move(line));
    if (message->has("method") && message->has("id")) MCPROVE_TRY(refuse(*message));
  }
  return failure(Error::Kind::too_large, "the command writes without end and does not answer");
}

Result<void> StdioTransport::refuse(const json::Value& request) {
  const auto method = request.string("method").value_or("");
  if (asked_.size() < most_asked && std::ranges::find(asked_, method) == asked_.end()) asked_.push_back(method);
  if (++refusals_ > limits_.asked) return {};
  const auto id = request.at("id");
  if (!id.is_string() && !id.is_number()) return {};
  auto answer = json::Value::object({{"jsonrpc", json::str("2.0")}, {"id", id}});
  if (method == "ping") {
    answer = answer.with("result", json::Value::object({}));
  } else {
    const auto error = json::Value::object(
        {{"code", json::num(code::method_not_found)}, {"message", json::str("this client offers no such capability")}});
    answer = answer.with("error", error);
  }
  return child_->write_line(answer.dump());
}

Result<std::unique_ptr<net::EventStream>> StdioTransport::open(const net::Request&) {
  return failure(Error::Kind::unavailable, "a command on pipes has no event stream");
}

void StdioTransport::stop() { child_->stop(); }

std::string StdioTransport::errors() const {
  const std::lock_guard lock(mutex_);
  return child_->errors();
}

std::vector<std::string> StdioTransport::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::size_t StdioTransport::garbage() const {
  const std::lock_guard lock(mutex_);
  return garbage_;
}

StdioServer::StdioServer(std::unique_ptr<StdioTransport> transport, Clock& clock) : transport_(std::move(transport)) {
  scope_.name_origin(stdio_url, net::Reach::active);
  recorder_ = std::make_unique<net::Recorder>(*transport_, scope_, transcript_, clock);
}

Result<std::unique_ptr<StdioServer>> StdioServer::start(const Command& command, Clock& clock, Client::Options options,
                                                        const StdioLimits& limits,
                                                        const std::function<void(StdioServer&)>& started) {
  auto transport = MCPROVE_TRY(StdioTransport::start(command, limits));
  std::unique_ptr<StdioServer> server(new StdioServer(std::move(transport), clock));
  if (started) started(*server);
  if (auto greeted = server->greet(options); !greeted) return tl::unexpected(server->explained(std::move(greeted).error()));
  return server;
}

Result<void> StdioServer::greet(const Client::Options& options) {
  client_ = std::make_unique<Client>(*recorder_, Endpoint{Wire::handshake, std::string{stdio_url}, {}}, options);
  auto greeted = MCPROVE_TRY(client_->greet());
  if (greeted.answer == Answer::accepted) return {};
  if (knows_no_handshake(greeted)) {
    client_ = std::make_unique<Client>(*recorder_, Endpoint{Wire::stateless, std::string{stdio_url}, {}}, options);
    const auto discovered = MCPROVE_TRY(client_->greet());
    if (discovered.answer == Answer::accepted) return {};
  }
  return failure(Error::Kind::unavailable, "initialize: " + greeted.why);
}

Error StdioServer::explained(Error error) const {
  const auto said = transport_->errors();
  const auto lines = text::split(text::trim(said), '\n');
  const auto last = text::one_line(text::trim(lines.empty() ? std::string{} : lines.back()), 160);
  if (!last.empty()) error.message += fmt::format("; it said \"{}\"", last);
  return error;
}

}  // namespace mcprove::mcp
