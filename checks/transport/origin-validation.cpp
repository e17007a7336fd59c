#include "checks/transport/origin_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  // A page elsewhere has no bearer token to send: rebinding matters where none is needed.
  Grade grade;
  if (!grant.credential().empty()) grade.severity = Severity::low;
  auto control = checks::origin_control(at, at.endpoint(), grant);
  auto group = sandwich(control);
  for (const auto& [name, origin] : checks::foreign_origins(at))
    group.probe(
        name, [&at, &grant, origin = origin] { return checks::from_origin(at, at.endpoint(), grant, origin); },
        "a request from the origin " + origin + " was served", grade);
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(origin_validation) = define(
    {
        .title = "Requests from foreign web origins are served",
        .what =
            "Sends a good request with the Origin of another site, null, file, and names that merely look like the server's, between "
            "requests without Origin. The foreign ones must be refused with 403.",
        .why =
            "A web page in the user's browser can reach servers on the user's machine and network (DNS rebinding) and use their tools.",
        .fix = "Compare Origin with a list of allowed ones, as whole strings, and answer 403 to all others.",
        .severity = Severity::high,
        .per = Axis::wire,
        .cwe = 346,
        .spec = {{{"MCP 2025-11-25 transports", "Security Warning"}, {"MCP 2024-11-05 transports", "Security Warning"}}},
        .since = "0.1",
    },
    run);
