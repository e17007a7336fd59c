#include "oauth/fetch.h"

#include <algorithm>
#include <cstddef>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/answer.h"

namespace mcprove::oauth {

namespace {

constexpr int max_redirects = 3;
constexpr std::size_t max_document = 512U << 10U;

struct Brought {
  Fetched fetched{};
  std::vector<net::ExchangeId> exchanges{};
};

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

void read_document(const net::Response& response, Fetched& out) {
  out.status = response.status;
  out.media_type = net::media_type(response);
  if (net::oddity(response) == net::Oddity::blocked) {
    out.problem = fmt::format("{}: blocked by a firewall", response.status);
  } else if (response.status != 200) {
    out.problem = fmt::format("{}", response.status);
  } else if (auto parsed = json::parse(response.body); !parsed) {
    // Some servers send metadata as text; what parses is read, and its media type judged by whoever cares.
    out.problem =
        net::is_json(response)
            ? parsed.error().message
            : fmt::format("not JSON: {}", out.media_type.empty() ? "no media type" : text::one_line(out.media_type, 60));
  } else if (!parsed->is_object()) {
    out.problem = "JSON, but no object";
  } else {
    out.document = *std::move(parsed);
  }
}

Fetched fetch(net::Recorder& recorder, const std::string& asked, const std::string& purpose) {
  Fetched out;
  out.url = asked;
  auto url = net::Url::parse(asked);
  if (!url) {
    out.problem = url.error().message;
    return out;
  }
  const auto origin = url->origin();
  for (int hop = 0;; ++hop) {
    net::Request request;
    request.url = url->raw;
    request.headers.add("Accept", "application/json");
    request.limits.body = max_document;
    request.purpose = purpose;
    const auto reply = recorder.send(std::move(request));
    if (!reply) {
      const auto& error = reply.error();
      out.problem = fmt::format("{}: {}", error.kind == Error::Kind::out_of_scope ? "refused" : name(error.kind), error.message);
      out.failure = error.kind;
      return out;
    }
    out.exchange = reply->id;
    const auto location = reply->response.headers.find("Location");
    if (is_redirect(reply->response.status) && location && hop < max_redirects) {
      auto next = net::resolve(*url, *location);
      if (next && next->origin() == origin) {
        url = std::move(next);
        continue;
      }
      out.status = reply->response.status;
      out.problem = fmt::format("{} to {}", out.status, next ? next->origin() : "something unreadable");
      return out;
    }
    read_document(reply->response, out);
    return out;
  }
}

}  // namespace

std::vector<Fetched> fetch_all(net::Recorder& recorder, const std::vector<std::string>& urls, const std::string& purpose) {
  const auto past = recorder.past();
  std::vector<std::future<Brought>> pending;
  for (const auto& url : urls) {
    pending.push_back(std::async(std::launch::async, [&recorder, &past, &purpose, url] {
      recorder.begin_task();
      recorder.join(past);
      const net::Recorder::Capture capture;
      Brought brought;
      brought.fetched = fetch(recorder, url, purpose);
      brought.exchanges = capture.exchanges();
      recorder.begin_task();
      return brought;
    }));
  }
  std::vector<Fetched> all;
  for (auto& each : pending) {
    auto brought = each.get();
    recorder.join(brought.exchanges);
    all.push_back(std::move(brought.fetched));
  }
  return all;
}

std::vector<Fetched> fetch_until(net::Recorder& recorder, const std::vector<std::string>& urls, const std::string& purpose,
                                 const std::function<bool(const Fetched&)>& will_do) {
  std::vector<Fetched> tried;
  for (const auto& url : urls) {
    tried.push_back(fetch(recorder, url, purpose));
    if (will_do(tried.back())) break;
  }
  return tried;
}

Error none_usable(const std::string& what, const std::vector<Fetched>& tried) {
  std::vector<std::string> stood;
  auto kind = Error::Kind::unavailable;
  for (const auto& place : tried) {
    stood.push_back(
        fmt::format("{}: {}", text::one_line(place.url, 120), place.problem.empty() ? "not what it should be" : place.problem));
    if (place.status == 429 && kind == Error::Kind::unavailable) kind = Error::Kind::rate_limited;
    if (place.failure && *place.failure != Error::Kind::malformed && kind == Error::Kind::unavailable) kind = *place.failure;
  }
  return {kind, fmt::format("no {}: {}", what, text::join(stood, "; "))};
}

void found_url(net::Recorder& recorder, const std::string& url) {
  if (const auto parsed = net::Url::parse(url)) recorder.scope().found_origin(parsed->origin());
}

}  // namespace mcprove::oauth
