#include "vet/vet.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "vet/identifier.h"
#include "vet/members.h"
#include "vet/scan.h"
#include "vet/wording.h"

namespace mcprove::vet {

namespace {

/// "type", "inputSchema": a short word, which orders nothing and hides nothing. Most strings of a schema are such.
bool dull(std::string_view text) {
  constexpr std::size_t longest = 24;
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return text.size() < longest && std::ranges::all_of(text, is_part);
}

bool is_switch(const json::Value& schema) {
  const json::Value type = schema.at("type");
  const auto* name = text_in(type);
  return name != nullptr && *name == "boolean";
}

void scan_text(std::string_view text, std::string_view pointer, const Place& place, std::vector<Signal>& out) {
  const Glance seen(text);
  if (!seen.printable_ascii()) scan_characters(text, pointer, out);
  const Senses turned = scan_injection(text, seen, pointer, out, place);
  scan_disguise(text, seen, pointer, turned, out);
}

void scan(std::string_view text, const Way& way, const Place& place, std::vector<Signal>& out) {
  if (dull(text)) return;
  const std::size_t before = out.size();
  scan_text(text, {}, place, out);
  for (std::size_t i = before; i < out.size(); ++i) out[i].pointer = pointer_of(way);
}

/// The depth is bounded by the parser that made the value.
void walk(const json::Value& value, const Way& way, Place place, std::vector<Signal>& out) {
  if (const auto* text = text_in(value)) return scan(*text, way, place, out);
  each_item(value, [&](std::size_t i, const json::Value& item) { walk(item, {&way, nullptr, i}, place, out); });
  if (!value.is_object()) return;
  // "Include the passwords" beside a switch says what the switch does.
  if (place.argument && is_switch(value)) place.argument = false;
  each_member(value, [&](const std::string& key, const json::Value& member) {
    Place inner = place;
    inner.argument = place.argument || (way.up == nullptr && (key == "inputSchema" || key == "arguments"));
    const Way here{&way, &key, 0};
    scan(key, here, place, out);
    walk(member, here, inner, out);
  });
}

Names arguments_of(const json::Value& tool) {
  Names out;
  for (const std::string& key : tool.at("inputSchema").at("properties").keys()) out.insert(text::lower(key));
  return out;
}

bool is_hint(const Signal& signal) {
  for (const ClauseRules hints : {hint_rules(), stray_rules()})
    if (std::any_of(hints.begin, hints.end, [&](const ClauseRule& rule) { return rule.id == signal.rule; })) return true;
  return false;
}

/// Hints beside nothing else say nothing: a report of a thousand of them would not be read.
void drop_lone_hints(std::vector<Signal>& signals) {
  const bool sure = std::any_of(signals.begin(), signals.end(), [](const Signal& signal) {
    return signal.family == Family::injection && signal.weight != Weight::low;
  });
  if (!sure) std::erase_if(signals, is_hint);
}

struct Order {
  std::string pointer{};
  std::string words{};
};

/// The first thing that the model is told to do, wherever it stands.
std::optional<Order> order_in(const json::Value& value, const Way& way) {
  if (const auto* text = text_in(value)) {
    if (dull(*text)) return std::nullopt;
    const std::string read = plain(*text);
    const auto words = first_order(read);
    return words ? std::optional(Order{pointer_of(way), text::one_line(*words, 60)}) : std::nullopt;
  }
  std::optional<Order> found;
  each_item(value, [&](std::size_t i, const json::Value& item) {
    if (!found) found = order_in(item, {&way, nullptr, i});
  });
  each_member(value, [&](const std::string& key, const json::Value& member) {
    if (!found) found = order_in(member, {&way, &key, 0});
  });
  return found;
}

/// Words that sound like poison say nothing alone; beside a hint of a rule, or an order, they are a sign. Comes after
/// corroborate(): what they say makes nothing high.
void weigh_words(const json::Value& tool, std::vector<Signal>& signals) {
  const auto wording = wording_of(tool);
  if (wording.score <= suspicious_wording) return;
  Signal signal{"wording",
                Family::injection,
                Weight::low,
                "/description",
                text::join(wording.terms, ", "),
                "its words sound more like orders to the model than like a description"};
  const auto hint = std::ranges::find(signals, Family::injection, &Signal::family);
  if (hint != signals.end()) {
    signal.weight = Weight::medium;
    signal.why += "; and it " + hint->why;
  } else if (const auto order = order_in(tool, {})) {
    signal.weight = Weight::medium;
    signal.pointer = order->pointer;
    signal.why += "; and it says \"" + order->words + "\"";
  }
  signals.push_back(std::move(signal));
}

std::vector<Signal> in_order(std::vector<Signal> signals) {
  drop_lone_hints(signals);
  std::stable_sort(signals.begin(), signals.end(), [](const Signal& a, const Signal& b) { return a.weight > b.weight; });
  return signals;
}

}  // namespace

std::vector<Signal> judge_tool(const json::Value& tool) {
  std::vector<Signal> signals;
  const Names own = arguments_of(tool);
  std::uint32_t letters = 0;
  for (const std::string& name : own) letters |= std::uint32_t{1} << letter_of(name);
  const std::string title = text::join(identifier_words(tool.string("name").value_or("")), " ");
  // Who names an argument after what it takes says openly what it wants; but the conversation is nobody's to ask for.
  std::string names;
  for (const std::string& name : own) names += text::join(identifier_words(name), " ") + " ";
  walk(tool, {},
       {.own = &own,
        .own_letters = letters,
        .title = subject_of(title, tool.string("description").value_or("")) | (subject_of(names, {}) & ~bit(Sense::context)),
        .trade = in_trade(tool)},
       signals);
  scan_parameters(tool, signals);
  corroborate(signals);
  weigh_words(tool, signals);
  return in_order(std::move(signals));
}

std::vector<Signal> judge_text(std::string_view text, std::string_view pointer) {
  std::vector<Signal> signals;
  Place place;
  place.manual = pointer == "/instructions";
  if (!dull(text)) scan_text(text, pointer, place, signals);
  corroborate(signals);
  return in_order(std::move(signals));
}

void corroborate(std::vector<Signal>& signals) {
  std::set<std::string> medium;
  std::set<std::string> all;
  for (const Signal& signal : signals) {
    if (signal.family != Family::injection) continue;
    all.insert(signal.rule);
    if (signal.weight != Weight::low) medium.insert(signal.rule);
  }
  // Low rules describe how honest authors write too: they confirm a medium one and never stand by themselves.
  if (medium.empty() || all.size() < 2) return;
  // Hints that agree are one signal already made of several; a further hint is not another.
  if (medium == std::set<std::string>{"agreeing-hints"}) return;
  for (Signal& signal : signals) {
    if (signal.family == Family::injection && signal.weight == Weight::medium) signal.weight = Weight::high;
  }
}

std::vector<Signal> of_family(const std::vector<Signal>& signals, Family family) {
  std::vector<Signal> out;
  std::copy_if(signals.begin(), signals.end(), std::back_inserter(out), [family](const Signal& s) { return s.family == family; });
  return out;
}

std::optional<Weight> heaviest(const std::vector<Signal>& signals) {
  const auto top =
      std::max_element(signals.begin(), signals.end(), [](const Signal& a, const Signal& b) { return a.weight < b.weight; });
  return top == signals.end() ? std::nullopt : std::optional(top->weight);
}

std::string_view name(Weight weight) {
  switch (weight) {
    case Weight::low: return "low";
    case Weight::medium: return "medium";
    case Weight::high: return "high";
  }
  return "low";
}

}  // namespace mcprove::vet
