#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "oauth/registration.h"

namespace mcprove {

/// What one run made at other people's servers, written before it is used, so that a kill loses nothing. One file per run
/// below STATE/journal, mode 0600, one JSON object a line; gone when everything in it was cleaned up. Thread-safe.
class Journal {
 public:
  struct Entry {
    std::string kind{};  ///< "client" or "token"
    std::string issuer{};
    std::string token{};  ///< of a token: a refresh token, else the access token
    std::string revocation_endpoint{};
    oauth::Client client{};  ///< the client, or the one the token belongs to
  };
  /// An empty directory keeps it in memory only.
  explicit Journal(std::string directory, std::string run_name);

  void add(Entry entry);
  std::vector<Entry> entries() const;
  /// What is left goes back to the file; an empty list removes it.
  void keep(std::vector<Entry> left);

  static std::vector<std::string> files(const std::string& directory);
  static std::vector<Entry> read(const std::string& file);

 private:
  void write_all();
  mutable std::mutex mutex_;
  std::string file_{};
  std::vector<Entry> entries_{};
};

/// Clients of ours that later runs may use again, by target and issuer; STATE/clients.json, mode 0600.
class ClientStore {
 public:
  explicit ClientStore(std::string directory) : directory_(std::move(directory)) {}  ///< empty: keeps nothing
  std::optional<oauth::Client> find(const std::string& target, const std::string& issuer) const;
  void keep(const std::string& target, const oauth::Client& client);
  void forget(const std::string& target, const std::string& issuer);
  bool enabled() const { return !directory_.empty(); }

 private:
  std::string directory_;
};

}  // namespace mcprove
