// What was read once is read the same again, and parameters survive their own encoding.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/scope.h"
#include "net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove::net;
  const std::string text(data, data + size);
  if (const auto url = Url::parse(text)) {
    const auto again = Url::parse(url->text());
    if (!again || again->origin() != url->origin() || again->path != url->path || again->query != url->query) std::abort();
    if (url->is_loopback_host() && !url->is_private_host()) std::abort();
    static_cast<void>(registrable_domain(url->host));
  }
  if (const auto base = Url::parse("https://a.example/b/c?d#e")) {
    if (const auto resolved = resolve(*base, text); resolved && resolved->scheme != "http" && resolved->scheme != "https")
      std::abort();
  }
  static_cast<void>(is_private_address(text));
  const auto params = Params::decode(text);
  if (Params::decode(params.encode()).fields() != params.fields()) std::abort();
  return 0;
}
