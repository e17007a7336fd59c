#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/redactor.h"
#include "engine/audit.h"
#include "mcp/catalogue.h"

namespace mcprove {

/// What one identity sees of a server.
struct SeenCatalogue {
  std::string identity{};  ///< "anonymous" without any credential
  mcp::Catalogue catalogue{};
};

struct ServerReading {
  std::string name{};  ///< serverInfo.name, else the URL's host and path
  std::string version{};
  std::vector<SeenCatalogue> seen{};  ///< the main identity first
  std::vector<std::string> notes{};   ///< what could not be read, and why
};

/// Reads what a server publishes to those who log in, and attacks nothing: discovery, the honest logins, the lists.
class ReadOnlyVisit {
 public:
  ReadOnlyVisit(Options options, Progress progress = {}, World world = {});
  ~ReadOnlyVisit();
  Result<ServerReading> run();
  /// From another thread: run() returns after the clean-up.
  void interrupt(int signal);
  std::shared_ptr<const Redactor> redactor() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One line for each thing that a catalogue says could not be read.
std::vector<std::string> gaps_in(const mcp::Catalogue& catalogue);

}  // namespace mcprove
