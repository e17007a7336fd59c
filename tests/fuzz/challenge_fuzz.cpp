// Whatever a server sends, no part of a challenge is longer than the field, and schemes are never empty.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/challenge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string field(data, data + size);
  std::size_t total = 0;
  for (const auto& challenge : mcprove::net::parse_challenges(field)) {
    if (challenge.scheme.empty()) std::abort();
    total += challenge.scheme.size() + challenge.token68.size();
    for (const auto& [name, value] : challenge.params) {
      if (name.empty()) std::abort();
      total += name.size() + value.size();
    }
  }
  if (total > field.size()) std::abort();
  return 0;
}
