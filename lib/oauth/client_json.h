#pragma once

#include "json/json.h"
#include "oauth/registration.h"

namespace mcprove::oauth {

/// A client as our own files keep it: RFC 7591's names, and the issuer it belongs to. Secrets included.
json::Value client_to_json(const Client& client);
/// What is missing or of another type stays empty.
Client client_from_json(const json::Value& value);

}  // namespace mcprove::oauth
