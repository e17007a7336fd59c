#pragma once

#include <string>

#include "cli/settings.h"
#include "engine/check.h"

/// One function per command: does it, and returns the exit code.
namespace mcprove::cli {

struct ChecksFlags {
  std::string what{};           ///< an id or a family; empty: all
  std::string format = "text";  ///< text, json, man, markdown
};

int audit(const AuditFlags& flags, const Registry& registry);
int checks(const ChecksFlags& flags, const Registry& registry);
int cleanup();

}  // namespace mcprove::cli
