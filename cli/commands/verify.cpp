#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands/lock.h"
#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/lock_files.h"
#include "cli/output.h"
#include "cli/rendered.h"
#include "vet/lock.h"

namespace mcprove::cli {

namespace {

/// A key that was named must have signed; else the thumbprints of [trust] say whose locks are taken.
report::Signature checked(const vet::Lock& lock, const std::optional<jose::Key>& key, const vet::TrustPolicy& trust) {
  if (!lock.signature) return report::Signature::absent;
  if (!key) return report::Signature::not_checked;
  const bool stranger = !trust.signers.empty() && std::ranges::find(trust.signers, key->thumbprint()) == trust.signers.end();
  return !stranger && vet::verify_lock(lock, *key) ? report::Signature::good : report::Signature::bad;
}

int exit_code_of(const report::Verification& verification, bool strict) {
  if (verification.faults()) return ExitCode::findings;
  const bool drift = !verification.changes.empty() || !verification.not_compared.empty();
  if (strict && drift) return ExitCode::findings;
  return verification.read.unread.empty() ? ExitCode::ok : ExitCode::untested;
}

bool has_sources(const SourceFlags& from) { return !from.sources.empty() || !from.commands.empty() || from.discover; }

void compare(report::Verification& verification, const vet::Lock& lock) {
  verification.changes = vet::drift(lock.servers, verification.read.servers);
  for (const auto& server : lock.servers) {
    const auto& name = server.manifest.server;
    verification.pinned += server.manifest.tools.size();
    const auto& read = verification.read.servers;
    if (std::ranges::none_of(read, [&](const auto& other) { return other.manifest.server == name; }))
      verification.not_compared.push_back(name);
  }
}

Result<int> run(const VerifyFlags& flags, const Registry& registry) {
  const auto settings = MCPROVE_TRY(telling_of(flags.from.login));
  std::optional<jose::Key> key;
  if (!flags.key.empty()) key = MCPROVE_TRY(public_key_of("--key", flags.key));
  const auto words = text_of_file(flags.lock, most_of_a_lock);
  const auto lock = words.and_then([](const std::string& read) { return vet::read_lock(read); });
  if (!lock) {
    const bool forged = words && key && vet::is_forged(*words, *key);
    complain(text::one_line(
        fmt::format("{}: {}{}", flags.lock, forged ? "the signature does not verify: " : "", lock.error().message), 400));
    return forged ? ExitCode::findings : ExitCode::untested;
  }
  auto destination = MCPROVE_TRY(Destination::open(settings.out));
  report::Verification verification{.lock = flags.lock,
                                    .signature = checked(*lock, key, settings.trust),
                                    .signature_wanted = key.has_value() || !settings.trust.signers.empty()};
  int signal = 0;
  if (has_sources(flags.from)) {
    auto gathered = MCPROVE_TRY(gather(flags.from, registry));
    signal = gathered.signal;
    verification.read = std::move(gathered.read);
  } else {
    verification.read.notes.emplace_back("no source was named: only the lock itself was checked");
  }
  compare(verification, *lock);
  if (!has_sources(flags.from)) verification.not_compared.clear();
  MCPROVE_TRY(destination.write(rendered(verification, settings)));
  if (settings.format != Format::text || !settings.out.empty()) complain(verification.read.clean(report::headline(verification)));
  return signal != 0 ? ExitCode::signal(signal) : exit_code_of(verification, settings.exit.strict);
}

}  // namespace

int verify(const VerifyFlags& flags, const Registry& registry) {
  const auto code = run(flags, registry);
  if (code) return *code;
  complain(code.error().message);
  return ExitCode::usage;
}

}  // namespace mcprove::cli
