// Events must not depend on how the bytes were cut into pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/sse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(data, data + size);
  const auto whole = mcprove::net::parse_events(body);
  mcprove::net::SseParser parser;
  std::vector<mcprove::net::Event> pieces;
  for (std::size_t at = 0, step = 1; at < body.size(); at += step, step = step % 7 + 1) {
    for (auto& event : parser.feed(std::string_view(body).substr(at, step))) pieces.push_back(std::move(event));
  }
  if (whole.size() != pieces.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].data != pieces[i].data || whole[i].type != pieces[i].type || whole[i].id != pieces[i].id) std::abort();
  }
  return 0;
}
