#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mcp/catalogue.h"
#include "mcp/client.h"

// First byte: status and media type. The rest is the body, which is also read as a tool and as the text of an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  if (size == 0) return 0;
  constexpr std::array statuses{200, 202, 302, 400, 401, 403, 404, 500};
  constexpr std::array types{"application/json", "text/event-stream", "text/html", ""};
  net::Response response;
  response.status = statuses.at(data[0] % statuses.size());
  response.headers.add("Content-Type", types.at((data[0] / statuses.size()) % types.size()));
  response.body.assign(data + 1, data + size);

  const auto message = mcp::message_with_id(response, 1);
  const auto judged = mcp::judge(response, message);
  if (judged.why.empty()) std::abort();
  if (judged.answer == Answer::accepted && (response.status >= 300 || !message.at("result").is_object())) std::abort();
  if (response.status == 401 && judged.answer != Answer::denied) std::abort();
  static_cast<void>(mcp::soft_denied(message.at("result")));
  static_cast<void>(mcp::denial_text(response.body));

  const auto raw = json::parse(response.body).value_or(json::Value{});
  const mcp::Tool tool{.name = raw.string("name").value_or(response.body.substr(0, 64)), .raw = raw};
  if (tool.harmless() && tool.mutating()) std::abort();
  if (const auto arguments = mcp::sentinel_arguments(tool, "nonce"); arguments && arguments->size() < 2) std::abort();
  const mcp::Endpoint endpoint{mcp::Wire::stateless, "http://127.0.0.1/mcp", {}};
  for (const auto& [name, value] : mcp::build_request(endpoint, "tools/call", raw, 1, {}).headers.fields) {
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) std::abort();
  }
  return 0;
}
