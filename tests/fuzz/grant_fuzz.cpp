// A file of the grant store; what is read as a grant can be written and read again, and holds nothing that breaks a header.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "oauth/grant_store.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const auto grant = oauth::parse_grant(std::string(data, data + size));
  if (!grant) return 0;
  for (const auto* text : {&grant->access_token, &grant->refresh_token, &grant->token_endpoint, &grant->client.id})
    if (text->find_first_of(std::string_view("\r\n\0\x1b", 4)) != std::string::npos) std::abort();
  const auto written = oauth::format_grant(*grant);
  const auto again = oauth::parse_grant(written);
  if (!again || oauth::format_grant(*again) != written || again->key() != grant->key()) std::abort();
  return 0;
}
