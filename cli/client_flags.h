#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/takers.h"
#include "oauth/client_plan.h"

namespace CLI {
class App;
}

/// How the user says which client we are: the same flags for `login`, `call` and `audit`, and the same keys of
/// [[identity]].
namespace mcprove::cli {

/// As they were typed; empty where they were not.
struct ClientFlags {
  std::string id{};
  std::string secret_env{};
  std::string secret_file{};
  std::string key{};
  std::string auth_method{};
  std::string issuer{};
  std::string initial_token_env{};
  std::string initial_token_file{};
  std::string software_statement{};
  std::string cimd_url{};
  std::string application_type{};
  std::string redirect_uri{};
  std::string grant{};
  std::string assertion_env{};
  std::string assertion_file{};
  std::string idp{};
  std::string idp_client{};
  std::string idp_secret_env{};
  std::string id_token_env{};
  std::string id_token_file{};
  std::string dpop{};
  bool push = false;
  bool any() const;
};

void add_client_flags(CLI::App& app, ClientFlags& flags);
/// Lays them over a plan and fetches what they name. Error::usage names the flag.
Result<void> lay_over(const ClientFlags& flags, oauth::ClientPlan& plan);
/// The keys of [[identity]].
void add_client_keys(Keys& keys, oauth::ClientPlan& plan);
/// What belongs together is together. Error::usage.
Result<void> judge_client(const oauth::ClientPlan& plan);

}  // namespace mcprove::cli
