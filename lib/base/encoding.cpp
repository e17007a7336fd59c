#include <algorithm>
#include <array>
#include <memory>

#include <openssl/evp.h>

#include "base/text.h"

namespace mcprove::text {

namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::uint32_t byte(char c) { return static_cast<unsigned char>(c); }

std::string encode(std::string_view raw, std::string_view alphabet, bool padded) {
  std::string out;
  out.reserve((raw.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, raw.size() - i);
    std::uint32_t group = byte(raw[i]) << 16U;
    if (have > 1) group |= byte(raw[i + 1]) << 8U;
    if (have > 2) group |= byte(raw[i + 2]);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= have) {
        out += alphabet[(group >> (18U - 6U * k)) & 0x3fU];
      } else if (padded) {
        out += '=';
      }
    }
  }
  return out;
}

constexpr std::array<std::int8_t, 256> base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < 64; ++i) {
    values[static_cast<unsigned char>(standard[i])] = static_cast<std::int8_t>(i);
    values[static_cast<unsigned char>(url_safe[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

}  // namespace

std::string percent_encode(std::string_view raw) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(raw.size());
  for (const char c : raw) {
    if (unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += digits[byte(c) >> 4U];
      out += digits[byte(c) & 0xfU];
    }
  }
  return out;
}

std::string percent_decode(std::string_view s, bool plus_is_space) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
      out += static_cast<char>(static_cast<unsigned char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2])));
      i += 2;
    } else {
      out += s[i] == '+' && plus_is_space ? ' ' : s[i];
    }
  }
  return out;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += digits[b >> 4U];
    out += digits[b & 0xfU];
  }
  return out;
}

std::string base64_encode(std::string_view raw) { return encode(raw, standard, true); }

std::string base64url_encode(std::string_view raw) { return encode(raw, url_safe, false); }

std::optional<std::string> base64_decode(std::string_view s) {
  static constexpr auto values = base64_values();
  if (s.ends_with('=')) {
    if (s.size() % 4 != 0) return std::nullopt;
    s.remove_suffix(s.ends_with("==") ? 2 : 1);
  }
  if (s.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : s) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    group = ((group << 6U) | static_cast<std::uint32_t>(value)) & 0xffffffU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(static_cast<unsigned char>((group >> bits) & 0xffU));
  }
  return out;
}

std::string sha256(std::string_view raw) {
  // EVP_sha256() is looked up anew for every digest, which takes longer than to digest a short text.
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
  EVP_DigestUpdate(context.get(), raw.data(), raw.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  return std::string(digest.begin(), digest.begin() + size);
}

std::string sha256_hex(std::string_view raw) {
  const std::string digest = sha256(raw);
  return hex({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
}

}  // namespace mcprove::text
