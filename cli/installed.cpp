#include "cli/installed.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/files.h"
#include "vet/provenance.h"

namespace mcprove::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most = 1U << 20U;
constexpr std::size_t most_of_lock = 64U << 20U;
constexpr int most_steps_up = 16;

std::string variable(const Command& command, const char* name) {
  const auto found = command.environment.find(name);
  return found == command.environment.end() ? std::string{} : found->second;
}

/// The program as the command's own PATH finds it, with links followed: package managers link to what they install.
fs::path real_path(const Command& command, const std::string& word) {
  std::error_code error;
  const fs::path here = command.directory.empty() ? fs::current_path(error) : fs::path(command.directory);
  if (word.find('/') != std::string::npos) return fs::canonical(here / word, error);
  for (const auto& folder : text::split(variable(command, "PATH"), ':')) {
    if (!folder.empty() && fs::is_regular_file(fs::path(folder) / word, error))
      return fs::canonical(fs::path(folder) / word, error);
  }
  return {};
}

/// The nearest package.json above a file that names a package and not only how to read the files beside it.
fs::path package_above(const fs::path& file) {
  auto folder = file.parent_path();
  for (int i = 0; i < most_steps_up && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
    const auto text = text_of_file((folder / "package.json").string(), most);
    if (text && vet::PackageJson::parse(*text)) return folder;
  }
  return {};
}

/// Where a package runner would take it from.
fs::path package_named(const Command& command, const std::string& package) {
  std::error_code error;
  const auto good = [&](const fs::path& folder) { return fs::is_regular_file(folder / "package.json", error); };
  const fs::path here = command.directory.empty() ? fs::current_path(error) : fs::path(command.directory);
  if (good(here / "node_modules" / package)) return here / "node_modules" / package;
  const auto home = variable(command, "HOME");
  const fs::path cache = fs::path(home) / ".npm/_npx";
  if (home.empty()) return {};
  fs::path found;
  for (fs::directory_iterator entry(cache, error), end; !error && entry != end; entry.increment(error)) {
    const auto folder = entry->path() / "node_modules" / package;
    if (!good(folder)) continue;
    if (!found.empty()) return {};  // which of them runs, only npm knows
    found = folder;
  }
  return found;
}

/// The lock that npm keeps beside the outermost node_modules that the package lies in.
void take_lock(vet::PackageJson& package, const fs::path& folder) {
  const auto path = folder.string();
  const auto modules = path.rfind("/node_modules/");
  if (modules == std::string::npos) return;
  for (auto at = path.find("/node_modules/"); at != std::string::npos && package.integrity.empty();
       at = path.find("/node_modules/", at + 1)) {
    const fs::path root = path.substr(0, at);
    for (const auto* name : {"node_modules/.package-lock.json", "package-lock.json"}) {
      const auto text = text_of_file((root / name).string(), most_of_lock);
      if (text && package.integrity.empty()) package.take_lock(*text, path.substr(at + 1));
    }
  }
}

}  // namespace

std::optional<Installed> installed_package(const Command& command, const std::string& package) {
  fs::path folder;
  if (!package.empty()) {
    // A name with steps in it leads out of the folder.
    if (package.find("..") == std::string::npos) folder = package_named(command, package);
  } else {
    const auto script = vet::script_of(command.argv);
    const auto file = real_path(command, script.empty() ? command.argv[0] : script);
    if (!file.empty()) folder = package_above(file);
  }
  if (folder.empty()) return std::nullopt;
  const auto text = text_of_file((folder / "package.json").string(), most);
  auto parsed = text ? vet::PackageJson::parse(*text) : tl::unexpected(text.error());
  if (!parsed) return std::nullopt;
  Installed out{.package = *std::move(parsed)};
  take_lock(out.package, folder);
  const auto beside = folder / "server.json";
  std::error_code error;
  if (!fs::is_regular_file(beside, error)) return out;
  const auto record =
      text_of_file(beside.string(), most).and_then([](const std::string& words) { return vet::ServerJson::parse(words); });
  if (record) out.records.push_back(*record);
  else out.notes.push_back(fmt::format("the server.json of package {}: {}", out.package.name, record.error().message));
  return out;
}

}  // namespace mcprove::cli
