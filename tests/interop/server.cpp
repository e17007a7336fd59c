#include "tests/interop/server.h"
#include "support/process.h"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mcprove::test {
namespace {

namespace fs = std::filesystem;

fs::path sources() { return fs::path(test::source_path("tests/interop/servers")); }
fs::path all_packages() { return fs::path(test::source_path("build/interop")); }

fs::path node_program() {
  for (const char* machine : {"x64", "arm64"}) {
    const auto candidate = all_packages() / "node/node_modules" / (std::string("node-linux-") + machine) / "bin/node";
    if (fs::exists(candidate)) return candidate;
  }
  return {};
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// Node finds packages from where a program lies, so the programs are put beside them; by rename, since other tests
// may start the same server at this moment.
void put_programs_beside_packages(const std::string& group) {
  for (const auto& entry : fs::directory_iterator(sources() / group)) {
    if (entry.path().extension() != ".mjs") continue;
    const auto target = all_packages() / group / entry.path().filename();
    if (fs::exists(target) && content(target) == content(entry.path())) continue;
    const auto fresh = target.string() + "." + std::to_string(getpid());
    fs::copy_file(entry.path(), fresh, fs::copy_options::overwrite_existing);
    fs::rename(fresh, target);
  }
}

}  // namespace

bool InteropServer::installed(const std::string& program) {
  return !node_program().empty() && fs::exists(all_packages() / fs::path(program).parent_path() / "node_modules");
}

std::string InteropServer::node() { return node_program().string(); }

std::string InteropServer::packages(const std::string& group) { return (all_packages() / group).string(); }

InteropServer::InteropServer(const std::string& program, const std::string& mode, const Environment& environment) {
  put_programs_beside_packages(fs::path(program).parent_path().string());
  process_ = std::make_unique<Process>(std::vector<std::string>{node_program(), all_packages() / program, mode}, environment);
  const auto ready = process_->line_starting("READY ", std::chrono::seconds(60));
  if (!ready) throw std::runtime_error(program + " " + mode + " did not start: " + process_->err());
  url_ = ready->substr(6);
  process_->discard_output();
}

}  // namespace mcprove::test
