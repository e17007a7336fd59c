#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "net/url.h"

namespace mcprove::net {

/// How far we may go at one host. Each includes those before it.
enum class Reach : std::uint8_t { none, read, honest, active };
// read: GET of documents, no credentials · honest: one client, honest logins · active: registrations and bad requests

/// Which hosts may be spoken to, and which addresses may be connected to. Judged before a connection is made.
/// A host known only from metadata is never more than read; a name never leads to a private address that the user did
/// not name. Thread-safe.
class Scope {
 public:
  /// The user named this origin; names and addresses behind it, private ones too, are allowed.
  void name_origin(std::string_view origin, Reach reach);
  /// Found in metadata or a redirect: may be read if its address is public, or if the target itself is loopback and so is it.
  void found_origin(std::string_view origin, Reach reach = Reach::read);
  Reach reach(std::string_view origin) const;

  /// Error::out_of_scope when this origin is unknown or the request exceeds its reach: anything but GET, HEAD or
  /// OPTIONS needs honest, and so do a body and the fields Authorization, Proxy-Authorization and Cookie.
  Result<void> may_send(const Request& request) const;
  /// For the socket-open callback: may `host` be reached at this numeric address?
  bool may_connect(std::string_view host, std::string_view address) const;
  void allow_any_address() { any_address_ = true; }  ///< --proxy switches the guard off, and says so

 private:
  struct Entry {
    Reach reach = Reach::none;
    bool named = false;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> origins_;
  std::set<std::string, std::less<>> named_hosts_;
  std::set<std::string, std::less<>> found_hosts_;
  bool loopback_named_ = false;
  std::atomic<bool> any_address_ = false;
};

/// True for loopback, private, link-local, unique-local, unspecified, multicast and mapped forms of these.
/// So are carrier-grade NAT, benchmark, protocol and reserved ranges, tunnels that embed one (NAT64, 6to4), and whatever
/// is no numeric address.
bool is_private_address(std::string_view numeric);

/// 127.0.0.0/8, ::1 and the mapped forms of these.
bool is_loopback_address(std::string_view numeric);

}  // namespace mcprove::net
