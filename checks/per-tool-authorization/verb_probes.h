#pragma once

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"

namespace mcprove::checks {

/// The endpoint's other verbs on the handshake wire: GET opens the stream of a session, DELETE ends it (2025-11-25, transports).
/// Each attempt has a session of its own, because many servers allow one stream for each.
class VerbProbes {
 public:
  VerbProbes(Context& at, const Grant& owner) : at_(at), owner_(owner) {}

  /// What the owner is served; nothing else is worth asking of others.
  Result<void> learn() {
    if (at_.wire() != mcp::Wire::handshake) return {};
    auto session = MCPROVE_TRY(open());
    if (!session) return {};
    const auto stream = MCPROVE_TRY(get(session->session_id(), owner_.credential(), "the owner"));
    get_ = stream.answer == Answer::accepted;
    const auto ended = MCPROVE_TRY(send_delete(*session, owner_.credential(), "the owner"));
    delete_ = ended.answer == Answer::accepted;
    return {};
  }
  bool get_served() const { return get_; }
  bool delete_served() const { return delete_; }

  /// Without a session of the owner's first; if that is all the server misses, within one.
  Result<Observation> try_get(const mcp::Credential& credential, const std::string& who) {
    auto seen = MCPROVE_TRY(get("", credential, who));
    return seen.answer == Answer::other ? try_get_within(credential, who) : seen;
  }
  Result<Observation> try_get_within(const mcp::Credential& credential, const std::string& who) {
    auto session = MCPROVE_TRY(open());
    if (!session) return failure(Error::Kind::unavailable, "the owner got no session");
    return as_refused(MCPROVE_TRY(get(session->session_id(), credential, who + " within a session")));
  }

  /// Accepted only if the session is over afterwards; denied only if it lives on.
  Result<Observation> try_delete(const mcp::Credential& credential, const std::string& who) {
    auto session = MCPROVE_TRY(open());
    if (!session) return failure(Error::Kind::unavailable, "the owner got no session");
    auto seen = as_refused(MCPROVE_TRY(send_delete(*session, credential, who)));
    auto request = mcp::build_request(session->endpoint(), "tools/list", json::Value::object({}), 78, owner_.credential(),
                                      session->session_id());
    request.purpose = "does the owner's session live on?";
    const auto after = MCPROVE_TRY(at_.send(std::move(request)));
    const auto owner = mcp::judge(after.response, mcp::message_with_id(after.response, 78));
    seen.evidence.push_back(cite(after.id, "status", "the owner's session afterwards: " + owner.why));
    const bool lives = owner.answer == Answer::accepted;
    if (seen.answer == Answer::accepted && lives) {
      seen.answer = Answer::denied;
      seen.why += ", and the session lives on";
    } else if (seen.answer == Answer::denied && !lives) {
      seen.answer = Answer::other;
      seen.why += ", and the owner's session is not served afterwards: " + owner.why;
      seen.reason = Reason::control_failed;
    }
    return seen;
  }

 private:
  /// A session of the owner's, or none where the server gives out no ids.
  Result<std::optional<mcp::Client>> open() {
    auto client = at_.connect(owner_.credential());
    const auto greeted = MCPROVE_TRY(client.greet());
    if (greeted.answer != Answer::accepted || client.session_id().empty()) return std::optional<mcp::Client>{};
    return std::optional<mcp::Client>(std::move(client));
  }

  net::Request request_to(const std::string& method, const std::string& session, const mcp::Credential& credential) const {
    net::Request request;
    request.method = method;
    request.url = at_.endpoint().url;
    if (!session.empty()) request.headers.add("Mcp-Session-Id", session);
    const auto& revision = at_.endpoint().revision;
    if (mcp::at_least(revision, "2025-06-18")) request.headers.add("MCP-Protocol-Version", revision);
    for (const auto& [field, value] : credential.headers.fields) request.headers.add(field, value);
    request.connection = net::Connection::fresh();
    return request;
  }

  static Observation judged(net::ExchangeId id, const net::Response& response) {
    const auto judgement = mcp::judge(response, {});
    Observation seen{judgement.answer, judgement.why, {cite(id, "status", judgement.why)}, {}};
    if (seen.answer == Answer::accepted) seen.answer = Answer::other;
    if (seen.answer == Answer::other) seen.reason = reason_of(response);
    return seen;
  }

  static void accept(Observation& seen, std::string why) {
    seen.answer = Answer::accepted;
    seen.why = std::move(why);
    seen.reason.reset();
  }

  /// Not there, for others than its owner: a refusal of a session that the owner can use.
  Observation as_refused(Observation seen) const {
    const auto& response = at_.transcript().at(seen.evidence.front().exchange).response;
    if (seen.answer == Answer::other && response && response->status == 404) {
      seen.answer = Answer::denied;
      seen.why = "404: no such session for this caller";
    }
    return seen;
  }

  Result<Observation> get(const std::string& session, const mcp::Credential& credential, const std::string& who) {
    auto request = request_to("GET", session, credential);
    request.headers.add("Accept", "text/event-stream");
    request.purpose = who + ", GET";
    const auto stream = MCPROVE_TRY(at_.recorder().open(std::move(request)));
    const auto& head = stream.events->head();
    auto seen = judged(stream.id, head);
    if (head.status == 200 && net::is_event_stream(head)) accept(seen, "200 with an event stream");
    return seen;
  }

  Result<Observation> send_delete(const mcp::Client& session, const mcp::Credential& credential, const std::string& who) {
    auto request = request_to("DELETE", session.session_id(), credential);
    request.purpose = who + ", DELETE of a session";
    const auto reply = MCPROVE_TRY(at_.send(std::move(request)));
    auto seen = judged(reply.id, reply.response);
    const auto status = reply.response.status;
    if (status >= 200 && status < 300 && net::oddity(reply.response) == net::Oddity::none)
      accept(seen, fmt::format("{} to the DELETE", status));
    return seen;
  }

  Context& at_;
  const Grant& owner_;
  bool get_ = false;
  bool delete_ = false;
};

}  // namespace mcprove::checks
