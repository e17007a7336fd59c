#include "base/random.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <openssl/rand.h>

#include "base/text.h"

namespace mcprove {

std::string Random::hex(std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  fill(raw);
  return text::hex(raw);
}

std::string Random::base64url(std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  fill(raw);
  return text::base64url_encode(std::string(raw.begin(), raw.end()));
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t most = 1U << 20U;  // RAND_bytes takes an int.
  while (!out.empty()) {
    const auto part = out.first(std::min(out.size(), most));
    // Going on with predictable values would make every later verdict worthless.
    if (RAND_bytes(part.data(), static_cast<int>(part.size())) != 1) throw std::runtime_error("the random generator failed");
    out = out.subspan(part.size());
  }
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  for (auto& byte : out) {
    // SplitMix64; one step a byte keeps the sequence independent of how it is cut into calls.
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    byte = static_cast<std::uint8_t>((z ^ (z >> 31U)) & 0xffU);
  }
}

}  // namespace mcprove
