#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/http.h"
#include "net/scope.h"
#include "net/sse.h"
#include "net/transcript.h"

namespace mcprove::net {

struct Reply {
  ExchangeId id{};
  Response response{};
};

/// After a 429 or 503 with a Retry-After (RFC 9110 section 10.2.3), nothing goes to that origin and path until the time
/// named. Limits are per endpoint on most servers: one on registration says nothing about tokens.
struct PaceOptions {
  std::chrono::milliseconds patience{0};  ///< longest wait for a limit to lift; beyond it Error::rate_limited
};

/// Finishes requests just before they are sent, so that what is on the record is what was sent: proofs of possession.
class Finisher {
 public:
  virtual ~Finisher() = default;
  virtual void finish(Request& request) = 0;
  /// Reads each answer. True: the request that was given is to be finished anew and sent once more, since the answer brought
  /// what it lacked (RFC 9449 section 9).
  virtual bool again(const Request& request, const Response& response) = 0;
};

/// The only way to the wire: Scope is asked, the pace is kept, and whatever is sent is on the record before anyone can
/// judge it. Thread-safe.
class Recorder {
 public:
  Recorder(Transport& transport, Scope& scope, Transcript& transcript, Clock& clock, PaceOptions pace = {});
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  /// For all that is sent from then on; null: nothing is finished. It must outlive the recorder.
  void finish_with(Finisher* finisher) { finisher_ = finisher; }
  /// Error::out_of_scope or rate_limited: nothing was sent, nothing is on the record. Any other: it is.
  Result<Reply> send(Request request);
  /// The stream's head is recorded as an exchange; its events are the caller's to cite.
  struct Stream {
    ExchangeId id{};
    std::unique_ptr<EventStream> events{};
  };
  Result<Stream> open(Request request);
  /// Error::interrupted if the run is stopped meanwhile.
  Result<void> pause(std::chrono::milliseconds duration);
  /// Ends what is under way, waits included, with Error::interrupted; later calls fail at once.
  void stop();
  /// The calling thread goes on with what these brought: its captures cite them, its next exchange comes after them.
  void join(const std::vector<ExchangeId>& exchanges);
  /// What the calling thread's next exchange would come after: for join() on a thread that goes on from here.
  std::vector<ExchangeId> past();
  /// The calling thread starts something new: its next exchange comes after nothing it did before.
  void begin_task();

  Transcript& transcript() { return transcript_; }
  Scope& scope() { return scope_; }

  /// Exchanges that the calling thread has recorded or joined since the mark; how Facts learn what proves them. Captures
  /// nest, and each sees all of its time. They end in the reverse order of their beginning, on their own thread.
  class Capture {
   public:
    Capture();
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    const std::vector<ExchangeId>& exchanges() const { return seen_; }

   private:
    friend class Recorder;
    static void see(ExchangeId id);
    std::vector<ExchangeId> seen_;
    Capture* outer_;
  };

 private:
  using Place = std::pair<std::string, std::string>;  // origin and path
  Result<Place> admit(const Request& request);
  Exchange begin(Request request);
  Result<void> keep_pace(const Place& place);
  void learn_pace(const Place& place, const Response& response);
  ExchangeId record(Exchange exchange);
  Result<Reply> send_once(Request request);
  Result<Stream> open_once(Request request);

  Transport& transport_;
  Scope& scope_;
  Transcript& transcript_;
  Clock& clock_;
  PaceOptions pace_;
  Finisher* finisher_ = nullptr;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::map<Place, Clock::Tick> not_before_;
  std::map<std::thread::id, std::vector<ExchangeId>> behind_;  // what each thread has just been through
};

}  // namespace mcprove::net
