#include "oauth/html.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oauth/script_text.h"

namespace mcprove::oauth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Page page(std::string_view html, const char* base = "https://as.example/login/step?x=1") {
  return read_page(html, *net::Url::parse(base));
}

const Field& field(const Page& page, const std::string& name, std::size_t form = 0) {
  static const Field none{};
  for (const auto& f : page.forms.at(form).fields) {
    if (f.name == name) return f;
  }
  ADD_FAILURE() << "no field " << name;
  return none;
}

TEST(ReadPage, ReadsAFormAsABrowserWould) {
  const auto p =
      page(R"(<title> Sign  in </title><form method=Post action="../next?a=1&amp;b=2" enctype="Multipart/Form-Data" id=f>
    <input name=user placeholder="Your name" autocomplete=USERNAME><label>Secret <input type=PASSWORD name=pw></label>
    <input type=hidden name=tx value="a&quot;b"><input type=checkbox name=keep checked><input type=radio name=r value=1>
    <input name=off disabled><textarea name=t>some words</textarea><button name=go value=1>Log <b>in</b></button></form>)");
  EXPECT_EQ(p.title, "Sign in");
  ASSERT_EQ(p.forms.size(), 1U);
  const auto& form = p.forms.front();
  EXPECT_EQ(form.action, "https://as.example/next?a=1&b=2");
  EXPECT_EQ(form.method, "POST");
  EXPECT_EQ(form.enctype, "multipart/form-data");
  EXPECT_TRUE(form.has_password());
  EXPECT_EQ(field(p, "user").type, "text");
  EXPECT_EQ(field(p, "user").label, "Your name");
  EXPECT_EQ(field(p, "user").autocomplete, "username");
  EXPECT_EQ(field(p, "pw").label, "Secret");
  EXPECT_EQ(field(p, "tx").value, "a\"b");
  EXPECT_TRUE(field(p, "keep").checked);
  EXPECT_EQ(field(p, "keep").value, "on");
  EXPECT_TRUE(field(p, "off").disabled);
  EXPECT_EQ(field(p, "go").type, "submit");
  EXPECT_EQ(field(p, "go").label, "Log in");
  EXPECT_THAT(form.text, HasSubstr("Secret"));
}

TEST(ReadPage, ResolvesActionsAgainstTheBaseElementButAnEmptyOneAgainstThePage) {
  const auto p = page(
      R"~(<base href="https://other.example/dir/"><form action=go></form><form></form><form action="javascript:alert(1)"></form><form action="//third.example/x"></form>)~");
  ASSERT_EQ(p.forms.size(), 4U);
  EXPECT_EQ(p.forms[0].action, "https://other.example/dir/go");
  EXPECT_EQ(p.forms[1].action, "https://as.example/login/step?x=1");
  EXPECT_EQ(p.forms[2].action, "");
  EXPECT_EQ(p.forms[3].action, "https://third.example/x");
}

TEST(ReadPage, FindsFieldsThatBelongToAFormElsewhere) {
  const auto p = page(
      R"(<form id=a action=/a></form><form id=b action=/b><input name=inside></form><input name=outside form=a><label for=i>Mail</label><input id=i name=x form=b>)");
  EXPECT_EQ(field(p, "outside", 0).type, "text");
  EXPECT_EQ(field(p, "x", 1).label, "Mail");
}

TEST(ReadPage, FindsFieldsThatATableDroveOut) {
  const auto p = page(
      "<table><form action=/a method=post><tr><td>User<td><input name=user><tr><td><input type=password name=pw></form></table>");
  EXPECT_EQ(field(p, "user").label, "User");
  EXPECT_TRUE(p.forms.front().has_password());
}

TEST(ReadPage, ReadsSelectsAndButtonsThatSendElsewhere) {
  const auto p = page(
      R"(<form action=/a><select name=s><option value=1>One<option value=2 selected>Two</select><select name=t><option>Uno<option>Due</select>
    <select name=e></select><input type=submit name=x value=Go formaction=/elsewhere formmethod=post></form>)");
  EXPECT_EQ(field(p, "s").value, "2");
  EXPECT_THAT(field(p, "s").options, ElementsAre("1", "2"));
  EXPECT_EQ(field(p, "t").value, "Uno");
  EXPECT_EQ(field(p, "e").value, "");
  EXPECT_EQ(field(p, "x").form_action, "https://as.example/elsewhere");
  EXPECT_EQ(field(p, "x").form_method, "POST");
}

TEST(ReadPage, ShowsOnlyWhatAPersonSees) {
  const auto p = page(
      "<p>seen<p hidden>unseen<p style='display: none'>unseen<script>unseen</script><style>unseen</style><template>unseen</template><!-- unseen -->");
  EXPECT_EQ(p.text, "seen");
  EXPECT_LE(page("<p>" + std::string(100'000, 'x') + " word").text.size(), 4096U);
}

TEST(ReadPage, KeepsLinksOfAnyScheme) {
  const auto p = page("<a href=/x>Log in</a><a href='app://cb?code=1'>Open</a><a>nothing</a>");
  EXPECT_THAT(p.links, ElementsAre(Pair("https://as.example/x", "Log in"), Pair("app://cb?code=1", "Open")));
}

TEST(ReadPage, SeesWhereAPageGoesByItself) {
  EXPECT_EQ(page("<meta http-equiv=Refresh content='0; URL=\"/next\"'>").refresh, "https://as.example/next");
  EXPECT_EQ(page("<meta http-equiv=refresh content='900; url=/next'>").refresh, "");
  EXPECT_EQ(page("<script>window.location.replace(\"https:\\/\\/c.example\\/cb?code=1\\u0026state=2\")</script>").script_location,
            "https://c.example/cb?code=1&state=2");
  EXPECT_EQ(page("<script>if (location.hash == '#x') {}</script>").script_location, "");
}

TEST(ReadPage, TellsFormsThatSubmitThemselvesFromThoseThatWaitForAClick) {
  const auto post = [](const std::string& rest) { return page("<body" + rest); };
  EXPECT_TRUE(
      post(
          " onload='document.forms[0].submit()'><form action=/a><input type=hidden name=c><noscript><button>Go</button></noscript></form>")
          .forms[0]
          .self_submitting);
  EXPECT_TRUE(
      post("><form action=/a id=f><input type=hidden name=c></form><script>document.getElementById('f').submit();</script>")
          .forms[0]
          .self_submitting);
  EXPECT_FALSE(
      post(
          "><form action=/a id=f><input type=hidden name=c><button type=button onclick=go()>Allow</button></form><script>function go(){f.submit()}</script>")
          .forms[0]
          .self_submitting);
  EXPECT_FALSE(
      post(
          "><button onclick=go()>Allow</button><form action=/a id=f><input type=hidden name=c></form><script>function go(){f.submit()}</script>")
          .forms[0]
          .self_submitting);
  EXPECT_FALSE(post(" onload='document.forms[0].submit()'><form action=/a><input name=user></form>").forms[0].self_submitting);
}

TEST(ReadPage, SeesPagesThatAreNothingWithoutScripts) {
  EXPECT_TRUE(page("<div id=root></div><script src=/app.js></script>").needs_script);
  EXPECT_TRUE(
      page("<noscript>You need to enable JavaScript to run this app.</noscript><script src=/app.js></script>").needs_script);
  EXPECT_FALSE(page("<p>hello</p>").needs_script);
  EXPECT_FALSE(page("<script src=/app.js></script><form><input name=user></form>").needs_script);
}

// Each of these would exhaust the stack, the memory or our patience in a parser without limits.
TEST(ReadPage, SurvivesHostilePages) {
  std::string deep, formatting, attributes = "<p ", tables, entities;
  for (int i = 0; i < 200'000; ++i) deep += "<b>";
  for (int i = 0; i < 30'000; ++i) formatting += "<b a" + std::to_string(i) + "><p>";
  for (int i = 0; i < 150'000; ++i) attributes += "a" + std::to_string(i) + " ";
  for (int i = 0; i < 60'000; ++i) tables += "<table><td>x";
  for (int i = 0; i < 100'000; ++i) entities += "&amp";
  const auto start = std::chrono::steady_clock::now();
  for (const auto& html :
       {deep, formatting, attributes + ">", tables, entities, std::string(1U << 22U, '<'), std::string(1U << 20U, '\0')})
    page(html);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  EXPECT_EQ(page("").forms.size(), 0U);
  EXPECT_EQ(page("\xff\xfe\xc0<form><input name='\xe2\x82'>").forms.size(), 1U);
}

TEST(RefreshTarget, ReadsTheFormsThatBrowsersRead) {
  EXPECT_EQ(refresh_target("0;url=/x"), "/x");
  EXPECT_EQ(refresh_target(" 3 , '/x y' "), "/x y");
  EXPECT_EQ(refresh_target("0; url = \"/x\" trailing"), "/x");
  EXPECT_EQ(refresh_target("0;/x"), "/x");
  for (const char* none : {"", "5", "url=/x", "31;url=/x", "100;url=/x", "0;", "x;url=/x"})
    EXPECT_FALSE(refresh_target(none)) << none;
}

TEST(LocationWritten, ReadsLiteralsOnly) {
  EXPECT_EQ(location_written("window.location = '/a'"), "/a");
  EXPECT_EQ(location_written("location.href=\"\\x2fa\\/b\""), "/a/b");
  EXPECT_EQ(location_written("top.location.assign(`x`)"), "x");
  for (const char* none :
       {"", "location", "location=", "location='", "location = next; var a='x'", "location.hash='x'", "location='\\"})
    EXPECT_FALSE(location_written(none)) << none;
}

}  // namespace
}  // namespace mcprove::oauth
