#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "net/recorder.h"
#include "net/url.h"
#include "oauth/flow.h"
#include "tests/support/scripted_transport.h"

namespace mcprove::oauth::test {

net::Response html(int status, std::string body);
net::Response json(int status, std::string body);
net::Response redirect(int status, const std::string& location);

/// What a request carried, whether in the URL or as a form.
net::Params query_of(const net::Request& request);
net::Params form_of(const net::Request& request);

/// A web site as a table from "GET https://host/path" to an answer; 404 for the rest.
class Site {
 public:
  using Handler = std::function<net::Response(const net::Request&)>;
  Site& on(const std::string& method_and_url, Handler handler);
  Site& on(const std::string& method_and_url, net::Response response);

  /// Requests for "METHOD origin/path", in order.
  std::vector<net::Request> asked(const std::string& method_and_url) const;
  std::size_t count() const { return transport_->requests().size(); }
  bool contacted(const std::string& origin) const;
  net::Transport& transport() { return *transport_; }

 private:
  std::map<std::string, Handler> handlers_;
  std::unique_ptr<mcprove::test::ScriptedTransport> transport_ =
      std::make_unique<mcprove::test::ScriptedTransport>([this](const net::Request& request) { return answer(request); });
  Result<net::Response> answer(const net::Request& request);
};

inline constexpr const char* issuer = "https://as.example";
inline constexpr const char* callback = "http://127.0.0.1:7777/callback";

/// An authorization server made of a Site, and everything a flow needs around it. The server logs in "demo" with
/// "s3cret-demo" and asks for consent, unless a test replaces a page.
struct Bench {
  Site site{};
  net::Scope scope{};
  net::Transcript transcript{};
  ManualClock clock{std::chrono::system_clock::time_point{} + std::chrono::hours(24 * 20'000)};
  SeededRandom random{1};
  Redactor redactor{};
  net::Recorder recorder{site.transport(), scope, transcript, clock};
  CookieJar jar{};
  ServerMetadata server{};
  Client client{};
  std::unique_ptr<LoginDriver> driver{};
  LoginOptions login{};
  Profile profile = Profile::audit;
  net::Params asked{};       ///< the last authorization request
  std::string iss = issuer;  ///< in the answer; empty: none

  Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  Result<FlowResult> run(const Flow& flow = {});
  /// The redirect that ends it well, for the last request.
  net::Response grant(const std::string& code = "code-0123456789abcdef") const;
};

}  // namespace mcprove::oauth::test
