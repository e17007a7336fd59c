#include <fmt/format.h>

#include "engine/context.h"

namespace mcprove {

Citation cite(net::ExchangeId exchange, std::string where, std::string shows) {
  return {exchange, std::move(where), std::move(shows)};
}

Citation cite_status(const net::Reply& reply) { return cite(reply.id, "status", fmt::format("HTTP {}", reply.response.status)); }

Document document(const oauth::Fetched& fetched, std::string where, std::string shows) {
  return Document(cite(fetched.exchange.value_or(net::ExchangeId{}), std::move(where), std::move(shows)));
}

Reason reason_of(const net::Response& response) {
  switch (net::oddity(response)) {
    case net::Oddity::rate_limited: return Reason::rate_limited;
    case net::Oddity::blocked: return Reason::blocked;
    case net::Oddity::redirect: return Reason::login_page;
    case net::Oddity::none:
    case net::Oddity::html:
    case net::Oddity::server_error: break;
  }
  return Reason::unclear_answer;
}

Observation observe(const mcp::Outcome& outcome) {
  Observation seen{outcome.answer, outcome.why, {cite(outcome.exchange, "status", outcome.why)}, {}};
  if (outcome.answer == Answer::other) seen.reason = reason_of(outcome.response);
  return seen;
}

Observation observe(const oauth::TokenAnswer& answer) {
  Observation seen{answer.answer, answer.why, {cite(answer.reply.id, "status", answer.why)}, {}};
  if (answer.answer == Answer::other) seen.reason = reason_of(answer.reply.response);
  return seen;
}

Observation observe(const oauth::Registered& registered) {
  Observation seen{registered.answer, registered.why, {cite(registered.reply.id, "status", registered.why)}, {}};
  if (registered.answer == Answer::other) seen.reason = reason_of(registered.reply.response);
  return seen;
}

Observation observe(const oauth::FlowResult& result) {
  Observation seen{result.answer(), result.why, {}, {}};
  if (result.pushed) return observe(*result.pushed);
  if (result.token) seen = observe(*result.token);
  if (result.token && result.token->answer == Answer::other) return seen;
  seen.answer = result.answer();
  seen.why = result.why;
  if (seen.evidence.empty() && result.authorization.last)
    seen.evidence.push_back(cite(*result.authorization.last, "status", result.why));
  if (result.end == oauth::FlowEnd::page)
    seen.reason = result.authorization.login_origin_refused ? Reason::login_origin_not_allowed : Reason::login_page;
  else if (seen.answer == Answer::other && !seen.reason) seen.reason = Reason::unclear_answer;
  return seen;
}

}  // namespace mcprove
