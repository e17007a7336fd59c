#include "oauth/webdriver.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/curl.h"

namespace mcprove::oauth {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* element_key = "element-6066-11e4-a52e-4f735466cecf";  // WebDriver section 11
constexpr seconds start_patience{20};
constexpr seconds answer_patience{40};
constexpr int page_patience_ms = 20'000;
constexpr std::size_t longest_answer = 32U << 20U;  // a screenshot, or a page's worth of events

json::Value object(std::vector<std::pair<std::string, json::Value>> members) { return json::Value::object(std::move(members)); }

/// The leading digits after `label` in chromedriver's greeting.
std::string port_in(const std::string& said) {
  constexpr std::string_view label = "started successfully on port ";
  const auto at = said.find(label);
  if (at == std::string::npos) return {};
  const auto from = at + label.size();
  const auto to = said.find_first_not_of("0123456789", from);
  return said.substr(from, to - from);
}

std::vector<json::Value> arguments_for(const std::string& profile, const std::string& rules) {
  std::vector<std::string> words{"--headless=new",
                                 "--user-data-dir=" + profile,
                                 "--no-first-run",
                                 "--no-default-browser-check",
                                 "--disable-extensions",
                                 "--disable-sync",
                                 "--disable-background-networking",
                                 "--disable-component-update",
                                 "--disable-domain-reliability",
                                 "--disable-dev-shm-usage",
                                 "--disable-quic",
                                 "--no-proxy-server",
                                 "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
                                 "--host-resolver-rules=" + rules};
  // Chromium's sandbox does not work for root; containers run as root.
  if (::geteuid() == 0) words.emplace_back("--no-sandbox");
  std::vector<json::Value> out;
  for (const auto& word : words) out.push_back(json::str(word));
  return out;
}

std::string program_path(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  for (const auto& directory : text::split(path == nullptr ? "" : path, ':')) {
    auto file = directory + "/" + name;
    if (!directory.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

tl::unexpected<Error> missing(const std::string& name, std::string_view packages) {
  return failure(Error::Kind::usage, fmt::format("no {} in PATH; {}", text::one_line(name, 120), packages));
}

/// Runs a program to its end. Error::login with its last words if it fails, which here is when it complains.
Result<void> run_to_end(const Command& command) {
  const auto child = MCPROVE_TRY(Child::start(command));
  const auto deadline = std::chrono::steady_clock::now() + start_patience;
  auto line = child->next_line(deadline);
  while (line) line = child->next_line(deadline);
  if (line.error().kind == Error::Kind::network && child->errors().empty()) return {};
  return failure(Error::Kind::login,
                 fmt::format("{}: {}", command.argv.front(),
                             text::one_line(child->errors().empty() ? line.error().message : child->errors(), 200)));
}

/// Each certificate of a PEM file.
std::vector<std::string> certificates_in(const std::string& pem) {
  constexpr std::string_view first = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view last = "-----END CERTIFICATE-----";
  std::vector<std::string> out;
  for (auto at = pem.find(first); at != std::string::npos; at = pem.find(first, at)) {
    const auto end = pem.find(last, at);
    if (end == std::string::npos) break;
    out.push_back(pem.substr(at, end + last.size() - at) + "\n");
    at = end;
  }
  return out;
}

/// Chromium reads the certificates that it trusts besides its own from an NSS database in its home.
Result<void> trust(const std::string& ca_file, const std::string& home) {
  constexpr std::string_view packages = "it tells the browser which certificates to trust; Debian's package is libnss3-tools";
  const auto certutil = program_path("certutil");
  if (certutil.empty()) return missing("certutil", packages);
  std::ifstream in(ca_file, std::ios::binary);
  const auto certificates = certificates_in({std::istreambuf_iterator<char>(in), {}});
  if (certificates.empty())
    return failure(Error::Kind::usage, fmt::format("'{}' holds no certificate in PEM", text::one_line(ca_file, 200)));
  const std::string database = home + "/.pki/nssdb";
  std::error_code error;
  std::filesystem::create_directories(database, error);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {certutil, "-d", "sql:" + database});
    Command command{.argv = std::move(words), .environment = plain_environment()};
    command.environment["HOME"] = command.environment["TMPDIR"] = home;
    return run_to_end(command);
  };
  MCPROVE_TRY(run({"-N", "--empty-password"}));
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto file = home + "/ca.pem";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << certificates[i];
    MCPROVE_TRY(run({"-A", "-n", fmt::format("mcprove {}", i + 1), "-t", "C,,", "-i", file}));
  }
  return {};
}

}  // namespace

WebDriver::WebDriver(std::string directory, std::unique_ptr<Child> child)
    : directory_(std::move(directory)), child_(std::move(child)), scope_(std::make_unique<net::Scope>()) {}

WebDriver::~WebDriver() {
  // Chromium runs in chromedriver's process group, which ends with it; only then is the profile at rest.
  child_.reset();
  std::error_code ignored;
  for (int i = 0; i < 50; ++i) {
    std::filesystem::remove_all(directory_, ignored);
    if (!std::filesystem::exists(directory_, ignored)) break;
    ::usleep(10'000);
  }
}

Result<std::unique_ptr<WebDriver>> WebDriver::start(const Setup& setup) {
  constexpr std::string_view packages = "Debian's packages are chromium and chromium-driver";
  const auto program = program_path(setup.program);
  if (program.empty()) return missing(setup.program, packages);
  if (program_path(setup.browser).empty()) return missing(setup.browser, packages);
  std::error_code error;
  std::string directory = (std::filesystem::temp_directory_path(error) / "mcprove-browser-XXXXXX").string();
  if (error || ::mkdtemp(directory.data()) == nullptr)
    return failure(Error::Kind::unavailable, "cannot make a temporary directory for the browser's profile");
  Command command{.argv = {program, "--port=0"}, .environment = plain_environment()};
  command.environment["HOME"] = command.environment["TMPDIR"] = directory;
  const auto trusted = setup.ca_file.empty() ? Result<void>() : trust(setup.ca_file, directory);
  auto child = trusted.and_then([&] { return Child::start(command, {.farewell = milliseconds(0), .grace = milliseconds(500)}); });
  if (!child) {
    std::filesystem::remove_all(directory, error);
    return tl::unexpected(child.error());
  }
  auto driver = std::unique_ptr<WebDriver>(new WebDriver(std::move(directory), *std::move(child)));
  MCPROVE_TRY(driver->await_port());
  MCPROVE_TRY(driver->open_session(setup));
  return driver;
}

Result<void> WebDriver::await_port() {
  const auto deadline = std::chrono::steady_clock::now() + start_patience;
  for (int lines = 0; lines < 100; ++lines) {
    const auto line = child_->next_line(deadline);
    if (!line) return failure(Error::Kind::login, fmt::format("chromedriver did not start: {}", line.error().message));
    const auto port = port_in(*line);
    if (port.empty()) continue;
    base_ = "http://127.0.0.1:" + port;
    scope_->name_origin(base_, net::Reach::active);
    transport_ = net::make_curl_transport(*scope_);
    return {};
  }
  return failure(Error::Kind::login, "chromedriver did not start: it talks, and names no port");
}

Result<void> WebDriver::open_session(const Setup& setup) {
  const auto browser = program_path(setup.browser);
  const auto chrome = object({{"binary", json::str(browser)},
                              {"args", json::Value::array(arguments_for(directory_ + "/profile", setup.resolver_rules))}});
  const auto always = object({{"browserName", json::str("chrome")},
                              {"unhandledPromptBehavior", json::str("dismiss")},
                              {"timeouts", object({{"pageLoad", json::num(page_patience_ms)}, {"script", json::num(5'000)}})},
                              {"goog:chromeOptions", chrome},
                              {"goog:loggingPrefs", object({{"performance", json::str("ALL")}})}});
  const auto opened = MCPROVE_TRY(command("POST", "/session", object({{"capabilities", object({{"alwaysMatch", always}})}})));
  session_ = "/session/" + opened.string("sessionId").value_or("");
  return {};
}

Result<json::Value> WebDriver::command(const std::string& method, const std::string& path, const json::Value& body) {
  net::Request request;
  request.method = method;
  request.url = base_ + (path == "/session" ? path : session_ + path);
  if (method == "POST") {
    request.headers.add("Content-Type", "application/json");
    request.body = (body.is_null() ? object({}) : body).dump();
  }
  request.limits.total = answer_patience;
  request.limits.body = longest_answer;
  const auto response = transport_->send(request);
  if (!response) {
    // Its own word on how it ended says more than a connection that failed.
    const auto silence = child_->next_line(std::chrono::steady_clock::now() + milliseconds(300));
    if (!silence && silence.error().kind == Error::Kind::network)
      return failure(Error::Kind::login, fmt::format("chromedriver ended during the login: {}", silence.error().message));
    return failure(Error::Kind::login, "chromedriver does not answer: " + response.error().message);
  }
  const auto answer = json::parse(response->body, {.bytes = longest_answer});
  if (!answer) return failure(Error::Kind::login, "chromedriver answers without JSON");
  const auto value = answer->at("value");
  if (response->status == 200) return value;
  const auto kind = value.string("error").value_or("");
  const auto gone = kind == "no such element" || kind == "stale element reference" || kind == "element not interactable" ||
                    kind == "element click intercepted";
  const auto message = value.string("message").value_or("");
  return failure(gone ? Error::Kind::unavailable : Error::Kind::login,
                 fmt::format("the browser says: {}", text::one_line(message.substr(0, message.find('\n')), 160)));
}

Result<json::Value> WebDriver::devtools(const std::string& name, const json::Value& parameters) {
  return command("POST", "/goog/cdp/execute", object({{"cmd", json::str(name)}, {"params", parameters}}));
}

Result<void> WebDriver::go(const std::string& url) {
  auto done = command("POST", "/url", object({{"url", json::str(url)}}));
  // A page that the browser could not load is told by its events, better than here.
  if (!done && !done.error().message.starts_with("the browser says")) return tl::unexpected(done.error());
  return {};
}

Result<std::string> WebDriver::url() { return MCPROVE_TRY(command("GET", "/url")).string().value_or(""); }
Result<std::string> WebDriver::title() { return MCPROVE_TRY(command("GET", "/title")).string().value_or(""); }

std::optional<WebDriver::Element> WebDriver::element_in(const json::Value& value) {
  const auto id = value.string(element_key).value_or("");
  const bool plain = !id.empty() && id.find_first_of("/?#%") == std::string::npos;
  return plain ? std::optional(Element{id}) : std::nullopt;
}

Result<WebDriver::Element> WebDriver::find(const std::string& css) {
  const auto found =
      MCPROVE_TRY(command("POST", "/element", object({{"using", json::str("css selector")}, {"value", json::str(css)}})));
  const auto element = element_in(found);
  if (!element) return failure(Error::Kind::unavailable, "no such element");
  return *element;
}

Result<void> WebDriver::type(const Element& element, const std::string& words) {
  MCPROVE_TRY(command("POST", "/element/" + element.id + "/clear"));
  MCPROVE_TRY(command("POST", "/element/" + element.id + "/value", object({{"text", json::str(words)}})));
  return {};
}

Result<void> WebDriver::click(const Element& element) {
  MCPROVE_TRY(command("POST", "/element/" + element.id + "/click"));
  return {};
}

Result<json::Value> WebDriver::run_script(const std::string& body) {
  return command("POST", "/execute/sync", object({{"script", json::str(body)}, {"args", json::Value::array({})}}));
}

Result<std::string> WebDriver::screenshot() {
  const auto picture = MCPROVE_TRY(command("GET", "/screenshot"));
  auto bytes = text::base64_decode(picture.string().value_or(""));
  if (!bytes || bytes->empty()) return failure(Error::Kind::login, "no screenshot");
  return *std::move(bytes);
}

Result<void> WebDriver::give_cookies(const CookieJar& jar) {
  std::vector<json::Value> list;
  for (const auto& cookie : jar.all()) {
    const auto scheme = cookie.secure ? "https://" : "http://";
    auto one = object({{"name", json::str(cookie.name)},
                       {"value", json::str(cookie.value)},
                       {"path", json::str(cookie.path)},
                       {"secure", json::boolean(cookie.secure)},
                       {"httpOnly", json::boolean(cookie.http_only)}});
    // Without a domain the cookie is for the URL's host alone.
    one = cookie.host_only ? one.with("url", json::str(scheme + cookie.domain + cookie.path))
                           : one.with("domain", json::str("." + cookie.domain));
    list.push_back(std::move(one));
  }
  if (list.empty()) return {};
  MCPROVE_TRY(devtools("Network.setCookies", object({{"cookies", json::Value::array(std::move(list))}})));
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>> WebDriver::cookies() {
  const auto held = MCPROVE_TRY(devtools("Network.getAllCookies", object({}))).at("cookies");
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const auto cookie = held.at(i);
    auto domain = cookie.string("domain").value_or("");
    const bool whole_domain = domain.starts_with('.');
    if (whole_domain) domain.erase(0, 1);
    const auto path = cookie.string("path").value_or("/");
    const bool secure = cookie.boolean("secure").value_or(false);
    auto line = fmt::format("{}={}; Path={}{}{}", cookie.string("name").value_or(""), cookie.string("value").value_or(""), path,
                            secure ? "; Secure" : "", cookie.boolean("httpOnly").value_or(false) ? "; HttpOnly" : "");
    if (whole_domain) line += "; Domain=" + domain;
    const auto host = domain.find(':') == std::string::npos ? domain : "[" + domain + "]";
    lines.emplace_back((secure ? "https://" : "http://") + host + path, std::move(line));
  }
  return lines;
}

Result<std::vector<json::Value>> WebDriver::events() {
  const auto log = MCPROVE_TRY(command("POST", "/se/log", object({{"type", json::str("performance")}})));
  std::vector<json::Value> events;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto entry = json::parse(log.at(i).string("message").value_or(""));
    if (entry) events.push_back(entry->at("message"));
  }
  return events;
}

}  // namespace mcprove::oauth
