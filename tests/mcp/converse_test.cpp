// A client that can be asked something back: by requests on a stream, and by results that want input.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/client.h"
#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::answer;
using test::body_of;
using test::events;
using test::id_of;
using test::method_of;
using test::parsed;
using test::result_for;
using test::Wired;
using testing::ElementsAre;

const char* const welcome = R"({"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s"}})";

std::string event(const std::string& id, const std::string& data) { return "id: " + id + "\nretry: 500\ndata: " + data + "\n\n"; }

std::string answer_to(const net::Request& request, const std::string& text) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"result":{"content":[{"type":"text","text":")" + text + R"("}]}})";
}

struct Conversation : testing::Test {
  std::vector<std::string> asked{};  // of us

  Client::Options options() {
    Client::Options options;
    options.capabilities = parsed(R"({"elicitation":{}})");
    options.answer = [this](std::string_view method, const json::Value& params) -> std::optional<json::Value> {
      asked.push_back(std::string(method) + " " + params.dump());
      if (method != "elicitation/create") return std::nullopt;
      return parsed(R"({"action":"accept","content":{"n":1}})");
    };
    return options;
  }
};

/// A server of the handshake wire that has no stream to listen on; `call` answers tools/call.
test::ScriptedTransport::Answer server(std::function<net::Response(const net::Request&)> call,
                                       std::function<net::Response(const net::Request&)> stream = {}) {
  return [call = std::move(call), stream = std::move(stream)](const net::Request& request) -> Result<net::Response> {
    if (request.method == "GET") return stream ? stream(request) : answer(405, "");
    if (request.method == "DELETE") return answer(200, "");
    const auto method = method_of(request);
    if (method == "initialize") return result_for(request, welcome);
    if (method == "tools/call") return call(request);
    return answer(202, "", "");
  };
}

TEST_F(Conversation, AnswersWhatTheServerAsksOnItsStream) {
  Wired wired(server([](const net::Request& request) {
    return events(
        "data: " + std::string(R"({"jsonrpc":"2.0","id":"q-1","method":"elicitation/create","params":{"message":"?"}})") +
        "\n\ndata: " + answer_to(request, "thanks") + "\n\n");
  }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  const auto outcome = client.call("tools/call").value();
  EXPECT_EQ(outcome.answer, Answer::accepted);
  EXPECT_THAT(asked, ElementsAre(R"(elicitation/create {"message":"?"})"));
  const auto sent = body_of(wired.transport.requests().back());
  EXPECT_EQ(sent.string("id"), "q-1") << "the answer belongs to no request of the server's";
  EXPECT_EQ(sent.at("result").string("action"), "accept");
  EXPECT_FALSE(sent.has("method"));
}

TEST_F(Conversation, SaysWhenItCannotAnswer) {
  Wired wired(server([](const net::Request& request) {
    return events("data: " + std::string(R"({"jsonrpc":"2.0","id":4,"method":"sampling/createMessage"})") +
                  "\n\ndata: " + answer_to(request, "so be it") + "\n\n");
  }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  ASSERT_TRUE(client.call("tools/call"));
  const auto sent = body_of(wired.transport.requests().back());
  EXPECT_EQ(sent.integer("id"), 4);
  EXPECT_EQ(sent.at("error").integer("code"), code::method_not_found);
}

TEST_F(Conversation, ListensOnTheServersOwnStreamToo) {
  Wired wired(server([](const net::Request& request) { return events("data: " + answer_to(request, "ok") + "\n\n"); },
                     [](const net::Request&) {
                       return events("data: " + std::string(R"({"jsonrpc":"2.0","id":9,"method":"ping"})") + "\n\n");
                     }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  ASSERT_TRUE(client.call("tools/call"));
  EXPECT_THAT(asked, ElementsAre("ping null"));
}

TEST_F(Conversation, TakesAStreamUpAgainWhereItEndedAndNotTooEarly) {
  std::string late;
  Wired wired(server(
      [&](const net::Request& request) {
        late = answer_to(request, "late");
        return events(event("e-7", ""));
      },
      [&](const net::Request& request) {
        return request.headers.has("Last-Event-ID") ? events(event("e-8", late)) : answer(405, "");
      }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  const auto before = wired.clock.tick();
  const auto outcome = client.call("tools/call").value();
  EXPECT_EQ(outcome.answer, Answer::accepted);
  EXPECT_EQ(outcome.result().at("content").at(0).string("text"), "late");
  EXPECT_EQ(wired.transport.requests().back().headers.find("Last-Event-ID"), "e-7");
  EXPECT_EQ(wired.clock.tick() - before, std::chrono::milliseconds(500));
}

TEST_F(Conversation, DoesNotComeBackForEver) {
  int streams = 0;
  Wired wired(server([](const net::Request&) { return events(event("e-1", "")); },
                     [&](const net::Request&) {
                       ++streams;
                       return events(event("e-1", ""));
                     }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  EXPECT_EQ(client.call("tools/call").error().kind, Error::Kind::network);
  EXPECT_LE(streams, 7);
}

TEST_F(Conversation, AStreamWithoutEventIdsIsNotTakenUpAgain) {
  Wired wired(server([](const net::Request&) { return events("data: \n\n"); }));
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, options());
  EXPECT_EQ(client.call("tools/call").error().kind, Error::Kind::network);
}

/// A server of the stateless wire that wants input once, then gives `last`.
struct Rounds : Conversation {
  std::vector<json::Value> params{};
  Wired wired{[this](const net::Request& request) -> Result<net::Response> {
    params.push_back(body_of(request).at("params").without("_meta"));
    ids.push_back(id_of(request));
    return result_for(request, results.at(std::min(ids.size(), results.size()) - 1));
  }};
  std::vector<std::string> ids{};
  std::vector<std::string> results{};

  Result<Outcome> call() {
    Client client(wired.recorder, {Wire::stateless, test::target, ""}, options());
    return client.call("tools/call", parsed(R"({"name":"t"})"));
  }
};

constexpr auto wants = R"({"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{}}}})";
constexpr auto wants_with_state =
    R"({"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{}}},"requestState":"s {1} "})";
constexpr auto done = R"({"resultType":"complete","content":[]})";

TEST_F(Rounds, BringTheInputAndTheStateAsItCame) {
  results = {wants_with_state, done};
  const auto outcome = call().value();
  EXPECT_EQ(outcome.result().string("resultType"), "complete");
  ASSERT_EQ(params.size(), 2U);
  EXPECT_EQ(params[1].dump(),
            R"({"name":"t","inputResponses":{"a":{"action":"accept","content":{"n":1}}},"requestState":"s {1} "})");
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(Rounds, InventNoState) {
  results = {wants, done};
  ASSERT_TRUE(call());
  ASSERT_EQ(params.size(), 2U);
  EXPECT_FALSE(params[1].has("requestState"));
}

TEST_F(Rounds, DoNotCarryAnOldStateOn) {
  results = {wants_with_state, wants, done};
  ASSERT_TRUE(call());
  ASSERT_EQ(params.size(), 3U);
  EXPECT_FALSE(params[2].has("requestState"));
}

TEST_F(Rounds, EndWhereTheClientHasNoAnswer) {
  results = {R"({"resultType":"input_required","inputRequests":{"a":{"method":"sampling/createMessage"}}})", done};
  EXPECT_EQ(call()->result().string("resultType"), "input_required");
  EXPECT_EQ(params.size(), 1U);
}

TEST_F(Rounds, EndSomewhere) {
  results = {wants};
  ASSERT_TRUE(call());
  EXPECT_LE(params.size(), 9U);
}

TEST_F(Rounds, AResultWithoutATypeIsComplete) {
  results = {R"({"content":[],"inputRequests":{"a":{"method":"elicitation/create"}}})", done};
  ASSERT_TRUE(call());
  EXPECT_EQ(params.size(), 1U);
}

}  // namespace
}  // namespace mcprove::mcp
