#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/curl_handles.h"
#include "net/curl_transfer.h"

namespace mcprove::net {

/// The I/O thread. It drives one curl_multi per lane, since connections of different lanes must never mix: the shared
/// pool, the fresh ones, and each named connection. It waits in one poll(2) for all of them.
class CurlLoop {
 public:
  explicit CurlLoop(std::size_t connections) : connections_(connections) {}
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  /// Takes a prepared transfer over; after stop() it is interrupted at once. Starts the thread if need be.
  void submit(std::shared_ptr<Transfer> transfer);
  /// Ends it without a word to its owner, if it is still under way.
  void cancel(std::shared_ptr<Transfer> transfer);
  void stop();
  void join();  // after stop(): until the thread is gone
  bool stopped() const;

  /// An easy handle with nothing set; a used one if there is one, for its buffers and TLS sessions.
  EasyHandle handle();
  void give_back(EasyHandle handle);

 private:
  using Tick = std::chrono::steady_clock::time_point;
  struct Lane {
    CurlLoop* loop = nullptr;
    std::optional<Tick> timer{};
    std::size_t running = 0;
    bool touched = false;
    Tick used{};
    MultiHandle multi{};  // the last, so the first to go: it still calls back
  };
  struct Watch {
    Lane* lane = nullptr;
    short events = 0;
  };
  struct Pipe {
    int read_end = -1;
    int write_end = -1;
    Pipe();
    ~Pipe();
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void ring() const;
    void drain() const;
  };
  struct Order {
    std::shared_ptr<Transfer> transfer{};
    bool cancel = false;
  };
  friend struct LoopCallbacks;

  void run();
  bool take_orders();  // false: the thread ends
  void start(std::shared_ptr<Transfer> transfer);
  Lane& lane(const Transfer& transfer);
  void drop_idle_lane();
  void wait();
  void serve_sockets();
  void serve_timers();
  void collect();
  void cut_short();
  void finish(CURL* easy, CURLcode code);
  std::shared_ptr<Transfer> detach(CURL* easy);
  int timeout() const;

  const std::size_t connections_;
  mutable std::mutex mutex_;
  std::vector<Order> orders_;
  std::vector<EasyHandle> idle_;
  bool stopping_ = false;
  std::unique_ptr<Pipe> bell_;
  std::thread thread_;

  // Of the I/O thread alone:
  struct Active {
    std::shared_ptr<Transfer> transfer{};
    Lane* lane = nullptr;
    std::optional<Tick> cut_at{};
  };
  struct Ready {
    int socket = -1;
    short events = 0;
  };
  std::map<std::string, std::unique_ptr<Lane>> lanes_;
  std::unordered_map<CURL*, Active> active_;
  std::map<int, Watch> watches_;
  std::vector<Ready> ready_;
};

}  // namespace mcprove::net
