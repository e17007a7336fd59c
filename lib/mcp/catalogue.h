#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/client.h"

namespace mcprove::mcp {

struct Tool {
  std::string name{};
  json::Value raw{};              ///< the whole object as sent
  bool read_only_hint() const;    ///< annotations.readOnlyHint is true
  bool destructive_hint() const;  ///< annotations.destructiveHint is true, or absent while readOnlyHint is false
  bool mutating() const;          ///< verbs win over hints: create, delete, send, ... in the name; else the hints
  bool harmless() const;          ///< readOnlyHint, a reading verb or none, and no required argument
  std::vector<std::string> required() const;
};

/// How the pages of one list came (2025-11-25, utilities, pagination).
struct Paging {
  std::string method{};
  int pages = 0;
  std::string cursor{};                      ///< the first that the server gave; empty: one page was all
  bool repeated = false;                     ///< a cursor came again: whoever follows it goes round for ever
  bool cut_short = false;                    ///< our bound, or a failing page, came before the end
  int idle = 0;                              ///< so many pages at the end brought nothing new
  std::vector<net::ExchangeId> exchanges{};  ///< that decided, the first and the last page
};

/// What a credential may see. Pagination is bounded (100 pages, 10,000 entries); repeated cursors end it.
struct Catalogue {
  std::vector<Tool> tools{};
  std::vector<json::Value> resources{};
  std::vector<json::Value> templates{};
  std::vector<json::Value> prompts{};
  std::string instructions{};
  json::Value greeting{};        ///< the result of the greeting, with the server's capabilities; null if there was none
  std::vector<Paging> paging{};  ///< of each list that came
  std::vector<net::ExchangeId> exchanges{};
  std::vector<std::string> refused{};      ///< methods that were denied
  std::vector<std::string> unsupported{};  ///< methods that the server says it does not have
  std::vector<std::string> unclear{};      ///< methods that got neither a list nor a refusal: errors, limits, time-outs
  bool truncated = false;                  ///< a bound of ours or a failing page ended a list early
  const Tool* find(std::string_view name) const;
};

/// All four lists; a list that the server does not offer is empty, not an error. Error if tools/list got no usable answer
/// or the handshake was refused; a tools/list that is itself denied is a Catalogue that names it under `refused`.
Result<Catalogue> read_catalogue(Client& client);
/// The tools alone. Error::unavailable if they are denied or not offered.
Result<std::vector<Tool>> list_tools(Client& client, std::vector<net::ExchangeId>* exchanges = nullptr);

/// The same through a function of the caller's, that logs in or counts.
using Caller = std::function<Result<Outcome>(std::string_view method, const json::Value& params)>;
Result<std::vector<Tool>> list_tools(const Caller& call, std::vector<net::ExchangeId>* exchanges = nullptr);

/// A tool that was listed; what its schema wants repeated in header fields is (2026-07-28, tools, x-mcp-header).
Result<Outcome> call_tool(Client& client, const Tool& tool, const json::Value& arguments, std::string purpose);

/// SENTINEL arguments (catalogue guard 6): each required property with a wrong JSON type, plus one undeclared. Empty
/// if the tool has no required typed property, so that no safe sentinel exists.
std::optional<json::Value> sentinel_arguments(const Tool& tool, std::string_view nonce);

}  // namespace mcprove::mcp
