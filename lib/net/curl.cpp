#include "net/curl.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "net/curl_loop.h"
#include "net/curl_stream.h"

namespace mcprove::net {

namespace {

void initialise_libcurl() {
  static const auto code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

/// Where the system keeps its authorities under the hashes of their names, as OpenSSL looks them up; empty if nowhere.
std::string hashed_ca_directory() {
  const char* const place = curl_version_info(CURLVERSION_NOW)->capath;
  if (place == nullptr) return {};
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(place, unreadable)) {
    const auto name = entry.path().filename().string();
    if (name.size() == 10 && name.ends_with(".0") && name.find_first_not_of("0123456789abcdef") == 8) return place;
  }
  return {};
}

class CurlTransport final : public Transport {
 public:
  CurlTransport(const Scope& scope, CurlOptions options)
      : scope_(scope), options_(std::move(options)), loop_(std::make_shared<CurlLoop>(options_.connections)) {
    initialise_libcurl();
  }
  ~CurlTransport() override {
    // Event streams may outlive the transport, but nothing may ask the scope any more.
    loop_->stop();
    loop_->join();
  }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Result<Response> send(const Request& request) override {
    const auto transfer = MCPROVE_TRY(submit<Exchanged>(request));
    auto response = transfer->wait();
    loop_->give_back(transfer->give_back());
    return response;
  }

  Result<std::unique_ptr<EventStream>> open(const Request& request) override {
    const auto deadline = std::chrono::steady_clock::now() + request.limits.total;
    auto transfer = MCPROVE_TRY(submit<Streamed>(request));
    auto head = transfer->head(deadline);
    if (!head) {
      loop_->cancel(transfer);
      return tl::unexpected(std::move(head).error());
    }
    return std::make_unique<CurlEventStream>(loop_, std::move(transfer), *std::move(head));
  }

  void stop() override { loop_->stop(); }

 private:
  template <class Kind>
  Result<std::shared_ptr<Kind>> submit(const Request& request) {
    if (loop_->stopped()) return failure(Error::Kind::interrupted, "interrupted");
    auto transfer = std::make_shared<Kind>(loop_->handle(), request, scope_);
    if (auto prepared = transfer->prepare(options_, ca_directory_); !prepared) {
      loop_->give_back(transfer->give_back());
      return tl::unexpected(std::move(prepared).error());
    }
    loop_->submit(transfer);
    return transfer;
  }

  const Scope& scope_;
  const CurlOptions options_;
  const std::string ca_directory_ = hashed_ca_directory();
  std::shared_ptr<CurlLoop> loop_;
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const Scope& scope, CurlOptions options) {
  return std::make_unique<CurlTransport>(scope, std::move(options));
}

std::string curl_version_line() { return curl_version(); }

}  // namespace mcprove::net
