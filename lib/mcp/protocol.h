#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mcprove::mcp {

/// The three wires of the protocol: HTTP+SSE (2024-11-05), Streamable HTTP with a handshake (2025-03-26 to 2025-11-25),
/// and the stateless one (2026-07-28).
enum class Wire : std::uint8_t { sse, handshake, stateless };
std::string_view name(Wire wire);  ///< "sse", "handshake", "stateless"
std::optional<Wire> wire_named(std::string_view text);

/// Published protocol revisions, oldest first; the only place that lists them.
inline constexpr std::array<std::string_view, 5> revisions{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"};
inline constexpr std::string_view newest_handshake = "2025-11-25";
inline constexpr std::string_view stateless_revision = "2026-07-28";
inline constexpr std::string_view sse_revision = "2024-11-05";
/// Dates compare as text, so >= works on revisions.
inline bool at_least(std::string_view revision, std::string_view minimum) { return revision >= minimum; }

/// JSON-RPC codes that carry meaning for an auditor.
namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int header_mismatch = -32020;      // 2026-07-28
inline constexpr int missing_capability = -32021;   // 2026-07-28
inline constexpr int unsupported_version = -32022;  // 2026-07-28
}  // namespace code

}  // namespace mcprove::mcp
