#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/redactor.h"
#include "engine/check.h"
#include "json/json.h"
#include "report/report.h"
#include "vet/drift.h"
#include "vet/lock.h"
#include "vet/manifest.h"

/// What `vet` and `verify` learned, written down: every text goes through the redactors and text::printable.
namespace mcprove::report {

struct Unread {
  std::string source{};
  std::string why{};
};

/// Servers that were read, and what could not be.
struct SourcesRead {
  std::vector<vet::Pinned> servers{};
  std::vector<Unread> unread{};
  std::vector<std::string> notes{};  ///< what was cut short, refused or odd
  std::vector<std::shared_ptr<const Redactor>> redactors{};

  std::size_t tools() const;
  std::string clean(std::string_view text) const;
};

struct Vetting {
  SourcesRead read{};
  std::vector<vet::Finding> findings{};
};

/// What the reader trusts the lock for.
enum class Signature : unsigned char { absent, not_checked, good, bad };

struct Verification {
  SourcesRead read{};
  std::string lock{};  ///< the file
  Signature signature = Signature::absent;
  bool signature_wanted = false;  ///< a key was given
  std::size_t pinned = 0;         ///< tools in the lock
  std::vector<vet::Change> changes{};
  std::vector<std::string> not_compared{};  ///< servers of the lock that no source showed
  bool faults() const;
};

Severity severity_of(vet::Weight weight);

/// The verdict alone, without a newline: "2 findings (1 high, 1 low) in 13 tools of 2 servers".
std::string headline(const Vetting& vetting);
std::string headline(const Verification& verification);
std::string text(const Vetting& vetting, const TextOptions& options);
std::string text(const Verification& verification, const TextOptions& options);
/// `version` 1; vet.schema.json describes it.
std::string json(const Vetting& vetting);
std::string json(const Verification& verification);
std::string junit(const Vetting& vetting, const JunitOptions& options);
std::string junit(const Verification& verification, const JunitOptions& options);

}  // namespace mcprove::report
