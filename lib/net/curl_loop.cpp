#include "net/curl_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace mcprove::net {

namespace {

constexpr std::size_t most_idle_handles = 32;
constexpr std::size_t most_lanes = 64;

// A server that has said enough mostly ends its answer at once; to wait for that keeps the connection usable.
constexpr std::chrono::milliseconds grace{5};

}  // namespace

struct LoopCallbacks {
  static int socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto& lane = *static_cast<CurlLoop::Lane*>(self);
    try {
      if (what == CURL_POLL_REMOVE) {
        lane.loop->watches_.erase(socket);
      } else {
        const int events = ((what & CURL_POLL_IN) != 0 ? POLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0);
        lane.loop->watches_[socket] = {&lane, static_cast<short>(events)};
      }
      return 0;
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static int timer(CURLM*, long milliseconds, void* self) {
    auto& lane = *static_cast<CurlLoop::Lane*>(self);
    lane.timer.reset();
    if (milliseconds >= 0) lane.timer = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }
};

CurlLoop::Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  read_end = ends[0];
  write_end = ends[1];
}

CurlLoop::Pipe::~Pipe() {
  ::close(read_end);
  ::close(write_end);
}

void CurlLoop::Pipe::ring() const {
  // A full pipe rings already.
  [[maybe_unused]] const auto written = ::write(write_end, "!", 1);
}

void CurlLoop::Pipe::drain() const {
  std::array<char, 64> bytes{};
  while (::read(read_end, bytes.data(), bytes.size()) > 0) {}
}

CurlLoop::~CurlLoop() {
  stop();
  join();
}

void CurlLoop::join() {
  if (thread_.joinable()) thread_.join();
}

void CurlLoop::submit(std::shared_ptr<Transfer> transfer) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      orders_.push_back({std::move(transfer), false});
      if (thread_.joinable()) {
        if (orders_.size() == 1) bell_->ring();
        return;
      }
      bell_ = std::make_unique<Pipe>();
      // Signals are for the thread that waits for them, and a broken TLS connection must not raise SIGPIPE here.
      sigset_t all{};
      sigset_t before{};
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, &before);
      thread_ = std::thread([this] { run(); });
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      return;
    }
  }
  transfer->interrupt();
}

void CurlLoop::cancel(std::shared_ptr<Transfer> transfer) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || !thread_.joinable()) return;
  orders_.push_back({std::move(transfer), true});
  bell_->ring();
}

void CurlLoop::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  if (bell_) bell_->ring();
}

bool CurlLoop::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

EasyHandle CurlLoop::handle() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  EasyHandle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

void CurlLoop::give_back(EasyHandle handle) {
  if (!handle) return;
  curl_easy_reset(handle.get());
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_handles) idle_.push_back(std::move(handle));
}

void CurlLoop::run() {
  while (take_orders()) {
    serve_sockets();
    serve_timers();
    collect();
    cut_short();
    wait();
  }
  for (auto& [easy, active] : active_) {
    curl_multi_remove_handle(active.lane->multi.get(), easy);
    active.transfer->interrupt();
  }
  active_.clear();
  lanes_.clear();
}

bool CurlLoop::take_orders() {
  std::vector<Order> orders;
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
    stopping = stopping_;
    bell_->drain();
  }
  for (auto& order : orders) {
    if (order.cancel) {
      if (order.transfer->easy() != nullptr) detach(order.transfer->easy());
    } else if (stopping) {
      order.transfer->interrupt();
    } else {
      start(std::move(order.transfer));
    }
  }
  return !stopping;
}

void CurlLoop::start(std::shared_ptr<Transfer> transfer) {
  auto& place = lane(*transfer);
  CURL* const easy = transfer->easy();
  active_[easy] = {transfer, &place, std::nullopt};
  ++place.running;
  if (curl_multi_add_handle(place.multi.get(), easy) != CURLM_OK) finish(easy, CURLE_FAILED_INIT);
}

CurlLoop::Lane& CurlLoop::lane(const Transfer& transfer) {
  auto& place = lanes_[transfer.lane()];
  if (!place) {
    place = std::make_unique<Lane>();
    place->loop = this;
    place->multi.reset(curl_multi_init());
    if (!place->multi) throw std::bad_alloc();
    CURLM* const multi = place->multi.get();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, LoopCallbacks::socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, place.get());
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, LoopCallbacks::timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, place.get());
    const bool named = transfer.request().connection.kind == Connection::Kind::named;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, named ? 4L : static_cast<long>(connections_));
    // Requests on one name take turns: it is one connection.
    if (named) curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
    if (lanes_.size() > most_lanes) drop_idle_lane();
  }
  place->used = std::chrono::steady_clock::now();
  return *place;
}

void CurlLoop::drop_idle_lane() {
  auto oldest = lanes_.end();
  for (auto it = lanes_.begin(); it != lanes_.end(); ++it) {
    const bool idle = it->second->running == 0 && it->second->used != Tick{};
    if (idle && (oldest == lanes_.end() || it->second->used < oldest->second->used)) oldest = it;
  }
  if (oldest != lanes_.end()) lanes_.erase(oldest);
}

int CurlLoop::timeout() const {
  std::optional<Tick> first;
  const auto consider = [&first](const std::optional<Tick>& when) {
    if (when && (!first || *when < *first)) first = when;
  };
  for (const auto& [key, place] : lanes_) consider(place->timer);
  for (const auto& [easy, active] : active_) consider(active.cut_at);
  if (!first) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

void CurlLoop::wait() {
  std::vector<pollfd> polled{{bell_->read_end, POLLIN, 0}};
  for (const auto& [socket, watch] : watches_) polled.push_back({socket, watch.events, 0});
  ::poll(polled.data(), polled.size(), timeout());
  ready_.clear();
  for (const auto& one : polled) {
    if (one.revents != 0 && one.fd != bell_->read_end) ready_.push_back({one.fd, one.revents});
  }
}

void CurlLoop::serve_sockets() {
  for (const auto& [socket, events] : std::exchange(ready_, {})) {
    // Serving one socket may close another.
    const auto watch = watches_.find(socket);
    if (watch == watches_.end()) continue;
    const int what = ((events & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
                     ((events & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((events & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0);
    auto* const place = watch->second.lane;
    int running = 0;
    place->touched = true;
    curl_multi_socket_action(place->multi.get(), socket, what, &running);
  }
}

void CurlLoop::serve_timers() {
  const auto now = std::chrono::steady_clock::now();
  for (auto& [key, place] : lanes_) {
    if (!place->timer || *place->timer > now) continue;
    place->timer.reset();
    place->touched = true;
    int running = 0;
    curl_multi_socket_action(place->multi.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void CurlLoop::collect() {
  for (auto& [key, place] : lanes_) {
    if (!std::exchange(place->touched, false)) continue;
    int left = 0;
    while (const auto* message = curl_multi_info_read(place->multi.get(), &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
  }
}

void CurlLoop::cut_short() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<CURL*> due;
  for (auto& [easy, active] : active_) {
    if (!active.transfer->has_enough()) continue;
    if (!active.cut_at) active.cut_at = now + grace;
    if (*active.cut_at <= now) due.push_back(easy);
  }
  for (auto* const easy : due) finish(easy, CURLE_ABORTED_BY_CALLBACK);
}

std::shared_ptr<Transfer> CurlLoop::detach(CURL* easy) {
  const auto found = active_.find(easy);
  if (found == active_.end()) return nullptr;
  curl_multi_remove_handle(found->second.lane->multi.get(), easy);
  auto active = std::move(found->second);
  active_.erase(found);
  --active.lane->running;
  return active.transfer;
}

void CurlLoop::finish(CURL* easy, CURLcode code) {
  if (const auto transfer = detach(easy)) transfer->complete(code);
}

}  // namespace mcprove::net
