#include "client/demand.h"

#include "net/challenge.h"

namespace mcprove::client {

std::optional<Demand> demand_of(const net::Response& response) {
  if (response.status != 401 && response.status != 403) return std::nullopt;
  Demand demand;
  const auto fill = [](std::string& into, const std::optional<std::string>& said) {
    if (into.empty()) into = said.value_or("");
  };
  for (const auto& challenge : net::challenges(response.headers)) {
    if (!challenge.is("Bearer") && !challenge.is("DPoP")) continue;
    demand.dpop = demand.dpop || challenge.is("DPoP");
    fill(demand.resource_metadata, challenge.param("resource_metadata"));
    fill(demand.scope, challenge.param("scope"));
    fill(demand.error, challenge.param("error"));
  }
  demand.more_scope = response.status == 403;
  if (demand.more_scope && demand.error != "insufficient_scope") return std::nullopt;
  return demand;
}

}  // namespace mcprove::client
