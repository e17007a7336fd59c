#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "vet/capture.h"
#include "vet/drift.h"
#include "vet/lock.h"

// A lock comes out of a repository that others write to: whatever it says, it is read or refused, and what was read is
// written and read again to the same hash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto lock = vet::read_lock(text)) {
    const auto again = vet::read_lock(vet::write_lock(lock->servers));
    if (!again || again->servers.size() != lock->servers.size()) std::abort();
    static_cast<void>(vet::drift(lock->servers, again->servers));
  }
  if (const auto captured = vet::read_capture(text, "x")) {
    std::vector<vet::Pinned> servers;
    for (const auto& manifest : *captured) {
      servers.push_back({.manifest = manifest});
      servers.back().manifest.server += " (" + std::to_string(servers.size()) + ")";  // a name stands for one server
    }
    if (!vet::read_lock(vet::write_lock(servers))) std::abort();
    if (servers.size() > 1)
      static_cast<void>(vet::widened(servers[0].manifest.tools.empty() ? json::Value() : servers[0].manifest.tools[0],
                                     servers[1].manifest.tools.empty() ? json::Value() : servers[1].manifest.tools[0]));
  }
  return 0;
}
