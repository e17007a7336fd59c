#include "mcp/client.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mcp/message.h"
#include "mcp/session.h"

namespace mcprove::mcp {

Credential Credential::bearer(const std::string& token) { return authorization("Bearer " + token); }

Credential Credential::authorization(std::string value) {
  Credential credential;
  credential.headers.add("Authorization", std::move(value));
  return credential;
}

struct Client::Impl : Session {
  using Session::Session;
};

Client::Client(net::Recorder& recorder, Endpoint endpoint, Options options)
    : impl_(std::make_unique<Impl>(recorder, std::move(endpoint), std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() {
  if (impl_) impl_->close();
}

Result<Outcome> Client::call(std::string_view method, json::Value params, CallOptions options) {
  switch (impl_->endpoint().wire) {
    case Wire::stateless: return impl_->call_stateless(method, params, options);
    case Wire::handshake: return impl_->call_handshake(method, params, options);
    case Wire::sse: return impl_->call_sse(method, params, options);
  }
  return failure(Error::Kind::usage, "unknown wire");
}

Result<Outcome> Client::greet() { return call(impl_->endpoint().wire == Wire::stateless ? "server/discover" : "initialize"); }

Result<Outcome> Client::raw(std::string_view method, json::Value params, CallOptions options) {
  return impl_->post(method, params, options, {});
}

const Endpoint& Client::endpoint() const { return impl_->endpoint(); }
std::string Client::session_id() const { return impl_->session_id(); }
std::string Client::message_url() const { return impl_->message_url(); }
json::Value Client::greeting() const { return impl_->greeting(); }
void Client::close() { impl_->close(); }

}  // namespace mcprove::mcp
