#include "oauth/login_words.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view approving[] = {
    "allow",     "approve",   "authorize",    "authorise", "continue",  "accept",    "yes",       "agree",
    "grant",     "confirm",   "consent",      "proceed",   "sign in",   "signin",    "log in",    "login",
    "log on",    "logon",     "next",         "ok",        "submit",    "permit",    "connect",   "zulassen",
    "erlauben",  "anmelden",  "weiter",       "zustimmen", "einloggen", "ja",        "autoriser", "accepter",
    "continuer", "connexion", "se connecter", "oui",       "permitir",  "autorizar", "aceptar",   "aceitar",
    "continuar", "entrar",    "consenti",     "accetta",   "accedi",    "continua"};

constexpr std::string_view granting[] = {"allow",     "approve",  "authorize", "authorise", "accept",   "agree",
                                         "grant",     "consent",  "permit",    "zulassen",  "erlauben", "zustimmen",
                                         "autoriser", "accepter", "permitir",  "autorizar", "aceptar"};

constexpr std::string_view declining[] = {
    "deny",   "cancel",    "reject",   "decline",  "refuse",    "no",        "not",      "don't",    "dont",
    "do not", "abort",     "back",     "disagree", "disallow",  "log out",   "logout",   "sign out", "signout",
    "switch", "different", "another",  "forgot",   "forgotten", "reset",     "register", "sign up",  "signup",
    "create", "revoke",    "close",    "exit",     "later",     "skip",      "help",     "delete",   "remove",
    "search", "language",  "show",     "resend",   "ablehnen",  "abbrechen", "nein",     "annuler",  "refuser",
    "non",    "denegar",   "cancelar", "rechazar", "annulla",   "rifiuta",   "negar",    "recusar"};

constexpr std::string_view oauth_errors[] = {"invalid_request",
                                             "invalid_client",
                                             "unauthorized_client",
                                             "access_denied",
                                             "unsupported_response_type",
                                             "unsupported_response_mode",
                                             "invalid_scope",
                                             "invalid_redirect_uri",
                                             "redirect_uri_mismatch",
                                             "invalid_target",
                                             "invalid_grant",
                                             "unregistered redirect",
                                             "invalid_request_uri",
                                             "invalid_request_object",
                                             "request_not_supported",
                                             "invalid client",
                                             "unknown client",
                                             "client not found",
                                             "client is not registered",
                                             "no such client",
                                             "application not found",
                                             "unknown application",
                                             "invalid application",
                                             "client does not exist",
                                             "unsupported response",
                                             "invalid scope",
                                             "unknown scope",
                                             "invalid response type",
                                             "invalid response_type",
                                             "missing response_type",
                                             "missing parameter",
                                             "missing required parameter",
                                             "invalid parameter",
                                             "missing client_id",
                                             "invalid redirect",
                                             "redirect mismatch"};

constexpr std::string_view request_parts[] = {
    "redirect uri",   "redirect_uri", "redirect url",  "callback url",  "client_id", "client id", "code_challenge",
    "code challenge", "pkce",         "response_type", "response_mode", "scope",     "resource",  "authorization request"};
constexpr std::string_view complaints[] = {
    "mismatch",  "invalid", "not registered", "unregistered", "not allowed", "not match",     "doesn't match", "missing",
    "not valid", "unknown", "not found",      "required",     "unsupported", "not supported", "rejected",      "malformed"};

constexpr std::string_view credentials[] = {"password", "credential", "username", "user name", "login", "log in",
                                            "sign in",  "email",      "e-mail",   "account",   "user"};
constexpr std::string_view wrong[] = {"incorrect",   "invalid",       "wrong",         "bad ",         "failed",
                                      "not recogni", "doesn't match", "did not match", "do not match", "unknown",
                                      "not found",   "couldn't find", "try again",     "locked",       "disabled"};

constexpr std::string_view choosers[] = {
    "choose an account", "select an account", "pick an account", "choose account", "select account", "choose how",
    "select how",        "sign in with",      "sign in using",   "log in with",    "log in using",   "login with",
    "login using",       "continue with",     "continue using",  "choose a login", "select a login", "identity provider"};
constexpr std::string_view providers[] = {"google", "github", "gitlab",         "microsoft", "azure",     "entra", "facebook",
                                          "apple",  "okta",   "twitter",        "linkedin",  "bitbucket", "slack", "discord",
                                          "saml",   "sso",    "single sign-on", "amazon",    "yahoo"};

constexpr std::string_view user_words[] = {"username", "user name", "user_name",  "userid",   "user id",     "user_id", "login",
                                           "email",    "e-mail",    "identifier", "account",  "user",        "handle",  "logon",
                                           "signin",   "principal", "uid",        "benutzer", "utilisateur", "usuario", "utente"};
constexpr std::string_view other_fields[] = {"captcha",  "otp",       "totp",         "one-time",     "verification",
                                             "search",   "coupon",    "first name",   "last name",    "firstname",
                                             "lastname", "company",   "organization", "organisation", "tenant",
                                             "domain",   "user_code", "user code",    "device code"};
constexpr std::string_view one_time[] = {"one-time", "one time",          "otp",           "totp",          "2fa",
                                         "mfa",      "verification code", "security code", "authenticator", "passcode"};

bool contains_any(std::string_view haystack, Words needles) {
  return std::any_of(needles.begin(), needles.end(),
                     [&](std::string_view needle) { return haystack.find(needle) != std::string_view::npos; });
}

/// Lower case, with one space around and between words.
std::string spaced(std::string_view words) {
  std::string out = " ";
  for (const char c : text::lower(words.substr(0, 512))) {
    const auto u = static_cast<unsigned char>(c);
    const bool part = (u >= 'a' && u <= 'z') || (u >= '0' && u <= '9') || c == '\'' || u >= 0x80;
    if (part) out += c;
    else if (out.back() != ' ') out += ' ';
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

bool has_word(std::string_view words, Words known) {
  const auto padded = spaced(words);
  return std::any_of(known.begin(), known.end(), [&](std::string_view word) {
    const auto at = padded.find(word);
    if (at == std::string::npos) return false;
    return padded.find(" " + std::string(word) + " ") != std::string::npos;
  });
}

}  // namespace

bool approves(std::string_view words) { return has_word(words, approving) && !declines(words); }

bool declines(std::string_view words) { return has_word(words, declining); }

bool grants(std::string_view words) { return has_word(words, granting); }

bool reads_like_oauth_error(std::string_view words) {
  const auto text = text::lower(words.substr(0, 8192));
  if (contains_any(text, oauth_errors)) return true;
  // A complaint close to the part of the request that it is about, not somewhere on a long page.
  for (const auto part : request_parts) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      const auto from = at < 60 ? 0 : at - 60;
      if (contains_any(std::string_view(text).substr(from, 60 + part.size() + 60), complaints)) return true;
    }
  }
  return false;
}

bool reads_like_wrong_password(std::string_view words) {
  const auto text = text::lower(words.substr(0, 8192));
  return contains_any(text, credentials) && contains_any(text, wrong);
}

bool reads_like_chooser(std::string_view words) { return contains_any(text::lower(words.substr(0, 8192)), choosers); }

bool names_identity_provider(std::string_view words) { return contains_any(text::lower(words.substr(0, 512)), providers); }

int user_field_score(std::string_view name, std::string_view label, std::string_view type, std::string_view autocomplete) {
  if (type != "text" && type != "email" && type != "tel") return 0;
  const auto names = text::lower(name.substr(0, 256));
  const auto labels = text::lower(label.substr(0, 256));
  if (contains_any(names, other_fields) || contains_any(labels, one_time) || autocomplete == "one-time-code") return 0;
  int score = type == "email" ? 6 : 1;
  if (autocomplete.find("username") != std::string_view::npos || autocomplete.find("email") != std::string_view::npos)
    score += 10;
  if (contains_any(names, user_words)) score += 8;
  if (contains_any(labels, user_words)) score += 6;
  return score;
}

bool asks_one_time_code(std::string_view name, std::string_view label, std::string_view autocomplete) {
  return autocomplete == "one-time-code" || contains_any(text::lower(name.substr(0, 256)), one_time) ||
         contains_any(text::lower(label.substr(0, 256)), one_time);
}

}  // namespace mcprove::oauth
