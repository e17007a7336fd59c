#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mcprove::test {

/// One connection of a RawServer, seen from the server.
class Peer {
 public:
  Peer(int socket, int number) : socket_(socket), number_(number) {}
  /// The next request, head and body (Content-Length only); empty when the client has closed.
  std::optional<std::string> request();
  /// False when the client has closed.
  bool say(std::string_view bytes) const;
  /// A complete answer with Content-Length.
  bool answer(int status, std::string_view body, std::string_view fields = {}) const;
  /// Blocks until the client closes.
  void wait_for_close() const;
  int socket() const { return socket_; }
  int number() const { return number_; }  ///< connections are counted from 1

 private:
  int socket_;
  int number_;
  std::string buffer_{};
};

/// A loopback server that says exactly what it is told, on one thread per connection. The connection closes when the
/// handler returns; all of them when the server goes.
class RawServer {
 public:
  using Handler = std::function<void(Peer&)>;
  explicit RawServer(Handler handler, const std::string& address = "127.0.0.1");
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  int connections() const { return connections_; }

 private:
  void accept_all();

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// Answers every request on every connection the same way.
RawServer::Handler answering(int status, std::string body, std::string fields = {});

}  // namespace mcprove::test
