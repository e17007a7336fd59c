#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace mcprove::vet {

/// A server.json: what a server's publisher tells a registry of MCP servers (the official registry's format, schemas
/// 2025-07-09 to 2025-12-11). All of it is the publisher's word. A registry proves two things before it lists it: that the
/// publisher controls the namespace, and that each package names this server (`mcpName` in package.json and the like).
/// A copy of the file proves neither.
struct ServerJson {
  struct Package {
    std::string registry{};    ///< registryType: "npm", "pypi", "oci", "nuget", "cargo", "go", "mcpb"
    std::string identifier{};  ///< name in that registry, or the address of a download
    std::string version{};     ///< of an image without one, the tag or digest of its identifier
    std::string base_url{};    ///< registryBaseUrl; empty: the usual registry of that type
    std::string sha256{};      ///< fileSha256, 64 lower-case hexadecimal digits; empty if it says none
    std::string transport{};   ///< "stdio", "streamable-http", "sse"
  };
  struct Remote {
    std::string type{};  ///< "streamable-http", "sse"
    std::string url{};   ///< http or https; may hold {variables}
  };

  std::string schema{};       ///< $schema
  std::string name{};         ///< "io.github.owner/server": namespace, one slash, name
  std::string version{};      ///< empty if it says none
  std::string description{};  ///< any text: hostile until judged
  std::string repository{};   ///< URL of the sources
  std::string repository_id{};
  std::string website{};
  std::string status{};  ///< "active", "deprecated", "deleted" in a registry's answer; empty in a file
  std::vector<Package> packages{};
  std::vector<Remote> remotes{};
  /// What the format forbids and a reader of provenance should know, such as "/packages/0/version: 'latest' is no version".
  std::vector<std::string> flaws{};
  json::Value document{};  ///< as read, without a registry's wrapping

  /// The file, or a registry's answer around it (`{server, _meta}`). Error::malformed: not JSON, a key twice, no name of
  /// that form, a list that is none; Error::too_large beyond 1 MiB or 100 packages or remotes.
  static Result<ServerJson> parse(std::string_view text);
  static Result<ServerJson> from(const json::Value& value);

  std::string space() const;  ///< namespace: "io.github.owner", "com.example"
  /// The host that the namespace is the reverse of: "com.example" → "example.com"; of io.github.OWNER, OWNER.github.io.
  std::string space_host() const;
  /// That host, or one below it. Of a namespace of github.io only OWNER.github.io itself.
  bool space_covers(std::string_view host) const;
  /// The remote whose URL that is, by scheme, host, port and path; {variables} stand for one part of the path or of the
  /// host name. Null if there is none.
  const Remote* remote_of(std::string_view url) const;
  /// npm names by their letters, PyPI names normalised (PEP 503), images without tag and digest. Null if there is none.
  const Package* package_of(std::string_view registry, std::string_view called) const;
};

/// All servers of a registry's saved answer (`{servers: [{server, _meta}, ...]}`), of an array, or the one of a
/// server.json. Errors as of parse(), with the place; at most 10,000.
Result<std::vector<ServerJson>> read_server_jsons(std::string_view text);

}  // namespace mcprove::vet
