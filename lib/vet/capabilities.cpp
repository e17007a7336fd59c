#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.h"
#include "vet/identifier.h"
#include "vet/manifest.h"
#include "vet/word_table.h"

namespace mcprove::vet {

namespace {

/// What shows a power: one of the verbs, with one of the objects, in the name or in the first sentence; and the arguments
/// through which a caller steers it. Words are separated by spaces.
struct Trait {
  Power power;
  std::string_view verbs;
  std::string_view objects;
  std::string_view never;      ///< words that give the others another meaning
  std::string_view arguments;  ///< names of the arguments that steer it
};

constexpr std::string_view path_arguments =
    "path paths file files filepath filename filenames directory dir folder root source destination src dst output";

constexpr std::array<Trait, 10> traits = {{
    {Power::execute, "execute executes exec run runs eval evaluate evaluates spawn start launch add schedule",
     "command commands shell bash terminal powershell code script scripts javascript python cmd snippet subprocess process cell",
     "sql query queries math mathematical expression test tests plan report analysis search list cells",
     "command commands cmd code script scripts snippet expression source args program path paths file"},
    {Power::read_files, "read reads get gets open opens view views list lists load loads search searches cat find finds",
     "file files directory directories folder folders filesystem document documents", "allowed sandbox allowlist",
     path_arguments},
    {Power::write_files,
     "write writes create creates edit edits delete deletes move moves rename renames append appends save saves remove removes copy",
     "file files directory directories folder folders filesystem", "remote webdav", path_arguments},
    {Power::network,
     "fetch fetches get request requests crawl crawls scrape scrapes navigate navigates download downloads browse visit open call "
     "make extract",
     "url urls webpage webpages website websites web http https link links endpoint page site sitemap", "id result",
     "url urls uri link links endpoint host address website site domain"},
    {Power::database, "query queries execute executes run runs select insert read reads perform",
     "sql query queries database databases table tables statement", "plan log logs aql search jql",
     "sql query queries statement statements"},
    {Power::messages, "send sends post posts reply replies forward forwards publish publishes tweet email",
     "email emails mail message messages sms slack notification notifications tweet chat comment", "list search count",
     "to recipient recipients channel body message text content"},
    {Power::secrets, "get gets read reads list lists reveal retrieve retrieves fetch set create show",
     "secret secrets credential credentials password passwords env environment keychain vault", "count policy usage", "name key"},
    {Power::identity, "create creates delete deletes update updates add adds remove grant revoke invite assign impersonate set",
     "user users role roles permission permissions account accounts member members access", "story stories list",
     "user role permission permissions email account"},
    {Power::payment, "pay pays transfer transfers charge refund buy purchase send create withdraw swap place",
     "payment payments money funds order transaction refund crypto eth checkout card usdc token item balance",
     "list history status", "amount price recipient to quantity"},
    {Power::memory, "remember save saves store stores add adds create creates update write",
     "memory memories knowledge observation observations recall", "usage leak profil",
     "content text memory observations key value"},
}};

/// "get_download_url" answers with an address; who fetches one is told which.
constexpr std::string_view asking =
    "fetch fetches request requests crawl crawls scrape scrapes navigate navigates download downloads browse visit";
constexpr std::string_view things = "webpage webpages website websites web http https page site sitemap endpoint";

/// Which of the lists above hold a word: a set of bits.
using Lists = std::uint64_t;

enum class List : std::uint8_t { verbs, objects, never, arguments, count_ };

constexpr Lists bit(std::size_t trait, List list) {
  return Lists{1} << (trait * static_cast<std::size_t>(List::count_) + static_cast<std::size_t>(list));
}
constexpr Lists asking_bit = Lists{1} << 62U;
constexpr Lists things_bit = Lists{1} << 63U;

const WordTable<Lists>& lists() {
  static const auto all = [] {
    WordTable<Lists> out;
    const auto add = [&](std::string_view list, Lists bits) {
      for (const auto& word : text::words(list)) out[word] |= bits;
    };
    for (std::size_t i = 0; i < traits.size(); ++i) {
      add(traits[i].verbs, bit(i, List::verbs));
      add(traits[i].objects, bit(i, List::objects));
      add(traits[i].never, bit(i, List::never));
      add(traits[i].arguments, bit(i, List::arguments));
    }
    add(asking, asking_bit);
    add(things, things_bit);
    return out;
  }();
  return all;
}

/// Words as far as the lists know them.
struct Words {
  std::vector<Lists> each{};  ///< of those that some list holds
  Lists all = 0;
  bool asks = false;  ///< the first word asks for a page

  explicit Words(std::string_view text) {
    bool first = true;
    for (IdentifierWords words(text); words.next(); first = false) {
      const Lists* known = lists().find(words.word());
      if (known == nullptr) continue;
      each.push_back(*known);
      all |= *known;
      asks = asks || (first && (*known & asking_bit) != 0);
    }
  }
  bool any(std::size_t trait, List list) const { return (all & bit(trait, list)) != 0; }
};

std::string_view first_sentence(std::string_view text) {
  const std::string_view trimmed = text::trim(text);
  const std::size_t end = std::min(trimmed.find(". "), trimmed.find('\n'));
  constexpr std::size_t longest = 200;
  return trimmed.substr(0, std::min(end, longest));
}

/// An argument of a schema, through which a caller may steer a power.
struct Argument {
  std::string name{};
  Words words;
};

std::vector<Argument> arguments_of(const json::Value& properties) {
  std::vector<Argument> out;
  for (auto& key : properties.keys()) {
    Words words(key);
    if (words.all != 0) out.push_back({std::move(key), std::move(words)});
  }
  return out;
}

/// The keyword that limits an argument to what the author chose.
const char* enforced_by(const json::Value& schema) {
  for (const char* keyword : {"enum", "const", "pattern"})
    if (schema.has(keyword)) return keyword;
  const auto items = schema.at("items");
  for (const char* keyword : {"enum", "const", "pattern"})
    if (items.has(keyword)) return keyword;
  return nullptr;
}

std::string said_bound(std::string_view description) {
  static const RE2 words(
      R"((?i)(\b(?:(?:only|must be|stays?|works?|restricted|limited|confined)\s+(?:\w+\s+){0,3}(?:within|inside|under|in|to)\s+(?:the\s+)?(?:\w+\s+){0,2}(?:allowed|workspace|project|sandbox|root|directory|directories)|allowed (?:directories|paths|commands|hosts|domains|list)|allow-?list(?:ed)?|white-?list(?:ed)?|read[- ]only|sandbox(?:ed)?|relative to (?:the\s+)?(?:\w+\s+){0,2}(?:root|project|workspace|folder|directory)|in a (?:container|jail)|select (?:statements|queries) only|only select|in the browser(?: console)?|user approval)\b))");
  std::string found;
  RE2::PartialMatch(re2::StringPiece(description.data(), description.size()), words, &found);
  return found;
}

bool says_read_only(const json::Value& tool, std::string_view description) {
  static const RE2 words(
      R"((?i)\bread[- ]only\b|\bdoes not (?:modify|change|write)|\bonly select\b|\bselect (?:queries|statements) only\b)");
  return tool.at("annotations").boolean("readOnlyHint") == true ||
         RE2::PartialMatch(re2::StringPiece(description.data(), description.size()), words);
}

class Reader {
 public:
  explicit Reader(const json::Value& tool)
      : tool_(tool),
        description_(tool.string("description").value_or("")),
        properties_(tool.at("inputSchema").at("properties")),
        name_(tool.string("name").value_or("")),
        first_(first_sentence(description_)),
        arguments_(arguments_of(properties_)),
        knows_arguments_(tool.at("inputSchema").has("properties")) {}

  std::vector<Capability> all() const {
    std::vector<Capability> out;
    for (std::size_t i = 0; i < traits.size(); ++i)
      if (auto found = read(i)) out.push_back(std::move(*found));
    return out;
  }

 private:
  std::optional<Capability> read(std::size_t trait) const {
    const auto* argument = steering(trait);
    const bool by_name = shows(name_, trait) && !hands_out_address(name_, trait, argument);
    if (name_.any(trait, List::never) || (!by_name && first_.any(trait, List::never))) return std::nullopt;
    const bool by_words = shows(first_, trait) && !hands_out_address(first_, trait, argument);
    const bool half = name_.any(trait, List::verbs) || first_.any(trait, List::verbs);
    const bool by_argument = argument != nullptr && half && argument->words.any(trait, List::objects);
    if (!by_name && !by_words && !by_argument) return std::nullopt;
    Capability out;
    out.power = traits[trait].power;
    out.read_only = says_read_only(tool_, description_);
    if (by_name) {
      out.pointer = "/name";
      out.shows = text::join(identifier_words(tool_.string("name").value_or("")), " ");
    } else if (by_words) {
      out.pointer = "/description";
      out.shows = text::one_line(first_sentence(description_), 120);
    } else {
      out.pointer = "/inputSchema/properties/" + argument->name;
      out.shows = text::one_line(argument->name, 80);
    }
    restrict(out, argument);
    return out;
  }

  /// A verb and, in another word, its object: "query" alone does nothing to anything.
  static bool shows(const Words& words, std::size_t trait) {
    if (!words.any(trait, List::verbs) || !words.any(trait, List::objects)) return false;
    const Lists verb = bit(trait, List::verbs);
    const Lists object = bit(trait, List::objects);
    const auto count = [&](Lists bits) {
      return std::ranges::count_if(words.each, [bits](Lists word) { return (word & bits) != 0; });
    };
    return count(verb | object) > 1;
  }

  static bool hands_out_address(const Words& words, std::size_t trait, const Argument* argument) {
    return traits[trait].power == Power::network && argument == nullptr && !words.asks && (words.all & things_bit) == 0;
  }

  const Argument* steering(std::size_t trait) const {
    const auto found = std::find_if(arguments_.begin(), arguments_.end(),
                                    [&](const Argument& each) { return each.words.any(trait, List::arguments); });
    return found == arguments_.end() ? nullptr : &*found;
  }

  void restrict(Capability& out, const Argument* argument) const {
    if (argument != nullptr) {
      if (const char* keyword = enforced_by(properties_.at(argument->name))) {
        out.bound = Bound::enforced;
        out.bound_at = fmt::format("/inputSchema/properties/{}/{}", argument->name, keyword);
        out.bound_words = keyword;
        return;
      }
    } else if (knows_arguments_) {
      out.bound = Bound::enforced;
      out.bound_at = "/inputSchema/properties";
      out.bound_words = "no argument steers it";
      return;
    }
    std::string words = said_bound(description_);
    std::string at = "/description";
    if (words.empty() && argument != nullptr) {
      words = said_bound(properties_.at(argument->name).string("description").value_or(""));
      at = fmt::format("/inputSchema/properties/{}/description", argument->name);
    }
    if (words.empty()) return;
    out.bound = Bound::said;
    out.bound_at = at;
    out.bound_words = text::one_line(words, 80);
  }

  const json::Value& tool_;
  std::string description_;
  json::Value properties_;
  Words name_;
  Words first_;
  std::vector<Argument> arguments_;
  bool knows_arguments_ = false;
};

}  // namespace

std::vector<Capability> capabilities(const json::Value& tool) { return Reader(tool).all(); }

}  // namespace mcprove::vet
