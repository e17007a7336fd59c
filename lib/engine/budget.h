#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/result.h"
#include "engine/options.h"
#include "net/http.h"

namespace mcprove {

enum class Spending : std::uint8_t { registration, token, authorization };
std::string_view name(Spending kind);

/// What we allow ourselves per authorization server: real ones limit registrations by the hour and token requests by the
/// quarter. Lowered by what the server says is left. Thread-safe.
class Budgets {
 public:
  explicit Budgets(BudgetLimits limits) : limits_(limits) {}
  /// Error::budget when it is spent.
  Result<void> take(Spending kind, const std::string& issuer);
  void give_back(Spending kind, const std::string& issuer);
  /// RateLimit-Remaining and its older spellings: no more than that many, less a reserve of one for the user.
  void learn(Spending kind, const std::string& issuer, const net::Headers& headers);
  int used(Spending kind) const;   ///< all issuers together
  int limit(Spending kind) const;  ///< the highest of any issuer; the highest there can be while none is known

 private:
  struct Account {
    std::array<int, 3> used{};
    std::array<int, 3> limit{};
  };
  Account& account(const std::string& issuer);
  int spare(Spending kind) const;  ///< more of it on this machine
  std::array<int, 3> allowed() const { return {limits_.registrations, limits_.tokens, limits_.authorizations}; }
  mutable std::mutex mutex_;
  BudgetLimits limits_;
  std::map<std::string, Account> accounts_;
};

}  // namespace mcprove
