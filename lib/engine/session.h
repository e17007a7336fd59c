#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "engine/audit.h"
#include "engine/budget.h"
#include "engine/control.h"
#include "engine/facts.h"
#include "engine/journal.h"
#include "engine/options.h"
#include "engine/possession.h"
#include "net/recorder.h"
#include "oauth/flow.h"

namespace mcprove {

/// A browser of one person: its cookies, and whoever types into it.
struct Seat {
  oauth::CookieJar jar{};
  std::unique_ptr<oauth::LoginDriver> driver{};
};

/// One person during a run. Logins are serial, in one browser, unless it is known that grants coexist; then there are
/// more. Whoever holds a seat of the lane has the browser of the same number to himself.
struct PersonState {
  const Identity* identity = nullptr;
  Lane lane{};
  std::array<Seat, 4> seats{};
  std::atomic<Clock::Tick::duration> flow_time{};  ///< of the last login
  /// Of the first browser, when it comes again: is it asked for a password?
  enum class Memory : std::uint8_t { unknown, remembered, forgotten };
  std::atomic<Memory> memory = Memory::unknown;
  std::atomic<bool> asked = false;  ///< somebody finds out, or found out, whether grants coexist
};

/// Did somebody have to log in on the way?
bool asked_for_password(const oauth::Authorization& authorization);

/// The shared machinery of one audit. Internal to lib/engine; checks see Context and Facts.
class Session {
 public:
  Session(Options options, Progress progress, World world);
  ~Session();

  const Options& options() const { return options_; }
  const net::Url& url() const { return url_; }
  Error* bad_url() { return bad_url_.get(); }
  Clock& clock() { return *clock_; }
  Random& random() { return *random_; }
  Redactor& redactor() { return *redactor_; }
  std::shared_ptr<Redactor> shared_redactor() { return redactor_; }
  std::shared_ptr<net::Transcript> shared_transcript() { return transcript_; }
  net::Recorder& recorder() { return *recorder_; }
  net::Scope& scope() { return scope_; }
  Facts& facts() { return *facts_; }
  Budgets& budgets() { return budgets_; }
  Journal& journal() { return *journal_; }
  ClientStore& clients() { return clients_; }
  Progress& progress() { return progress_; }
  /// The main identity's: there is one shared client.
  const oauth::ClientPlan& plan() const { return main_identity().client; }
  Possession& possession() { return possession_; }
  oauth::Signing signing() { return {*clock_, *random_, *redactor_}; }
  const std::string& run_tag() const { return run_tag_; }  ///< hex, unique to the run

  const Identity& main_identity() const;
  const Identity* second_identity() const;
  PersonState& person(const Identity& identity);
  /// Is this effect allowed at the target, or (issuer given) at that authorization server?
  bool may(Effect effect, const Issuer* issuer) const;
  bool active_at(const std::string& issuer_origin) const;
  /// Did the user name this place himself, as the target's own origin, a login origin or a host in scope? Secrets of his go
  /// nowhere else, whatever the metadata says.
  bool named_by_user(const net::Url& url) const;
  /// What this tool may be called with: the operator's arguments, or none if it is harmless; empty: it may not be called
  /// (catalogue guard 6).
  std::optional<json::Value> allowed_arguments(const mcp::Tool& tool) const;
  bool may_call(const mcp::Tool& tool) const;
  /// Logins are allowed at an AS in scope, or where the user gave a person to log in.
  Result<void> may_log_in(const Issuer& issuer, const Identity& identity) const;

  /// Flows keep the lane, the budgets and the journal. `jar` empty: the person's own.
  Result<oauth::FlowResult> run(const Issuer& issuer, const oauth::Flow& flow, const Identity& identity,
                                const oauth::Client& default_client, oauth::CookieJar* jar, bool in_lane = false);
  /// One more login of this person would have to stand in a long line: finds out, once, whether it need be.
  void shorten_the_line(const Issuer& issuer, const Identity& identity);
  Result<oauth::TokenAnswer> token(const Issuer& issuer, const oauth::TokenRequest& request, const oauth::Client& client);
  /// honest: the one client that may be registered out of scope too · as_stranger: without the initial access token.
  enum class Registering : std::uint8_t { honest, for_a_probe, as_stranger };
  Result<oauth::Registered> register_client(const Issuer& issuer, const oauth::Registration& wanted, Registering how);

  /// Tokens are to be bound to a key of ours where the target demands it, or the operator does.
  Result<void> prepare_proofs(const Issuer& issuer);
  /// An assertion of the company's identity provider for this issuer.
  Result<std::string> id_jag(const Issuer& issuer, const oauth::Enterprise& company, const std::string& resource,
                             const std::string& scope);

  std::mutex& burning(ClientKind kind) { return burning_.at(static_cast<std::size_t>(kind)); }
  Result<void> wait(std::chrono::seconds duration);
  /// Ends what is under way; nothing new goes out but by last_recorder().
  void interrupt(int signal);
  /// For the clean-up: the recorder, or after an interruption one of its own on the same transcript.
  net::Recorder& last_recorder();
  bool stopping() const { return signal_ != 0; }
  int signal() const { return signal_; }

 private:
  void hide_client_secret(const std::string& id, const std::string& secret);
  void journal_tokens(const Issuer& issuer, const oauth::Client& client, const oauth::Tokens& tokens);

  Options options_;
  Progress progress_;
  std::unique_ptr<Clock> own_clock_;
  std::unique_ptr<Random> own_random_;
  Clock* clock_;
  Random* random_;
  std::unique_ptr<Error> bad_url_;
  net::Url url_;
  std::string run_tag_;
  std::shared_ptr<Redactor> redactor_;
  std::shared_ptr<net::Transcript> transcript_;
  net::Scope scope_;
  std::function<std::unique_ptr<net::Transport>()> make_transport_;
  std::unique_ptr<net::Transport> transport_;
  Possession possession_;
  std::unique_ptr<net::Recorder> recorder_;
  std::unique_ptr<net::Transport> last_transport_;
  std::unique_ptr<net::Recorder> last_recorder_;
  Budgets budgets_;
  std::unique_ptr<Journal> journal_;
  ClientStore clients_;
  Identity nobody_;
  std::mutex people_mutex_;
  std::map<std::string, std::unique_ptr<PersonState>> people_;
  std::array<std::mutex, 4> burning_;
  std::unique_ptr<Facts> facts_;
  std::optional<Clock::Tick> wait_deadline_{};
  std::atomic<int> signal_ = 0;
};

}  // namespace mcprove
