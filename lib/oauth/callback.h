#pragma once

#include <functional>
#include <string>

#include "net/scope.h"
#include "oauth/login.h"
#include "oauth/metadata.h"

namespace mcprove::oauth {

/// What a person's browser shows once the redirect is received.
inline constexpr const char* received = "mcprove has its answer. You may close this page.";

/// May a password be sent to this URL?
bool may_type_at(const LoginOptions& options, const std::string& url);

/// Puts what went before, its pages, redirects and exchanges, in front of what came after it.
void went_before(Authorization before, Authorization& after);

/// Fills in how an authorization ended: `location` is the redirect to the client; `fields` are those of a form_post, or
/// empty. Internal to lib/oauth.
void read_callback(const std::string& location, const net::Params& fields, Authorization& out);

/// Which redirects go to a client: to the redirect URI asked for; with our state and an answer, to any place but the
/// authorization server's own; with an answer, to a place that we know nothing of.
std::function<bool(const std::string&)> client_recogniser(const net::Params& request, const ServerMetadata& server,
                                                          const net::Scope& scope);

}  // namespace mcprove::oauth
