#pragma once

#include <string>
#include <vector>

#include "cli/commands/vet_bench.h"

namespace mcprove::cli {

struct VetFlags {
  std::vector<std::string> sources{};
  bool bench = false;  ///< measure the rules on labelled manifests instead
  std::string half{};
  bool list = false;
};

int vet(const VetFlags& flags);

}  // namespace mcprove::cli
