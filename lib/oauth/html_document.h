#pragma once

#include <csetjmp>
#include <cstddef>
#include <string_view>
#include <vector>

#include <gumbo.h>

namespace mcprove::oauth {

/// An HTML document parsed by gumbo, in memory that is given back as a whole. gumbo frees its tree by recursion and knows
/// no limits: a deep page would overflow the stack, and a crafted one would fill the memory. Internal to lib/oauth.
class HtmlDocument {
 public:
  explicit HtmlDocument(std::string_view html);
  ~HtmlDocument();
  HtmlDocument(const HtmlDocument&) = delete;
  HtmlDocument& operator=(const HtmlDocument&) = delete;

  const GumboNode* root() const { return root_; }  ///< null if the page is beyond our limits

 private:
  static void* allocate(void* self, std::size_t size);
  static void release(void*, void*) {}
  const GumboNode* parse();
  void* take(std::size_t size);

  std::string_view html_;
  std::vector<void*> blocks_;
  std::jmp_buf escape_{};
  std::size_t total_ = 0;
  std::size_t last_size_ = 0;   // of the last block
  std::size_t left_ = 0;        // in it
  std::size_t since_node_ = 0;  // allocations since the last node
  std::size_t attributes_ = 0;
  const GumboNode* root_ = nullptr;
};

/// An attribute's value, or null.
const char* attribute(const GumboNode& element, const char* name);

}  // namespace mcprove::oauth
