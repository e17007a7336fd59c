#include "vet/drift.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {
namespace {

std::string shown(const json::Value& value) {
  if (value.is_null()) return {};
  return text::one_line(value.string().value_or(value.dump()), 200);
}

std::string name_of(const json::Value& item) {
  for (const auto* key : {"name", "uri", "uriTemplate"}) {
    if (const auto name = item.string(key)) return *name;
  }
  return {};
}

/// The definition without what it is called: what a new name cannot change.
json::Value nameless(const json::Value& item) { return item.without("name").without("title"); }

bool same_but_for_the_name(const json::Value& a, const json::Value& b) {
  if (nameless(a) == nameless(b)) return true;
  const auto words = a.string("description").value_or("");
  constexpr std::size_t telling = 24;  // shorter descriptions are equal by chance
  return words.size() >= telling && a.string("description") == b.string("description") &&
         a.at("inputSchema") == b.at("inputSchema");
}

struct List {
  Kind kind;
  std::vector<json::Value> Manifest::* items;
};
constexpr std::array<List, 4> lists{{{Kind::tool, &Manifest::tools},
                                     {Kind::prompt, &Manifest::prompts},
                                     {Kind::resource, &Manifest::resources},
                                     {Kind::resource_template, &Manifest::templates}}};

/// Findings by what they say, and not by the words around it.
std::set<std::tuple<Kind, std::string, std::string, std::string>> known(const std::vector<Finding>& findings) {
  std::set<std::tuple<Kind, std::string, std::string, std::string>> out;
  for (const auto& finding : findings) out.emplace(finding.kind, finding.tool, finding.pointer, finding.rule);
  return out;
}

class ServerDrift {
 public:
  ServerDrift(const Pinned& before, const Pinned& now) : before_(before), now_(now) {}

  std::vector<Change> run() {
    for (const auto& list : lists) compare(list);
    if (before_.manifest.instructions != now_.manifest.instructions)
      changed(Kind::instructions, "", "", json::str(before_.manifest.instructions), json::str(now_.manifest.instructions));
    // What has not changed is not judged again: that is what the lock is for.
    if (!changes_.empty()) poison();
    visibility();
    return std::move(changes_);
  }

 private:
  using ByName = std::multimap<std::string, json::Value>;

  Change& add(Change change) {
    change.server = now_.manifest.server;
    return changes_.emplace_back(std::move(change));
  }

  void changed(Kind kind, const std::string& name, const std::string& pointer, const json::Value& before,
               const json::Value& after) {
    add({.kind = kind,
         .name = name,
         .pointer = pointer,
         .rule = "changed",
         .why = "other words than those reviewed",
         .before = shown(before),
         .after = shown(after)});
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

  void arrivals(Kind kind, ByName& gone, const ByName& come) {
    for (const auto& [name, item] : come) {
      const auto old =
          std::ranges::find_if(gone, [&, &item = item](const auto& entry) { return same_but_for_the_name(entry.second, item); });
      if (old != gone.end()) {
        add({.kind = kind,
             .name = name,
             .pointer = "/name",
             .rule = "renamed",
             .fault = true,
             .severity = Weight::medium,
             .why = "what was reviewed under another name",
             .before = text::one_line(old->first, 120),
             .after = text::one_line(name, 120)});
        gone.erase(old);
        continue;
      }
      add({.kind = kind,
           .name = name,
           .rule = "added",
           .fault = kind == Kind::tool,
           .severity = kind == Kind::tool ? Weight::medium : Weight::low,
           .why = fmt::format("a {} that nobody reviewed", vet::name(kind)),
           .after = shown(item.at("description"))});
    }
    for (const auto& [name, item] : gone)
      add({.kind = kind,
           .name = name,
           .rule = "removed",
           .why = fmt::format("a reviewed {} is gone", vet::name(kind)),
           .before = shown(item.at("description"))});
  }

  void compare(Kind kind, const std::string& name, const json::Value& before, const json::Value& after) {
    std::set<std::string> keys;
    for (const auto& item : {before, after}) {
      for (auto& key : item.keys()) keys.insert(std::move(key));
    }
    for (const auto& key : keys) {
      if (before.at(key) == after.at(key)) continue;
      if (key == "annotations") annotations(kind, name, before.at(key), after.at(key));
      else if (!(key == "inputSchema" && schema(kind, name, before.at(key), after.at(key))))
        changed(kind, name, "/" + key, before.at(key), after.at(key));
    }
    if (kind == Kind::tool) powers(name, before, after);
  }

  /// True if something was widened; a schema that is only told better is a change like another.
  bool schema(Kind kind, const std::string& name, const json::Value& before, const json::Value& after) {
    auto found = widened(before, after);
    for (auto& change : found) {
      change.kind = kind;
      change.name = name;
      change.pointer = "/inputSchema" + change.pointer;
      add(std::move(change));
    }
    return !found.empty();
  }

  void annotations(Kind kind, const std::string& name, const json::Value& before, const json::Value& after) {
    bool flipped = false;
    for (const auto* hint : {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}) {
      // Absent means the default of the specification (MCP schema, ToolAnnotations).
      const bool otherwise = std::string_view(hint) == "destructiveHint" || std::string_view(hint) == "openWorldHint";
      const bool was = before.boolean(hint).value_or(otherwise);
      const bool is = after.boolean(hint).value_or(otherwise);
      if (was == is) continue;
      flipped = true;
      add({.kind = kind,
           .name = name,
           .pointer = std::string("/annotations/") + hint,
           .rule = "flipped-annotation",
           .fault = true,
           .severity = Weight::medium,
           .why = "a client may ask no longer before it calls, or what it calls does more",
           .before = was ? "true" : "false",
           .after = is ? "true" : "false"});
    }
    if (!flipped) changed(kind, name, "/annotations", before, after);
  }

  void powers(const std::string& name, const json::Value& before, const json::Value& after) {
    std::set<Power> had;
    for (const auto& capability : capabilities(before)) had.insert(capability.power);
    for (const auto& capability : capabilities(after)) {
      if (had.contains(capability.power)) continue;
      add({.kind = Kind::tool,
           .name = name,
           .pointer = capability.pointer,
           .rule = "new-power",
           .fault = true,
           .severity = Weight::medium,
           .why = fmt::format("it can now {}", vet::name(capability.power)),
           .after = text::one_line(capability.shows, 200)});
    }
  }

  /// What the rules say of the new words and did not say of the old.
  void poison() {
    const auto before = known(judge(before_.manifest));
    for (const auto& finding : judge(now_.manifest)) {
      if (before.contains({finding.kind, finding.tool, finding.pointer, finding.rule})) continue;
      add({.kind = finding.kind,
           .name = finding.tool,
           .pointer = finding.pointer,
           .rule = finding.rule,
           .fault = finding.severity >= Weight::medium,
           .severity = finding.severity,
           .why = finding.why,
           .after = finding.excerpt});
    }
  }

  void visibility() {
    for (const auto& [identity, tools] : now_.identities) {
      const auto before = before_.identities.find(identity);
      if (before == before_.identities.end()) continue;
      const std::set<std::string> saw(before->second.begin(), before->second.end());
      for (const auto& tool : tools) {
        // A tool that is new to all is told as such.
        if (saw.contains(tool) || !pinned_tool(tool)) continue;
        add({.kind = Kind::tool,
             .name = tool,
             .rule = "newly-visible",
             .fault = true,
             .severity = Weight::medium,
             .why = "an identity sees a tool that was hidden from it",
             .after = text::one_line(identity, 80)});
      }
    }
  }

  bool pinned_tool(const std::string& name) const {
    return std::ranges::any_of(before_.manifest.tools, [&](const json::Value& tool) { return name_of(tool) == name; });
  }

  const Pinned& before_;
  const Pinned& now_;
  std::vector<Change> changes_{};
};

}  // namespace

std::vector<Change> drift(const std::vector<Pinned>& pinned, const std::vector<Pinned>& now) {
  std::vector<Change> out;
  for (const auto& server : now) {
    const auto before = std::ranges::find(pinned, server.manifest.server, [](const Pinned& one) { return one.manifest.server; });
    if (before == pinned.end()) {
      out.push_back({.server = server.manifest.server,
                     .kind = Kind::server,
                     .rule = "added",
                     .fault = true,
                     .severity = Weight::medium,
                     .why = "a server that nobody reviewed"});
      continue;
    }
    auto changes = ServerDrift(*before, server).run();
    std::ranges::move(changes, std::back_inserter(out));
  }
  std::ranges::stable_sort(
      out, [](const Change& a, const Change& b) { return std::tuple(b.fault, b.severity) < std::tuple(a.fault, a.severity); });
  return out;
}

}  // namespace mcprove::vet
