#include "vet/provenance.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {
namespace {

using Argv = std::vector<std::string>;

std::string base_name(std::string_view path) {
  auto name = std::string{path.substr(path.find_last_of("/\\") + 1)};
  for (const std::string_view tail : {".cmd", ".exe", ".ps1"}) {
    if (name.ends_with(tail)) name.resize(name.size() - tail.size());
  }
  return name;
}

/// The first word that is no flag, with the flags that take a value of their own passed over.
std::string operand(const Argv& argv, std::size_t from, const std::set<std::string_view>& valued) {
  for (std::size_t i = from; i < argv.size(); ++i) {
    if (!argv[i].starts_with('-')) return argv[i];
    if (argv[i].find('=') == std::string::npos && valued.contains(argv[i])) ++i;
  }
  return {};
}

/// The value of `--flag VALUE` or `--flag=VALUE`.
std::string value_of(const Argv& argv, std::string_view flag, std::string_view brief = {}) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const bool named = argv[i] == flag || (!brief.empty() && argv[i] == brief);
    if (named && i + 1 < argv.size()) return argv[i + 1];
    if (argv[i].starts_with(std::string(flag) + "=")) return argv[i].substr(flag.size() + 1);
  }
  return {};
}

/// Begins with a digit: "1.2.3" and not "latest", "^1" or "next", which move.
std::string fixed(std::string_view version) {
  const bool exact = !version.empty() && version[0] >= '0' && version[0] <= '9' && std::ranges::count(version, '.') >= 1 &&
                     version.find_first_of("xX*^~ ") == std::string_view::npos;
  return exact ? std::string{version} : std::string{};
}

Provenance of_npm(const std::string& word) {
  Provenance out{.registry = "npm"};
  const auto at = word.find('@', 1);
  out.package = word.substr(0, at);
  if (at != std::string::npos) out.version = fixed(std::string_view(word).substr(at + 1));
  if (out.package.starts_with('@')) out.publisher = out.package.substr(0, out.package.find('/'));
  return out;
}

Provenance of_pypi(const std::string& word) {
  Provenance out{.registry = "pypi"};
  const auto at = std::min(word.find("=="), word.find('@'));
  out.package = word.substr(0, std::min(at, word.find_first_of("[<>~! ")));
  if (at != std::string::npos) out.version = fixed(text::trim(std::string_view(word).substr(word[at] == '@' ? at + 1 : at + 2)));
  return out;
}

Provenance of_image(const std::string& word) {
  Provenance out{.registry = "oci"};
  const auto digest = word.find('@');
  const auto slash = word.rfind('/');
  const auto colon = word.find(':', slash == std::string::npos ? 0 : slash);
  out.package = word.substr(0, std::min(digest, colon));
  if (digest != std::string::npos) out.version = word.substr(digest + 1);
  else if (colon != std::string::npos) out.version = fixed(std::string_view(word).substr(colon + 1));
  if (slash != std::string::npos) out.publisher = word.substr(0, slash);
  return out;
}

Provenance recognised(const Argv& argv) {
  const auto program = argv.empty() ? std::string{} : base_name(argv[0]);
  if (program == "npx" || program == "bunx" || program == "pnpx") {
    const auto named = value_of(argv, "--package", "-p");
    return of_npm(named.empty() ? operand(argv, 1, {"-c", "--call"}) : named);
  }
  if ((program == "npm" || program == "pnpm" || program == "yarn") && argv.size() > 2 && (argv[1] == "exec" || argv[1] == "dlx"))
    return of_npm(operand(argv, 2, {}));
  if (program == "uvx" || program == "pipx" || (program == "uv" && argv.size() > 3 && argv[1] == "tool")) {
    const auto named = value_of(argv, program == "pipx" ? "--spec" : "--from");
    const std::size_t first = program == "uvx" ? 1 : program == "pipx" ? 2 : 3;
    return of_pypi(named.empty() ? operand(argv, first, {"--python", "-p", "--with", "--index-url"}) : named);
  }
  if ((program == "docker" || program == "podman") && argv.size() > 2 && argv[1] == "run") {
    return of_image(operand(argv, 2,
                            {"-e", "--env", "-v", "--volume", "--mount", "--name", "--network", "-p", "--publish", "-w",
                             "--workdir", "--env-file", "-u", "--user", "--platform", "--entrypoint", "--add-host"}));
  }
  return {};
}

bool listed(const std::vector<std::string>& list, std::string_view word) {
  return !word.empty() && std::ranges::any_of(list, [&](const std::string& one) { return one == word; });
}

template <class Powers>
bool listed_power(const Powers& list, Power power) {
  return std::ranges::find(list, power) != list.end();
}

Finding about(const Manifest& manifest, std::string rule, Weight severity, std::string why, std::string excerpt) {
  return {.server = manifest.server,
          .kind = Kind::server,
          .rule = std::move(rule),
          .severity = severity,
          .confidence = Confidence::confirmed,
          .excerpt = text::one_line(excerpt, 200),
          .why = std::move(why)};
}

void judge_origin(const Manifest& manifest, const TrustPolicy& policy, std::vector<Finding>& out) {
  const auto& from = manifest.provenance;
  if (!from.package.empty() && from.version.empty()) {
    out.push_back(about(manifest, "unpinned-package", Weight::low,
                        "the command takes whatever version is newest: what is reviewed today is not what runs tomorrow",
                        from.package));
  }
  if (policy.publishers.empty() && policy.origins.empty()) return;
  if (listed(policy.publishers, from.publisher) || listed(policy.publishers, from.package) || listed(policy.origins, from.origin))
    return;
  out.push_back(about(manifest, "untrusted-source", Weight::medium,
                      "neither its publisher nor its origin is one that [trust] names",
                      from.package.empty() ? from.origin : from.package));
}

void judge_powers(const Manifest& manifest, const TrustPolicy& policy, std::vector<Finding>& out) {
  if (policy.allow.empty() && policy.forbid.empty()) return;
  for (const auto& tool : manifest.tools) {
    for (const auto& capability : capabilities(tool)) {
      const bool forbidden = listed_power(policy.forbid, capability.power) ||
                             (!policy.allow.empty() && !listed_power(policy.allow, capability.power));
      if (!forbidden) continue;
      out.push_back({.server = manifest.server,
                     .kind = Kind::tool,
                     .tool = tool.string("name").value_or(""),
                     .pointer = capability.pointer,
                     .rule = "forbidden-capability",
                     .severity = Weight::medium,
                     .excerpt = capability.shows,
                     .why = fmt::format("it can {}, {}, which [trust] does not allow", name(capability.power),
                                        capability.bound == Bound::none   ? "unrestricted"
                                        : capability.bound == Bound::said ? "restricted in words only"
                                                                          : "restricted by its schema")});
    }
  }
}

}  // namespace

Provenance provenance_of(const Argv& argv) {
  auto out = recognised(argv);
  out.origin = argv.empty() ? "" : base_name(argv[0]);
  // Of what another program reads, the file is what matters; arguments may be secrets.
  if (const auto script = script_of(argv); !script.empty()) out.origin += " " + base_name(script);
  return out;
}

std::string script_of(const Argv& argv) {
  static const std::set<std::string_view> interpreters{"node", "bun", "deno", "python", "python3", "ruby",    "perl",  "php",
                                                       "java", "sh",  "bash", "zsh",    "tsx",     "ts-node", "dotnet"};
  if (argv.size() < 2 || !interpreters.contains(base_name(argv[0]))) return {};
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto& word = argv[i];
    if (word == "-m" || word == "-jar") return i + 1 < argv.size() ? argv[i + 1] : std::string{};
    // A program in a word, which is no file.
    if (word == "-c" || word == "-e" || word == "--eval") return {};
    if (word == "run" && i == 1) continue;
    if (word == "-r" || word == "--require" || word == "--import") ++i;
    else if (!word.starts_with('-')) return word;
  }
  return {};
}

std::vector<Finding> judge_trust(const std::vector<Manifest>& set, const TrustPolicy& policy) {
  std::vector<Finding> out;
  for (const auto& manifest : set) {
    judge_origin(manifest, policy, out);
    judge_powers(manifest, policy, out);
  }
  return out;
}

}  // namespace mcprove::vet
