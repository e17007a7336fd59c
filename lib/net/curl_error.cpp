#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"
#include "net/curl_transfer.h"

namespace mcprove::net {

namespace {

std::string duration(std::chrono::milliseconds time) {
  if (time.count() % 1000 == 0) return fmt::format("{} s", time.count() / 1000);
  return fmt::format("{} ms", time.count());
}

/// libcurl's own words, made to fit into a sentence of ours.
std::string tail(const char* text, std::string_view drop = {}) {
  std::string_view words = text;
  if (!drop.empty() && words.starts_with(drop)) words.remove_prefix(drop.size());
  auto line = mcprove::text::one_line(mcprove::text::trim(words), 160);
  // A sentence's capital goes, an abbreviation's stays.
  if (line.size() > 1 && std::islower(static_cast<unsigned char>(line[1])) != 0) {
    line[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(line[0])));
  }
  return line;
}

}  // namespace

Error Transfer::describe(CURLcode code) const {
  using Kind = Error::Kind;
  if (failure_) return *failure_;
  const auto peer = fmt::format("{}:{}", tried_address_.empty() ? url_.host : tried_address_, url_.port);
  const auto because = tail(error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code));
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return {Kind::network, fmt::format("{} does not resolve", url_.host)};
    case CURLE_COULDNT_CONNECT: {
      if (tried_address_.empty() && !refused_address_.empty()) {
        return {Kind::out_of_scope, fmt::format("{} leads to {}, an address outside the scope", url_.host, refused_address_)};
      }
      long os_error = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
      if (os_error == ECONNREFUSED) return {Kind::network, fmt::format("connection refused by {}", peer)};
      if (os_error == 0) return {Kind::network, fmt::format("no connection to {}", peer)};
      return {Kind::network, fmt::format("no connection to {}: {}", peer,
                                         text::lower(std::generic_category().message(static_cast<int>(os_error))))};
    }
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
      if (connected == 0)
        return {Kind::timeout, fmt::format("no connection to {} within {}", peer,
                                           duration(std::min(request_.limits.connect, request_.limits.total)))};
      return {Kind::timeout, fmt::format("no answer from {} within {}", url_.origin(), duration(request_.limits.total))};
    }
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Kind::tls, fmt::format("certificate of {} is not trusted: {}; name its authority with --ca-file", url_.host,
                                     tail(because.c_str(), "SSL certificate problem: "))};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_SHUTDOWN_FAILED: return {Kind::tls, fmt::format("no TLS with {}: {}", peer, because)};
    case CURLE_SSL_CACERT_BADFILE: return {Kind::tls, fmt::format("the CA file cannot be used: {}", because)};
    case CURLE_GOT_NOTHING: return {Kind::network, fmt::format("{} closed the connection without an answer", peer)};
    case CURLE_PARTIAL_FILE: return {Kind::network, fmt::format("{} closed the connection in mid-answer", peer)};
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return {Kind::network, fmt::format("the connection to {} broke: {}", peer, because)};
    case CURLE_BAD_CONTENT_ENCODING:
      return {Kind::malformed, fmt::format("the answer of {} cannot be decoded: {}", url_.origin(), because)};
    // libcurl says so of a field line beyond its own bound.
    case CURLE_OUT_OF_MEMORY: return {Kind::too_large, fmt::format("the header of {} exceeds a limit", url_.origin())};
    default: break;
  }
  return {Kind::network, fmt::format("unreadable answer from {}: {}", url_.origin(), because)};
}

}  // namespace mcprove::net
