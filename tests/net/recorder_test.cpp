#include "net/recorder.h"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_transport.h"

namespace mcprove::net {
namespace {

using test::ScriptedTransport;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

// 1994-11-06 08:49:37 UTC, the date that RFC 9110 writes.
constexpr Clock::Wall start{std::chrono::seconds(784111777)};

struct Bench {
  explicit Bench(ScriptedTransport script, PaceOptions pace = {})
      : transport(std::move(script)), recorder(transport, scope, transcript, clock, pace) {
    scope.name_origin("https://a.example", Reach::active);
    scope.name_origin("https://b.example", Reach::active);
  }
  Result<Reply> get(std::string url = "https://a.example/") { return recorder.send({.url = std::move(url)}); }
  Error::Kind kind(std::string url = "https://a.example/") {
    const auto reply = get(std::move(url));
    return reply ? Error::Kind::usage : reply.error().kind;
  }

  ScriptedTransport transport;
  Scope scope;
  Transcript transcript;
  ManualClock clock{start};
  Recorder recorder;
};

Response limited(std::string retry_after) { return {.status = 429, .headers = {{{"Retry-After", std::move(retry_after)}}}}; }

TEST(Recorder, RecordsWhatWasSaidAndHeard) {
  Bench bench(ScriptedTransport({.status = 200, .body = "yes"}));
  const auto reply =
      bench.recorder.send({.url = "https://a.example/x", .enough = [](std::string_view) { return true; }, .purpose = "probe"});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->response.body, "yes");
  const auto& exchange = bench.transcript.at(reply->id);
  EXPECT_EQ(exchange.request.url, "https://a.example/x");
  EXPECT_EQ(exchange.request.purpose, "probe");
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_FALSE(exchange.error);
  EXPECT_FALSE(exchange.request.enough);
  EXPECT_TRUE(bench.transport.requests()[0].enough);
}

TEST(Recorder, RecordsErrorsToo) {
  Bench bench(ScriptedTransport([](const Request&) -> Result<Response> { return failure(Error::Kind::timeout, "too late"); }));
  EXPECT_EQ(bench.kind(), Error::Kind::timeout);
  ASSERT_EQ(bench.transcript.size(), 1U);
  EXPECT_FALSE(bench.transcript.at(ExchangeId{0}).response);
  EXPECT_EQ(bench.transcript.at(ExchangeId{0}).error->message, "too late");
}

TEST(Recorder, SendsNothingOutOfScope) {
  Bench bench(ScriptedTransport(Response{.status = 200}));
  EXPECT_EQ(bench.kind("https://evil.example/"), Error::Kind::out_of_scope);
  EXPECT_EQ(bench.recorder.open({.url = "https://evil.example/"}).error().kind, Error::Kind::out_of_scope);
  EXPECT_THAT(bench.transport.requests(), IsEmpty());
  EXPECT_EQ(bench.transcript.size(), 0U);
}

TEST(Recorder, KeepsTheTimes) {
  Bench* running = nullptr;
  Bench bench(ScriptedTransport([&running](const Request&) {
    running->clock.advance(30ms);
    return Response{.status = 200};
  }));
  running = &bench;
  ASSERT_TRUE(bench.get());
  const auto& exchange = bench.transcript.at(ExchangeId{0});
  EXPECT_EQ(exchange.ended - exchange.began, 30ms);
}

TEST(Recorder, SendsNothingToAPlaceThatAskedForAPause) {
  Bench bench(ScriptedTransport::replies({limited("20"), {.status = 200}, {.status = 200}, {.status = 200}}));
  EXPECT_EQ(bench.get("https://a.example/token?x=1")->response.status, 429);
  EXPECT_EQ(bench.kind("https://a.example/token"), Error::Kind::rate_limited);
  EXPECT_TRUE(bench.get("https://a.example/other"));
  EXPECT_TRUE(bench.get("https://b.example/token"));
  bench.clock.advance(19s);
  EXPECT_EQ(bench.kind("https://a.example/token"), Error::Kind::rate_limited);
  bench.clock.advance(1s);
  EXPECT_TRUE(bench.get("https://a.example/token"));
  EXPECT_EQ(bench.transcript.size(), 4U);
}

TEST(Recorder, WaitsWithinItsPatience) {
  Bench bench(ScriptedTransport::replies({limited("20"), limited("70"), {.status = 200}}), {.patience = 1min});
  const auto before = bench.clock.tick();
  EXPECT_TRUE(bench.get());
  EXPECT_TRUE(bench.get());
  EXPECT_EQ(bench.clock.tick() - before, 20s);
  EXPECT_EQ(bench.kind(), Error::Kind::rate_limited);
}

TEST(Recorder, ReadsRetryAfter) {
  const std::vector<std::pair<std::string, std::optional<std::chrono::seconds>>> rows{{"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
                                                                                      {"Sun, 06 Nov 1994 08:00:00 GMT", {}},
                                                                                      {" 5 ", 5s},
                                                                                      {"0", {}},
                                                                                      {"-5", {}},
                                                                                      {"soon", {}},
                                                                                      {"", {}},
                                                                                      {"5 minutes", {}},
                                                                                      {"99999999999999999999", {}},
                                                                                      {"1.5", {}}};
  for (const auto& [value, wait] : rows) {
    Bench bench(ScriptedTransport::replies({limited(value), {.status = 200}}), {.patience = 1h});
    const auto before = bench.clock.tick();
    EXPECT_TRUE(bench.get());
    EXPECT_TRUE(bench.get()) << value;
    EXPECT_EQ(bench.clock.tick() - before, wait.value_or(0s)) << value;
  }
}

TEST(Recorder, HeedsRetryAfterOfLimitsOnly) {
  const Response created{.status = 201, .headers = {{{"Retry-After", "20"}}}};
  const Response unavailable{.status = 503, .headers = {{{"Retry-After", "20"}}}};
  Bench bench(ScriptedTransport::replies({created, Response{.status = 429}, unavailable}));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bench.get());
  EXPECT_EQ(bench.kind(), Error::Kind::rate_limited);
}

TEST(Recorder, StopEndsAWait) {
  ScriptedTransport transport = ScriptedTransport::replies({limited("20")});
  Scope scope;
  scope.name_origin("https://a.example", Reach::active);
  Transcript transcript;
  ManualClock clock(start, false);
  Recorder recorder(transport, scope, transcript, clock, {.patience = 1min});
  EXPECT_TRUE(recorder.send({.url = "https://a.example/"}));
  std::optional<Error> error;
  std::thread waiting([&] { error = recorder.send({.url = "https://a.example/"}).error(); });
  recorder.stop();
  waiting.join();
  EXPECT_EQ(error->kind, Error::Kind::interrupted);
  EXPECT_EQ(recorder.send({.url = "https://a.example/other"}).error().kind, Error::Kind::interrupted);
}

TEST(Recorder, CapturesNest) {
  Bench bench(ScriptedTransport(Response{.status = 200}));
  ASSERT_TRUE(bench.get());
  Recorder::Capture outer;
  ASSERT_TRUE(bench.get());
  {
    Recorder::Capture inner;
    ASSERT_TRUE(bench.get());
    EXPECT_THAT(inner.exchanges(), ElementsAre(ExchangeId{2}));
    std::thread([&] { static_cast<void>(bench.get()); }).join();
    bench.recorder.join({ExchangeId{0}, ExchangeId{2}});
    EXPECT_THAT(inner.exchanges(), ElementsAre(ExchangeId{2}, ExchangeId{0}));
  }
  ASSERT_TRUE(bench.get());
  EXPECT_THAT(outer.exchanges(), ElementsAre(ExchangeId{1}, ExchangeId{2}, ExchangeId{0}, ExchangeId{4}));
}

TEST(Recorder, KnowsWhatCameBeforeOnTheSameThread) {
  Bench bench(ScriptedTransport(Response{.status = 200}));
  const auto after = [&](std::uint32_t id) { return bench.transcript.at(ExchangeId{id}).after; };
  ASSERT_TRUE(bench.get());
  ASSERT_TRUE(bench.get());
  std::thread([&] { static_cast<void>(bench.get()); }).join();
  bench.recorder.join({ExchangeId{2}});
  ASSERT_TRUE(bench.get());
  bench.recorder.begin_task();
  ASSERT_TRUE(bench.get());
  EXPECT_THAT(after(0), IsEmpty());
  EXPECT_THAT(after(1), ElementsAre(ExchangeId{0}));
  EXPECT_THAT(after(2), IsEmpty());
  EXPECT_THAT(after(3), ElementsAre(ExchangeId{1}, ExchangeId{2}));
  EXPECT_THAT(after(4), IsEmpty());
}

TEST(Recorder, RecordsTheHeadOfAStream) {
  Response head{.status = 200, .body = "data: 1\n\ndata: 2\n\n"};
  head.headers.add("Content-Type", "text/event-stream");
  Bench bench(ScriptedTransport(std::move(head)));
  auto stream = bench.recorder.open({.url = "https://a.example/sse"});
  ASSERT_TRUE(stream);
  EXPECT_EQ(bench.transcript.at(stream->id).response->status, 200);
  EXPECT_EQ((*stream->events->next(1s))->data, "1");
}

TEST(Transcript, IsSharedByThreads) {
  Bench bench(ScriptedTransport(Response{.status = 200}));
  const auto first = bench.get();
  ASSERT_TRUE(first);
  const auto& kept = bench.transcript.at(first->id);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) static_cast<void>(bench.get());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(bench.transcript.size(), 201U);
  EXPECT_EQ(&kept, &bench.transcript.at(first->id));
  EXPECT_THROW(static_cast<void>(bench.transcript.at(ExchangeId{201})), std::out_of_range);
}

TEST(Transcript, ChainIsTheLongestPath) {
  Transcript transcript;
  const auto add = [&](std::chrono::milliseconds took, std::vector<ExchangeId> after) {
    Exchange exchange;
    exchange.ended = exchange.began + took;
    exchange.after = std::move(after);
    return transcript.add(std::move(exchange));
  };
  EXPECT_EQ(chain(transcript), 0us);
  const auto a = add(10ms, {});
  const auto b = add(20ms, {a});
  const auto c = add(5ms, {a});
  const auto d = add(1ms, {b, c});
  add(25ms, {});
  EXPECT_EQ(chain(transcript), 31ms);
  add(30ms, {c, ExchangeId{99}});
  EXPECT_EQ(chain(transcript), 45ms);
  static_cast<void>(d);
}

}  // namespace
}  // namespace mcprove::net
