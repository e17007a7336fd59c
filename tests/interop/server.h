#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/process.h"

namespace mcprove::test {

/// One of the programs under tests/interop/servers, on free loopback ports, for as long as this lives.
class InteropServer {
 public:
  /// `program` is "<group>/<file>.mjs"; its packages are in build/interop/<group>, put there by ./dev.
  /// Throws std::runtime_error with the server's own words if it does not say READY.
  InteropServer(const std::string& program, const std::string& mode, const Environment& environment = {});

  const std::string& url() const { return url_; }

  /// Whether the packages of a group (and Node) are there to be started.
  static bool installed(const std::string& program);
  /// The Node.js of ours; empty if it is not installed.
  static std::string node();
  /// Where the packages of a group are.
  static std::string packages(const std::string& group);

 private:
  std::unique_ptr<Process> process_{};
  std::string url_{};
};

}  // namespace mcprove::test
