#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mcprove {

/// Knows every secret of a run and writes `access_token#1` instead of it: the kind, numbered in the order of registration.
/// Derived forms are known too: percent, JSON-escaped and base64 encodings, the Basic pair, each part of a JWT.
/// Secrets are registered where they are minted or received; every writer prints through redact(). Thread-safe.
class Redactor {
 public:
  Redactor();
  ~Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  /// `kind` is a word such as "access_token", "password", "code". Secrets shorter than 4 characters are replaced only
  /// where they stand alone between separators. Registering twice keeps the first name. Returns the placeholder.
  std::string add(std::string_view kind, std::string_view secret);
  /// "user:secret" as HTTP Basic sends it is derived from both.
  void add_basic_pair(std::string_view user, std::string_view secret);

  std::string redact(std::string_view text) const;
  /// The placeholder of an exact secret, or empty.
  std::string name_of(std::string_view secret) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mcprove
