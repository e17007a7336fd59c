#pragma once

#include <chrono>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

/// JUnit's XML, for every report that a CI reads. What is written must be clean already.
namespace mcprove::report {

inline std::string seconds(std::chrono::microseconds time) {
  return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e6);
}

/// One test case: `kind` is empty for a pass, else failure, error or skipped.
struct TestCase {
  std::string name{};
  std::chrono::microseconds took{0};
  std::string kind{};
  std::string type{};  ///< of a failure or error
  std::string message{};
  std::string details{};
  std::string output{};
};

class Suites {
 public:
  Suites() : root_(document_.append_child("testsuites")) {}

  void add(const std::string& name, const std::string& started, const std::vector<TestCase>& cases,
           std::chrono::microseconds took) {
    pugi::xml_node suite = root_.append_child("testsuite");
    suite.append_attribute("name") = name.c_str();
    Counts counts;
    for (const TestCase& test : cases) counts.count(test);
    counts.write(suite);
    suite.append_attribute("time") = seconds(took).c_str();
    if (!started.empty()) suite.append_attribute("timestamp") = started.c_str();
    for (const TestCase& test : cases) append(suite, name, test);
    all_.add(counts);
  }

  std::string take(std::chrono::microseconds wall) {
    root_.append_attribute("name") = "mcprove";
    all_.write(root_);
    root_.append_attribute("time") = seconds(wall).c_str();
    std::ostringstream out;
    document_.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    return out.str();
  }

 private:
  struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    void count(const TestCase& test) {
      ++tests;
      failures += test.kind == "failure" ? 1U : 0U;
      errors += test.kind == "error" ? 1U : 0U;
      skipped += test.kind == "skipped" ? 1U : 0U;
    }
    void add(const Counts& more) {
      tests += more.tests;
      failures += more.failures;
      errors += more.errors;
      skipped += more.skipped;
    }
    void write(pugi::xml_node node) const {
      node.append_attribute("tests") = static_cast<unsigned>(tests);
      node.append_attribute("failures") = static_cast<unsigned>(failures);
      node.append_attribute("errors") = static_cast<unsigned>(errors);
      node.append_attribute("skipped") = static_cast<unsigned>(skipped);
    }
  };

  static void append(pugi::xml_node suite, const std::string& family, const TestCase& test) {
    pugi::xml_node node = suite.append_child("testcase");
    node.append_attribute("classname") = ("mcprove." + family).c_str();
    node.append_attribute("name") = test.name.c_str();
    node.append_attribute("time") = seconds(test.took).c_str();
    if (!test.kind.empty()) {
      pugi::xml_node told = node.append_child(test.kind.c_str());
      if (!test.type.empty()) told.append_attribute("type") = test.type.c_str();
      told.append_attribute("message") = test.message.c_str();
      if (!test.details.empty()) told.text().set(test.details.c_str());
    }
    if (!test.output.empty()) node.append_child("system-out").text().set(test.output.c_str());
  }

  pugi::xml_document document_{};
  pugi::xml_node root_;
  Counts all_{};
};

}  // namespace mcprove::report
