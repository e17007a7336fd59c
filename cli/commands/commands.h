#pragma once

#include <string>
#include <vector>

#include "cli/settings.h"
#include "engine/check.h"

/// One function per command: does it, and returns the exit code.
namespace mcprove::cli {

struct ChecksFlags {
  std::string what{};           ///< an id or a family; empty: all
  std::string format = "text";  ///< text, json, man, markdown
};

struct LoginFlags {
  AuditFlags person{};  ///< URL, configuration, who logs in and how
  std::vector<std::string> trusted_origins{};
  bool list = false;
  bool print_cimd = false;
  bool remove = false;
  std::string what{};           ///< to remove: a URL, an issuer or a person; empty: everything
  std::string format = "text";  ///< text, json
};

struct CallFlags {
  AuditFlags person{};
  std::vector<std::string> trusted_origins{};
  std::string tool{};                      ///< empty: list them
  std::string arguments{};                 ///< JSON object
  std::string command{};                   ///< of a server on pipes, instead of a URL
  std::vector<std::string> environment{};  ///< names of variables that the command gets
  std::string as{};                        ///< whose stored grant
  std::string format = "text";             ///< text, json
};

int login(const LoginFlags& flags);
int call(const CallFlags& flags);
int audit(const AuditFlags& flags, const Registry& registry);
int checks(const ChecksFlags& flags, const Registry& registry);
int cleanup();

}  // namespace mcprove::cli
