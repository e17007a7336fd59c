#include "cli/commands/lock.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/values.h"
#include "report/vetting.h"

namespace mcprove::cli {

namespace {

Result<std::optional<jose::Key>> signing_key(const std::string& path) {
  if (path.empty()) return std::optional<jose::Key>{};
  const auto pem = MCPROVE_TRY(private_text_of(path));
  auto key = jose::Key::from_pem(pem);
  if (!key || !key->has_private() || !key->fits("EdDSA"))
    return failure(Error::Kind::usage, fmt::format("'{}' holds no private Ed25519 key", text::one_line(path, 200)));
  return std::optional<jose::Key>(*std::move(key));
}

/// What it found on the way is said, and does not keep anyone from pinning it: the lock says what was seen, not that it is good.
void tell(const report::SourcesRead& read, std::size_t serious, const std::string& out) {
  std::string line = fmt::format("{} is written; tools: {}, servers: {}", out, read.tools(), read.servers.size());
  if (serious > 0) line += fmt::format("; findings at medium or above: {}, see 'mcprove vet'", serious);
  complain(read.clean(line));
}

Result<int> run(const LockFlags& flags, const Registry& registry) {
  auto settings = MCPROVE_TRY(telling_of(flags.from.login));
  const auto key = MCPROVE_TRY(signing_key(flags.sign));
  const std::string out = settings.out.empty() ? "mcprove.lock" : settings.out;
  auto destination = MCPROVE_TRY(Destination::open(out));
  const auto gathered = MCPROVE_TRY(gather(flags.from, registry));
  if (gathered.signal != 0) return ExitCode::signal(gathered.signal);
  for (const auto& unread : gathered.read.unread) complain(gathered.read.clean(unread.source + ": " + unread.why));
  // A lock that leaves out what was asked for would read as reviewed.
  if (!gathered.read.unread.empty() || gathered.read.servers.empty()) {
    complain("nothing was written: not every source could be read");
    return ExitCode::untested;
  }
  auto text = vet::write_lock(gathered.read.servers);
  for (const auto& redactor : gathered.read.redactors) {
    if (redactor->redact(text) != text)
      return failure(Error::Kind::usage, "a server repeats a secret of yours in what it publishes: nothing was written");
  }
  if (key) text = MCPROVE_TRY(vet::sign_lock(text, *key));
  MCPROVE_TRY(destination.write(text));
  std::size_t serious = 0;
  for (const auto& finding : vet::judge(manifests_of(gathered.read))) serious += finding.severity >= vet::Weight::medium ? 1 : 0;
  tell(gathered.read, serious, out);
  return ExitCode::ok;
}

}  // namespace

int lock(const LockFlags& flags, const Registry& registry) {
  const auto code = run(flags, registry);
  if (code) return *code;
  complain(code.error().message);
  return ExitCode::usage;
}

}  // namespace mcprove::cli
