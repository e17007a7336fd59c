// A registry's record is anybody's text: it is read or refused, what is read keeps to its bounds, and it reads the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vet/server_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto all = vet::read_server_jsons(text)) {
    for (const auto& one : *all) {
      if (one.space().size() + 1 >= one.name.size() || one.packages.size() > 100 || one.remotes.size() > 100) std::abort();
      for (const auto& remote : one.remotes) static_cast<void>(one.remote_of(remote.url));
      for (const auto& package : one.packages) {
        if (one.package_of(package.registry, package.identifier) == nullptr) std::abort();
        static_cast<void>(one.space_covers(package.identifier));
      }
      const auto again = vet::ServerJson::from(one.document);
      if (!again || again->name != one.name || again->packages.size() != one.packages.size()) std::abort();
    }
  }
  return 0;
}
