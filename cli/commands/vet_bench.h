#pragma once

#include <string>
#include <vector>

namespace mcprove::cli {

struct VetBenchFlags {
  std::vector<std::string> files{};  ///< JSON lines of labelled manifests
  std::string half{};                ///< "a", "b" or empty: all
  bool list = false;                 ///< name what was missed and what was flagged wrongly
};

/// `mcprove vet --bench FILE...`: measures the rules, prints tables. Returns the exit code.
int vet_bench(const VetBenchFlags& flags);

}  // namespace mcprove::cli
