#include "json/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace mcprove::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Value parsed(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().message);
  return value.value_or(Value());
}

std::string repeat(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

TEST(Json, GettersNeverThrow) {
  const Value v = parsed(R"({"s":"x","n":5,"f":1.5,"b":true,"z":null,"a":[1,"two"],"o":{"k":"v"}})");
  EXPECT_EQ(v.string("s"), "x");
  EXPECT_EQ(v.integer("n"), 5);
  EXPECT_EQ(v.integer("f"), std::nullopt);
  EXPECT_EQ(v.at("f").number(), 1.5);
  EXPECT_EQ(v.boolean("b"), true);
  EXPECT_TRUE(v.has("z"));
  EXPECT_TRUE(v.at("z").is_null());
  EXPECT_FALSE(v.has("missing"));
  EXPECT_THAT(v.strings("a"), ElementsAre("two"));
  EXPECT_THAT(v.keys(), ElementsAre("s", "n", "f", "b", "z", "a", "o"));
  for (const Value& other : {Value(), v.at("s"), v.at("n"), v.at("a")}) {
    EXPECT_TRUE(other.at("k").is_null());
    EXPECT_TRUE(other.at(99).is_null());
    EXPECT_FALSE(other.has("k"));
    EXPECT_THAT(other.keys(), IsEmpty());
  }
  EXPECT_EQ(v.string(), std::nullopt);
  EXPECT_EQ(v.size(), 7U);
  EXPECT_EQ(Value().size(), 0U);
}

TEST(Json, IntegersThatFit) {
  EXPECT_EQ(parsed("9223372036854775807").integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-9223372036854775808").integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parsed("9223372036854775808").integer(), std::nullopt);
  EXPECT_EQ(parsed("1e3").integer(), 1000);
  EXPECT_EQ(parsed("1.0").integer(), 1);
  EXPECT_EQ(parsed("1e300").integer(), std::nullopt);
}

TEST(Json, PointerOfRfc6901) {
  const Value v = parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"~1":9})");
  EXPECT_EQ(v.pointer(""), v);
  EXPECT_EQ(v.pointer("/foo/1").string(), "baz");
  EXPECT_EQ(v.pointer("/").integer(), 0);
  EXPECT_EQ(v.pointer("/a~1b").integer(), 1);
  EXPECT_EQ(v.pointer("/m~0n").integer(), 8);
  EXPECT_EQ(v.pointer("/~01").integer(), 9);
  for (const char* nowhere : {"foo", "/foo/2", "/foo/01", "/foo/-", "/foo/99999999999999999999", "/m~2n", "/foo/0/x", "/~"}) {
    EXPECT_TRUE(v.pointer(nowhere).is_null()) << nowhere;
  }
}

TEST(Json, RefusesDeepTextWithoutRecursion) {
  for (const char* open : {"[", "{\"a\":", "[{\"a\":"}) {
    const auto deep = parse(repeat(open, 200'000));
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().kind, Error::Kind::too_large);
  }
  EXPECT_TRUE(parse(repeat("[", 64) + repeat("]", 64)));
  EXPECT_FALSE(parse(repeat("[", 65) + repeat("]", 65)));
  EXPECT_TRUE(parse(repeat("[", 65) + repeat("]", 65), {.depth = 65}));
}

TEST(Json, RefusesLongText) {
  EXPECT_EQ(parse("[1,2]", {.bytes = 4}).error().kind, Error::Kind::too_large);
  EXPECT_TRUE(parse("[1,2]", {.bytes = 5}));
  EXPECT_EQ(parse("[1,2]", {.values = 2}).error().kind, Error::Kind::too_large);
  EXPECT_TRUE(parse("[1,2]", {.values = 3}));
}

TEST(Json, SaysWhereItIsMalformedAndQuotesNothing) {
  for (const char* bad : {"", " ", "{", "[1,]", "{\"a\":1,}", "nul", "'a'", "\"\xff\"", "\"\\ud800\"", "1 2", "01", "1e999",
                          "\"a\nb\"", "// x\n1", "NaN"}) {
    const auto value = parse(bad);
    ASSERT_FALSE(value) << bad;
    EXPECT_EQ(value.error().kind, Error::Kind::malformed) << bad;
    EXPECT_THAT(value.error().message, HasSubstr("at byte"));
  }
  const auto secret = parse("{\"token\":hunter2}");
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().message.find("hunter"), std::string::npos);
}

TEST(Json, LastOfDuplicateKeysWinsAndIsTold) {
  const Value v = parsed(R"({"alg":"none","list":[{"x":1,"x":2}],"a/b":{"k":0,"k":1},"alg":"RS256"})");
  EXPECT_EQ(v.string("alg"), "RS256");
  EXPECT_EQ(v.pointer("/list/0/x").integer(), 2);
  EXPECT_THAT(v.duplicate_keys(), ElementsAre("/list/0/x", "/a~1b/k", "/alg"));
  EXPECT_THAT(parsed(R"({"a":{"x":1},"b":{"x":1}})").duplicate_keys(), IsEmpty());
  EXPECT_THAT(Value().duplicate_keys(), IsEmpty());
}

TEST(Json, LargeObjectsAreIndexed) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  const Value v = parsed(text + "\"k4000\":-1}");
  EXPECT_THAT(v.keys(), SizeIs(5000));
  EXPECT_EQ(v.integer("k4000"), -1);
  EXPECT_EQ(v.integer("k4999"), 4999);
  EXPECT_FALSE(v.has("k5000"));
  EXPECT_THAT(v.duplicate_keys(), ElementsAre("/k4000"));
  EXPECT_EQ(v.without("k0").integer("k4999"), 4999);
}

TEST(Json, WritesWhatItRead) {
  for (const char* text :
       {"null", "true", "[]", "{}", "[1,2.50,-0.0,1e5,18446744073709551616]", R"({"b":1,"a":[{}]})", R"("é\u0001\n\"\\")"}) {
    EXPECT_EQ(parsed(text).dump(), text);
  }
  EXPECT_EQ(parsed(R"({"a":[1,{}],"b":{}})").pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {}\n}");
}

TEST(Json, WritesAnyBytes) {
  EXPECT_EQ(Value::make("a\xff\xe2\x82z").dump(), "\"a\uFFFD\uFFFD\uFFFDz\"");
  EXPECT_EQ(Value::object({{"\xff", Value()}}).dump(), "{\"\uFFFD\":null}");
  EXPECT_EQ(Value::make(std::nan("")).dump(), "null");
  EXPECT_EQ(Value::make(std::numeric_limits<double>::infinity()).dump(), "null");
}

TEST(Json, AnotherParserReadsTheSame) {
  const std::string text = R"({"a":[1,-2,3.25,1e-7,true,null,"\u20ac\ud83d\ude00\u007f\u2028"],"nested":{"":{"x":[[]]}}})";
  const Value v = parsed(text);
  for (const std::string& written : {v.dump(), v.pretty(), v.canonical()})
    EXPECT_EQ(nlohmann::json::parse(written), nlohmann::json::parse(text)) << written;
}

TEST(Json, Builds) {
  EXPECT_TRUE(Value::make("a literal").is_string());
  const Value v = Value::object({{"a", num(1)}, {"b", strings({"x", "y"})}});
  EXPECT_EQ(v.dump(), R"({"a":1,"b":["x","y"]})");
  EXPECT_EQ(v.with("a", boolean(false)).with("c", Value()).dump(), R"({"a":false,"b":["x","y"],"c":null})");
  EXPECT_EQ(v.dump(), R"({"a":1,"b":["x","y"]})") << "values do not change";
  EXPECT_EQ(v.without("a").dump(), R"({"b":["x","y"]})");
  EXPECT_EQ(v.without("z"), v);
  EXPECT_EQ(Value().with("k", str("v")).dump(), R"({"k":"v"})");
  EXPECT_EQ(Value::object({{"k", num(1)}, {"k", num(2)}}).dump(), R"({"k":2})");
}

TEST(Json, Equality) {
  EXPECT_EQ(parsed(R"({"a":1,"b":2})"), parsed(R"({"b":2,"a":1.0})"));
  EXPECT_NE(parsed("[1,2]"), parsed("[2,1]"));
  EXPECT_NE(parsed("9007199254740993"), parsed("9007199254740992"));
  EXPECT_NE(parsed("18446744073709551616"), parsed("18446744073709551617"));
  EXPECT_NE(parsed("0"), parsed("false"));
  EXPECT_NE(parsed(R"({"a":null})"), parsed("{}"));
}

TEST(Canonical, ExampleOfRfc8785) {
  const Value v = parsed(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })");
  EXPECT_EQ(
      v.canonical(),
      "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(Canonical, SortsByUtf16) {
  const Value v = parsed(
      R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
  std::vector<std::string> order;
  for (const auto& key : parsed(v.canonical()).keys()) order.push_back(v.string(key).value_or("?"));
  EXPECT_THAT(order, ElementsAre("Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji",
                                 "Hebrew Letter Dalet With Dagesh"));
}

TEST(Canonical, NumbersOfRfc8785AppendixB) {
  const std::pair<std::uint64_t, const char*> samples[] = {{0x0000000000000000, "0"},
                                                           {0x8000000000000000, "0"},
                                                           {0x0000000000000001, "5e-324"},
                                                           {0x8000000000000001, "-5e-324"},
                                                           {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                           {0x4340000000000000, "9007199254740992"},
                                                           {0xc340000000000000, "-9007199254740992"},
                                                           {0x4430000000000000, "295147905179352830000"},
                                                           {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                           {0x44b52d02c7e14af6, "1e+23"},
                                                           {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                           {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                           {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                                           {0x444b1ae4d6e2ef50, "1e+21"},
                                                           {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                           {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                           {0x41b3de4355555553, "333333333.3333332"},
                                                           {0x41b3de4355555557, "333333333.33333343"},
                                                           {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                           {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [bits, expected] : samples) {
    double number = 0;
    static_assert(sizeof number == sizeof bits);
    std::memcpy(&number, &bits, sizeof number);
    EXPECT_EQ(Value::make(number).canonical(), expected);
  }
}

}  // namespace
}  // namespace mcprove::json
