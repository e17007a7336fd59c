#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/verdict.h"
#include "jose/jws.h"
#include "json/json.h"

namespace mcprove {

/// What can be known of an access token: from the token response, from the token itself (JWT), from introspection.
struct TokenView {
  std::optional<jose::Jws> jws{};  ///< empty: opaque
  json::Value introspection{};     ///< null: none answered
  bool introspected() const { return introspection.is_object(); }
  bool readable() const { return jws.has_value() || introspected(); }

  std::optional<std::vector<std::string>> scopes{};        ///< from response `scope`, claims scope|scp|permissions, introspection
  std::string scope_source{};                              ///< "response", "claims", "introspection"
  std::optional<std::vector<std::string>> claim_scopes{};  ///< of claims or introspection only
  std::optional<std::vector<std::string>> audience{};      ///< aud of claims or introspection; empty vector: no aud
  std::optional<std::chrono::seconds> promised{};          ///< expires_in
  std::optional<std::chrono::seconds> written{};           ///< exp - iat of the JWT, or exp - Date
  std::optional<std::chrono::seconds> introspected_left{};  ///< introspection exp - Date
  std::optional<std::chrono::seconds> lifetime() const;     ///< the shortest of those known
  std::string subject{};
  std::string issuer{};
  std::string client_id{};
  std::vector<Citation> evidence{};
  json::Value claims() const;  ///< of the JWT, else introspection, else null
};

/// Space-separated scopes as a list without duplicates, in order.
std::vector<std::string> scope_list(std::string_view text);
std::string scope_text(const std::vector<std::string>& scopes);
/// True for names such as admin, write, delete, *, full_access; false for identity scopes and plain read scopes.
bool is_privileged_scope(std::string_view scope);
bool is_identity_scope(std::string_view scope);  ///< openid, profile, email, phone, address, offline_access

}  // namespace mcprove
