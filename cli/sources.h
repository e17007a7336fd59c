#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/settings.h"
#include "engine/check.h"
#include "report/vetting.h"
#include "vet/provenance.h"

namespace mcprove::cli {

/// Where tools are read from: what `vet`, `lock` and `verify` share.
struct SourceFlags {
  std::vector<std::string> sources{};  ///< URLs and files
  std::vector<std::string> commands{};
  std::vector<std::string> environment{};   ///< names of variables that commands get
  std::vector<std::string> server_jsons{};  ///< files: what a registry of MCP servers says of them
  bool discover = false;
  bool run = false;    ///< commands that a client's configuration names may be started
  AuditFlags login{};  ///< of the URLs; also format, out, fail_on and the like
};

struct Gathered {
  report::SourcesRead read{};
  std::vector<vet::Finding> findings{};  ///< where a server comes from, and what contradicts it
  int signal = 0;                        ///< that ended the reading; 0: none did
};

/// Reads them all, one after the other. A source that cannot be read is told in the result; an Error, of kind usage, is
/// about the flags.
Result<Gathered> gather(const SourceFlags& flags, const Registry& registry);

/// The tools of each server.
std::vector<vet::Manifest> manifests_of(const report::SourcesRead& read);

}  // namespace mcprove::cli
