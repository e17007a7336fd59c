#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/metadata.h"
#include "oauth/registration.h"
#include "oauth/token.h"

namespace mcprove::oauth {

/// client_secret_jwt or private_key_jwt (OpenID Connect Core section 9).
bool signs_assertions(const Client& client);

/// A JWT that proves who the client is (RFC 7523 section 3): iss and sub are the client, aud is the issuer and nothing else
/// (an endpoint as audience lets one server use it at another), good for a minute, once. Error::usage: no key for it.
Result<std::string> client_assertion(const Client& client, const std::string& issuer, const Signing& signing);

/// How a client with what it has authenticates at this server, by what the metadata lists: private_key_jwt with a key;
/// with a secret Basic, then post, then client_secret_jwt; none without either. Empty: the server takes none of them.
std::string method_for(const ServerMetadata& server, bool has_key, bool has_secret);

/// The algorithm of an assertion: the one given, else the first of the key's that the metadata lists, else the key's own.
std::string algorithm_for(const ServerMetadata& server, const jose::Key& key, const std::string& given = {});

}  // namespace mcprove::oauth
