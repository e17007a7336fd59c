#pragma once

#include <string>
#include <vector>

#include "vet/manifest.h"

namespace mcprove::vet {

// Whose word it is. A command says what it starts: registry, package and version are the words of whoever wrote it. A
// publisher is read off the package's name: npm gives a scope to one owner, so the name says who may publish under it, and
// nobody here asked npm who did. package.json and server.json are the publisher's own words about itself (records.h), an
// integrity hash is npm's note of what it fetched, and the files may have changed since. What is proven is only that two of
// these agree. A URL's origin is proven by TLS.

/// What a command that starts a server says of where it comes from: `npx PACKAGE@VERSION`, `uvx PACKAGE==VERSION`,
/// `docker run IMAGE@DIGEST` and their like. A tag that moves ("latest") is no version. Other commands are only an origin.
Provenance provenance_of(const std::vector<std::string>& argv);

/// The file that an interpreter is told to run ("node server.js", "python -m module"); empty for other commands.
std::string script_of(const std::vector<std::string>& argv);

/// What the reader of a policy trusts; empty lists trust nobody and forbid nothing.
struct TrustPolicy {
  bool given = false;
  std::vector<std::string> publishers{};  ///< npm scopes ("@scope"), image owners ("ghcr.io/owner"), namespaces ("com.example")
  std::vector<std::string> origins{};     ///< URL origins
  std::vector<std::string> signers{};     ///< RFC 7638 thumbprints of the keys that may sign a lock
  std::vector<Power> allow{};             ///< all others are forbidden; empty: no such limit
  std::vector<Power> forbid{};
};

/// Where the servers come from and what their tools can do, held to the policy. Without one all of it is low.
std::vector<Finding> judge_trust(const std::vector<Manifest>& set, const TrustPolicy& policy);

}  // namespace mcprove::vet
