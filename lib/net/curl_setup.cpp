#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"
#include "net/curl_transfer.h"

namespace mcprove::net {

namespace {

constexpr std::string_view fresh_lane = "fresh";
constexpr std::string_view user_agent = "mcprove/0.1";

bool is_token(std::string_view text) {  // RFC 9110 section 5.6.2
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
  });
}

bool breaks_lines(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos; }

/// Fields that would be sent unasked: for these an empty value means none.
bool is_default_field(std::string_view name) {
  constexpr std::array<std::string_view, 9> names{"Host",         "Accept",         "Accept-Encoding",   "User-Agent",
                                                  "Content-Type", "Content-Length", "Transfer-Encoding", "Connection",
                                                  "Expect"};
  return std::any_of(names.begin(), names.end(), [name](auto known) { return text::iequals(name, known); });
}

/// The shape of a field line that libcurl sends as meant: without a value it wants a semicolon, and a colon removes.
std::string field_line(const std::string& name, const std::string& value) {
  if (!text::trim(value).empty()) return name + ": " + value;
  return name + (is_default_field(name) ? ":" : ";");
}

}  // namespace

// Exceptions stop here: C has no use for them.
struct CurlCallbacks {
  static std::size_t header(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return guarded(transfer, [&] { return transfer.on_field_line({bytes, size}); }) ? size : 0;
  }
  static std::size_t body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return guarded(transfer, [&] { return transfer.on_body({bytes, size}); }) ? size : CURL_WRITEFUNC_ERROR;
  }
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    curl_socket_t socket = CURL_SOCKET_BAD;
    guarded(transfer, [&] {
      socket = transfer.open_socket(address);
      return true;
    });
    return socket;
  }
  static int about_to_send(void* self, char*, char*, int, int) {
    ++static_cast<Transfer*>(self)->response_.attempts;
    return CURL_PREREQFUNC_OK;
  }

 private:
  template <class Body>
  static bool guarded(Transfer& transfer, Body body) noexcept {
    try {
      return body();
    } catch (...) {
      transfer.bug_ = std::current_exception();
      return false;
    }
  }
};

Result<void> Transfer::prepare(const CurlOptions& options, const std::string& ca_directory) {
  auto url = Url::parse(request_.url);
  if (!url) return tl::unexpected(std::move(url).error());
  url_ = *std::move(url);
  if (!url_.user.empty()) {
    return failure(Error::Kind::malformed, fmt::format("the URL for {} holds credentials, which are not sent", url_.origin()));
  }
  if (!is_token(request_.method)) {
    return failure(Error::Kind::malformed, fmt::format("not a method: {}", text::one_line(request_.method, 40)));
  }
  if (breaks_lines(request_.target))
    return failure(Error::Kind::malformed, "the request target holds a line break or a NUL byte");
  curl_easy_setopt(easy(), CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy(), CURLOPT_PATH_AS_IS, 1L);
  if (!request_.target.empty()) curl_easy_setopt(easy(), CURLOPT_REQUEST_TARGET, request_.target.c_str());
  if (auto set = set_headers(); !set) return set;
  set_method();
  set_version();
  set_connection(options);
  if (url_.scheme == "https") set_trust(options, ca_directory);
  set_callbacks();
  return {};
}

Result<void> Transfer::set_headers() {
  const auto add = [this](const std::string& line) {
    if (auto* list = curl_slist_append(headers_.get(), line.c_str()); list != nullptr) {
      static_cast<void>(headers_.release());
      headers_.reset(list);
    }
  };
  for (const auto& [name, value] : request_.headers.fields) {
    if (!is_token(name)) return failure(Error::Kind::malformed, fmt::format("not a field name: {}", text::one_line(name, 40)));
    if (breaks_lines(value))
      return failure(Error::Kind::malformed, fmt::format("the value of {} holds a line break or a NUL byte", name));
    add(field_line(name, value));
  }
  for (const auto* unwanted : {"Content-Type", "Expect"}) {
    if (!request_.headers.has(unwanted)) add(std::string(unwanted) + ":");
  }
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy(), CURLOPT_USERAGENT, std::string(user_agent).c_str());
  // Asks for none, and decodes what comes all the same.
  curl_easy_setopt(easy(), CURLOPT_ACCEPT_ENCODING, "identity");
  return {};
}

void Transfer::set_method() {
  const auto& method = request_.method;
  const bool usually_has_body = method == "POST" || method == "PUT" || method == "PATCH";
  if (method == "HEAD" && request_.body.empty()) {
    curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
  } else if (usually_has_body || !request_.body.empty()) {
    curl_easy_setopt(easy(), CURLOPT_POST, 1L);
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, request_.body.data());
    if (method != "POST") curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, method.c_str());
  } else {
    curl_easy_setopt(easy(), CURLOPT_HTTPGET, 1L);
    if (method != "GET") curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void Transfer::set_version() {
  const bool tls = url_.scheme == "https";
  const bool http2 =
      request_.version == HttpVersion::http2 || (request_.version == HttpVersion::any && tls && request_.target.empty());
  long version = CURL_HTTP_VERSION_1_1;
  if (http2) version = tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, version);
  const bool unusable_twice = http2 && !tls;  // libcurl 7.88 breaks the framing of a second request on such a connection
  const auto kind = unusable_twice ? Connection::Kind::fresh : request_.connection.kind;
  switch (kind) {
    case Connection::Kind::any: lane_ = http2 ? "any/2" : "any/1"; break;
    case Connection::Kind::fresh: lane_ = fresh_lane; break;
    case Connection::Kind::named: lane_ = fmt::format("named/{}/{}", http2 ? 2 : 1, request_.connection.name); break;
  }
}

void Transfer::set_connection(const CurlOptions& options) {
  const auto& limits = request_.limits;
  curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, limits.connect.count())));
  if (!is_stream()) {
    curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, limits.total.count())));
  }
  if (lane_ == fresh_lane) {
    curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy(), CURLOPT_FORBID_REUSE, 1L);
  }
  curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy(), CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy(), CURLOPT_PROXY, options.proxy.c_str());
  curl_easy_setopt(easy(), CURLOPT_NOPROXY, "");
  for (const auto& address : options.addresses) {
    auto* list = curl_slist_append(addresses_.get(), address.c_str());
    if (list == nullptr) continue;
    static_cast<void>(addresses_.release());
    addresses_.reset(list);
  }
  if (addresses_) curl_easy_setopt(easy(), CURLOPT_RESOLVE, addresses_.get());
  curl_easy_setopt(easy(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void Transfer::set_trust(const CurlOptions& options, const std::string& ca_directory) {
  const char* const file = options.ca_file.empty() ? nullptr : options.ca_file.c_str();
  if (!ca_directory.empty()) {
    // Only the authorities that a chain needs are read from it; the bundle, which is the default, is read whole: once
    // per lane, at some 30 ms and several megabytes.
    curl_easy_setopt(easy(), CURLOPT_CAPATH, ca_directory.c_str());
    curl_easy_setopt(easy(), CURLOPT_CAINFO, file);
  } else if (file != nullptr) {
    curl_easy_setopt(easy(), CURLOPT_CAINFO, file);
  }
  if (file != nullptr) curl_easy_setopt(easy(), CURLOPT_PROXY_CAINFO, file);
}

void Transfer::set_callbacks() {
  curl_easy_setopt(easy(), CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, CurlCallbacks::header);
  curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, CurlCallbacks::body);
  curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, CurlCallbacks::open_socket);
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy(), CURLOPT_PREREQFUNCTION, CurlCallbacks::about_to_send);
  curl_easy_setopt(easy(), CURLOPT_PREREQDATA, this);
}

}  // namespace mcprove::net
