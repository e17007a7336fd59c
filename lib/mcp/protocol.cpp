#include "mcp/protocol.h"

namespace mcprove::mcp {

std::string_view name(Wire wire) {
  switch (wire) {
    case Wire::sse: return "sse";
    case Wire::handshake: return "handshake";
    case Wire::stateless: return "stateless";
  }
  return "handshake";
}

std::optional<Wire> wire_named(std::string_view text) {
  for (const auto wire : {Wire::sse, Wire::handshake, Wire::stateless}) {
    if (name(wire) == text) return wire;
  }
  return std::nullopt;
}

}  // namespace mcprove::mcp
