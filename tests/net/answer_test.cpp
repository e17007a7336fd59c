#include "net/answer.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mcprove::net {
namespace {

Response response(int status, std::string type, std::string body = {},
                  std::vector<std::pair<std::string, std::string>> fields = {}) {
  Response made;
  made.status = status;
  made.body = std::move(body);
  made.headers.fields = std::move(fields);
  if (!type.empty()) made.headers.add("content-type", std::move(type));
  return made;
}

TEST(Answer, MediaTypesAreReadWithoutCaseAndParameters) {
  EXPECT_EQ(media_type(response(200, "Application/JSON ; charset=utf-8")), "application/json");
  EXPECT_EQ(media_type(response(200, "")), "");
  EXPECT_TRUE(is_json(response(200, "application/problem+json")));
  EXPECT_FALSE(is_json(response(200, "text/json-seq")));
  EXPECT_TRUE(is_event_stream(response(200, "text/event-stream;charset=utf-8")));
  EXPECT_TRUE(is_html(response(200, "text/html")));
  EXPECT_TRUE(is_html(response(200, "", " \n<!DOCTYPE HTML>")));
  EXPECT_FALSE(is_html(response(200, "application/json", "<html>")));
  EXPECT_FALSE(is_html(response(200, "text/plain", "see <html>")));
}

TEST(Answer, OdditiesAreToldApart) {
  EXPECT_EQ(oddity(response(429, "text/html")), Oddity::rate_limited);
  EXPECT_EQ(oddity(response(503, "text/plain", "", {{"Retry-After", "5"}})), Oddity::rate_limited);
  EXPECT_EQ(oddity(response(503, "application/json", "{}")), Oddity::server_error);
  EXPECT_EQ(oddity(response(403, "text/html", "<title>Just a moment...</title>")), Oddity::blocked);
  EXPECT_EQ(oddity(response(503, "text/html", "<p>Request blocked by CAPTCHA")), Oddity::blocked);
  EXPECT_EQ(oddity(response(202, "", "", {{"x-amzn-waf-action", "challenge"}})), Oddity::blocked);
  EXPECT_EQ(oddity(response(200, "application/json", R"({"text":"captcha"})")), Oddity::none);
  EXPECT_EQ(oddity(response(403, "application/json", R"({"error":"request blocked"})")), Oddity::none);
  EXPECT_EQ(oddity(response(403, "text/html", "<h1>Forbidden</h1>")), Oddity::html);
  EXPECT_EQ(oddity(response(302, "text/html", "<html>Found")), Oddity::redirect);
  EXPECT_EQ(oddity(response(500, "text/html", "<pre>Error")), Oddity::html);
  EXPECT_EQ(oddity(response(502, "")), Oddity::server_error);
  EXPECT_EQ(oddity(response(401, "application/json", "{}")), Oddity::none);
}

}  // namespace
}  // namespace mcprove::net
