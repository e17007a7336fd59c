#include "tests/support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

namespace mcprove::test {

namespace {

// Enough for what the client under test sends: the field's name as libcurl writes it.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  return at == std::string_view::npos ? 0 : std::strtoul(std::string(head.substr(at + name.size(), 12)).c_str(), nullptr, 10);
}

}  // namespace

std::optional<std::string> Peer::request() {
  std::array<char, 16384> bytes{};
  while (true) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto size = end + 4 + content_length(std::string_view(buffer_).substr(0, end + 2));
      if (buffer_.size() >= size) {
        auto whole = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return whole;
      }
    }
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

bool Peer::say(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::answer(int status, std::string_view body, std::string_view fields) const {
  return say(fmt::format("HTTP/1.1 {} Said\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body));
}

void Peer::wait_for_close() const {
  std::array<char, 4096> bytes{};
  while (::recv(socket_, bytes.data(), bytes.size(), 0) > 0) {}
}

RawServer::RawServer(Handler handler, const std::string& address) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  socklen_t size = sizeof where;
  auto* const name = reinterpret_cast<sockaddr*>(&where);
  if (::bind(listener_, name, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, name, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "listening on loopback");
  }
  port_ = ntohs(where.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

std::string RawServer::url(std::string_view path) const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }

void RawServer::accept_all() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number = ++connections_] {
      sigset_t broken_pipe{};  // a handler may write by other means than say()
      sigemptyset(&broken_pipe);
      sigaddset(&broken_pipe, SIGPIPE);
      pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
      Peer peer(socket, number);
      handler_(peer);
      const std::lock_guard end(mutex_);
      std::erase(sockets_, socket);
      ::shutdown(socket, SHUT_RDWR);
      ::close(socket);
    });
  }
}

RawServer::Handler answering(int status, std::string body, std::string fields) {
  return [=](Peer& peer) {
    while (peer.request()) {
      if (!peer.answer(status, body, fields)) return;
    }
  };
}

}  // namespace mcprove::test
