#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/redactor.h"
#include "engine/check.h"
#include "engine/options.h"
#include "engine/verdict.h"
#include "net/transcript.h"

namespace mcprove {

/// What a check was run at.
struct Subject {
  std::string kind = "target";  ///< target, issuer, wire, identity, wire-and-identity
  std::string name{};           ///< the issuer, "handshake", "alice", "handshake/alice"; empty for the target
};

struct CheckResult {
  const RegisteredCheck* check = nullptr;
  Subject subject{};
  Cases cases{};
  Folded folded{};
  std::vector<std::string> follows_from{};  ///< ids of root causes, when reason is root-cause
  std::chrono::microseconds took{0};
};

/// A failed check as a reader wants it: roots only, each with what it hides.
struct Finding {
  std::string fingerprint{};             ///< "mcprove1:" and 32 hex digits
  std::size_t result = 0;                ///< index into RunOutcome::checks
  std::string case_name{};               ///< the worst failing case
  std::vector<std::string> also{};       ///< other subjects where the same case failed: "stateless"
  std::vector<std::string> hides{};      ///< ids that were not run because of it
  std::vector<std::string> reproduce{};  ///< curl lines, redacted, one per exchange of the probe
};

struct ArchitectureOutcome {
  std::string architecture = "unknown";  ///< native, proxy, external, none, hybrid, unknown
  Confidence confidence = Confidence::likely;
  std::vector<std::string> evidence{};
};

struct WireOutcome {
  std::string wire{};  ///< sse, handshake, stateless
  std::string url{};
  std::string revision{};
  std::string why{};
};

enum class Holds : std::uint8_t { yes, no, unknown };
std::string_view name(Holds holds);  ///< "holds", "does not", "could not tell"

struct RequirementOutcome {
  Requirement requirement = Requirement::none;
  Holds holds = Holds::unknown;
  std::string because{};
  std::vector<std::string> checks{};  ///< ids that decided
};

struct Leftover {
  std::string kind{};  ///< "client", "token"
  std::string what{};  ///< redacted: client id or placeholder, issuer
  std::string why{};   ///< "the server offers no deletion"
  std::string issuer{};
  std::string id{};  ///< of a client
};

struct PlannedCheck {
  const RegisteredCheck* check = nullptr;
  std::string status{};
};  ///< "will run", or why not

struct Totals {
  int pass = 0, fail = 0, inconclusive = 0, not_applicable = 0;
  int requests = 0;
  int registrations = 0, tokens = 0, authorizations = 0;  ///< used of the budgets, all issuers together
  std::chrono::microseconds wall{0};
  std::chrono::microseconds chain{0};  ///< critical path of the request graph
};

/// Everything an audit learned. The only thing reports are made from.
struct RunOutcome {
  std::string version{};
  Options options{};                    ///< reports print none of its secrets
  std::string started{};                ///< RFC 3339, UTC
  bool complete = false;                ///< everything that was asked was tried and nobody interrupted
  std::vector<std::string> untested{};  ///< headline phrases: "passive only: 12 of 61 ran", "login failed: ..."
  std::optional<Error> fatal{};         ///< the target could not be tested at all (unreachable, no MCP there)
  std::optional<Error> login_error{};   ///< a login that was asked for failed
  std::vector<std::string> bugs{};      ///< what checks threw: ours, never the target's; exit 70
  bool interrupted = false;
  int signal = 0;
  std::string target_name{};
  std::string server_name{};  ///< serverInfo name and version
  ArchitectureOutcome architecture{};
  std::vector<WireOutcome> wires{};
  std::vector<std::string> issuers{};
  std::vector<RequirementOutcome> requirements{};
  std::vector<CheckResult> checks{};  ///< by family and id, then subject
  std::vector<Finding> findings{};    ///< by severity, worst first
  std::vector<Leftover> leftovers{};
  std::vector<PlannedCheck> plan{};  ///< for --plan
  Totals totals{};
  std::shared_ptr<const net::Transcript> transcript{};
  std::shared_ptr<const Redactor> redactor{};
};

}  // namespace mcprove
