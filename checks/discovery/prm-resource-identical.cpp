#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

Result<void> run(Context& at, Cases& cases) {
  const auto found = at.facts().resource_metadata();
  if (!found) {
    const auto reason = found.error().kind == Error::Kind::unavailable ? Reason::not_offered : reason_of(found.error());
    cases.add("resource", Verdict::inconclusive(reason, "no protected resource metadata: " + found.error().message));
    return {};
  }
  const auto& resource = found->resource;
  const auto seen = document(found->fetched, "body:/resource", resource);
  const auto& aliases = at.options().resource_aliases;
  const auto named = net::Url::parse(resource);
  if (resource.empty()) {
    cases.add("resource", Verdict::inconclusive(Reason::evidence_weak, "the document names no resource; prm-valid judges that",
                                                seen.evidence()));
  } else if (resource == at.url().raw || std::ranges::find(aliases, resource) != aliases.end()) {
    cases.add("resource", Verdict::pass(seen, "identical to the address that was used"));
  } else if (!named || !named->same_origin(at.url())) {
    cases.add("resource", Verdict::fail(seen, fmt::format("names {}, another origin than {}", text::one_line(resource, 100),
                                                          at.url().origin())));
  } else if (without_slash(named->text()) == without_slash(at.url().text())) {
    cases.add("resource", Verdict::pass(seen, "the same address, spelled otherwise",
                                        {fmt::format("resource is spelled {}", text::one_line(resource, 100))}));
  } else if (at.url().path.starts_with(named->path) && (named->path.ends_with('/') || at.url().path[named->path.size()] == '/')) {
    cases.add("resource", Verdict::pass(seen, "a path above the address that was used",
                                        {fmt::format("resource {} covers this server's path", text::one_line(resource, 100))}));
  } else {
    cases.add("resource", Verdict::fail(seen, fmt::format("names the sibling {}", text::one_line(resource, 100)),
                                        {.severity = Severity::medium}));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(prm_resource_identical) = define(
    {
        .title = "Protected resource metadata names another resource",
        .what = "Compares the resource in the metadata with the address that the client used, byte for byte.",
        .why = "A client that believes it binds its tokens to somebody else's server; one that does not must refuse to log in.",
        .fix = "Publish exactly the address that clients are given as resource.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .cwe = 346,
        .spec = {{{"RFC 9728", "3.3"}, {"RFC 9728", "7.3"}, {"MCP 2025-11-25 authorization", "Canonical Server URI"}}},
        .since = "0.1",
    },
    run);
