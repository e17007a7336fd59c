#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>

namespace mcprove {

/// Randomness, given in from outside so that tests repeat. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::string hex(std::size_t bytes);        ///< 2 characters a byte
  std::string base64url(std::size_t bytes);  ///< unpadded
};

/// The operating system's generator (OpenSSL RAND_bytes).
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// The same numbers for the same seed; for tests only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

}  // namespace mcprove
