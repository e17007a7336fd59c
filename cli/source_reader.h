#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/child.h"
#include "base/redactor.h"
#include "cli/signals.h"
#include "cli/sources.h"
#include "cli/terminal.h"
#include "engine/client_config.h"
#include "engine/options.h"
#include "vet/server_json.h"

namespace mcprove::cli {

/// Reads the sources of one run, one after the other: gather() in parts.
class SourceReader {
 public:
  SourceReader(const SourceFlags& flags, const Registry& registry);
  Result<Gathered> run();

 private:
  void read_url(const std::string& url, const std::string& name, const Options& options);
  void read_command(const std::string& source, const std::string& name, const Command& command);
  void read_file(const std::string& path);
  void discover();
  /// True if it was one.
  bool read_client_file(const std::string& path, std::string_view text, bool surely);
  void read_entry(const std::string& path, const ClientEntry& entry);
  Result<void> read_records();
  Result<std::map<std::string, std::string>> named_environment();
  Result<Options> options_for(const std::string& url, bool as_people) const;
  /// Where it comes from, by what lies on this disk and by the records that were given.
  void trace(vet::Pinned& pinned, const std::string& url, const Command* command);
  void add(vet::Pinned pinned);
  void unread(const std::string& source, const Error& error);

  const SourceFlags& flags_;
  const Registry& registry_;
  Gathered out_{};
  std::shared_ptr<Redactor> secrets_ = std::make_shared<Redactor>();
  std::map<std::string, std::string> environment_{};  ///< that was named with --env
  std::vector<vet::ServerJson> records_{};
  StatusLine status_{false};
  Signals signals_{};
};

/// A URL as reports and locks may show it: keys stand in queries.
std::string shown_url(const std::string& url);

}  // namespace mcprove::cli
