#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "json/json.h"

// What parses must be written, read again and be the same; what does not must say why.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(text);
  if (!value) {
    if (value.error().message.empty()) std::abort();
    return 0;
  }
  for (const std::string& written : {value->dump(), value->pretty()}) {
    const auto again = json::parse(written, {.bytes = 64U << 20U});
    if (!again || !(*again == *value) || !text::valid_utf8(written)) std::abort();
  }
  const std::string canonical = value->canonical();
  const auto again = json::parse(canonical);
  if (!again || again->canonical() != canonical) std::abort();
  for (const auto& pointer : value->duplicate_keys()) static_cast<void>(value->pointer(pointer));
  return 0;
}
