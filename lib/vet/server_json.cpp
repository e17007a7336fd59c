#include "vet/server_json.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::vet {
namespace {

constexpr json::Limits one_limits{.bytes = 1U << 20U, .depth = 32, .values = 100'000};
constexpr json::Limits list_limits{.bytes = 64U << 20U, .depth = 32, .values = 4U << 20U};
constexpr std::size_t most_entries = 100;
constexpr std::size_t most_servers = 10'000;
constexpr std::size_t longest_name = 200;

tl::unexpected<Error> broken(std::string why) { return failure(Error::Kind::malformed, std::move(why)); }

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool made_of(std::string_view word, std::string_view more) {
  return !word.empty() &&
         std::ranges::all_of(word, [&](char c) { return is_letter_or_digit(c) || more.find(c) != std::string_view::npos; });
}

/// ^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$, 3 to 200 characters.
bool is_name(std::string_view name) {
  const auto slash = name.find('/');
  return name.size() <= longest_name && slash != std::string_view::npos && made_of(name.substr(0, slash), ".-") &&
         made_of(name.substr(slash + 1), "._-");
}

/// The member by its name of today, else as older schemas spelt it.
std::string either(const json::Value& value, std::string_view now, std::string_view before, std::string_view earlier = "") {
  for (const auto key : {now, before, earlier}) {
    if (const auto word = value.string(key); !key.empty() && word) return *word;
  }
  return {};
}

/// A range or a tag takes what is newest on the day it is installed.
bool moves(std::string_view version) {
  if (version == "latest" || version == "next" || version == "main") return true;
  if (version.find_first_of("^~*<>|= ,") != std::string_view::npos) return true;
  return version == "x" || version.ends_with(".x") || version.find(".x.") != std::string_view::npos;
}

struct Image {
  std::string name;
  std::string version;
};

/// "ghcr.io/owner/server:1.0.0" and "…@sha256:00ff": a colon before the last slash belongs to a port.
Image image_of(std::string_view word) {
  const auto digest = word.find('@');
  const auto slash = word.rfind('/', digest);
  const auto colon = word.substr(0, digest).find(':', slash == std::string_view::npos ? 0 : slash);
  Image image{std::string(word.substr(0, std::min(digest, colon))), {}};
  if (digest != std::string_view::npos) image.version = word.substr(digest + 1);
  else if (colon != std::string_view::npos) image.version = word.substr(colon + 1);
  // What Docker reads into a short name.
  if (image.name.starts_with("docker.io/")) image.name.erase(0, std::string_view("docker.io/").size());
  if (image.name.starts_with("library/")) image.name.erase(0, std::string_view("library/").size());
  return image;
}

/// PEP 503: runs of '-', '_' and '.' are one '-', letters are lower case.
std::string python_name(std::string_view name) {
  std::string out;
  for (const char c : text::lower(name)) {
    const bool joint = c == '-' || c == '_' || c == '.';
    if (!joint) out += c;
    else if (!out.ends_with('-')) out += '-';
  }
  return out;
}

std::string comparable(std::string_view registry, std::string_view name) {
  if (registry == "oci") return image_of(name).name;
  if (registry == "pypi" || registry == "cargo") return python_name(name);
  if (registry == "nuget") return text::lower(name);
  return std::string(name);
}

/// Literal text and {variables}, each of which stands for one or more characters of one host label or path segment.
/// Both are walked once: a variable takes all it may, and what follows it must begin where that ends.
bool fits_template(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '{') {
      if (at >= text.size() || text[at] != pattern[i]) return false;
      ++at;
      ++i;
      continue;
    }
    const auto close = pattern.find('}', i);
    if (close == std::string_view::npos) return false;
    i = close + 1;
    const auto end = std::min(text.find_first_of("/.:?#@", at), text.size());
    // The character after it ends it sooner, as in "{tenant}-eu".
    const auto stop = i < pattern.size() && pattern[i] != '{' ? std::min(text.find(pattern[i], at), end) : end;
    if (stop == at) return false;
    at = stop;
  }
  return at == text.size();
}

std::string without_last_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// Of one that holds no variable, as libcurl writes it; others by their letters.
std::string plain_url(std::string_view raw) {
  if (raw.find('{') != std::string_view::npos) return without_last_slash(std::string(raw));
  const auto url = net::Url::parse(raw);
  return without_last_slash(url ? url->origin() + url->path : std::string(raw));
}

class Parser {
 public:
  explicit Parser(const json::Value& value) : value_(value) {}

  Result<ServerJson> run() {
    if (!value_.is_object()) return broken("not an object");
    const auto name = value_.string("name");
    if (!name || !is_name(*name))
      return broken(name ? fmt::format("'{}' is no name of the form namespace/server", text::one_line(*name, 80))
                         : "it has no name of the form namespace/server");
    out_.document = value_;
    out_.name = *name;
    out_.schema = value_.string("$schema").value_or("");
    out_.version = value_.string("version").value_or(value_.at("version_detail").string("version").value_or(""));
    out_.description = value_.string("description").value_or("");
    out_.website = either(value_, "websiteUrl", "website_url");
    out_.status = value_.string("status").value_or("");
    out_.repository = value_.at("repository").string("url").value_or("");
    out_.repository_id = value_.at("repository").string("id").value_or("");
    if (moves(out_.version)) flaw("/version", "is no exact version");
    MCPROVE_TRY(each("packages", [&](const json::Value& entry, const std::string& at) { return package(entry, at); }));
    MCPROVE_TRY(each("remotes", [&](const json::Value& entry, const std::string& at) { return remote(entry, at); }));
    if (out_.packages.empty() && out_.remotes.empty()) flaw("", "names neither a package nor a remote");
    return std::move(out_);
  }

 private:
  void flaw(const std::string& pointer, std::string_view what) { out_.flaws.push_back(fmt::format("{}: {}", pointer, what)); }

  template <class Read>
  Result<void> each(std::string_view key, Read read) {
    const auto list = value_.at(key);
    if (list.is_null()) return {};
    if (!list.is_array()) return broken(fmt::format("/{} is no list", key));
    if (list.size() > most_entries)
      return failure(Error::Kind::too_large, fmt::format("/{} has over {} entries", key, most_entries));
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto at = fmt::format("/{}/{}", key, i);
      if (!list.at(i).is_object()) return broken(at + " is no object");
      MCPROVE_TRY(read(list.at(i), at));
    }
    return {};
  }

  Result<void> package(const json::Value& entry, const std::string& at) {
    ServerJson::Package package;
    package.registry = text::lower(either(entry, "registryType", "registry_type", "registry_name"));
    package.identifier = either(entry, "identifier", "name");
    package.version = entry.string("version").value_or("");
    package.base_url = either(entry, "registryBaseUrl", "registry_base_url");
    package.sha256 = either(entry, "fileSha256", "file_sha256");
    package.transport = entry.at("transport").string("type").value_or("");
    if (package.registry.empty() || package.identifier.empty()) return broken(at + " has no registryType or no identifier");
    if (package.registry == "docker") package.registry = "oci";
    if (package.registry == "oci" && package.version.empty()) package.version = image_of(package.identifier).version;
    const bool hashed = package.sha256.size() == 64 && package.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!package.sha256.empty() && !hashed) {
      flaw(at + "/fileSha256", "is no SHA-256 of a file");
      package.sha256.clear();
    }
    if (package.registry == "mcpb" && package.sha256.empty()) flaw(at, "a download without its hash");
    if (moves(package.version))
      flaw(at + "/version", fmt::format("'{}' is no exact version", text::one_line(package.version, 40)));
    out_.packages.push_back(std::move(package));
    return {};
  }

  Result<void> remote(const json::Value& entry, const std::string& at) {
    ServerJson::Remote remote{either(entry, "type", "transport_type"), entry.string("url").value_or("")};
    if (remote.url.empty()) return broken(at + " has no url");
    const bool fixed = remote.url.find('{') == std::string::npos;
    if (fixed && !net::Url::parse(remote.url)) return broken(at + "/url is no http or https URL");
    if (text::lower(remote.url).starts_with("http://")) flaw(at + "/url", "is not https");
    out_.remotes.push_back(std::move(remote));
    return {};
  }

  const json::Value& value_;
  ServerJson out_{};
};

}  // namespace

Result<ServerJson> ServerJson::parse(std::string_view text) {
  const auto value = MCPROVE_TRY(json::parse(text, one_limits));
  // Readers differ in which of two they take.
  if (!value.duplicate_keys().empty())
    return broken(fmt::format("a key stands twice: {}", text::one_line(value.duplicate_keys().front(), 80)));
  return from(value);
}

Result<ServerJson> ServerJson::from(const json::Value& value) {
  const bool wrapped = value.at("server").is_object() && !value.has("name");
  const auto inner = wrapped ? value.at("server") : value;
  auto out = MCPROVE_TRY(Parser(inner).run());
  const auto official = value.at("_meta").at("io.modelcontextprotocol.registry/official");
  if (const auto status = official.string("status"); wrapped && status) out.status = *status;
  return out;
}

std::string ServerJson::space() const { return name.substr(0, name.find('/')); }

std::string ServerJson::space_host() const {
  auto labels = text::split(text::lower(space()), '.');
  std::ranges::reverse(labels);
  return text::join(labels, ".");
}

bool ServerJson::space_covers(std::string_view host) const {
  const auto mine = space_host();
  const auto asked = text::lower(host);
  if (asked == mine) return true;
  // Nobody owns what is below a public suffix, and of OWNER.github.io there is no below.
  if (mine.ends_with(".github.io") || !asked.ends_with("." + mine)) return false;
  const auto domain = net::registrable_domain(asked);
  return mine == domain || mine.ends_with("." + domain);
}

const ServerJson::Remote* ServerJson::remote_of(std::string_view url) const {
  const auto asked = plain_url(url);
  for (const auto& remote : remotes) {
    const auto mine = plain_url(remote.url);
    if (mine == asked || (mine.find('{') != std::string::npos && fits_template(mine, asked))) return &remote;
  }
  return nullptr;
}

const ServerJson::Package* ServerJson::package_of(std::string_view registry, std::string_view called) const {
  const auto asked = comparable(registry, called);
  const auto found = std::ranges::find_if(packages, [&](const Package& package) {
    return package.registry == registry && comparable(registry, package.identifier) == asked;
  });
  return found == packages.end() ? nullptr : &*found;
}

Result<std::vector<ServerJson>> read_server_jsons(std::string_view text) {
  const auto value = MCPROVE_TRY(json::parse(text, list_limits));
  if (!value.duplicate_keys().empty())
    return broken(fmt::format("a key stands twice: {}", text::one_line(value.duplicate_keys().front(), 80)));
  const auto list = value.is_array() ? value : value.at("servers");
  if (!list.is_array()) {
    if (text.size() > one_limits.bytes) return failure(Error::Kind::too_large, "a server.json of more than 1 MiB");
    return std::vector{MCPROVE_TRY(ServerJson::from(value))};
  }
  if (list.size() > most_servers) return failure(Error::Kind::too_large, fmt::format("more than {} servers", most_servers));
  std::vector<ServerJson> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto one = ServerJson::from(list.at(i));
    if (!one) return broken(fmt::format("server {}: {}", i + 1, one.error().message));
    out.push_back(*std::move(one));
  }
  return out;
}

}  // namespace mcprove::vet
