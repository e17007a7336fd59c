// Whatever a tool says of itself, the judge ends, points at places that exist, and prints nothing that a terminal obeys.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "vet/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string text(data, data + size);
  const auto parsed = json::parse(text);
  vet::Manifest manifest;
  manifest.tools = {parsed ? *parsed : json::Value::object({{"name", json::str("t")}, {"description", json::str(text)}})};
  manifest.instructions = text;
  for (const auto& finding : vet::judge({manifest, manifest})) {
    if (text::printable(finding.excerpt) != finding.excerpt || finding.why.empty() || finding.rule.empty()) std::abort();
    if (finding.kind == vet::Kind::tool && finding.pointer != "" && finding.pointer[0] != '/') std::abort();
  }
  static_cast<void>(vet::capabilities(manifest.tools.front()));
  return 0;
}
