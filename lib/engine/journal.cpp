#include "engine/journal.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/private_file.h"
#include "base/text.h"
#include "oauth/client_json.h"

namespace mcprove {
namespace fs = std::filesystem;
namespace {

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

json::Value to_json(const Journal::Entry& entry) {
  return json::Value::object({{"kind", json::str(entry.kind)},
                              {"issuer", json::str(entry.issuer)},
                              {"token", json::str(entry.token)},
                              {"revocation_endpoint", json::str(entry.revocation_endpoint)},
                              {"client", oauth::client_to_json(entry.client)}});
}

Journal::Entry entry_from(const json::Value& value) {
  Journal::Entry entry;
  entry.kind = value.string("kind").value_or("");
  entry.issuer = value.string("issuer").value_or("");
  entry.token = value.string("token").value_or("");
  entry.revocation_endpoint = value.string("revocation_endpoint").value_or("");
  entry.client = oauth::client_from_json(value.at("client"));
  return entry;
}

}  // namespace

Journal::Journal(std::string directory, std::string run_name) {
  if (!directory.empty()) file_ = directory + "/journal/" + run_name + ".jsonl";
}

void Journal::add(Entry entry) {
  const std::scoped_lock lock(mutex_);
  const auto line = to_json(entry).dump() + "\n";
  entries_.push_back(std::move(entry));
  if (file_.empty()) return;
  // One short append is one write: a kill leaves whole lines, or none.
  std::error_code ec;
  const auto folder = fs::path(file_).parent_path();
  if (!fs::exists(folder, ec)) {
    fs::create_directories(folder, ec);
    ::chmod(folder.c_str(), 0700);
  }
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return;
  const auto written = ::write(fd, line.data(), line.size());
  static_cast<void>(written);
  ::close(fd);
}

std::vector<Journal::Entry> Journal::entries() const {
  const std::scoped_lock lock(mutex_);
  return entries_;
}

void Journal::keep(std::vector<Entry> left) {
  const std::scoped_lock lock(mutex_);
  entries_ = std::move(left);
  if (!file_.empty()) write_all();
}

void Journal::write_all() {
  const fs::path path(file_);
  if (entries_.empty()) {
    std::error_code ec;
    fs::remove(path, ec);
    return;
  }
  std::string content;
  for (const auto& entry : entries_) content += to_json(entry).dump() + "\n";
  static_cast<void>(write_private(path.parent_path().string(), path.filename().string(), content));
}

std::vector<std::string> Journal::files(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(directory + "/journal", ec))
    if (entry.path().extension() == ".jsonl") found.push_back(entry.path().string());
  std::ranges::sort(found);
  return found;
}

std::vector<Journal::Entry> Journal::read(const std::string& file) {
  std::vector<Entry> entries;
  for (const auto& line : text::split(slurp(file), '\n'))
    if (const auto value = json::parse(line); value && value->is_object()) entries.push_back(entry_from(*value));
  return entries;
}

namespace {
constexpr auto clients_file = "clients.json";
}

std::optional<oauth::Client> ClientStore::find(const std::string& target, const std::string& issuer) const {
  if (!enabled()) return std::nullopt;
  const auto all = json::parse(slurp(directory_ + "/" + clients_file));
  if (!all) return std::nullopt;
  const auto value = all->at(target).at(issuer);
  auto client = oauth::client_from_json(value);
  if (client.id.empty() || client.issuer != issuer) return std::nullopt;
  return client;
}

void ClientStore::keep(const std::string& target, const oauth::Client& client) {
  if (!enabled()) return;
  const auto parsed = json::parse(slurp(directory_ + "/" + clients_file));
  const auto all = parsed && parsed->is_object() ? *parsed : json::Value::object({});
  const auto next = all.with(target, all.at(target).with(client.issuer, oauth::client_to_json(client)));
  static_cast<void>(write_private(directory_, clients_file, next.pretty() + "\n"));
}

void ClientStore::forget(const std::string& target, const std::string& issuer) {
  if (!enabled()) return;
  const auto all = json::parse(slurp(directory_ + "/" + clients_file));
  if (!all || !all->at(target).has(issuer)) return;
  const auto next = all->with(target, all->at(target).without(issuer));
  static_cast<void>(write_private(directory_, clients_file, next.pretty() + "\n"));
}

}  // namespace mcprove
