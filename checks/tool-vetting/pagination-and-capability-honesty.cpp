#include <algorithm>
#include <array>
#include <set>

#include "checks/tool-vetting/texts.h"
#include "mcp/message.h"

namespace {

using namespace mcprove;

constexpr int many_idle = 10;  ///< pages without news in a row, at our bound: it is not the list that is long

struct List {
  std::string_view method;
  std::string_view capability;
  std::string_view entries;  ///< member of the result
};
constexpr std::array<List, 3> lists{
    {{"tools/list", "tools", "tools"}, {"resources/list", "resources", "resources"}, {"prompts/list", "prompts", "prompts"}}};

std::set<std::string> names_in(const json::Value& entries) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (const auto name = entries.at(i).string("name")) names.insert(*name);
  return names;
}

std::set<std::string> names_of(const std::vector<mcp::Tool>& tools) {
  std::set<std::string> names;
  for (const auto& tool : tools) names.insert(tool.name);
  return names;
}

/// The cursor with one character changed, in the middle, where it is neither a version mark nor padding.
std::string altered(std::string cursor) {
  auto& c = cursor[cursor.size() / 2];
  c = c == 'A' ? 'B' : 'A';
  return cursor;
}

class Honesty {
 public:
  Honesty(Context& at, Cases& cases, mcp::Catalogue catalogue, mcp::Credential credential)
      : at_(at),
        cases_(cases),
        catalogue_(std::move(catalogue)),
        credential_(std::move(credential)),
        client_(at.connect(credential_)),
        capabilities_(catalogue_.greeting.at("capabilities")) {}

  Result<void> run() {
    for (const auto& paging : catalogue_.paging) MCPROVE_TRY(judge_pages(paging));
    const auto tools = std::ranges::find(catalogue_.paging, "tools/list", &mcp::Paging::method);
    if (tools != catalogue_.paging.end()) judge_cursors(*tools);
    judge_capabilities();
    judge_announcements();
    return {};
  }

 private:
  static Document shown(const mcp::Paging& paging) {
    std::vector<Citation> evidence;
    for (const auto id : paging.exchanges) evidence.push_back(cite(id, "body:/result/nextCursor", paging.method));
    return Document(std::move(evidence));
  }

  /// A list that changes while it is read may repeat itself once; one that does so twice has no end.
  Result<void> judge_pages(const mcp::Paging& first) {
    const auto endless = [](const mcp::Paging& p) { return p.repeated || (p.cut_short && p.idle >= many_idle); };
    if (!endless(first)) {
      if (first.cut_short)
        cases_.add(first.method,
                   Verdict::inconclusive(Reason::evidence_weak, fmt::format("its end was not seen, after {} pages", first.pages),
                                         shown(first).evidence()));
      else cases_.add(first.method, Verdict::pass(shown(first), fmt::format("it ends; pages: {}", first.pages)));
      return {};
    }
    const auto again = mcp::read_catalogue(client_);
    const auto found = again ? std::ranges::find(again->paging, first.method, &mcp::Paging::method) : catalogue_.paging.end();
    const bool same = again && found != again->paging.end() && endless(*found);
    const std::string why = first.repeated ? "a cursor comes again: whoever follows it reads for ever"
                                           : "page after page says nothing new, and none is the last";
    if (same) cases_.add(first.method, Verdict::fail(shown(first), why, {.severity = Severity::medium}));
    else cases_.add(first.method, Verdict::inconclusive(Reason::control_failed, "only once: " + why, shown(first).evidence()));
    return {};
  }

  void judge_cursors(const mcp::Paging& paging) {
    try_cursor("unknown cursor", "audit-" + at_.nonce(), !paging.cursor.empty());
    if (!paging.cursor.empty()) try_cursor("altered cursor", altered(paging.cursor), true);
  }

  void try_cursor(const std::string& name, const std::string& cursor, bool pages) {
    const auto asked = client_.call("tools/list", json::Value::object({{"cursor", json::str(cursor)}}),
                                    {.purpose = "probe: a cursor that nobody gave us"});
    if (!asked) {
      cases_.add(name, Verdict::inconclusive(asked.error()));
      return;
    }
    const Document seen(cite(asked->exchange, "body", asked->why));
    if (asked->answer == Answer::accepted && asked->result().at("tools").is_array()) {
      taken(name, seen, names_in(asked->result().at("tools")), pages);
    } else if (asked->error().is_object()) {
      const auto code = asked->error().integer("code");
      std::vector<std::string> notes;
      if (code != mcp::code::invalid_params) notes.push_back(fmt::format("refused by another code than -32602: {}", asked->why));
      cases_.add(name, Verdict::pass(seen, "refused", std::move(notes)));
    } else {
      cases_.add(name, Verdict::inconclusive(reason_of(asked->response), asked->why, seen.evidence()));
    }
  }

  /// What the cursor brought is disclosed only if the same token is still not shown it without.
  void taken(const std::string& name, const Document& seen, const std::set<std::string>& brought, bool pages) {
    const auto unknown = [&](const std::set<std::string>& known) {
      return std::ranges::find_if(brought, [&](const std::string& each) { return !known.contains(each); });
    };
    if (unknown(names_of(catalogue_.tools)) != brought.end()) {
      const auto now = mcp::list_tools(client_);
      if (!now) {
        cases_.add(name, Verdict::inconclusive(now.error(), seen.evidence()));
        return;
      }
      if (const auto extra = unknown(names_of(*now)); extra != brought.end()) {
        cases_.add(name, Verdict::fail(seen,
                                       fmt::format("it shows the tool {}, which this token is not shown otherwise",
                                                   text::one_line(*extra, 60)),
                                       {.severity = Severity::high}));
        return;
      }
    }
    const std::string told =
        brought.empty() ? "taken, and answered with nothing" : "taken, and answered with what is shown anyway";
    if (pages) cases_.add(name, Verdict::fail(seen, told, {.severity = Severity::low, .level = Level::should}));
    else cases_.add(name, Verdict::pass(seen, told, {"the server has one page and reads no cursor; -32602 would say so"}));
  }

  void judge_capabilities() {
    if (!capabilities_.is_object()) {
      cases_.not_run("capabilities", Reason::unclear_answer, "the server's greeting names none");
      return;
    }
    const Document greeted(checks::lists_of(at_, catalogue_));
    bool hidden = false;
    for (const auto& list : lists) {
      const auto paging = std::ranges::find(catalogue_.paging, list.method, &mcp::Paging::method);
      if (capabilities_.has(list.capability) || paging == catalogue_.paging.end()) continue;
      const auto count = list.method == "tools/list"       ? catalogue_.tools.size()
                         : list.method == "resources/list" ? catalogue_.resources.size()
                                                           : catalogue_.prompts.size();
      if (count == 0) {
        cases_.note(fmt::format("{} answers, empty, though {} is not among the capabilities", list.method, list.capability));
        continue;
      }
      hidden = true;
      cases_.add(
          fmt::format("capability {}", list.capability),
          Verdict::fail(shown(*paging), fmt::format("{} lists {}, and the capability was not declared", list.method, count),
                        {.severity = Severity::low}));
    }
    if (!hidden) cases_.add("capabilities", Verdict::pass(greeted, "no list has entries without its capability"));
  }

  /// Announcements of changes, in whatever the server has said on this wire so far.
  void judge_announcements() {
    for (const auto& list : lists) {
      if (capabilities_.at(list.capability).boolean("listChanged").value_or(false)) continue;
      const auto word = fmt::format("notifications/{}/list_changed", list.capability);
      const auto heard = announced(word);
      if (heard)
        cases_.add(
            fmt::format("announcement {}", list.capability),
            Verdict::fail(Document(cite(*heard, "body", word)),
                          fmt::format("it sends {}, and listChanged was not declared", word), {.severity = Severity::low}));
    }
  }

  std::optional<net::ExchangeId> announced(const std::string& word) const {
    const auto& transcript = at_.transcript();
    for (std::size_t i = 0; i < transcript.size(); ++i) {
      const auto id = static_cast<net::ExchangeId>(i);
      const auto& exchange = transcript.at(id);
      if (!exchange.response || exchange.request.url != at_.endpoint().url) continue;
      if (net::is_event_stream(*exchange.response) && exchange.response->body.find(word) != std::string::npos) return id;
    }
    return std::nullopt;
  }

  Context& at_;
  Cases& cases_;
  mcp::Catalogue catalogue_;
  mcp::Credential credential_;
  mcp::Client client_;
  json::Value capabilities_;
};

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  return Honesty(at, cases, std::move(catalogue), grant.credential()).run();
}

}  // namespace

MCPROVE_CHECK(pagination_and_capability_honesty) = define(
    {
        .title = "Lists have no end, or show more than the server declares",
        .what =
            "Follows every list to its end, asks for tools with a cursor that nobody gave and with an altered one, and compares what "
            "answers and what is announced with the capabilities that the server declared.",
        .why =
            "A list without end keeps a client busy for ever; what is reached by guessed cursors or undeclared methods is in no review.",
        .fix = "End lists, seal cursors and bind them to the token, refuse unknown ones with -32602, and declare what is served.",
        .severity = Severity::high,
        .per = Axis::wire,
        .cwe = 835,
        .spec = {{{"MCP 2025-11-25 server/utilities/pagination", "Error Handling"},
                  {"MCP 2025-11-25 basic/lifecycle", "Capability Negotiation"}}},
        .since = "0.1",
    },
    run);
