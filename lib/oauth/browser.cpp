#include "oauth/browser.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

constexpr const char* accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// The whole URL within an origin, the origin alone beyond it (strict-origin-when-cross-origin).
std::string referer(const std::string& from, const net::Url& to) {
  const auto url = net::Url::parse(from);
  if (!url || (url->scheme == "https" && to.scheme != "https")) return {};
  return url->same_origin(to) ? url->text() : url->origin() + "/";
}

std::string quoted(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '"') out += "%22";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else out += c;
  }
  return out;
}

/// RFC 7578. The boundary follows from the content, so that it is in none of the values.
std::pair<std::string, std::string> multipart(const net::Params& fields) {
  const auto boundary = "mcprove-" + text::sha256_hex(fields.encode()).substr(0, 32);
  std::string body;
  for (const auto& [name, value] : fields.fields()) {
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, quoted(name), value);
  }
  body += fmt::format("--{}--\r\n", boundary);
  return {fmt::format("multipart/form-data; boundary={}", boundary), body};
}

}  // namespace

Result<net::Reply> Browser::send(net::Request request) {
  const auto url = MCPROVE_TRY(net::Url::parse(request.url));
  if (!request.headers.has("Accept")) request.headers.add("Accept", accepted);
  if (const auto cookies = jar_.header_for(url, clock_.now()); !cookies.empty()) request.headers.add("Cookie", cookies);
  auto reply = MCPROVE_TRY(recorder_.send(std::move(request)));
  jar_.take(url, reply.response.headers, clock_.now());
  return reply;
}

Result<net::Reply> Browser::get(const std::string& url, const std::string& purpose) {
  net::Request request;
  request.url = url;
  request.purpose = purpose;
  return send(std::move(request));
}

Result<net::Reply> Browser::submit(const Submission& form, const std::string& referrer, const std::string& purpose) {
  const auto to = MCPROVE_TRY(net::Url::parse(form.url));
  net::Request request;
  request.method = form.method;
  request.url = form.url;
  request.purpose = purpose;
  const auto from = referer(referrer, to);
  request.headers = form.headers;
  if (form.method == "GET") {
    if (!form.fields.empty()) request.url = to.with_query(form.fields).text();
  } else {
    auto [type, body] = form.enctype == "multipart/form-data"
                            ? multipart(form.fields)
                            : std::pair<std::string, std::string>("application/x-www-form-urlencoded", form.fields.encode());
    request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    const auto page = net::Url::parse(referrer);
    if (page) request.headers.add("Origin", page->origin());
  }
  if (!from.empty()) request.headers.add("Referer", from);
  return send(std::move(request));
}

}  // namespace mcprove::oauth
