#include "vet/set_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include <fmt/format.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include "base/text.h"
#include "vet/identifier.h"

namespace mcprove::vet {

namespace {

/// One tool of the set, as far as names and descriptions go.
struct Entry {
  const Manifest* manifest = nullptr;
  std::string name{};
  std::string stem{};  ///< name in lower case without a version suffix
  const json::Value* whole = nullptr;
  std::string told{};  ///< the words of the description in one line
  std::set<std::string> words{};
};

Finding finding(const Entry& entry, const char* rule, Weight severity, std::string why, Confidence confidence) {
  Finding out;
  out.server = entry.manifest->server;
  out.tool = entry.name;
  out.pointer = "/name";
  out.rule = rule;
  out.severity = severity;
  out.confidence = confidence;
  out.excerpt = text::one_line(entry.name, 120);
  out.why = std::move(why);
  return out;
}

/// UTS 39: what two names that look alike have in common.
std::string skeleton(USpoofChecker* checker, const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out(4 * name.size() + 16, '\0');
  const auto size = uspoof_getSkeletonUTF8(checker, 0, name.data(), static_cast<std::int32_t>(name.size()), out.data(),
                                           static_cast<std::int32_t>(out.size()), &status);
  if (U_FAILURE(status)) return name;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// "search_v2", "search-2", "searchV1" are editions of "search".
std::string stem_of(const std::string& name) {
  auto words = identifier_words(name);
  const auto edition = [](const std::string& word) {
    const std::size_t from = word.starts_with("v") ? 1 : 0;
    return word.size() > from && word.find_first_not_of("0123456789", from) == std::string::npos;
  };
  while (words.size() > 1 && edition(words.back())) words.pop_back();
  return fmt::format("{}", fmt::join(words, "_"));
}

/// Names that a hundred servers use say nothing when two do.
bool distinctive(const std::string& name) {
  constexpr std::size_t shortest = 8;
  return name.size() >= shortest && identifier_words(name).size() >= 2;
}

/// Most words of the shorter text stand in the longer one, and most of the longer one in the shorter.
bool cloned(const Entry& a, const Entry& b) {
  const auto& small = a.words.size() < b.words.size() ? a.words : b.words;
  const auto& large = a.words.size() < b.words.size() ? b.words : a.words;
  constexpr std::size_t enough = 4;
  if (small.size() < enough) return false;
  const auto shared = static_cast<double>(
      std::count_if(small.begin(), small.end(), [&](const std::string& word) { return large.contains(word); }));
  return shared >= 0.85 * static_cast<double>(small.size()) && shared >= 0.7 * static_cast<double>(large.size());
}

class Set {
 public:
  explicit Set(const std::vector<Manifest>& set) : set_(set) {
    for (const auto& manifest : set)
      for (const auto& tool : manifest.tools) add(manifest, tool);
  }

  void judge(std::vector<Finding>& out) const {
    equal_names(out);
    look_alikes(out);
    if (set_.size() > 1) {
      clones(out);
      mentions(out);
    }
  }

 private:
  void add(const Manifest& manifest, const json::Value& tool) {
    Entry entry;
    entry.manifest = &manifest;
    entry.name = tool.string("name").value_or("");
    if (entry.name.empty()) return;
    entry.stem = stem_of(entry.name);
    entry.whole = &tool;
    if (set_.size() > 1) {
      const auto words = identifier_words(tool.string("description").value_or(""));
      entry.told = fmt::format("{}", fmt::join(words, " "));
      entry.words = {words.begin(), words.end()};
    }
    entries_.push_back(std::move(entry));
  }

  /// The same tool listed twice is untidy; two tools of one name are a choice that nobody made.
  void equal_names(std::vector<Finding>& out) const {
    std::map<std::pair<const Manifest*, std::string>, const Entry*> seen;
    for (const auto& entry : entries_) {
      const auto [at, added] = seen.emplace(std::pair(entry.manifest, entry.name), &entry);
      if (added) continue;
      const bool same = at->second->whole->canonical() == entry.whole->canonical();
      out.push_back(
          finding(entry, "duplicate-name", same ? Weight::low : Weight::medium,
                  same ? "this tool is listed twice" : "two tools of one server have this name and differ; which one runs?",
                  Confidence::confirmed));
    }
  }

  void look_alikes(std::vector<Finding>& out) const {
    const bool ascii = std::all_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
      return std::all_of(entry.name.begin(), entry.name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    });
    if (ascii) return;  // "l" and "1" in ASCII are seen, and many editions differ by them
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker* checker = uspoof_open(&status);
    if (U_FAILURE(status)) return;
    std::unordered_map<std::string, std::string> first;
    for (const auto& entry : entries_) {
      const auto [at, added] = first.emplace(skeleton(checker, entry.name), entry.name);
      if (!added && at->second != entry.name)
        out.push_back(
            finding(entry, "look-alike-name", Weight::high,
                    fmt::format("looks like the tool {} but is spelt with other characters", text::one_line(at->second, 60)),
                    Confidence::confirmed));
    }
    uspoof_close(checker);
  }

  /// The same name, or an edition of it, and the same description on another server.
  void clones(std::vector<Finding>& out) const {
    std::unordered_map<std::string, std::vector<const Entry*>> alike;
    constexpr std::size_t telling = 6;  // words; "list files" is everybody's
    for (const auto& entry : entries_) {
      alike["name " + entry.stem].push_back(&entry);
      if (entry.words.size() >= telling) alike["says " + entry.told].push_back(&entry);
    }
    for (const auto& entry : entries_)
      if (!clone_among(alike["name " + entry.stem], entry, out)) clone_among(alike["says " + entry.told], entry, out);
  }

  static bool clone_among(const std::vector<const Entry*>& others, const Entry& entry, std::vector<Finding>& out) {
    constexpr std::size_t crowd = 32;
    for (std::size_t i = 0; i < std::min(others.size(), crowd); ++i) {
      const Entry& other = *others[i];
      if (other.manifest == entry.manifest || !cloned(entry, other)) continue;
      out.push_back(finding(entry, "cloned-tool", Weight::medium,
                            fmt::format("the server {} has the tool {} with the same description; which one is meant?",
                                        text::one_line(other.manifest->server, 60), text::one_line(other.name, 60)),
                            Confidence::likely));
      return true;
    }
    return false;
  }

  /// A description that speaks of a tool that only another server has.
  void mentions(std::vector<Finding>& out) const {
    std::unordered_map<std::string, const Manifest*> owners;
    for (const auto& entry : entries_) {
      if (!distinctive(entry.name)) continue;
      const auto [at, added] = owners.emplace(entry.name, entry.manifest);
      if (!added && at->second != entry.manifest) at->second = nullptr;
    }
    for (const auto& manifest : set_)
      for (const auto& tool : manifest.tools) mentions_of(manifest, tool, owners, out);
  }

  static void mentions_of(const Manifest& manifest, const json::Value& tool,
                          const std::unordered_map<std::string, const Manifest*>& owners, std::vector<Finding>& out) {
    const auto description = tool.string("description").value_or("");
    const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
    for (std::size_t at = 0; at < description.size();) {
      std::size_t end = at;
      while (end < description.size() && letter(description[end])) ++end;
      const auto found = owners.find(description.substr(at, end - at));
      if (found != owners.end() && found->second != nullptr && found->second != &manifest) {
        Finding one = finding({&manifest, tool.string("name").value_or(""), {}, {}}, "foreign-tool", Weight::medium,
                              fmt::format("speaks of {}, a tool of the server {}", text::one_line(found->first, 60),
                                          text::one_line(found->second->server, 60)),
                              Confidence::likely);
        one.pointer = "/description";
        one.excerpt = text::one_line(description.substr(at > 60 ? at - 60 : 0, 160), 200);
        out.push_back(std::move(one));
        return;
      }
      at = end + 1;
    }
  }

  const std::vector<Manifest>& set_;
  std::vector<Entry> entries_{};
};

bool any_word(const std::vector<std::string>& words, std::string_view list) {
  const auto listed = text::words(list);
  return std::ranges::any_of(words, [&](const std::string& word) { return std::ranges::find(listed, word) != listed.end(); });
}

bool holds(const std::vector<Capability>& powers, std::initializer_list<Power> wanted) {
  return std::any_of(powers.begin(), powers.end(), [&](const Capability& each) {
    return std::find(wanted.begin(), wanted.end(), each.power) != wanted.end() && each.bound != Bound::enforced;
  });
}

}  // namespace

std::optional<std::string> annotation_lie(const json::Value& tool) {
  const auto annotations = tool.at("annotations");
  if (!annotations.is_object()) return std::nullopt;
  const auto words = identifier_words(tool.string("name").value_or(""));
  constexpr std::string_view writing =
      "delete remove drop destroy wipe erase send write update create insert execute deploy grant revoke transfer pay purchase publish "
      "upload rename move";
  constexpr std::string_view destroying = "delete drop destroy wipe erase purge truncate uninstall";
  constexpr std::string_view calm = "list get read search find show preview plan dry estimate validate check count status";
  if (words.empty() || any_word({words.front()}, calm)) return std::nullopt;
  if (annotations.boolean("readOnlyHint") == true && any_word({words.front()}, writing))
    return fmt::format("readOnlyHint is true, the name says {}", words.front());
  if (annotations.boolean("destructiveHint") == false && annotations.boolean("readOnlyHint") != true &&
      any_word(words, destroying))
    return "destructiveHint is false, the name says that it deletes";
  const auto arguments = tool.at("inputSchema").at("properties").keys();
  const bool fetches = std::find(arguments.begin(), arguments.end(), "url") != arguments.end();
  if (annotations.boolean("openWorldHint") == false && fetches &&
      any_word(words, "fetch request browse crawl scrape navigate download"))
    return "openWorldHint is false, an argument takes any URL";
  return std::nullopt;
}

void judge_annotations(const Manifest& manifest, std::vector<Finding>& out) {
  for (const auto& tool : manifest.tools) {
    auto lie = annotation_lie(tool);
    if (!lie) continue;
    Finding one = finding({&manifest, tool.string("name").value_or(""), {}, {}}, "annotation-contradiction", Weight::low,
                          std::move(*lie), Confidence::likely);
    one.pointer = "/annotations";
    out.push_back(std::move(one));
  }
}

void judge_names(const std::vector<Manifest>& set, std::vector<Finding>& out) { Set(set).judge(out); }

void judge_set(const std::vector<Manifest>& set, std::vector<Finding>& out) {
  judge_names(set, out);
  const Manifest* source = nullptr;
  const Manifest* sink = nullptr;
  std::string from;
  std::string to;
  for (const auto& manifest : set) {
    for (const auto& tool : manifest.tools) {
      if (source != nullptr && sink != nullptr) break;
      const auto powers = capabilities(tool);
      if (source == nullptr && holds(powers, {Power::secrets, Power::read_files, Power::database})) {
        source = &manifest;
        from = tool.string("name").value_or("");
      } else if (sink == nullptr && holds(powers, {Power::network, Power::messages})) {
        sink = &manifest;
        to = tool.string("name").value_or("");
      }
    }
  }
  if (source == nullptr || sink == nullptr) return;
  Finding one = finding({sink, to, {}, {}}, "flow", Weight::low,
                        fmt::format("what {} of {} reads can leave through this tool", text::one_line(from, 60),
                                    text::one_line(source->server, 60)),
                        Confidence::likely);
  one.pointer = "";
  out.push_back(std::move(one));
}

}  // namespace mcprove::vet
