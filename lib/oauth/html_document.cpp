#include "oauth/html_document.h"

#include <algorithm>
#include <cstdlib>

namespace mcprove::oauth {

namespace {

constexpr std::size_t max_html = 1U << 20U;     // bytes
constexpr std::size_t max_tags = 10'000;        // gumbo walks its stack of open elements for each
constexpr std::size_t max_attributes = 20'000;  // of all elements: it compares those of alike elements pair by pair
constexpr std::size_t max_memory = 96U << 20U;  // bytes
constexpr std::size_t max_allocations = 4'000;  // for one element: it compares each attribute with all before it
constexpr std::size_t block_size = 256U << 10U;
constexpr std::size_t max_blocks = max_memory / block_size + 16;
constexpr std::size_t alignment = alignof(std::max_align_t);

std::string_view within_limits(std::string_view html) {
  html = html.substr(0, max_html);
  std::size_t tags = 0;
  const auto end = std::find_if(html.begin(), html.end(), [&](char c) { return c == '<' && ++tags > max_tags; });
  return html.substr(0, static_cast<std::size_t>(end - html.begin()));
}

}  // namespace

HtmlDocument::HtmlDocument(std::string_view html) : html_(within_limits(html)) {
  // allocate() runs below C frames, where no exception may pass: the list never grows there.
  blocks_.reserve(max_blocks);
  root_ = parse();
}

HtmlDocument::~HtmlDocument() {
  for (auto* block : blocks_) std::free(block);
}

// No object with a destructor lives in this frame or in those above it that the jump leaves.
const GumboNode* HtmlDocument::parse() {
  if (setjmp(escape_) != 0) return nullptr;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &HtmlDocument::allocate;
  options.deallocator = &HtmlDocument::release;
  options.userdata = this;
  options.max_errors = 0;
  const GumboOutput* output = gumbo_parse_with_options(&options, html_.data(), html_.size());
  return output->root;
}

void* HtmlDocument::take(std::size_t size) {
  size = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
  if (size > left_ || blocks_.empty()) {
    const auto wanted = std::max(size, block_size);
    if (total_ + wanted > max_memory || blocks_.size() == max_blocks) return nullptr;
    auto* block = std::malloc(wanted);
    if (block == nullptr) return nullptr;
    blocks_.push_back(block);
    total_ += wanted;
    left_ = wanted;
    last_size_ = wanted;
  }
  auto* start = static_cast<char*>(blocks_.back()) + (last_size_ - left_);
  left_ -= size;
  return start;
}

void* HtmlDocument::allocate(void* self, std::size_t size) {
  auto& document = *static_cast<HtmlDocument*>(self);
  document.since_node_ = size == sizeof(GumboNode) ? 0 : document.since_node_ + 1;
  if (size == sizeof(GumboAttribute)) ++document.attributes_;
  const bool refused = document.since_node_ > max_allocations || document.attributes_ > max_attributes || size > max_memory;
  void* memory = refused ? nullptr : document.take(size);
  if (memory == nullptr) std::longjmp(document.escape_, 1);
  return memory;
}

const char* attribute(const GumboNode& element, const char* name) {
  const auto* found = gumbo_get_attribute(&element.v.element.attributes, name);
  return found == nullptr ? nullptr : found->value;
}

}  // namespace mcprove::oauth
