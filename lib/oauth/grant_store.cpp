#include "oauth/grant_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/json.h"
#include "net/url.h"
#include "oauth/client_json.h"

namespace mcprove::oauth {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t version = 1;
constexpr std::int64_t latest = 9'000'000'000;  // the year 2255; the clock's nanoseconds end soon after
constexpr std::size_t largest_file = std::size_t{256} << 10U;
constexpr std::chrono::seconds patience{60};
constexpr std::string_view suffix = ".json";

std::int64_t seconds_of(Clock::Wall when) {
  return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
}

Clock::Wall wall_of(std::int64_t seconds) { return Clock::Wall(std::chrono::seconds(seconds)); }

tl::unexpected<Error> no_grant(std::string why) { return failure(Error::Kind::malformed, std::move(why)); }

/// What goes into a header field, a URL or onto a terminal has no place for control characters.
bool is_clean(std::string_view text) {
  return text::valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
         });
}

/// A token is visible ASCII (RFC 6750 section 2.1 allows less).
bool is_token(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// The members of the document, each a string that is clean if it is there.
class Reader {
 public:
  explicit Reader(const json::Value& document) : document_(document) {}

  std::string text(std::string_view key, bool needed = false) {
    const auto value = document_.at(key);
    const auto said = value.string();
    if (!said && !value.is_null()) fault(key, "is no string");
    if (needed && said.value_or("").empty()) fault(key, "is missing");
    if (!is_clean(said.value_or(""))) fault(key, "holds control characters");
    return said.value_or("");
  }
  std::string token(std::string_view key, bool needed = false) {
    auto said = text(key, needed);
    if (!is_token(said)) fault(key, "is no token");
    return said;
  }
  std::string url(std::string_view key, bool needed = false) {
    auto said = text(key, needed);
    if (!said.empty() && !net::Url::parse(said)) fault(key, "is no URL");
    return said;
  }
  std::optional<Clock::Wall> time(std::string_view key) {
    const auto value = document_.at(key);
    if (value.is_null()) return std::nullopt;
    const auto seconds = value.integer();
    if (!seconds || *seconds < 0 || *seconds > latest) {
      fault(key, "is no time");
      return std::nullopt;
    }
    return wall_of(*seconds);
  }
  void fault(std::string_view key, std::string_view what) {
    if (why_.empty()) why_ = fmt::format("'{}' {}", key, what);
  }
  const std::string& why() const { return why_; }

 private:
  const json::Value& document_;
  std::string why_{};
};

bool is_clean(const Client& client) {
  const auto all = {&client.issuer, &client.id, &client.secret, &client.auth_method, &client.name, &client.registration_uri};
  return std::all_of(all.begin(), all.end(), [](const auto* text) { return is_clean(*text); }) &&
         std::all_of(client.redirect_uris.begin(), client.redirect_uris.end(), [](const auto& uri) { return is_clean(uri); }) &&
         is_token(client.registration_token);
}

}  // namespace

void StoredGrant::take(const Tokens& tokens) {
  const auto all = after_refresh(tokens, refresh_token, scope);
  access_token = all.access_token;
  token_type = all.token_type.empty() ? "Bearer" : all.token_type;
  refresh_token = all.refresh_token;
  scope = all.scope;
  obtained = wall_of(seconds_of(tokens.received));
  expires.reset();
  if (tokens.expires_in)
    expires = wall_of(std::min(seconds_of(obtained) + std::clamp(*tokens.expires_in, std::int64_t{0}, latest), latest));
}

bool StoredGrant::expired(Clock::Wall now, std::chrono::seconds margin) const { return expires && *expires <= now + margin; }

std::string StoredGrant::key() const {
  const auto parts = json::strings({client.issuer, client.id, resource.empty() ? target : resource, person});
  return text::sha256_hex(parts.canonical()).substr(0, 32);
}

void StoredGrant::hide_secrets(Redactor& redactor) const {
  const std::vector<std::pair<std::string_view, std::string_view>> secrets{{"access_token", access_token},
                                                                           {"refresh_token", refresh_token},
                                                                           {"client_secret", client.secret},
                                                                           {"registration_token", client.registration_token},
                                                                           {"proof_key", proof_key}};
  for (const auto& [kind, secret] : secrets)
    if (!secret.empty()) redactor.add(kind, secret);
  if (!client.secret.empty()) redactor.add_basic_pair(text::percent_encode(client.id), text::percent_encode(client.secret));
}

std::string format_grant(const StoredGrant& grant) {
  const auto time = [](const std::optional<Clock::Wall>& when) { return when ? json::num(seconds_of(*when)) : json::Value(); };
  return json::Value::object({{"version", json::num(version)},
                              {"target", json::str(grant.target)},
                              {"resource", json::str(grant.resource)},
                              {"person", json::str(grant.person)},
                              {"client", client_to_json(grant.client)},
                              {"access_token", json::str(grant.access_token)},
                              {"token_type", json::str(grant.token_type)},
                              {"refresh_token", json::str(grant.refresh_token)},
                              {"scope", grant.scope ? json::str(*grant.scope) : json::Value()},
                              {"requested_scope", json::str(grant.requested_scope)},
                              {"obtained", time(grant.obtained)},
                              {"expires", time(grant.expires)},
                              {"token_endpoint", json::str(grant.token_endpoint)},
                              {"revocation_endpoint", json::str(grant.revocation_endpoint)},
                              {"proof_key", json::str(grant.proof_key)},
                              {"login", json::str(grant.login)}})
             .pretty() +
         "\n";
}

Result<StoredGrant> parse_grant(std::string_view text) {
  const auto document = MCPROVE_TRY(json::parse(text, {.bytes = largest_file, .depth = 16, .values = 4096}));
  if (!document.is_object()) return no_grant("it is no JSON object");
  if (document.integer("version") != version) return no_grant("its version is unknown");
  Reader read(document);
  StoredGrant grant;
  grant.target = read.url("target", true);
  grant.resource = read.text("resource");
  grant.person = read.text("person");
  grant.client = client_from_json(document.at("client"));
  grant.access_token = read.token("access_token", true);
  grant.token_type = read.token("token_type", true);
  grant.refresh_token = read.token("refresh_token");
  if (document.at("scope").is_string()) grant.scope = read.text("scope");
  grant.requested_scope = read.text("requested_scope");
  grant.obtained = read.time("obtained").value_or(Clock::Wall{});
  grant.expires = read.time("expires");
  grant.token_endpoint = read.url("token_endpoint", true);
  grant.revocation_endpoint = read.url("revocation_endpoint");
  grant.proof_key = read.text("proof_key");
  grant.login = read.text("login");
  if (grant.client.id.empty() || grant.client.issuer.empty()) read.fault("client", "names no id or no issuer");
  if (!is_clean(grant.client)) read.fault("client", "holds control characters");
  if (!read.why().empty()) return no_grant(read.why());
  return grant;
}

GrantStore::GrantStore(std::string state_dir) {
  if (state_dir.empty()) state_dir = default_state_dir();
  if (!state_dir.empty()) directory_ = state_dir + "/grants";
}

Result<StoredGrant> GrantStore::read(const std::string& path) const {
  auto grant = parse_grant(MCPROVE_TRY(read_private(path, largest_file)));
  const auto shown = text::one_line(path, 200);
  if (!grant)
    return failure(Error::Kind::usage,
                   fmt::format("'{}' is not a grant that mcprove kept: {}; remove it", shown, grant.error().message));
  // A grant that was put under another's name would be sent where the other belongs.
  if (fs::path(path).stem() != grant->key())
    return failure(Error::Kind::usage, fmt::format("'{}' holds a grant that belongs elsewhere; remove it", shown));
  return grant;
}

GrantStore::Listed GrantStore::list() const {
  Listed listed;
  struct stat status{};
  if (directory_.empty() || ::lstat(directory_.c_str(), &status) != 0) return listed;
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    listed.problems.push_back({Error::Kind::usage, fmt::format("'{}' is not a directory of yours alone: chmod 700, or remove it",
                                                               text::one_line(directory_, 200))});
    return listed;
  }
  std::vector<std::string> paths;
  std::error_code ec;
  for (fs::directory_iterator it(directory_, ec), end; !ec && it != end; it.increment(ec))
    if (it->path().extension() == suffix) paths.push_back(it->path().string());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    auto grant = read(path);
    if (grant) listed.grants.push_back(*std::move(grant));
    else if (grant.error().kind != Error::Kind::unavailable) listed.problems.push_back(grant.error());
  }
  std::stable_sort(listed.grants.begin(), listed.grants.end(), [](const StoredGrant& a, const StoredGrant& b) {
    return std::tie(a.target, a.person, a.client.issuer) < std::tie(b.target, b.person, b.client.issuer);
  });
  return listed;
}

Result<std::vector<StoredGrant>> GrantStore::of_target(std::string_view target) const {
  auto all = list();
  if (!all.problems.empty()) return tl::unexpected(all.problems.front());
  std::erase_if(all.grants, [&](const StoredGrant& grant) { return grant.target != target; });
  return std::move(all.grants);
}

Result<void> GrantStore::keep(const StoredGrant& grant) const {
  if (directory_.empty()) return failure(Error::Kind::usage, "no place to keep grants: neither XDG_STATE_HOME nor HOME is set");
  // What could not be read again is not kept: a server may have put anything into a grant.
  const auto content = format_grant(grant);
  if (const auto readable = parse_grant(content); !readable)
    return failure(Error::Kind::malformed, fmt::format("the grant cannot be kept: {}", readable.error().message));
  return write_private(directory_, grant.key() + std::string(suffix), content);
}

Result<bool> GrantStore::remove(const StoredGrant& grant) const {
  std::error_code ec;
  const bool gone = fs::remove(fs::path(directory_) / (grant.key() + std::string(suffix)), ec);
  if (ec) return failure(Error::Kind::usage, fmt::format("cannot remove a grant from '{}'", text::one_line(directory_, 200)));
  return gone;
}

Result<GrantStore::Turn> GrantStore::take_turn(const StoredGrant& grant) const {
  const auto path = directory_ + "/" + grant.key() + std::string(suffix);
  auto turn = MCPROVE_TRY(FileTurn::take(path, patience));
  return Turn{std::move(turn), MCPROVE_TRY(read(path))};
}

}  // namespace mcprove::oauth
