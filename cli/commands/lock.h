#pragma once

#include <string>

#include "cli/sources.h"
#include "engine/check.h"

namespace mcprove::cli {

struct LockFlags {
  SourceFlags from{};
  std::string sign{};  ///< PEM file of a private Ed25519 key, of mode 0600
};
/// `mcprove lock SOURCE...`: writes what was read into mcprove.lock, or where --out says.
int lock(const LockFlags& flags, const Registry& registry);

struct VerifyFlags {
  SourceFlags from{};
  std::string lock = "mcprove.lock";
  std::string key{};  ///< PEM file of the public key that must have signed it
};
/// `mcprove verify [SOURCE...]`
int verify(const VerifyFlags& flags, const Registry& registry);

}  // namespace mcprove::cli
