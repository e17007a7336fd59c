#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jose/jwk.h"

namespace mcprove::cli {

constexpr std::size_t most_of_a_lock = 64U << 20U;  ///< bytes

/// The Ed25519 public key of a PEM file that `flag` names. Error::usage: the file cannot be read, or holds no such key.
Result<jose::Key> public_key_of(std::string_view flag, const std::string& path);

}  // namespace mcprove::cli
