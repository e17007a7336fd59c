#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "vet/vet.h"

/// Sets of servers as an agent sees them: what their metadata says, what their tools can do, and what they do to each other.
namespace mcprove::vet {

/// Where a server comes from, as far as anybody said; empty is unknown. Nobody proved it: lib/vet/provenance.h says whose
/// word each is.
struct Provenance {
  std::string origin{};      ///< URL origin, or the command that starts it
  std::string registry{};    ///< such as "npm", "pypi", "oci", "mcp"
  std::string package{};     ///< name in that registry
  std::string version{};     ///< what the server or the registry says
  std::string publisher{};   ///< who published it, as its name or its server.json says
  std::string record{};      ///< its name in a registry of MCP servers: "io.github.owner/server"
  std::string repository{};  ///< URL of the sources, as the package or its server.json says
  std::string integrity{};   ///< "sha512-…" of what was installed, as a package-lock.json keeps it
};

/// One server's metadata. Values are kept as they were sent.
struct Manifest {
  std::string server{};
  std::vector<json::Value> tools{};
  std::vector<json::Value> prompts{};
  std::vector<json::Value> resources{};
  std::vector<json::Value> templates{};
  std::string instructions{};
  Provenance provenance{};
};

/// What a finding is about.
enum class Kind : std::uint8_t { tool, prompt, resource, resource_template, instructions, server };

/// confirmed: it stands there, whatever it means (a hidden character, two equal names); likely: a reading of words.
enum class Confidence : std::uint8_t { likely, confirmed };

struct Finding {
  std::string server{};
  Kind kind = Kind::tool;
  std::string tool{};     ///< name of the tool, prompt or resource; empty for instructions and the server itself
  std::string pointer{};  ///< RFC 6901, within that tool, prompt or resource; "" for the whole
  std::string rule{};     ///< stable, such as "concealment"
  Family family = Family::injection;
  Weight severity = Weight::low;
  Confidence confidence = Confidence::likely;
  std::string excerpt{};  ///< printable, one line; hidden characters spelled out
  std::string why{};      ///< what the rule objects to

  bool operator==(const Finding&) const = default;
};

/// Judges the servers one by one and as a set; heaviest first, then in the order of the manifests.
std::vector<Finding> judge(const std::vector<Manifest>& set);
/// One server alone.
std::vector<Finding> judge(const Manifest& manifest);

/// "mcprove1:" and 16 bytes, in hex, of SHA-256 over the canonical JSON of [rule, server, kind, tool, pointer].
/// Independent of the words, so that a finding keeps its name while the text around it changes.
std::string fingerprint(const Finding& finding);

enum class Power : std::uint8_t {
  execute,      ///< shell commands or code
  read_files,   ///< of the machine the server runs on
  write_files,  ///< also deletes and moves
  network,      ///< requests to addresses that the caller chooses
  database,     ///< queries that the caller writes
  messages,     ///< mail, chat, posts in somebody's name
  secrets,      ///< credentials, keys, environment variables
  identity,     ///< accounts, roles, permissions
  payment,      ///< moves money
  memory,       ///< keeps text that later sessions read
};

/// How far the caller is held back from using a power freely.
enum class Bound : std::uint8_t {
  none,      ///< nothing says so
  said,      ///< only prose does: "only inside the project directory"
  enforced,  ///< the schema does: enum, const, pattern, or no argument that the power depends on
};

struct Capability {
  Power power = Power::execute;
  Bound bound = Bound::none;
  bool read_only = false;     ///< the tool says that it changes nothing: by words or readOnlyHint
  std::string pointer{};      ///< what shows the power: the name, the description, or an argument
  std::string shows{};        ///< the words there, printable
  std::string bound_at{};     ///< pointer to what restricts it; empty if nothing does
  std::string bound_words{};  ///< the words or the schema keyword there
};

/// What a tool can do by its name, description, arguments and annotations. Two of them must agree. One entry per power.
std::vector<Capability> capabilities(const json::Value& tool);

std::string_view name(Kind kind);              ///< "tool", "prompt", "resource", "template", "instructions", "server"
std::string_view name(Confidence confidence);  ///< "likely", "confirmed"
std::string_view name(Power power);            ///< "execute", "read-files", ...
std::string_view name(Bound bound);            ///< "none", "said", "enforced"
/// The power of that name, as a policy spells it.
std::optional<Power> power_of(std::string_view name);
std::vector<std::string> power_names();

}  // namespace mcprove::vet
