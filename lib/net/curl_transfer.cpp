#include "net/curl_transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::net {

namespace {

bool is_media_type(const Headers& headers, std::string_view wanted) {
  const auto field = headers.find("Content-Type");
  return field && text::iequals(text::trim(std::string_view(*field).substr(0, field->find(';'))), wanted);
}

std::string numeric(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  const void* bytes = nullptr;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (address->sa_family == AF_INET) {
    std::copy_n(reinterpret_cast<const char*>(address), sizeof v4, reinterpret_cast<char*>(&v4));
    bytes = &v4.sin_addr;
  } else if (address->sa_family == AF_INET6) {
    std::copy_n(reinterpret_cast<const char*>(address), sizeof v6, reinterpret_cast<char*>(&v6));
    bytes = &v6.sin6_addr;
  }
  if (bytes == nullptr || inet_ntop(address->sa_family, bytes, out.data(), out.size()) == nullptr) return {};
  return out.data();
}

std::string version_of(CURL* easy) {
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0: return "1.0";
    case CURL_HTTP_VERSION_1_1: return "1.1";
    case CURL_HTTP_VERSION_2_0: return "2";
    case CURL_HTTP_VERSION_3: return "3";
    default: return {};
  }
}

}  // namespace

std::size_t EventEnds::next(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (std::exchange(last_was_cr_, c == '\r') && c == '\n') continue;
    if (c != '\r' && c != '\n') {
      line_is_empty_ = false;
      event_is_empty_ = false;
      continue;
    }
    if (!std::exchange(line_is_empty_, true)) continue;
    if (!std::exchange(event_is_empty_, true)) return i + 1;
  }
  return 0;
}

Transfer::Transfer(EasyHandle easy, Request request, const Scope& scope)
    : request_(std::move(request)), easy_(std::move(easy)), scope_(scope) {}

void Transfer::too_large(std::string what) { failure_ = Error{Error::Kind::too_large, std::move(what)}; }

bool Transfer::on_field_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > request_.limits.headers) {
    too_large(fmt::format("the header of {} exceeds {} bytes", url_.origin(), request_.limits.headers));
    return false;
  }
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // a new block: the one before was informational (RFC 9110 section 15.2)
    response_.headers.fields.clear();
    response_.status = 0;
    const auto space = std::min(line.find(' '), line.size() - 1);
    std::from_chars(line.data() + space + 1, line.data() + line.size(), response_.status);
    head_done_ = false;
    return true;
  }
  if (head_done_) return true;  // a trailer
  if (line.empty()) {
    if (response_.status >= 200) {
      head_done_ = true;
      event_stream_ = is_media_type(response_.headers, "text/event-stream");
      response_.version = version_of(easy_.get());
      on_head();
    }
    return true;
  }
  auto& fields = response_.headers.fields;
  if ((line.front() == ' ' || line.front() == '\t') && !fields.empty()) {  // obsolete folding, RFC 9112 section 5.2
    fields.back().second.append(" ").append(text::trim(line));
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  fields.emplace_back(text::trim(line.substr(0, colon)), text::trim(line.substr(colon + 1)));
  return true;
}

bool Transfer::ask_enough(std::string_view bytes) {
  auto& body = response_.body;
  if (!event_stream_) {
    body += bytes;
    return request_.enough(body);
  }
  while (!bytes.empty()) {
    const auto length = event_ends_.next(bytes);
    body += bytes.substr(0, length == 0 ? bytes.size() : length);
    if (length == 0) return false;
    if (request_.enough(body)) return true;
    bytes.remove_prefix(length);
  }
  return false;
}

bool Transfer::on_body(std::string_view bytes) {
  if (enough_) return true;  // the rest is read and dropped, so that the connection can be used again
  const auto room = request_.limits.body - response_.body.size();
  const bool fits = bytes.size() <= room;
  bytes = bytes.substr(0, room);
  if (request_.enough) {
    enough_ = ask_enough(bytes);
    if (enough_) return true;
    if (!fits && event_stream_) return std::exchange(enough_, true);
  } else {
    response_.body += bytes;
  }
  if (!fits) too_large(fmt::format("the answer of {} exceeds {} bytes", url_.origin(), request_.limits.body));
  return fits;
}

curl_socket_t Transfer::open_socket(curl_sockaddr* address) {
  const auto where = numeric(&address->addr);
  if (!scope_.may_connect(url_.host, where)) {
    refused_address_ = where;
    return CURL_SOCKET_BAD;
  }
  tried_address_ = where;
  // Not inherited by the programs that serve a stdio target.
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::complete(CURLcode code) {
  if (enough_ && code != CURLE_OK) {
    response_.cut = true;
    code = CURLE_OK;
  }
  if (code == CURLE_OK && response_.status == 0) code = CURLE_WEIRD_SERVER_REPLY;
  char* address = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &address);
  if (address != nullptr) response_.address = address;
  long connects = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects);
  response_.reused_connection = connects == 0;
  curl_off_t total = 0;
  curl_off_t before = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &total);
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &before);
  response_.took = std::chrono::microseconds(total > before ? total - before : 0);
  response_.version = version_of(easy_.get());
  on_end(code == CURLE_OK ? std::nullopt : std::optional(describe(code)));
}

void Transfer::interrupt() { on_end(Error{Error::Kind::interrupted, "interrupted"}); }

void Exchanged::on_end(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
  done_ = true;
  changed_.notify_all();
}

Result<Response> Exchanged::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_; });
  if (bug_) std::rethrow_exception(bug_);
  if (error_) return tl::unexpected(std::move(*error_));
  return std::move(response_);
}

}  // namespace mcprove::net
