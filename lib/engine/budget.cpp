#include "engine/budget.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove {
namespace {

std::size_t index(Spending kind) { return static_cast<std::size_t>(kind); }

std::optional<int> number(std::string_view text) {
  text = text::trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  return value;
}

/// "limit=50, remaining=12, reset=600", or a plain number.
std::optional<int> remaining(const net::Headers& headers) {
  for (const auto* name : {"RateLimit-Remaining", "X-RateLimit-Remaining"})
    if (const auto value = headers.find(name)) return number(*value);
  if (const auto value = headers.find("RateLimit")) {
    for (const auto& part : text::split(*value, ',')) {
      for (const auto& item : text::split(part, ';')) {
        const auto word = text::trim(item);
        if (word.starts_with("remaining=")) return number(word.substr(10));
        if (word.starts_with("r=")) return number(word.substr(2));
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Spending kind) {
  switch (kind) {
    case Spending::registration: return "registrations";
    case Spending::token: return "tokens";
    case Spending::authorization: return "authorizations";
  }
  return "";
}

int Budgets::spare(Spending kind) const {
  switch (kind) {
    case Spending::registration: return limits_.spare_registrations_at_home;
    case Spending::token: return limits_.spare_tokens_at_home;
    case Spending::authorization: return limits_.spare_authorizations_at_home;
  }
  return 0;
}

Budgets::Account& Budgets::account(const std::string& issuer) {
  const auto [it, fresh] = accounts_.try_emplace(issuer);
  if (fresh) {
    it->second.limit = allowed();
    const auto url = net::Url::parse(issuer);
    if (url && url->is_loopback_host())
      for (const auto kind : {Spending::registration, Spending::token, Spending::authorization})
        it->second.limit[index(kind)] += spare(kind);
  }
  return it->second;
}

Result<void> Budgets::take(Spending kind, const std::string& issuer) {
  const std::scoped_lock lock(mutex_);
  auto& mine = account(issuer);
  if (mine.used[index(kind)] >= mine.limit[index(kind)])
    return failure(Error::Kind::budget, fmt::format("the budget of {} {} is spent", mine.limit[index(kind)], name(kind)));
  ++mine.used[index(kind)];
  return {};
}

void Budgets::give_back(Spending kind, const std::string& issuer) {
  const std::scoped_lock lock(mutex_);
  auto& mine = account(issuer);
  mine.used[index(kind)] = std::max(0, mine.used[index(kind)] - 1);
}

void Budgets::learn(Spending kind, const std::string& issuer, const net::Headers& headers) {
  const auto left = remaining(headers);
  if (!left) return;
  const std::scoped_lock lock(mutex_);
  auto& mine = account(issuer);
  mine.limit[index(kind)] = std::min(mine.limit[index(kind)], mine.used[index(kind)] + std::max(0, *left - 1));
}

int Budgets::used(Spending kind) const {
  const std::scoped_lock lock(mutex_);
  int sum = 0;
  for (const auto& [issuer, mine] : accounts_) sum += mine.used[index(kind)];
  return sum;
}

int Budgets::limit(Spending kind) const {
  const std::scoped_lock lock(mutex_);
  if (accounts_.empty()) return allowed()[index(kind)] + spare(kind);
  int highest = 0;
  for (const auto& [issuer, mine] : accounts_) highest = std::max(highest, mine.limit[index(kind)]);
  return highest;
}

}  // namespace mcprove
