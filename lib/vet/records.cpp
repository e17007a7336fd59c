#include "vet/records.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::vet {
namespace {

constexpr json::Limits package_limits{.bytes = 1U << 20U, .depth = 32, .values = 100'000};
constexpr json::Limits lock_limits{.bytes = 64U << 20U, .depth = 32, .values = 4U << 20U};

/// "git+https://github.com/o/r.git" and "github:o/r" as a page that a person can open.
std::string page_of(std::string url) {
  if (url.starts_with("git+")) url.erase(0, 4);
  if (url.starts_with("github:")) url = "https://github.com/" + url.substr(7);
  if (url.starts_with("git://")) url = "https://" + url.substr(6);
  if (url.ends_with(".git")) url.resize(url.size() - 4);
  return url;
}

/// Two spellings of one version: a tag may have a 'v'.
bool same_version(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view version) { return version.starts_with('v') ? version.substr(1) : version; };
  return plain(a) == plain(b);
}

Finding mismatch(const Manifest& manifest, Weight severity, std::string why, std::string_view excerpt) {
  return {.server = manifest.server,
          .kind = Kind::server,
          .rule = "record-mismatch",
          .severity = severity,
          .confidence = Confidence::confirmed,
          .excerpt = text::one_line(excerpt, 200),
          .why = std::move(why)};
}

}  // namespace

Result<PackageJson> PackageJson::parse(std::string_view text) {
  const auto value = MCPROVE_TRY(json::parse(text, package_limits));
  const auto name = value.string("name");
  if (!name || name->empty()) return failure(Error::Kind::malformed, "no package.json: it has no name");
  const auto repository = value.at("repository");
  return PackageJson{.name = *name,
                     .version = value.string("version").value_or(""),
                     .repository = page_of(repository.string().value_or(repository.string("url").value_or(""))),
                     .mcp_name = value.string("mcpName").value_or("")};
}

void PackageJson::take_lock(std::string_view lock_text, std::string_view place) {
  const auto lock = json::parse(lock_text, lock_limits);
  if (!lock) return;
  const auto entry = lock->at("packages").at(place);
  // Of another version it says nothing.
  if (entry.string("version") != version) return;
  integrity = entry.string("integrity").value_or("");
  resolved = entry.string("resolved").value_or("");
}

void apply_package(Manifest& manifest, const PackageJson& package) {
  auto& from = manifest.provenance;
  from.record = package.mcp_name;
  from.repository = package.repository;
  from.integrity = package.integrity;
  // A command that names the package and no version takes whatever is newest the next time, whatever lies here now.
  if (!from.package.empty()) return;
  from.version = package.version;
  // Anybody can write any name into a folder of his own; npm noted where it fetched this one.
  if (package.integrity.empty()) return;
  from.registry = "npm";
  from.package = package.name;
  if (package.name.starts_with('@')) from.publisher = package.name.substr(0, package.name.find('/'));
}

const ServerJson* record_of(const Manifest& manifest, std::string_view url, const std::vector<ServerJson>& records) {
  const auto& from = manifest.provenance;
  const auto speaks = [&](const ServerJson& record) {
    if (!url.empty() && record.remote_of(url) != nullptr) return true;
    if (!from.package.empty() && record.package_of(from.registry, from.package) != nullptr) return true;
    return !from.record.empty() && record.name == from.record;
  };
  // Of several versions of one record, that of this version.
  const ServerJson* found = nullptr;
  for (const auto& record : records) {
    if (!speaks(record)) continue;
    if (found == nullptr || same_version(record.version, from.version)) found = &record;
  }
  return found;
}

std::vector<Finding> apply_record(Manifest& manifest, std::string_view url, const ServerJson& record, bool vouched) {
  std::vector<Finding> out;
  auto& from = manifest.provenance;
  if (!from.record.empty() && from.record != record.name)
    out.push_back(mismatch(manifest, Weight::medium, "the package says that it belongs to another server than its record does",
                           fmt::format("{} says mcpName {}, the record is {}", from.package, from.record, record.name)));
  const auto* package = from.package.empty() ? nullptr : record.package_of(from.registry, from.package);
  if (!from.package.empty() && package == nullptr && url.empty())
    out.push_back(mismatch(manifest, Weight::medium, "the record does not name the package that was started",
                           fmt::format("{}, record {}", from.package, record.name)));
  const auto& version = package != nullptr && !package->version.empty() ? package->version : record.version;
  if (!version.empty() && !from.version.empty() && !same_version(version, from.version))
    out.push_back(mismatch(manifest, Weight::low, "the record speaks of another version",
                           fmt::format("{}, record {}", from.version, version)));
  const auto parsed = net::Url::parse(url);
  const bool of_a_forge = record.space().starts_with("io.github.") || record.space().starts_with("io.gitlab.");
  if (parsed && !of_a_forge && !record.space_covers(parsed->host))
    out.push_back(mismatch(manifest, Weight::low, "the record's namespace is of another domain than the host",
                           fmt::format("{}, record {}", parsed->host, record.name)));
  if (record.status == "deleted" || record.status == "deprecated")
    out.push_back(mismatch(manifest, Weight::low, "the registry no longer offers it", record.name + ": " + record.status));
  if (from.repository.empty()) from.repository = record.repository;
  if (!vouched) return out;
  from.record = record.name;
  const bool disowned = std::ranges::any_of(out, [](const Finding& finding) { return finding.severity >= Weight::medium; });
  if (from.publisher.empty() && !disowned) from.publisher = record.space();
  if (from.registry.empty()) from.registry = "mcp";
  return out;
}

Finding unlisted(const Manifest& manifest) {
  auto out = mismatch(manifest, Weight::low, "none of the records that were given speaks of it", manifest.server);
  out.rule = "unlisted-server";
  return out;
}

}  // namespace mcprove::vet
