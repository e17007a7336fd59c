#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "base/result.h"
#include "net/listener.h"
#include "oauth/client_plan.h"

namespace mcprove::oauth {

/// Our Client ID Metadata Document, served on this machine while this lives: for authorization servers on this machine, which
/// are the only ones that can read it there.
class PublishedDocument {
 public:
  /// Null: the plan has no such document, or it stands elsewhere, where the user hosts it. Error::usage: its port is taken.
  static Result<std::unique_ptr<PublishedDocument>> publish(const ClientPlan& plan);
  ~PublishedDocument();
  PublishedDocument(const PublishedDocument&) = delete;
  PublishedDocument& operator=(const PublishedDocument&) = delete;

 private:
  explicit PublishedDocument(std::unique_ptr<net::Listener> listener);

  std::unique_ptr<net::Listener> listener_;
  std::atomic<bool> ending_ = false;
  std::thread thread_{};
};

}  // namespace mcprove::oauth
