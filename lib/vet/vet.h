#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

/// Reads what a server tells the model about its tools and points at what a description has no business saying
/// (MCP "Tools", security considerations: clients must consider tool text untrusted; OWASP MCP03).
namespace mcprove::vet {

enum class Family : std::uint8_t {
  hidden,     ///< characters and markup that a human does not see: check hidden-instructions
  injection,  ///< words that command the model: check injection-patterns
};

enum class Weight : std::uint8_t { low, medium, high };

/// One place that a rule points at. In the family `injection` nothing is high unless a second, different rule points at
/// the same tool or text; low ones alone are worth no more than a glance.
struct Signal {
  std::string rule{};  ///< stable name, such as "tag-characters"
  Family family = Family::hidden;
  Weight weight = Weight::low;
  std::string pointer{};  ///< RFC 6901, within what was judged; of a key, the pointer of its member
  std::string excerpt{};  ///< printable, one line; hidden text decoded where that is possible
  std::string why{};      ///< what the rule objects to
};

/// Every string and key of a tool definition (or a prompt, a resource, a result) at any depth; heaviest first.
std::vector<Signal> judge_tool(const json::Value& tool);
/// One text, such as a server's instructions; `pointer` is copied into the signals.
std::vector<Signal> judge_text(std::string_view text, std::string_view pointer);

std::vector<Signal> of_family(const std::vector<Signal>& signals, Family family);
/// The weight of the heaviest, or nothing if there is none.
std::optional<Weight> heaviest(const std::vector<Signal>& signals);

/// "low", "medium", "high".
std::string_view name(Weight weight);

}  // namespace mcprove::vet
