#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mcprove::oauth {

// What the words on login pages mean. English first, and the commonest words of other languages.

/// A button's or link's words: it consents or goes on; it refuses, or leads elsewhere.
bool approves(std::string_view words);
bool declines(std::string_view words);
/// Stronger than approves(): the words give access, rather than only go on.
bool grants(std::string_view words);

/// The words are those of an OAuth error: invalid_request, redirect_uri mismatch, unknown client, ...
bool reads_like_oauth_error(std::string_view words);
/// User or password were not right.
bool reads_like_wrong_password(std::string_view words);
/// The person is to choose an account or a way to log in.
bool reads_like_chooser(std::string_view words);
/// A way to log in that some other company provides.
bool names_identity_provider(std::string_view words);
/// How likely a field with this name and label takes the user's name; 0: not at all.
int user_field_score(std::string_view name, std::string_view label, std::string_view type, std::string_view autocomplete);
/// A one-time code, from an app, a mail or a message.
bool asks_one_time_code(std::string_view name, std::string_view label, std::string_view autocomplete);

}  // namespace mcprove::oauth
