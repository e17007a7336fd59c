#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/child.h"
#include "vet/records.h"

namespace mcprove::cli {

/// What lies on this disk of the npm package that a command starts.
struct Installed {
  vet::PackageJson package{};
  std::vector<vet::ServerJson> records{};  ///< of the server.json beside it
  std::vector<std::string> notes{};        ///< what lies there and could not be read
};

/// Found by the file that is run, or by the package that a package runner names: in node_modules here, else in npm's cache.
/// Nothing is run or fetched.
std::optional<Installed> installed_package(const Command& command, const std::string& package);

}  // namespace mcprove::cli
