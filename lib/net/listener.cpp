#include "net/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace mcprove::net {

namespace {

using Tick = std::chrono::steady_clock::time_point;

constexpr std::size_t most_clients = 32;  // browsers open connections ahead of need
constexpr std::size_t longest_head = 64U << 10U;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Client {
  Socket socket;
  std::string head{};
  bool closed = false;
};

std::string escaped(std::string_view words) {
  std::string out;
  for (const char c : words) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      default: out += c;
    }
  }
  return out;
}

void send_document(const Client& client, std::string_view status, std::string_view media_type, std::string_view body) {
  // The page's own address holds a code: it must not travel on as a referrer, nor stay in a cache.
  const auto whole = fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n"
      "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\n\r\n{}",
      status, media_type, body.size(), body);
  // It fits into any socket's buffer; a browser that has gone needs no answer.
  [[maybe_unused]] const auto sent = ::send(client.socket.get(), whole.data(), whole.size(), MSG_NOSIGNAL);
  ::shutdown(client.socket.get(), SHUT_WR);
}

void answer(const Client& client, std::string_view status, std::string_view words) {
  send_document(client, status, "text/html; charset=utf-8",
                fmt::format("<!doctype html><meta charset=\"utf-8\"><title>mcprove</title><p>{}</p>\n", escaped(words)));
}

struct Offered {
  std::string path{};
  std::string media_type{};
  std::string document{};
};

class LoopbackListener final : public Listener {
 public:
  LoopbackListener(Socket socket, std::uint16_t port) : socket_(std::move(socket)), port_(port) {}
  std::uint16_t port() const override { return port_; }
  Result<std::string> wait(const std::string& path, std::chrono::milliseconds within, const std::string& page) override;
  void offer(std::string path, std::string media_type, std::string document) override {
    offered_ = {std::move(path), std::move(media_type), std::move(document)};
  }

 private:
  bool poll_until(Tick deadline, std::vector<short>& events);
  void accept_one();
  static bool read_some(Client& client);
  std::optional<std::string> serve(Client& client, const std::string& path, const std::string& page);

  Socket socket_;
  std::uint16_t port_;
  std::vector<Client> clients_{};
  Offered offered_{};
};

bool LoopbackListener::poll_until(Tick deadline, std::vector<short>& events) {
  std::vector<pollfd> polled{{socket_.get(), POLLIN, 0}};
  for (const auto& client : clients_) polled.push_back({client.socket.get(), POLLIN, 0});
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  if (left <= 0) return false;
  ::poll(polled.data(), polled.size(), static_cast<int>(std::min<std::int64_t>(left, std::numeric_limits<int>::max())));
  events.clear();
  for (const auto& one : polled) events.push_back(one.revents);
  return true;
}

void LoopbackListener::accept_one() {
  Socket accepted(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (accepted.get() < 0) return;
  if (clients_.size() >= most_clients) clients_.erase(clients_.begin());
  clients_.push_back({std::move(accepted)});
}

/// True once the request's head is complete.
bool LoopbackListener::read_some(Client& client) {
  std::array<char, 4096> bytes{};
  const auto got = ::recv(client.socket.get(), bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  client.closed = got <= 0 || client.head.size() > longest_head;
  if (client.closed) return false;
  client.head.append(bytes.data(), static_cast<std::size_t>(got));
  return client.head.find("\r\n\r\n") != std::string::npos;
}

std::optional<std::string> LoopbackListener::serve(Client& client, const std::string& path, const std::string& page) {
  if (!read_some(client)) return std::nullopt;
  client.closed = true;
  const auto line = std::string_view(client.head).substr(0, client.head.find("\r\n"));
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) {
    answer(client, "400 Bad Request", "not a request");
    return std::nullopt;
  }
  auto target = std::string(line.substr(method_end + 1, target_end - method_end - 1));
  if (line.substr(0, method_end) != "GET") {
    answer(client, "405 Method Not Allowed", "only GET is served here");
    return std::nullopt;
  }
  if (!offered_.path.empty() && target == offered_.path) {
    send_document(client, "200 OK", offered_.media_type, offered_.document);
    return std::nullopt;
  }
  if (target.substr(0, target.find_first_of("?#")) != path) {
    answer(client, "404 Not Found", "nothing here");
    return std::nullopt;
  }
  answer(client, "200 OK", page);
  return target;
}

Result<std::string> LoopbackListener::wait(const std::string& path, std::chrono::milliseconds within, const std::string& page) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  std::vector<short> events;
  while (poll_until(deadline, events)) {
    std::optional<std::string> target;
    for (std::size_t i = 1; i < events.size() && !target; ++i) {
      if (events[i] != 0) target = serve(clients_[i - 1], path, page);
    }
    std::erase_if(clients_, [](const Client& client) { return client.closed; });
    if (target) return *std::move(target);
    if (events[0] != 0) accept_one();
  }
  return failure(Error::Kind::timeout, fmt::format("nobody came to http://127.0.0.1:{}{} within {} s", port_, path,
                                                   std::chrono::ceil<std::chrono::seconds>(within).count()));
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::bind(std::uint16_t port) {
  const auto failed = [port] {
    return failure(Error::Kind::network,
                   fmt::format("cannot listen on 127.0.0.1:{}: {}", port, std::generic_category().message(errno)));
  };
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return failed();
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* const name = reinterpret_cast<sockaddr*>(&where);
  if (::bind(socket.get(), name, size) != 0 || ::listen(socket.get(), 16) != 0 || ::getsockname(socket.get(), name, &size) != 0)
    return failed();
  return std::make_unique<LoopbackListener>(std::move(socket), ntohs(where.sin_port));
}

}  // namespace mcprove::net
