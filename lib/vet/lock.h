#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jose/jwk.h"
#include "json/json.h"
#include "vet/manifest.h"

/// mcprove.lock: what was reviewed, word for word, with its hashes. One member a line and in a fixed order, and one line of
/// a text a line, so that a change reads as a diff.
///
/// The hashes notice slips: an edited word, half a merge, a view that is another identity's. Who writes on purpose writes
/// the hashes too: names of identities, sources and provenance are, like all the rest, kept from him by the signature alone.
namespace mcprove::vet {

/// A server and what each identity saw of it.
struct Pinned {
  Manifest manifest{};
  std::string source{};                                          ///< URL, file or command that it was read from
  std::map<std::string, std::vector<std::string>> identities{};  ///< name of the identity → tools that it saw
};

struct Lock {
  std::vector<Pinned> servers{};
  json::Value document{};                  ///< as read, the signature included
  std::optional<std::string> signature{};  ///< base64url; empty: not signed
  std::string signer{};                    ///< RFC 7638 thumbprint of the key, as the lock says
};

/// SHA-256 over the canonical form (RFC 8785): "sha256:" and hex.
std::string hash_of(const json::Value& value);
/// Of all that is pinned of a server, whoever saw it.
std::string hash_of(const Manifest& manifest);

/// The file's text. Servers are sorted by name, tools by name, members by key.
std::string write_lock(const std::vector<Pinned>& servers);
/// The same text with an Ed25519 signature over the canonical form of all the rest. Error::usage if the key cannot.
Result<std::string> sign_lock(const std::string& lock, const jose::Key& key);
/// Error::malformed for what is no lock, or whose hashes are not those of its words.
Result<Lock> read_lock(std::string_view text);
/// False also for a lock that is not signed.
bool verify_lock(const Lock& lock, const jose::Key& key);
/// Whether this is a lock with a signature that is not that of the key: asked of what read_lock() refuses, since somebody
/// who edits a signed lock leaves hashes behind that are wrong as well.
bool is_forged(std::string_view text, const jose::Key& key);

}  // namespace mcprove::vet
