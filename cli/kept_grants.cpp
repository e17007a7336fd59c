#include "cli/kept_grants.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "cli/person.h"

namespace mcprove::cli {

Result<void> renew_kept(Settings& settings) {
  const SystemClock clock;
  for (const auto& grant : settings.kept) {
    if (!grant.expired(clock.now())) continue;
    Identity holder;
    holder.name = grant.person.empty() ? "default" : grant.person;
    PersonAt person({.url = settings.options.url, .options = settings.options}, holder, grant);
    const auto connection = person.connect();
    const auto fresh = connection ? (*connection)->grant() : std::nullopt;
    if (!fresh || fresh->expired(clock.now(), std::chrono::seconds(0))) {
      return failure(Error::Kind::login, fmt::format("the grant that is kept ended and could not be renewed{}",
                                                     connection ? "" : ": " + person.redacted(connection.error().message)));
    }
    for (auto& identity : settings.options.identities)
      if (identity.token == grant.access_token) identity.token = fresh->access_token;
  }
  return {};
}

}  // namespace mcprove::cli
