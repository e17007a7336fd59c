#include <mutex>
#include <set>

#include <fmt/format.h>

#include "json/json.h"
#include "support/odd_server.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "tool-hidden-callable";

TEST(ToolHiddenCallable, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(ToolHiddenCallable, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"hidden-tool-callable"}) EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ToolHiddenCallable, DoesNotCallWhatMightDoHarm) {
  const auto run = audit_lab(id, {}, {.options = [](Options& o) { o.effect = Effect::active; }});
  EXPECT_THAT(run, Case("user_disable, bob", Outcome::inconclusive));
  EXPECT_THAT(run, Case("users_list, bob", Outcome::pass));
}

/// A server whose second tool is in the list of the tokens that read it before anybody called it; of a later one, once it has
/// called the tool itself and `grows`.
class LateTool {
 public:
  explicit LateTool(bool grows) : grows_(grows) {}

  CheckRun audit() {
    OddServer server([this](const net::Request& request, std::string_view path) { return answer(request, path); });
    return server.audit(id);
  }

 private:
  std::optional<Result<net::Response>> answer(const net::Request& request, std::string_view path) {
    if (path != "/mcp") return {};
    const auto message = json::parse(request.body).value_or(json::Value());
    const auto method = message.string("method").value_or("");
    const auto token = request.headers.find("Authorization").value_or("");
    const auto named = [&](std::string_view name) { return message.at("params").string("name") == name; };
    const std::scoped_lock lock(mutex_);
    if (method == "tools/call" && named("sum")) {
      called_ = true;
      callers_.insert(token);
      return reply(message, R"("result":{"content":[{"type":"text","text":"2"}]})");
    }
    if (method == "tools/call" && !named("time")) return reply(message, R"("error":{"code":-32602,"message":"unknown tool"})");
    if (method != "tools/list" || !(early(token) || (grows_ && callers_.contains(token)))) return {};
    return reply(message,
                 R"("result":{"tools":[{"name":"sum","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},
      {"name":"time","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]})");
  }

  /// The first that reads: the full one.
  bool early(const std::string& token) {
    if (token.empty()) return false;
    if (!called_ && first_.empty()) first_ = token;
    return first_ == token;
  }

  static net::Response reply(const json::Value& message, std::string_view member) {
    return OddServer::json(200, fmt::format(R"({{"jsonrpc":"2.0","id":{},{}}})", message.at("id").dump(), member));
  }

  bool grows_;
  std::mutex mutex_;
  bool called_ = false;
  std::string first_;
  std::set<std::string> callers_;
};

TEST(ToolHiddenCallable, DoesNotTakeAListThatGrewForAHiddenTool) {
  EXPECT_THAT(LateTool(false).audit(), Case("sum, scope \"read\"", Outcome::fail)) << "the same, but the list stays as it was";
  EXPECT_THAT(LateTool(true).audit(), Case("sum, scope \"read\"", Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
