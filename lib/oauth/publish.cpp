#include "oauth/publish.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "net/url.h"

namespace mcprove::oauth {

namespace {

constexpr std::chrono::milliseconds slice{50};  // of the wait: how long an ending may take
constexpr const char* nowhere = "";             // no request has this path

}  // namespace

Result<std::unique_ptr<PublishedDocument>> PublishedDocument::publish(const ClientPlan& plan) {
  const auto url = net::Url::parse(plan.cimd_url);
  if (plan.cimd_url.empty() || !url || !url->is_loopback_host() || url->scheme != "http") return nullptr;
  auto listener = net::Listener::bind(url->port);
  if (!listener) {
    return failure(Error::Kind::usage,
                   fmt::format("our metadata document cannot be served at {}: {}", plan.cimd_url, listener.error().message));
  }
  (*listener)->offer(url->path + (url->query.empty() ? "" : "?" + url->query), "application/json",
                     metadata_document(plan).pretty() + "\n");
  return std::unique_ptr<PublishedDocument>(new PublishedDocument(*std::move(listener)));
}

PublishedDocument::PublishedDocument(std::unique_ptr<net::Listener> listener) : listener_(std::move(listener)) {
  thread_ = std::thread([this] {
    while (!ending_) static_cast<void>(listener_->wait(nowhere, slice, ""));
  });
}

PublishedDocument::~PublishedDocument() {
  ending_ = true;
  thread_.join();
}

}  // namespace mcprove::oauth
