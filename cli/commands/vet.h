#pragma once

#include <string>

#include "cli/commands/vet_bench.h"
#include "cli/sources.h"
#include "engine/check.h"

namespace mcprove::cli {

struct VetFlags {
  SourceFlags from{};
  bool bench = false;  ///< measure the rules on labelled manifests instead
  std::string half{};
  bool list = false;
};

/// `mcprove vet SOURCE...`
int vet(const VetFlags& flags, const Registry& registry);

}  // namespace mcprove::cli
