#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"

namespace mcprove::checks {

/// Origins that no sound server takes for its own.
inline std::vector<std::pair<std::string, std::string>> foreign_origins(Context& at) {
  return {{"foreign site", "https://audit-" + at.nonce() + ".example"},
          {"null", "null"},
          {"subdomain of localhost", "http://evil.localhost"},
          {"host as prefix", fmt::format("https://{}.evil-{}.example", at.url().host, at.nonce())},
          {"file", "file://"}};
}

/// A good request from that origin on this endpoint, with the grant's credential. 403 counts whatever its body.
inline Result<Observation> from_origin(Context& at, const mcp::Endpoint& endpoint, const Grant& grant,
                                       const std::string& origin) {
  mcp::Client::Options options;
  options.extra.add("Origin", origin);
  options.connection = net::Connection::fresh();
  auto client = at.connect(endpoint, grant.credential(), std::move(options));
  const auto outcome = MCPROVE_TRY(client.greet());
  auto seen = observe(outcome);
  if (outcome.response.status == 403 && seen.answer == Answer::other && !net::is_html(outcome.response)) {
    seen.answer = Answer::denied;
    seen.reason.reset();
  }
  if (outcome.response.status == 401) {
    seen.answer = Answer::other;
    seen.why = "401 speaks about the token only";
    seen.reason = Reason::unclear_answer;
  }
  return seen;
}

/// The same request without any Origin.
inline Control origin_control(Context& at, const mcp::Endpoint& endpoint, const Grant& grant) {
  return Control(
      [&at, endpoint, grant]() -> Result<Observation> {
        mcp::Client::Options options;
        options.connection = net::Connection::fresh();
        auto client = at.connect(endpoint, grant.credential(), std::move(options));
        return observe(MCPROVE_TRY(client.greet()));
      },
      nullptr);
}

}  // namespace mcprove::checks
