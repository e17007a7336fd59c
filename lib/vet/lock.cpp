#include "vet/lock.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"

namespace mcprove::vet {
namespace {

constexpr int format_version = 1;
constexpr std::string_view algorithm = "EdDSA";
constexpr json::Limits lock_limits{.bytes = 64U << 20U, .depth = 64, .values = 4U << 20U};

/// The lists of a manifest by their names in the file.
struct List {
  const char* name;
  std::vector<json::Value> Manifest::* items;
};
constexpr std::array<List, 4> lists{{{"tools", &Manifest::tools},
                                     {"prompts", &Manifest::prompts},
                                     {"resources", &Manifest::resources},
                                     {"templates", &Manifest::templates}}};

struct ProvenanceField {
  const char* name;
  std::string Provenance::* word;
};
constexpr std::array<ProvenanceField, 8> provenance_fields{{{"integrity", &Provenance::integrity},
                                                            {"origin", &Provenance::origin},
                                                            {"package", &Provenance::package},
                                                            {"publisher", &Provenance::publisher},
                                                            {"record", &Provenance::record},
                                                            {"registry", &Provenance::registry},
                                                            {"repository", &Provenance::repository},
                                                            {"version", &Provenance::version}}};

json::Value sorted(const json::Value& value) {
  if (value.is_array()) {
    std::vector<json::Value> items;
    for (std::size_t i = 0; i < value.size(); ++i) items.push_back(sorted(value.at(i)));
    return json::Value::array(std::move(items));
  }
  if (!value.is_object()) return value;
  auto keys = value.keys();
  std::ranges::sort(keys);
  std::vector<std::pair<std::string, json::Value>> members;
  for (auto& key : keys) {
    auto member = sorted(value.at(key));
    members.emplace_back(std::move(key), std::move(member));
  }
  return json::Value::object(std::move(members));
}

constexpr std::string_view lines_key = "$text";

/// Text of several lines as a list of them, so that a diff shows the line that changed: {"$text": ["…", "…"]}. What looks
/// like that by itself is wrapped once more.
json::Value in_lines(const json::Value& value) {
  if (const auto text = value.string()) {
    if (text->find('\n') == std::string::npos) return value;
    return json::Value::object({{std::string(lines_key), json::strings(text::split(*text, '\n'))}});
  }
  if (value.is_array()) {
    std::vector<json::Value> items;
    for (std::size_t i = 0; i < value.size(); ++i) items.push_back(in_lines(value.at(i)));
    return json::Value::array(std::move(items));
  }
  if (!value.is_object()) return value;
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto& key : value.keys()) members.emplace_back(key, in_lines(value.at(key)));
  auto out = json::Value::object(std::move(members));
  if (value.size() == 1 && value.has(lines_key)) return json::Value::object({{std::string(lines_key), std::move(out)}});
  return out;
}

json::Value out_of_lines(const json::Value& value) {
  if (value.is_array()) {
    std::vector<json::Value> items;
    for (std::size_t i = 0; i < value.size(); ++i) items.push_back(out_of_lines(value.at(i)));
    return json::Value::array(std::move(items));
  }
  if (!value.is_object()) return value;
  auto object = value;
  if (value.size() == 1 && value.has(lines_key)) {
    if (value.at(lines_key).is_array()) return json::str(text::join(value.strings(lines_key), "\n"));
    object = value.at(lines_key);
  }
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto& key : object.keys()) members.emplace_back(key, out_of_lines(object.at(key)));
  return json::Value::object(std::move(members));
}

/// Anything's name: resources have no other than their address.
std::string name_of(const json::Value& item) {
  for (const auto* key : {"name", "uri", "uriTemplate"}) {
    if (const auto name = item.string(key)) return *name;
  }
  return {};
}

std::vector<json::Value> in_order(const std::vector<json::Value>& items) {
  std::vector<std::tuple<std::string, std::string, json::Value>> keyed;
  keyed.reserve(items.size());
  for (const auto& item : items) keyed.emplace_back(name_of(item), item.canonical(), item);
  std::ranges::sort(keyed, {}, [](const auto& entry) { return std::tie(std::get<0>(entry), std::get<1>(entry)); });
  std::vector<json::Value> out;
  out.reserve(items.size());
  for (auto& entry : keyed) out.push_back(std::move(std::get<2>(entry)));
  return out;
}

std::string digest(std::string_view canonical) { return "sha256:" + text::sha256_hex(canonical); }

/// Hashes of a definition and of each of its fields, whose canonical text is written only once.
struct Hashes {
  std::string whole{};
  std::map<std::string, std::string> fields{};
};

Hashes hashes_of(const json::Value& definition) {
  Hashes out;
  bool ascii = true;
  std::string text = "{";
  auto keys = definition.keys();
  std::ranges::sort(keys);
  for (const auto& key : keys) {
    const auto field = definition.at(key).canonical();
    ascii = ascii && std::ranges::all_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (text.size() > 1) text += ',';
    text += json::str(key).canonical() + ":" + field;
    out.fields.emplace(key, digest(field));
  }
  // Other keys are sorted as UTF-16 and not by their bytes.
  out.whole = ascii ? digest(text + "}") : hash_of(definition);
  return out;
}

json::Value entry_of(const json::Value& item) {
  const auto definition = sorted(item);
  const auto known = hashes_of(definition);
  std::vector<std::pair<std::string, json::Value>> hashes;
  for (const auto& [key, hash] : known.fields) hashes.emplace_back(key, json::str(hash));
  return json::Value::object({{"name", json::str(name_of(item))},
                              {"hash", json::str(known.whole)},
                              {"fields", json::Value::object(std::move(hashes))},
                              {"definition", in_lines(definition)}});
}

json::Value provenance_of(const Provenance& from) {
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto& field : provenance_fields) {
    if (const auto& word = from.*field.word; !word.empty()) members.emplace_back(field.name, json::str(word));
  }
  return json::Value::object(std::move(members));
}

/// Of the name too: one identity's view is not another's.
std::string hash_of_view(const std::string& identity, const json::Value& tools) {
  return hash_of(json::Value::array({json::str(identity), tools}));
}

json::Value identities_of(const Pinned& pinned) {
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto& [identity, tools] : pinned.identities) {
    auto names = tools;
    std::ranges::sort(names);
    const auto seen = json::strings(names);
    members.emplace_back(identity, json::Value::object({{"hash", json::str(hash_of_view(identity, seen))}, {"tools", seen}}));
  }
  return json::Value::object(std::move(members));
}

json::Value server_of(const Pinned& pinned) {
  const auto& manifest = pinned.manifest;
  std::vector<std::pair<std::string, json::Value>> members{
      {"name", json::str(manifest.server)},   {"source", json::str(pinned.source)},
      {"hash", json::str(hash_of(manifest))}, {"provenance", provenance_of(manifest.provenance)},
      {"identities", identities_of(pinned)},  {"instructions", in_lines(json::str(manifest.instructions))}};
  for (const auto& list : lists) {
    std::vector<json::Value> entries;
    for (const auto& item : in_order(manifest.*list.items)) entries.push_back(entry_of(item));
    members.emplace_back(list.name, json::Value::array(std::move(entries)));
  }
  return json::Value::object(std::move(members));
}

/// JSON text whose hidden characters stand as \\u escapes: a reader of a diff must see them.
std::string visible(std::string_view written) {
  std::string out;
  out.reserve(written.size());
  for (std::size_t at = 0; at < written.size();) {
    const auto one = text::decode_utf8(written, at);
    const auto raw = written.substr(at, one.bytes);
    at += one.bytes;
    if (one.code_point < 0x80 || text::printable(raw) == raw) {
      out += raw;
    } else if (one.code_point < 0x10000) {
      out += fmt::format("\\u{:04x}", one.code_point);
    } else {
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((one.code_point - 0x10000) >> 10U), 0xdc00 + (one.code_point & 0x3ffU));
    }
  }
  return out;
}

std::string signed_words(const json::Value& document) { return "mcprove.lock\n" + document.without("signature").canonical(); }

std::string hash_of_all(const std::string& instructions, std::array<std::vector<std::string>, lists.size()> hashes) {
  std::string words = "instructions " + text::sha256_hex(instructions);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    words += fmt::format("\n{}", lists.at(i).name);
    std::ranges::sort(hashes.at(i));
    for (const auto& hash : hashes.at(i)) words += "\n" + hash;
  }
  return "sha256:" + text::sha256_hex(words);
}

void take_signature(Lock& lock) {
  const auto signature = lock.document.at("signature");
  if (!signature.is_object()) return;
  lock.signature = signature.string("value").value_or("");
  lock.signer = signature.string("key").value_or("");
}

tl::unexpected<Error> broken(std::string why) { return failure(Error::Kind::malformed, std::move(why)); }

/// Its hash, once it is proven, is noted: the server's is made of them.
Result<json::Value> definition_in(const json::Value& entry, bool by_lines, std::vector<std::string>& hashes) {
  const auto given = entry.at("definition");
  const auto definition = by_lines ? out_of_lines(given) : given;
  const auto name = [&] { return text::one_line(entry.string("name").value_or(""), 80); };
  if (!definition.is_object()) return broken(fmt::format("'{}' has no definition", name()));
  const auto known = hashes_of(definition);
  hashes.push_back(known.whole);
  if (entry.string("hash") != known.whole) return broken(fmt::format("the hash of '{}' is not that of its text", name()));
  const auto fields = entry.at("fields");
  if (fields.size() != known.fields.size()) return broken(fmt::format("the fields of '{}' are not its text's", name()));
  for (const auto& [key, hash] : known.fields) {
    if (fields.string(key) != hash)
      return broken(fmt::format("the hash of '{}' of '{}' is not that of its text", text::one_line(key, 40), name()));
  }
  return definition;
}

Result<std::map<std::string, std::vector<std::string>>> identities_in(const json::Value& given) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& identity : given.keys()) {
    const auto seen = given.at(identity).at("tools");
    if (given.at(identity).string("hash") != hash_of_view(identity, json::strings(seen.strings())))
      return broken(fmt::format("the hash of what '{}' saw is not that of its list", text::one_line(identity, 80)));
    out.emplace(identity, seen.strings());
  }
  return out;
}

Result<Pinned> pinned_in(const json::Value& server, bool by_lines) {
  Pinned pinned;
  auto& manifest = pinned.manifest;
  const auto name = server.string("name");
  if (!name) return broken("a server without a name");
  manifest.server = *name;
  pinned.source = server.string("source").value_or("");
  manifest.instructions = out_of_lines(server.at("instructions")).string().value_or("");
  const auto from = server.at("provenance");
  for (const auto& field : provenance_fields) manifest.provenance.*field.word = from.string(field.name).value_or("");
  pinned.identities = MCPROVE_TRY(identities_in(server.at("identities")));
  std::array<std::vector<std::string>, lists.size()> hashes;
  for (std::size_t n = 0; n < lists.size(); ++n) {
    const auto entries = server.at(lists.at(n).name);
    for (std::size_t i = 0; i < entries.size(); ++i)
      (manifest.*lists.at(n).items).push_back(MCPROVE_TRY(definition_in(entries.at(i), by_lines, hashes.at(n))));
  }
  if (server.string("hash") != hash_of_all(manifest.instructions, std::move(hashes)))
    return broken(fmt::format("the hash of server '{}' is not that of its tools", text::one_line(*name, 80)));
  return pinned;
}

}  // namespace

std::string hash_of(const json::Value& value) { return digest(value.canonical()); }

std::string hash_of(const Manifest& manifest) {
  std::array<std::vector<std::string>, lists.size()> hashes;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const auto& item : manifest.*lists.at(i).items) hashes.at(i).push_back(hash_of(item));
  }
  return hash_of_all(manifest.instructions, std::move(hashes));
}

std::string write_lock(const std::vector<Pinned>& servers) {
  auto ordered = servers;
  std::ranges::stable_sort(ordered, {}, [](const Pinned& pinned) { return pinned.manifest.server; });
  std::vector<json::Value> entries;
  for (const auto& pinned : ordered) entries.push_back(server_of(pinned));
  const auto document =
      json::Value::object({{"mcproveLock", json::num(format_version)}, {"servers", json::Value::array(std::move(entries))}});
  return visible(document.pretty()) + "\n";
}

Result<std::string> sign_lock(const std::string& lock, const jose::Key& key) {
  if (!key.has_private() || !key.fits(algorithm)) return failure(Error::Kind::usage, "the key is no private Ed25519 key");
  const auto document = MCPROVE_TRY(json::parse(lock, lock_limits));
  const auto value = MCPROVE_TRY(key.sign(algorithm, signed_words(document)));
  const auto signature = json::Value::object(
      {{"alg", json::str(algorithm)}, {"key", json::str(key.thumbprint())}, {"value", json::str(text::base64url_encode(value))}});
  return visible(document.with("signature", signature).pretty()) + "\n";
}

Result<Lock> read_lock(std::string_view text) {
  Lock lock;
  lock.document = MCPROVE_TRY(json::parse(text, lock_limits));
  if (!lock.document.duplicate_keys().empty()) return broken("a key stands twice");
  if (lock.document.integer("mcproveLock") != format_version || !lock.document.at("servers").is_array())
    return broken("no mcprove.lock of version 1");
  const auto servers = lock.document.at("servers");
  // Most locks have no text of several lines, and what need not be made anew is not.
  const bool by_lines = text.find(lines_key) != std::string_view::npos;
  std::set<std::string> names;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    lock.servers.push_back(MCPROVE_TRY(pinned_in(servers.at(i), by_lines)));
    const auto& name = lock.servers.back().manifest.server;
    if (!names.insert(name).second) return broken(fmt::format("server '{}' stands there twice", text::one_line(name, 80)));
  }
  if (lock.document.has("signature") && !lock.document.at("signature").is_object()) return broken("its signature is none");
  take_signature(lock);
  return lock;
}

bool verify_lock(const Lock& lock, const jose::Key& key) {
  if (!lock.signature || !key.fits(algorithm)) return false;
  const auto value = text::base64_decode(*lock.signature);
  return value && key.verify(algorithm, signed_words(lock.document), *value);
}

bool is_forged(std::string_view text, const jose::Key& key) {
  const auto document = json::parse(text, lock_limits);
  if (!document || !document->has("mcproveLock")) return false;
  Lock lock{.document = *document};
  take_signature(lock);
  return lock.signature && !verify_lock(lock, key);
}

}  // namespace mcprove::vet
