#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "vet/manifest.h"
#include "vet/server_json.h"

namespace mcprove::vet {

/// What an installed npm package says of itself in its package.json, and what npm wrote down when it installed it.
struct PackageJson {
  std::string name{};
  std::string version{};
  std::string repository{};  ///< URL of the sources
  std::string mcp_name{};    ///< mcpName: the server.json that it says it belongs to
  std::string integrity{};   ///< of the package-lock.json: the hash of what was fetched, "sha512-…"
  std::string resolved{};    ///< of the same: where it was fetched

  /// Error::malformed if it is none.
  static Result<PackageJson> parse(std::string_view text);
  /// The entry of a package-lock.json (version 2 or 3) for a place such as "node_modules/@scope/name"; if there is one.
  void take_lock(std::string_view lock_text, std::string_view place);
};

/// Completes where the server comes from by what its installed package says of itself.
void apply_package(Manifest& manifest, const PackageJson& package);

/// The record that speaks of this server, by its URL, its package or the name that its package gives; null if none does.
const ServerJson* record_of(const Manifest& manifest, std::string_view url, const std::vector<ServerJson>& records);

/// Completes the provenance by the record and says where the two contradict each other: rule `record-mismatch`, medium
/// where one of them disowns the other, low where only versions differ or the namespace is another's than the host.
/// `vouched`: the user gave the record, so that it may name the publisher; a package's own may not.
std::vector<Finding> apply_record(Manifest& manifest, std::string_view url, const ServerJson& record, bool vouched);

/// Records were given and none speaks of it: rule `unlisted-server`, low.
Finding unlisted(const Manifest& manifest);

}  // namespace mcprove::vet
