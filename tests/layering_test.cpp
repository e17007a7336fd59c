// The direction of the house: cli → checks, report → engine → vet, client → oauth, mcp → jose, net → json → base.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/process.h"

namespace mcprove {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// A folder may include itself, the system, and what stands beside it here.
const std::map<std::string, Names>& allowed() {
  static const Names json{"base"};
  static const Names net{"base", "json"};
  static const Names protocols{"base", "json", "net", "jose"};
  static const Names client{"base", "json", "net", "jose", "oauth", "mcp"};
  static const Names engine{"base", "json", "net", "jose", "oauth", "mcp", "vet", "client"};
  static const Names upper{"base", "json", "net", "jose", "oauth", "mcp", "vet", "client", "engine"};
  static const Names all{"base", "json", "net", "jose", "oauth", "mcp", "vet", "client", "engine", "report", "checks"};
  static const std::map<std::string, Names> table{
      {"base", {}},       {"json", json},     {"net", net},       {"jose", net},      {"oauth", protocols},
      {"mcp", protocols}, {"vet", protocols}, {"client", client}, {"engine", engine}, {"report", upper},
      {"checks", upper},  {"cli", all},       {"fixtures", {}}};
  return table;
}

struct SourceFile {
  std::string path{};  // from the root, with slashes
  std::vector<std::string> lines{};
  bool header() const { return path.ends_with(".h"); }
  // lib/net/url.h and checks/pkce/x.cpp belong to "net" and "checks".
  std::string folder() const {
    const auto from = path.starts_with("lib/") ? std::size_t{4} : std::size_t{0};
    return path.substr(from, path.find('/', from) - from);
  }
};

const std::vector<SourceFile>& sources() {
  static const auto files = [] {
    std::vector<SourceFile> found;
    const fs::path root(test::source_path());
    for (const char* top : {"lib", "checks", "cli", "fixtures", "tests"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
        const auto extension = entry.path().extension();
        if (extension != ".h" && extension != ".cpp") continue;
        SourceFile file{.path = fs::relative(entry.path(), root).generic_string()};
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) file.lines.push_back(line);
        found.push_back(std::move(file));
      }
    }
    return found;
  }();
  return files;
}

// The name between quotes or brackets of an #include line, else nothing.
std::string included(std::string_view line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  const auto word = line.find("include", hash);
  const auto open = line.find_first_of("\"<", hash);
  if (word == std::string_view::npos || open == std::string_view::npos) return {};
  const auto close = line.find_first_of("\">", open + 1);
  return close == std::string_view::npos ? std::string() : std::string(line.substr(open + 1, close - open - 1));
}

// The folder of ours that an include reaches: "net" for "net/url.h", "checks" for "checks/registry.h".
std::string reached(std::string name) {
  if (name.starts_with("lib/")) name.erase(0, 4);
  const auto folder = name.substr(0, name.find('/'));
  return name.find('/') != std::string::npos && (allowed().contains(folder) || folder == "tests") ? folder : std::string();
}

std::string at(const SourceFile& file, std::size_t line) { return file.path + ":" + std::to_string(line + 1); }

template <typename Visit>
void each_line(Visit visit) {
  for (const auto& file : sources())
    for (std::size_t i = 0; i < file.lines.size(); ++i) visit(file, file.lines[i], at(file, i));
}

// Spelled in two parts, so that this file does not find itself.
bool has(std::string_view line, std::string_view head, std::string_view tail) {
  return line.find(std::string(head) + std::string(tail)) != std::string_view::npos;
}

TEST(Layering, ReadsIncludesAsTheCompilerDoes) {
  EXPECT_EQ(included("#include \"net/url.h\"   // why"), "net/url.h");
  EXPECT_EQ(included("#  include <curl/curl.h>"), "curl/curl.h");
  EXPECT_EQ(included("// #include \"net/url.h\""), "");
  EXPECT_EQ(reached("net/url.h"), "net");
  EXPECT_EQ(reached("lib/net/url.h"), "net");
  EXPECT_EQ(reached("openssl/evp.h"), "");
  EXPECT_GT(sources().size(), 50U) << "the sources were not found";
}

TEST(Layering, NoFolderIncludesOneAboveIt) {
  each_line([](const SourceFile& file, const std::string& line, const std::string& where) {
    if (file.folder() == "tests") return;
    const auto rule = allowed().find(file.folder());
    ASSERT_NE(rule, allowed().end()) << where << ": folder " << file.folder() << " has no place in the house";
    const auto target = reached(included(line));
    EXPECT_TRUE(target.empty() || target == file.folder() || rule->second.contains(target)) << where << ": " << line;
  });
}

TEST(Layering, HeavyHeadersStayWhereTheyBelong) {
  each_line([](const SourceFile& file, const std::string& line, const std::string& where) {
    const auto name = included(line);
    if (file.folder() == "tests") return;
    EXPECT_FALSE(file.header() && name == "nlohmann/json.hpp") << where << ": in a header";
    EXPECT_FALSE(name == "curl/curl.h" && file.folder() != "net") << where << ": only lib/net speaks to libcurl";
  });
}

TEST(Layering, BannedThingsAreNowhere) {
  each_line([](const SourceFile&, const std::string& line, const std::string& where) {
    EXPECT_FALSE(has(line, "std::", "regex")) << where << ": crashes on long input; use RE2";
    EXPECT_NE(included(line), "regex") << where;
    EXPECT_FALSE(has(line, "TO", "DO") || has(line, "FIX", "ME")) << where;
    EXPECT_FALSE(has(line, "work/", "main") || has(line, "../", "shared")) << where << ": a path of one machine";
  });
}

TEST(Layering, FilesAreShort) {
  for (const auto& file : sources()) {
    EXPECT_LE(file.lines.size(), 400U) << file.path;
    const auto& lines = file.lines;
    EXPECT_TRUE(!file.header() || std::find(lines.begin(), lines.end(), "#pragma once") != lines.end()) << file.path;
  }
}

}  // namespace
}  // namespace mcprove
