#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/client_flags.h"
#include "cli/exit_code.h"
#include "engine/check.h"
#include "engine/options.h"
#include "oauth/grant_store.h"
#include "vet/provenance.h"

namespace mcprove::cli {

enum class Format { text, json, junit };

/// Files that say what the server was when somebody looked at it; read by `mcprove audit` alone.
struct ReviewedFiles {
  std::string lock{};      ///< mcprove.lock
  std::string lock_key{};  ///< PEM file of the public key that must have signed it
  std::string server_json{};
  std::vector<std::string> volatile_text{};  ///< expressions for what changes by itself
};

/// What one audit is to do and how it is to be told.
struct Settings {
  Options options{};
  ExitPolicy exit{};
  Format format = Format::text;
  std::string out{};  ///< empty: standard output
  bool verbose = false;
  std::vector<oauth::StoredGrant> kept{};  ///< grants of earlier logins that stand in for some of the identities
  vet::TrustPolicy trust{};
  ReviewedFiles reviewed{};
};

/// The flags of `mcprove audit` as they were typed; empty where they were not.
struct AuditFlags {
  std::string url{};
  std::string config{};
  std::vector<std::string> users{};
  std::vector<std::string> password_envs{};
  std::vector<std::string> password_files{};
  std::vector<std::string> token_envs{};
  std::vector<std::string> token_files{};
  std::vector<std::string> token_fds{};
  std::vector<std::string> header_envs{};
  std::string login{};
  std::vector<std::string> login_command{};
  std::vector<std::string> login_envs{};
  std::string user_field{};
  std::string password_field{};
  std::vector<std::string> buttons{};
  std::string as_profile{};
  ClientFlags client{};
  std::string scope{};
  std::string introspect_client{};
  std::string introspect_secret_env{};
  std::vector<std::string> login_origins{};
  std::vector<std::string> expected_scopes{};
  std::string other_resource{};
  ReviewedFiles reviewed{};
  bool expect_auth = false;
  bool expect_public = false;
  std::vector<std::string> only{};
  std::vector<std::string> skip{};
  bool passive = false;
  bool active = false;
  bool intrusive = false;
  bool load = false;
  std::string authorized_by{};
  std::vector<std::string> as_in_scope{};
  std::vector<std::string> allow_tools{};
  std::string max_wait{};
  std::vector<std::string> budgets{};
  bool use_grant = false;
  std::string grant_of{};  ///< of this person only
  bool no_store = false;
  std::string fail_on{};
  bool strict = false;
  std::string proxy{};
  std::string ca_file{};
  std::string format{};
  std::string out{};
  bool plan = false;
  bool verbose = false;
};

/// The part of it that says where to log in, and as whom: for `mcprove login` and `mcprove call`.
Result<Settings> login_settings_of(const AuditFlags& flags);

/// Reads the configuration if one is named, lays the flags over it, fetches secrets, and holds the whole to the rules:
/// known checks, no credentials for strangers, nothing active without a mandate. Errors are of kind usage.
Result<Settings> settings_of(const AuditFlags& flags, const Registry& registry);
/// How to tell it, and whom to trust: of the same flags and configuration, for commands that need no target.
Result<Settings> telling_of(const AuditFlags& flags);

}  // namespace mcprove::cli
