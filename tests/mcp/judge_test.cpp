#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mcp/client.h"
#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::answer;
using test::parsed;

struct Row {
  const char* what;
  Answer expected;
  int status;
  const char* body;
  const char* type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.what; }

net::Response response_of(const Row& row) {
  auto response = answer(row.status, row.body, row.type);
  for (const auto& [name, value] : row.headers) response.headers.add(name, value);
  return response;
}

class JudgeTable : public testing::TestWithParam<Row> {};

TEST_P(JudgeTable, Judges) {
  const auto response = response_of(GetParam());
  const auto judged = judge(response, message_with_id(response, 1));
  EXPECT_EQ(name(judged.answer), name(GetParam().expected)) << judged.why;
  EXPECT_FALSE(judged.why.empty());
}

const char* const bearer =
    R"(Bearer error="invalid_token", resource_metadata="http://localhost/.well-known/oauth-protected-resource")";

INSTANTIATE_TEST_SUITE_P(
    Served, JudgeTable,
    testing::Values(
        Row{"list in JSON", Answer::accepted, 200, R"({"result":{"tools":[{"name":"echo"}]},"jsonrpc":"2.0","id":1})"},
        Row{"list in an event stream", Answer::accepted, 200,
            "id: 895b_1\ndata: \n\nevent: message\nid: 895b_2\ndata: "
            "{\"result\":{\"tools\":[]},\"jsonrpc\":\"2.0\",\"id\":1}\n\n",
            "text/event-stream"},
        Row{"our answer after a notification and a request of the server's with the same id", Answer::accepted, 200,
            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n"
            "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{}}\n\n"
            "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n",
            "text/event-stream"},
        Row{"batch", Answer::accepted, 200,
            R"([{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"x"}},{"jsonrpc":"2.0","id":1,"result":{}}])"},
        Row{"id as text", Answer::accepted, 200, R"({"jsonrpc":"2.0","id":"1","result":{"tools":[]}})"},
        Row{"error null beside the result", Answer::accepted, 200, R"({"jsonrpc":"2.0","id":1,"result":{},"error":null})"},
        Row{"JSON without a media type", Answer::accepted, 200, R"({"jsonrpc":"2.0","id":1,"result":{}})", ""},
        Row{"JSON labelled as a page", Answer::accepted, 200, R"({"jsonrpc":"2.0","id":1,"result":{}})", "text/html"},
        Row{"a tool's words about permissions, as a result", Answer::accepted, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"access denied"}]}})"},
        Row{"isError false", Answer::accepted, 200, R"({"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":false}})"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, JudgeTable,
    testing::Values(
        Row{"sdk: no token",
            Answer::denied,
            401,
            R"({"error":"invalid_token","error_description":"Missing Authorization header"})",
            "application/json; charset=utf-8",
            {{"WWW-Authenticate", bearer}}},
        Row{"401 without a challenge", Answer::denied, 401, "Unauthorized", "text/plain"},
        Row{"401 as a page", Answer::denied, 401, "<html>login</html>", "text/html"},
        Row{"step-up",
            Answer::denied,
            403,
            "",
            "",
            {{"WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="mcp:write")"}}},
        Row{"DPoP challenge after a Basic one",
            Answer::denied,
            403,
            "",
            "",
            {{"WWW-Authenticate", R"(Basic realm="x", DPoP algs="ES256")"}}},
        Row{"403 with OAuth's JSON", Answer::denied, 403, R"({"error":"insufficient_scope"})"},
        Row{"403 with JSON-RPC", Answer::denied, 403,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Origin"},"id":null})"},
        Row{"JSON-RPC error in a 200", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Unauthorized"}})"},
        Row{"JSON-RPC error with a null id", Answer::denied, 400,
            R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Not authenticated"}})"},
        Row{"HTTP's number in JSON-RPC", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32403,"message":"no"}})"},
        Row{"reason in the data", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Tool failed","data":{"code":"insufficient_scope"}}})"},
        Row{"missing scope by name", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"This tool requires the scope notes:write"}})"},
        Row{"invalid params that say forbidden", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Forbidden for this user"}})"},
        Row{"structured denial", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no","data":{"_meta":{"io.modelcontextprotocol/authorization":{"reason":"x"}}}}})"},
        Row{"structured denial of a tool", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[],"_meta":{"io.modelcontextprotocol/authorization":{}}}})"},
        Row{"isError: permission denied", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"Permission denied: admin role needed"}]}})"},
        Row{"isError: AccessDeniedException", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"AccessDeniedException"}]}})"},
        Row{"isError: not allowed to", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"You are not allowed to call delete_note"}]}})"},
        Row{"isError with the reason in structured content", Answer::denied, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[],"structuredContent":{"error":"forbidden"}}})"},
        Row{"denial in an event stream", Answer::denied, 200,
            "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32003,\"message\":\"Access denied\"}}\n\n",
            "text/event-stream"}));

INSTANTIATE_TEST_SUITE_P(
    Neither, JudgeTable,
    testing::Values(
        Row{"sdk-demo: bogus token is a 500", Answer::other, 500,
            R"({"error":"server_error","error_description":"Internal Server Error"})"},
        Row{"500 that says forbidden", Answer::other, 500,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Forbidden"}})"},
        Row{"403 from a firewall", Answer::other, 403, "<html><title>Attention Required! | Cloudflare</title></html>",
            "text/html"},
        Row{"403 in words", Answer::other, 403, "Forbidden", "text/plain"},
        Row{"403 page with a shield's field", Answer::other, 403, "{}", "application/json", {{"cf-mitigated", "challenge"}}},
        Row{"429", Answer::other, 429, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Forbidden"}})"},
        Row{"rate limit in JSON-RPC", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Rate limit: not allowed for 30 s"}})"},
        Row{"login page", Answer::other, 200, "<!DOCTYPE html><html>Please log in, unauthorized</html>", "text/html"},
        Row{"redirect to a login", Answer::other, 302, "", "", {{"Location", "/login"}}},
        Row{"sdk v1: no session", Answer::other, 400,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null})"},
        Row{"sdk v1: not initialized", Answer::other, 400,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null})"},
        Row{"sdk v1: session gone", Answer::other, 404,
            R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null})"},
        Row{"OAuth's invalid_request in a 400",
            Answer::other,
            400,
            R"({"error":"invalid_request"})",
            "application/json",
            {{"WWW-Authenticate", bearer}}},
        Row{"method not found", Answer::other, 404,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})"},
        Row{"method not found, rudely", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not allowed: forbidden"}})"},
        Row{"parse error with tokens", Answer::other, 400,
            R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: invalid token"}})"},
        Row{"unknown tool, and what it is called", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"MCP error -32602: Tool grant_permission_denied not found"}]}})"},
        Row{"sdk: validation as a tool error", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"MCP error -32602: Input validation error: Invalid arguments for tool echo: expected string"}]}})"},
        Row{"additional properties are not allowed", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Additional properties are not allowed ('audit')!"}})"},
        Row{"python: is not of type", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"Input validation error: {'audit': 'x'} is not of type 'string'"}]}})"},
        Row{"pydantic: extra inputs are not permitted", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"1 validation error for call[f]\nx\n  Extra inputs are not permitted"}]}})"},
        Row{"a property called scope", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"scope: Required"}})"},
        Row{"the file system's own denial", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"EACCES: permission denied, open '/srv/x'"}]}})"},
        Row{"a tool that failed", Answer::other, 200,
            R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"boom"}]}})"},
        Row{"another id", Answer::other, 200, R"({"jsonrpc":"2.0","id":2,"result":{"tools":[]}})"},
        Row{"result that is no object", Answer::other, 200, R"({"jsonrpc":"2.0","id":1,"result":null})"},
        Row{"result in a 400", Answer::other, 400, R"({"jsonrpc":"2.0","id":1,"result":{"tools":[]}})"},
        Row{"202 and silence", Answer::other, 202, "", ""}, Row{"200 and silence", Answer::other, 200, "", "text/event-stream"},
        Row{"405", Answer::other, 405, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."},"id":null})"},
        Row{"half a message", Answer::other, 200, R"({"jsonrpc":"2.0","id":1,"result":{"tools":[)"}));

TEST(SoftDenial, IsAShortOrdinaryResult) {
  EXPECT_TRUE(soft_denied(parsed(R"({"content":[{"type":"text","text":"Error: you do not have the required scope"}]})")));
  EXPECT_TRUE(soft_denied(parsed(R"({"content":[{"type":"text","text":"{\"error\":\"access_denied\"}"}]})")));
  EXPECT_FALSE(soft_denied(parsed(R"({"content":[{"type":"text","text":"access denied"}],"isError":true})")));
  EXPECT_FALSE(soft_denied(parsed(R"({"content":[{"type":"text","text":"three notes"}]})")));
  const auto padding = std::string(1024, 'x');
  EXPECT_FALSE(soft_denied(parsed(R"({"content":[{"type":"text","text":"access denied )" + padding + R"("}]})")));
  EXPECT_FALSE(soft_denied(json::Value{}));
}

TEST(DenialText, IsMatchedOnWords) {
  for (const auto* text :
       {"UNAUTHORIZED", "insufficient_scope", "InsufficientPermissions", "Token has expired", "Missing Authorization header",
        "You don't have access", "Authentication is required", "you lack the role editor", "Access to this tool is forbidden"}) {
    EXPECT_TRUE(denial_text(text)) << text;
  }
  for (const auto* text : {"", "telescope", "the scope of the project", "permission to dance", "Unexpected token < in JSON",
                           "author unknown", "forbiddenfruit is a package", "required", "role model", "no results"}) {
    EXPECT_FALSE(denial_text(text)) << text;
  }
  EXPECT_FALSE(denial_text(std::string(4000, ' ') + "access denied")) << "far into a long text it is content";
}

}  // namespace
}  // namespace mcprove::mcp
