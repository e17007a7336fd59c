#include "cli/baseline.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/files.h"
#include "cli/lock_files.h"
#include "vet/lock.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

constexpr std::size_t most_of_a_record = 1U << 20U;

Result<std::string> content_of(const std::string& path, std::size_t most) {
  auto text = text_of_file(path, most);
  if (!text) return bad(fmt::format("'{}': {}", text::one_line(path, 200), text.error().message));
  return text;
}

/// What is known of who signed, and whether that is enough. A key that was named must have signed; where [trust] names
/// signers, it must be one of theirs.
void judge_signature(Baseline& baseline, const vet::Lock& lock, const std::optional<jose::Key>& key,
                     const vet::TrustPolicy& trust) {
  const auto trusted = [&] {
    return trust.signers.empty() || std::ranges::find(trust.signers, key->thumbprint()) != trust.signers.end();
  };
  if (key) {
    if (!lock.signature) baseline.distrust = "it is not signed, and a key was named that must have signed it";
    else if (!vet::verify_lock(lock, *key)) baseline.distrust = "its signature does not verify with the key that was named";
    else if (!trusted()) baseline.distrust = "it was signed with a key that is none of the signers of [trust]";
    else baseline.signature = "signed with the trusted key";
    return;
  }
  if (!trust.signers.empty()) baseline.distrust = "[trust] names signers, and no key was named to check the signature with";
  else baseline.signature = lock.signature ? "signed; the signature was not checked, for want of a key" : "not signed";
}

Result<Baseline> baseline_of(const ReviewedFiles& files, const vet::TrustPolicy& trust) {
  std::optional<jose::Key> key;
  if (!files.lock_key.empty()) key = MCPROVE_TRY(public_key_of("--lock-key", files.lock_key));
  auto lock = vet::read_lock(MCPROVE_TRY(content_of(files.lock, most_of_a_lock)));
  if (!lock) return bad(fmt::format("'{}' is no lock: {}", text::one_line(files.lock, 200), lock.error().message));
  Baseline baseline{.file = files.lock};
  judge_signature(baseline, *lock, key, trust);
  baseline.servers = std::move(lock->servers);
  return baseline;
}

Result<json::Value> record_of(const std::string& path) {
  auto record = json::parse(MCPROVE_TRY(content_of(path, most_of_a_record)));
  if (!record) return bad(fmt::format("'{}' is no server.json: {}", text::one_line(path, 200), record.error().message));
  return *std::move(record);
}

}  // namespace

Result<void> read_reviewed(Settings& settings) {
  const auto& files = settings.reviewed;
  auto& options = settings.options;
  options.trust = settings.trust;
  if (files.lock.empty() && !files.lock_key.empty()) return bad("--lock-key is given without --lock");
  if (!files.lock.empty()) options.baseline = MCPROVE_TRY(baseline_of(files, settings.trust));
  options.volatile_text = MCPROVE_TRY(vet::Mask::of(files.volatile_text));
  if (!files.server_json.empty()) options.server_json = MCPROVE_TRY(record_of(files.server_json));
  return {};
}

}  // namespace mcprove::cli
