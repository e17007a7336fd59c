#include <algorithm>
#include <set>

#include "checks/per-tool-authorization/narrow_tokens.h"
#include "checks/tool-vetting/links.h"
#include "checks/tool-vetting/texts.h"
#include "net/url.h"
#include "vet/json_schema.h"

namespace {

using namespace mcprove;

constexpr std::size_t largest_icon = 256U << 10U;

/// Icons of tools, prompts, resources, templates and the server (2025-11-25, basic, icons).
class Icons {
 public:
  Icons(Context& at, Cases& cases, const Document& seen) : at_(at), cases_(cases), seen_(seen) {}

  void judge(const std::string& owner, const json::Value& item) {
    const auto icons = item.at("icons");
    for (std::size_t i = 0; i < icons.size(); ++i) judge_one("icon of " + owner, icons.at(i));
  }

  void conclude() {
    if (!foreign_.empty())
      cases_.note(
          fmt::format("icons are fetched from elsewhere: {}", text::one_line(fmt::format("{}", fmt::join(foreign_, ", ")), 160)));
    if (count_ > 0 && !faulty_)
      cases_.add("icons", Verdict::pass(seen_, fmt::format("{} icons, all images at https or data URLs", count_)));
  }

 private:
  void fault(const std::string& name, std::string why, Severity severity, Level level = Level::must) {
    faulty_ = true;
    cases_.add(name, Verdict::fail(seen_, std::move(why), {.severity = severity, .level = level}));
  }

  void judge_one(const std::string& name, const json::Value& icon) {
    ++count_;
    const auto source = icon.string("src").value_or("");
    const auto scheme = checks::scheme_of(source);
    const auto type = text::lower(icon.string("mimeType").value_or("image/"));
    if (scheme == "data") data(name, source);
    else if (scheme == "https" || scheme == "http") fetched(name, source);
    else if (scheme.empty())
      fault(name,
            fmt::format("its source is \"{}\", no https or data URL: nobody can tell from where", text::one_line(source, 80)),
            Severity::low, Level::should);
    else fault(name, fmt::format("its source is {}, neither https nor data", text::one_line(source, 80)), Severity::medium);
    if (!type.starts_with("image/"))
      fault(name + " type", fmt::format("is declared as {}", text::one_line(type, 60)), Severity::low, Level::should);
  }

  void data(const std::string& name, const std::string& source) {
    const auto data = checks::data_url(source);
    if (!data || !data->type.starts_with("image/"))
      return fault(name, fmt::format("its data is {}, no image", data ? text::one_line(data->type, 60) : "not readable"),
                   Severity::medium);
    const auto active = data->type.find("svg") == std::string::npos ? std::string_view{} : checks::active_part(data->content);
    if (!active.empty()) fault(name, fmt::format("an SVG image that holds {}", text::trim(active)), Severity::medium);
    if (source.size() > largest_icon) fault(name + " size", fmt::format("{} bytes", source.size()), Severity::low, Level::should);
  }

  void fetched(const std::string& name, const std::string& source) {
    const auto url = net::Url::parse(source);
    if (!url) return fault(name, fmt::format("its source is no URL: {}", text::one_line(source, 80)), Severity::low);
    if (url->scheme == "http" && !url->is_loopback_host())
      fault(name, fmt::format("is fetched without TLS from {}", url->host), Severity::low);
    if (!url->same_origin(at_.url())) foreign_.insert(url->origin());
  }

  Context& at_;
  Cases& cases_;
  Document seen_;
  std::set<std::string> foreign_{};
  std::size_t count_ = 0;
  bool faulty_ = false;
};

/// What tools return.
class Results {
 public:
  Results(Context& at, Cases& cases) : at_(at), cases_(cases) {}

  void judge(const TriedCall& call) {
    const auto name = "result of " + text::one_line(call.tool.name, 60);
    if (!call.outcome) {
      cases_.add(name, Verdict::inconclusive(call.outcome.error()));
      return;
    }
    const auto result = call.outcome->result();
    const Document seen(cite(call.outcome->exchange, "body:/result", "what the tool returned"));
    if (call.outcome->answer != Answer::accepted || result.boolean("isError").value_or(false) ||
        result.string("resultType").value_or("complete") != "complete") {
      cases_.note(fmt::format("{}: not judged, for the call did not succeed: {}", name, call.outcome->why));
      return;
    }
    ++judged_;
    schema(name, seen, call.tool, result);
    links(name, seen, result);
    words(name, seen, call, result);
  }

  std::size_t judged() const { return judged_; }

 private:
  void schema(const std::string& name, const Document& seen, const mcp::Tool& tool, const json::Value& result) {
    const auto declared = tool.raw.at("outputSchema");
    if (!declared.is_object()) return;
    const auto structured = result.at("structuredContent");
    const auto fit =
        result.has("structuredContent")
            ? vet::fit(declared, structured)
            : vet::Fit{vet::Fit::Answer::misfits, "", "there is no structuredContent, and an output schema promises it"};
    const auto why = fmt::format("{}{}", fit.pointer.empty() ? "" : text::one_line(fit.pointer, 80) + " ", fit.why);
    switch (fit.answer) {
      case vet::Fit::Answer::fits: cases_.add(name + " schema", Verdict::pass(seen, "fits the output schema")); break;
      case vet::Fit::Answer::misfits:
        cases_.add(name + " schema", Verdict::fail(seen, "breaks the output schema: " + why, {.severity = Severity::low}));
        break;
      case vet::Fit::Answer::unknown:
        cases_.add(name + " schema", Verdict::inconclusive(Reason::unclear_answer, why, seen.evidence()));
        break;
    }
  }

  void links(const std::string& name, const Document& seen, const json::Value& result) {
    const auto content = result.at("content");
    for (std::size_t i = 0; i < content.size(); ++i) {
      const auto item = content.at(i);
      for (const auto& uri : {item.string("uri").value_or(""), item.at("resource").string("uri").value_or("")}) {
        const auto data = checks::data_url(uri);
        if (checks::runs_code(uri) || (data && data->type == "text/html"))
          cases_.add(name + " link", Verdict::fail(seen, fmt::format("links to {}", text::one_line(uri, 80))));
      }
    }
  }

  /// Whose words they are decides. What a tool without arguments returns to two people alike, and that it says it has from
  /// nowhere else, is its own; everything else may be somebody's letter.
  void words(const std::string& name, const Document& seen, const TriedCall& call, const json::Value& result) {
    const auto heard = heavy(result);
    if (!heard) {
      cases_.add(name, Verdict::pass(seen, "nothing in it commands a model or hides"));
      return;
    }
    const auto why = checks::described(*heard);
    const bool own = call.tool.raw.at("annotations").boolean("openWorldHint") == false && call.arguments.size() == 0;
    if (own && told_to_another(call, heard->rule, heard->excerpt))
      cases_.add(name, Verdict::fail(seen, "the same to two people: " + why, {.confidence = Confidence::likely}));
    else
      cases_.add(name, Verdict::inconclusive(Reason::evidence_weak,
                                             "it may be a third party's text; find out who wrote it: " + why, seen.evidence()));
  }

  static std::optional<vet::Signal> heavy(const json::Value& result) {
    const auto signals = vet::judge_tool(result);
    const auto found = std::ranges::find(signals, vet::Weight::high, &vet::Signal::weight);
    return found == signals.end() ? std::nullopt : std::optional(*found);
  }

  bool told_to_another(const TriedCall& call, const std::string& rule, const std::string& excerpt) {
    const auto* second = at_.facts().second_identity();
    const auto theirs = second != nullptr ? at_.facts().grant(*second) : failure(Error::Kind::unavailable, "nobody else");
    if (!theirs) return false;
    auto client = at_.connect(theirs->credential());
    const auto outcome = mcp::call_tool(client, call.tool, call.arguments, "the same call by another person");
    if (!outcome || outcome->answer != Answer::accepted) return false;
    const auto heard = heavy(outcome->result());
    return heard && heard->rule == rule && heard->excerpt == excerpt;
  }

  Context& at_;
  Cases& cases_;
  std::size_t judged_ = 0;
};

void judge_icons(Context& at, const mcp::Catalogue& catalogue, Cases& cases) {
  Icons icons(at, cases, Document(checks::lists_of(at, catalogue)));
  icons.judge("the server", catalogue.greeting.at("serverInfo"));
  for (const auto& tool : catalogue.tools) icons.judge("tool " + text::one_line(tool.name, 60), tool.raw);
  const auto each = [&](std::string_view kind, const std::vector<json::Value>& items) {
    for (const auto& item : items)
      icons.judge(fmt::format("{} {}", kind, text::one_line(item.string("name").value_or("?"), 60)), item);
  };
  each("prompt", catalogue.prompts);
  each("resource", catalogue.resources);
  each("template", catalogue.templates);
  icons.conclude();
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  judge_icons(at, catalogue, cases);
  const auto tried = MCPROVE_TRY(at.facts().tried_calls(at.endpoint()));
  Results results(at, cases);
  for (const auto& call : tried.calls) results.judge(call);
  const auto uncalled = tried.not_allowed.size() + tried.left_out.size();
  if (uncalled > 0)
    cases.note(fmt::format("results of {} of {} tools were not looked at; --allow-tool names tools that may be called", uncalled,
                           catalogue.tools.size()));
  if (!cases.empty()) return {};
  if (uncalled > 0)
    cases.not_run("results", Reason::effect_not_allowed, "no tool can be called without risk; --allow-tool names one");
  else cases.add("results", Verdict::not_applicable(Reason::not_offered, "there are no icons, and no results to look at"));
  return {};
}

}  // namespace

MCPROVE_CHECK(output_and_icon_safety) = define(
    {
        .title = "Results break their schema, or results and icons carry what runs",
        .what =
            "Calls the tools that can be called without risk and holds structured results to the output schema, their links to harmless "
            "schemes and their words to the rules for tool texts; reads where icons come from and what is in them. Fetches no icon.",
        .why = "Clients show icons and links and hand results to the model: what runs in one of them runs for the person.",
        .fix =
            "Serve icons as images at https or data URLs, return what the output schema promises, and clean what others wrote.",
        .severity = Severity::medium,
        .per = Axis::wire,
        .cwe = 116,
        .spec = {{{"MCP 2025-11-25 server/tools", "Output Schema"},
                  {"MCP 2025-11-25 basic", "Icons"},
                  {"MCP 2025-11-25 server/tools", "Security Considerations"},
                  {"OWASP MCP Top 10", "MCP06"}}},
        .since = "0.1",
    },
    run);
