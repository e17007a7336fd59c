#include "net/sse.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::net {

bool operator==(const Event& a, const Event& b) { return a.type == b.type && a.data == b.data && a.id == b.id; }
void PrintTo(const Event& event, std::ostream* out) { *out << event.type << "/" << event.data << "/" << event.id; }

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Event> byte_by_byte(std::string_view body) {
  SseParser parser;
  std::vector<Event> events;
  for (std::size_t i = 0; i < body.size(); ++i) {
    for (auto& event : parser.feed(body.substr(i, 1))) events.push_back(std::move(event));
  }
  return events;
}

void expect_events(std::string_view body, const std::vector<Event>& expected) {
  EXPECT_EQ(parse_events(body), expected) << body;
  EXPECT_EQ(byte_by_byte(body), expected) << body;
}

Event message(std::string data, std::string id = {}) { return {"message", std::move(data), std::move(id)}; }

TEST(Sse, ReadsEvents) {
  expect_events("data: a\n\n", {message("a")});
  expect_events("data:a\ndata: b\ndata\n\n", {message("a\nb\n")});
  expect_events("event: endpoint\ndata: /m?x=1\n\ndata: {}\n\n", {{"endpoint", "/m?x=1", ""}, message("{}")});
  expect_events("data:  two\n\n", {message(" two")});
  expect_events("data:\n\n", {message("")});
}

TEST(Sse, TakesEveryLineEnding) {
  expect_events("data: a\r\n\r\ndata: b\r\rdata: c\n\n", {message("a"), message("b"), message("c")});
  expect_events("data: a\r\ndata: b\r\n\r\n", {message("a\nb")});
  expect_events("data: a\n\r\n", {message("a")});
}

TEST(Sse, PassesOverCommentsAndUnknownFields) {
  expect_events(": hello\n\n:\ndata: a\nfoo: bar\nretry: 10\nDATA: no\n\n", {message("a")});
  expect_events("event: x\n\ndata: a\n\n", {message("a")});
}

TEST(Sse, KeepsTheLastId) {
  expect_events("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", {message("a", "7"), message("b", "7"), message("c")});
  using namespace std::string_literals;
  expect_events("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"s, {message("a", "1"), message("b", "1")});
}

TEST(Sse, DropsAnEventThatNothingEnds) {
  expect_events("data: a\n\ndata: b\n", {message("a")});
  expect_events("data: b", {});
}

TEST(Sse, PassesOverAByteOrderMark) {
  expect_events(
      "\xEF\xBB\xBF"
      "data: a\n\n\xEF\xBB\xBF"
      "data: b\n\n",
      {message("a")});
}

TEST(Sse, StaysBounded) {
  SseParser parser;
  const std::string megabyte(1U << 20U, 'x');
  EXPECT_THAT(parser.feed("data: "), IsEmpty());
  for (int i = 0; i < 20; ++i) EXPECT_THAT(parser.feed(megabyte), IsEmpty());
  EXPECT_THAT(parser.feed("\n\ndata: small\n\n"), ElementsAre(message("small")));
  for (int i = 0; i < 20; ++i) EXPECT_THAT(parser.feed("data: " + megabyte + "\n"), IsEmpty());
  EXPECT_THAT(parser.feed("\ndata: again\n\n"), ElementsAre(message("again")));
}

}  // namespace
}  // namespace mcprove::net
