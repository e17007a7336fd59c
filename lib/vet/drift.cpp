#include "vet/drift.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"
#include "net/url.h"
#include "vet/item_drift.h"
#include "vet/set_rules.h"
#include "vet/visibility.h"

namespace mcprove::vet {
namespace {

std::string name_of(const json::Value& item) {
  for (const auto* key : {"name", "uri", "uriTemplate"}) {
    if (const auto name = item.string(key)) return *name;
  }
  return {};
}

constexpr std::size_t telling = 24;  // shorter descriptions are equal by chance

bool tells_enough(const json::Value& item) { return item.string("description").value_or("").size() >= telling; }

/// What a new name cannot change: the definition without what it is called, and what a caller reads and sends.
std::vector<std::string> marks_of(const json::Value& item) {
  std::vector<std::string> out{item.without("name").without("title").canonical()};
  if (tells_enough(item)) out.push_back(json::Value::array({item.at("description"), item.at("inputSchema")}).canonical());
  return out;
}

/// On this machine a port is whatever was free.
bool both_here(const std::string& one, const std::string& other) {
  const auto a = net::Url::parse(one);
  const auto b = net::Url::parse(other);
  return a && b && a->is_loopback_host() && b->is_loopback_host() && a->scheme == b->scheme;
}

struct List {
  Kind kind;
  std::vector<json::Value> Manifest::* items;
};
constexpr std::array<List, 4> lists{{{Kind::tool, &Manifest::tools},
                                     {Kind::prompt, &Manifest::prompts},
                                     {Kind::resource, &Manifest::resources},
                                     {Kind::resource_template, &Manifest::templates}}};

class ServerDrift {
 public:
  ServerDrift(const Pinned& before, const Pinned& now) : before_(before), now_(now) {
    changed_before_.server = changed_now_.server = now.manifest.server;
  }

  std::vector<Change> run() {
    for (const auto& list : lists) compare(list);
    const auto& was = before_.manifest.instructions;
    const auto& is = now_.manifest.instructions;
    if (was != is) {
      add({.kind = Kind::instructions,
           .rule = "changed",
           .why = "other words than those reviewed",
           .before = shown_value(json::str(was)),
           .after = shown_value(json::str(is))});
      changed_before_.instructions = was;
      changed_now_.instructions = is;
    }
    origin();
    for (auto& change : newly_visible(before_, now_)) add(std::move(change));
    return std::move(changes_);
  }
  /// Only what is not as it was: what has not changed is not judged again, for that is what the lock is for.
  const Manifest& changed_before() const { return changed_before_; }
  const Manifest& changed_now() const { return changed_now_; }

 private:
  using ByName = std::multimap<std::string, json::Value>;

  Change& add(Change change) {
    change.server = now_.manifest.server;
    return changes_.emplace_back(std::move(change));
  }

  void compare(const List& list) {
    ByName gone;
    for (const auto& item : before_.manifest.*list.items) gone.emplace(name_of(item), item);
    ByName come;
    for (const auto& item : now_.manifest.*list.items) {
      const auto name = name_of(item);
      const auto [first, last] = gone.equal_range(name);
      const auto same = std::find_if(first, last, [&](const auto& entry) { return entry.second == item; });
      if (same != last) gone.erase(same);
      else come.emplace(name, item);
    }
    if (gone.empty() && come.empty()) return;
    for (const auto& [name, item] : gone) (changed_before_.*list.items).push_back(item);
    for (const auto& [name, item] : come) (changed_now_.*list.items).push_back(item);
    pinned_by_mark(list);
    for (auto entry = come.begin(); entry != come.end();) {
      const auto old = gone.find(entry->first);
      if (old == gone.end()) {
        ++entry;
        continue;
      }
      compare(list.kind, entry->first, old->second, entry->second);
      gone.erase(old);
      entry = come.erase(entry);
    }
    arrivals(list.kind, gone, come);
  }

  void pinned_by_mark(const List& list) {
    by_mark_.clear();
    for (const auto& item : before_.manifest.*list.items) {
      for (auto& mark : marks_of(item)) by_mark_.emplace(std::move(mark), name_of(item));
    }
  }

  /// The other name under which this was pinned; only if it could not be another thing that says as little.
  std::optional<std::string> pinned_as(const json::Value& item) const {
    for (const auto& mark : marks_of(item)) {
      if (const auto known = by_mark_.find(mark); known != by_mark_.end() && known->second != name_of(item)) return known->second;
    }
    return std::nullopt;
  }

  void renamed(Kind kind, const std::string& from, const std::string& to) {
    add({.kind = kind,
         .name = to,
         .pointer = "/name",
         .rule = "renamed",
         .fault = true,
         .severity = Weight::medium,
         .why = "what was reviewed under another name",
         .before = spelled(from),
         .after = spelled(to)});
  }

  /// With the letters that only look like others told by their numbers.
  static std::string spelled(const std::string& name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
      const auto one = text::decode_utf8(name, at);
      if (one.code_point < 0x80) out += name[at];
      else out += fmt::format("\\u{{{:04x}}}", one.code_point);
      at += one.bytes;
    }
    out = text::one_line(out, 120);
    return out == name ? out : fmt::format("{} ({})", text::one_line(name, 120), out);
  }

  void compare(Kind kind, const std::string& name, const json::Value& before, const json::Value& after) {
    // Two tools that change places: each is well known, and neither is what its name was reviewed for.
    if (const auto other = pinned_as(after); other && tells_enough(after) && before.at("description") != after.at("description"))
      renamed(kind, *other, name);
    for (auto& change : item_drift(kind, name, before, after)) add(std::move(change));
  }

  void arrivals(Kind kind, ByName& gone, const ByName& come) {
    for (const auto& [name, item] : come) {
      const auto known = pinned_as(item);
      if (const auto old = known ? gone.find(*known) : gone.end(); old != gone.end()) {
        renamed(kind, *known, name);
        gone.erase(old);
        continue;
      }
      add({.kind = kind,
           .name = name,
           .rule = "added",
           .fault = kind == Kind::tool,
           .severity = kind == Kind::tool ? Weight::medium : Weight::low,
           .why = fmt::format("a {} that nobody reviewed", vet::name(kind)),
           .after = shown_value(item.at("description"))});
    }
    for (const auto& [name, item] : gone)
      add({.kind = kind,
           .name = name,
           .rule = "removed",
           .why = fmt::format("a reviewed {} is gone", vet::name(kind)),
           .before = shown_value(item.at("description"))});
  }

  /// The same words from elsewhere are worth what that place is worth. What one side does not say is not compared.
  void origin() {
    const auto& was = before_.manifest.provenance;
    const auto& is = now_.manifest.provenance;
    const auto moved = [&](const std::string& old, const std::string& now, std::string_view what, bool fault) {
      if (old.empty() || now.empty() || old == now) return;
      add({.kind = Kind::server,
           .rule = fault ? "moved" : "changed",
           .fault = fault,
           .severity = fault ? Weight::medium : Weight::low,
           .why = fmt::format("another {} than the one reviewed", what),
           .before = text::one_line(old, 200),
           .after = text::one_line(now, 200)});
    };
    moved(was.origin, is.origin, "origin or command", !both_here(was.origin, is.origin));
    moved(was.registry, is.registry, "registry", true);
    moved(was.package, is.package, "package", true);
    moved(was.publisher, is.publisher, "publisher", true);
    moved(was.version, is.version, "version", false);
    // One version of a package is published once.
    moved(was.integrity, is.integrity, "content of the package", was.version == is.version);
  }

  const Pinned& before_;
  const Pinned& now_;
  Manifest changed_before_{};
  Manifest changed_now_{};
  std::multimap<std::string, std::string> by_mark_{};
  std::vector<Change> changes_{};
};

/// Findings by what they say and where.
using Place = std::tuple<std::string, Kind, std::string, std::string, std::string>;

Place place_of(const Finding& finding) { return {finding.server, finding.kind, finding.tool, finding.pointer, finding.rule}; }

/// Without what is low and says no more than the fault that lies at the same place.
std::vector<Finding> outstanding(const std::vector<Finding>& findings) {
  const auto text_of = [](const Finding& finding) {
    return std::tuple(finding.server, finding.kind, finding.tool, finding.pointer);
  };
  std::set<std::tuple<std::string, Kind, std::string, std::string>> faulty;
  for (const auto& finding : findings)
    if (finding.severity >= Weight::medium) faulty.insert(text_of(finding));
  auto out = findings;
  std::erase_if(out,
                [&](const Finding& finding) { return finding.severity == Weight::low && faulty.contains(text_of(finding)); });
  return out;
}

/// What the rules say of the new words and did not say of the old. The words around a finding that was accepted may be
/// mended; the finding itself may not change, nor weigh more.
class Poison {
 public:
  void known(const std::vector<Finding>& findings) {
    for (const auto& finding : findings) known_[place_of(finding)].push_back(finding);
  }
  void tell(const std::vector<Finding>& findings, std::vector<Change>& out) {
    for (const auto& finding : findings) {
      auto& accepted = known_[place_of(finding)];
      if (std::ranges::any_of(accepted, [&](const Finding& old) { return covers(old, finding); })) continue;
      accepted.push_back(finding);
      out.push_back({.server = finding.server,
                     .kind = finding.kind,
                     .name = finding.tool,
                     .pointer = finding.pointer,
                     .rule = finding.rule,
                     .fault = finding.severity >= Weight::medium,
                     .severity = finding.severity,
                     .why = finding.why,
                     .after = finding.excerpt});
    }
  }

 private:
  static bool covers(const Finding& old, const Finding& now) {
    return old.severity >= now.severity && (now.severity == Weight::low || old.excerpt == now.excerpt);
  }
  std::map<Place, std::vector<Finding>> known_{};
};

std::vector<Finding> of_set(const std::vector<Manifest>& set) {
  std::vector<Finding> out;
  judge_set(set, out);
  return out;
}

/// The pinned servers, those that were read replaced by what they are now.
std::vector<Manifest> set_of(const std::vector<Pinned>& pinned, const std::vector<Pinned>& now) {
  std::vector<Manifest> out;
  for (const auto& server : now) out.push_back(server.manifest);
  for (const auto& server : pinned) {
    const auto& name = server.manifest.server;
    if (std::ranges::none_of(now, [&](const Pinned& other) { return other.manifest.server == name; }))
      out.push_back(server.manifest);
  }
  return out;
}

}  // namespace

std::vector<Change> drift(const std::vector<Pinned>& pinned, const std::vector<Pinned>& now) {
  std::vector<Change> out;
  std::vector<Manifest> before_words;
  std::vector<Manifest> new_words;
  for (const auto& server : now) {
    const auto before = std::ranges::find(pinned, server.manifest.server, [](const Pinned& one) { return one.manifest.server; });
    if (before == pinned.end()) {
      out.push_back({.server = server.manifest.server,
                     .kind = Kind::server,
                     .rule = "added",
                     .fault = true,
                     .severity = Weight::medium,
                     .why = "a server that nobody reviewed"});
      new_words.push_back(server.manifest);
      continue;
    }
    ServerDrift one(*before, server);
    auto changes = one.run();
    std::ranges::move(changes, std::back_inserter(out));
    before_words.push_back(one.changed_before());
    new_words.push_back(one.changed_now());
  }
  if (!out.empty()) {
    Poison poison;
    poison.known(judge(before_words));
    poison.known(of_set(set_of(pinned, {})));
    poison.tell(outstanding(judge(new_words)), out);
    poison.tell(of_set(set_of(pinned, now)), out);
  }
  std::ranges::stable_sort(
      out, [](const Change& a, const Change& b) { return std::tuple(b.fault, b.severity) < std::tuple(a.fault, a.severity); });
  return out;
}

}  // namespace mcprove::vet
