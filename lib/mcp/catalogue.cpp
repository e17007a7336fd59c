#include "mcp/catalogue.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "mcp/param_headers.h"
#include "net/answer.h"

namespace mcprove::mcp {
namespace {

constexpr int most_pages = 100;
constexpr std::size_t most_entries = 10'000;

struct Listing {
  std::vector<json::Value> entries{};
  std::vector<net::ExchangeId> exchanges{};
  bool truncated = false;
  std::optional<Outcome> ended_by{};  ///< the answer that was no page
  Paging paging{};
  std::set<std::string> seen{};  ///< names of entries; filled only where there are pages
};

std::string name_of(const json::Value& entry) {
  for (const auto* key : {"name", "uri", "uriTemplate"}) {
    if (auto name = entry.string(key)) return *std::move(name);
  }
  return {};
}

/// Does the page say anything that no earlier one said?
void note_page(Listing& listing, const Outcome& outcome, const json::Value& page, const std::string& cursor) {
  auto& paging = listing.paging;
  ++paging.pages;
  if (paging.pages > 2) paging.exchanges.pop_back();
  paging.exchanges.push_back(outcome.exchange);
  if (paging.pages == 1) paging.cursor = cursor;
  if (paging.pages == 1 && cursor.empty()) return;
  bool news = false;
  for (std::size_t i = 0; i < page.size(); ++i) news = listing.seen.insert(name_of(page.at(i))).second || news;
  paging.idle = news ? 0 : paging.idle + 1;
}

/// One page's entries into the listing; the next cursor, or empty.
std::string take_page(Listing& listing, const json::Value& result, std::string_view key) {
  const auto page = result.at(key);
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (listing.entries.size() == most_entries) {
      listing.truncated = true;
      return {};
    }
    if (page.at(i).is_object()) listing.entries.push_back(page.at(i));
  }
  return result.string("nextCursor").value_or("");
}

Result<Listing> list_all(const Caller& call, std::string_view method, std::string_view key) {
  Listing listing;
  listing.paging.method = method;
  std::set<std::string> cursors;
  std::string cursor;
  for (int page = 0;; ++page) {
    if (page == most_pages) {
      listing.truncated = listing.paging.cut_short = true;
      return listing;
    }
    const auto params = cursor.empty() ? json::Value{} : json::Value::object({{"cursor", json::str(cursor)}});
    auto outcome = call(method, params);
    if (!outcome) {
      if (page == 0) return tl::unexpected(std::move(outcome).error());
      listing.truncated = listing.paging.cut_short = true;  // what came before it is still true
      return listing;
    }
    std::ranges::copy(outcome->exchanges, std::back_inserter(listing.exchanges));
    if (outcome->answer != Answer::accepted || !outcome->result().at(key).is_array()) {
      listing.truncated = listing.paging.cut_short = page > 0;
      listing.ended_by = *std::move(outcome);
      return listing;
    }
    cursor = take_page(listing, outcome->result(), key);
    note_page(listing, *outcome, outcome->result().at(key), cursor);
    listing.paging.cut_short = listing.truncated;
    listing.paging.repeated = !cursor.empty() && !cursors.insert(cursor).second;
    if (cursor.empty() || listing.paging.repeated) return listing;
  }
}

/// An answer that is neither a list nor a refusal says nothing of what the server offers.
Error::Kind kind_of(const net::Response& response) {
  switch (net::oddity(response)) {
    case net::Oddity::rate_limited: return Error::Kind::rate_limited;
    case net::Oddity::blocked: return Error::Kind::blocked;
    case net::Oddity::none:
    case net::Oddity::html:
    case net::Oddity::server_error:
    case net::Oddity::redirect: return Error::Kind::malformed;
  }
  return Error::Kind::malformed;
}

bool is_unsupported(const Outcome& outcome) { return outcome.error().integer("code") == code::method_not_found; }

tl::unexpected<Error> unusable(std::string_view method, const Outcome& outcome) {
  if (outcome.answer == Answer::accepted)
    return failure(Error::Kind::malformed, fmt::format("{}: a result without the list", method));
  return failure(kind_of(outcome.response), fmt::format("{}: {}", method, outcome.why));
}

void note(std::vector<net::ExchangeId>& all, const std::vector<net::ExchangeId>& some) {
  for (const auto id : some) {
    if (std::ranges::find(all, id) == all.end()) all.push_back(id);
  }
}

std::vector<Tool> tools_of(const std::vector<json::Value>& entries) {
  std::vector<Tool> tools;
  for (const auto& entry : entries) {
    if (auto name = entry.string("name")) tools.push_back({.name = *std::move(name), .raw = entry});
  }
  return tools;
}

/// One of the lists. Why it did not come, if so, is noted in the catalogue.
Result<std::vector<json::Value>> read_list(const Caller& call, Catalogue& catalogue, std::string_view method,
                                           std::string_view key) {
  auto listing = MCPROVE_TRY(list_all(call, method, key));
  note(catalogue.exchanges, listing.exchanges);
  catalogue.truncated = catalogue.truncated || listing.truncated;
  if (listing.paging.pages > 0) catalogue.paging.push_back(listing.paging);
  if (!listing.ended_by) return std::move(listing.entries);
  const auto& last = *listing.ended_by;
  if (last.refused_at_start) return unusable(method, last);
  if (last.answer == Answer::denied) {
    catalogue.refused.emplace_back(method);
  } else if (is_unsupported(last)) {
    catalogue.unsupported.emplace_back(method);
  } else if (listing.entries.empty()) {
    return unusable(method, last);
  }
  return std::move(listing.entries);
}

Caller caller_of(Client& client) {
  return [&client](std::string_view method, const json::Value& params) { return client.call(method, params); };
}

}  // namespace

const Tool* Catalogue::find(std::string_view name) const {
  const auto found = std::ranges::find(tools, name, &Tool::name);
  return found == tools.end() ? nullptr : &*found;
}

Result<Catalogue> read_catalogue(Client& client) {
  const auto call = caller_of(client);
  Catalogue catalogue;
  catalogue.tools = tools_of(MCPROVE_TRY(read_list(call, catalogue, "tools/list", "tools")));
  const auto optional_list = [&](std::string_view method, std::string_view key) {
    auto entries = read_list(call, catalogue, method, key);
    if (!entries) catalogue.unclear.emplace_back(method);
    return entries ? *std::move(entries) : std::vector<json::Value>{};
  };
  catalogue.resources = optional_list("resources/list", "resources");
  catalogue.templates = optional_list("resources/templates/list", "resourceTemplates");
  catalogue.prompts = optional_list("prompts/list", "prompts");
  if (client.endpoint().wire == Wire::stateless && client.greeting().is_null()) {
    if (const auto greeted = client.greet()) note(catalogue.exchanges, greeted->exchanges);
  }
  catalogue.greeting = client.greeting();
  catalogue.instructions = catalogue.greeting.string("instructions").value_or("");
  return catalogue;
}

Result<std::vector<Tool>> list_tools(Client& client, std::vector<net::ExchangeId>* exchanges) {
  return list_tools(caller_of(client), exchanges);
}

Result<std::vector<Tool>> list_tools(const Caller& call, std::vector<net::ExchangeId>* exchanges) {
  Catalogue catalogue;
  const auto entries = MCPROVE_TRY(read_list(call, catalogue, "tools/list", "tools"));
  if (exchanges != nullptr) note(*exchanges, catalogue.exchanges);
  if (!catalogue.refused.empty()) return failure(Error::Kind::unavailable, "tools/list was denied");
  if (!catalogue.unsupported.empty()) return failure(Error::Kind::unavailable, "the server has no tools/list");
  return tools_of(entries);
}

Result<Outcome> call_tool(Client& client, const Tool& tool, const json::Value& arguments, std::string purpose) {
  CallOptions how{.purpose = std::move(purpose)};
  if (client.endpoint().wire == Wire::stateless)
    if (const auto wanted = param_headers(tool.raw.at("inputSchema"))) how.headers = mirror(*wanted, arguments);
  return client.call("tools/call", json::Value::object({{"name", json::str(tool.name)}, {"arguments", arguments}}), how);
}

}  // namespace mcprove::mcp
