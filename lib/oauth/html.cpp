#include "oauth/html.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>

#include "base/text.h"
#include "oauth/html_document.h"
#include "oauth/script_text.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t max_text = 4096;
constexpr std::size_t max_nodes = 400'000;
constexpr std::size_t max_forms = 64;
constexpr std::size_t max_fields = 512;
constexpr std::size_t max_options = 512;
constexpr std::size_t max_links = 256;
constexpr std::size_t npos = std::string::npos;

std::string_view view(const char* raw) { return raw == nullptr ? std::string_view() : std::string_view(raw); }

/// Words joined by single spaces, up to a limit.
void append_words(std::string& out, std::string_view raw, std::size_t limit = max_text) {
  for (const auto& word : text::words(raw.substr(0, limit * 4))) {
    if (out.size() + word.size() + 1 > limit) return;
    if (!out.empty()) out += ' ';
    out += word;
  }
}

bool is_button(std::string_view type) { return type == "submit" || type == "image" || type == "button" || type == "reset"; }

/// Reads a tree in document order, with what is open around the present node.
class Reader {
 public:
  explicit Reader(const net::Url& base) : document_(base), base_(base) {}
  Page read(const GumboNode* root);

 private:
  struct Frame {
    const GumboNode* node = nullptr;
    std::size_t next = 0;  // child
    bool form = false, label = false, hidden = false, option = false, button = false, link = false, title = false,
         fieldset = false, noscript = false;
  };
  struct Place {
    std::size_t form = 0;
    std::size_t field = 0;
  };

  void enter(Frame& frame);
  void leave(const Frame& frame);
  void read_text(const GumboNode& node);
  void read_script(const GumboNode& node);
  void open_form(Frame& frame);
  void open_label(Frame& frame);
  void open_button(Frame& frame);
  void open_option(Frame& frame);
  void read_input(const GumboNode& node, std::string type);
  void read_meta(const GumboNode& node);
  void read_base(const GumboNode& node);
  void add_field(const GumboNode& node, Field field);
  std::optional<std::size_t> form_of(const GumboNode& node) const;
  std::string absolute(std::string_view reference) const;
  Field& at(Place place) { return page_.forms[place.form].fields[place.field]; }
  void finish();

  net::Url document_;
  net::Url base_;
  bool base_seen_ = false;
  Page page_{};
  std::optional<std::size_t> form_{};  // the open form
  std::optional<Place> button_{};
  std::optional<Place> select_{};
  bool option_selected_ = false;
  std::size_t hidden_ = 0;
  std::size_t disabled_ = 0;
  std::size_t noscript_ = 0;
  std::size_t fields_ = 0;
  bool in_title_ = false;
  bool in_option_ = false;
  bool in_link_ = false;
  bool scripted_ = false;
  bool script_submits_ = false;
  bool load_submits_ = false;
  std::string option_text_{};
  std::string label_text_{};
  std::string label_for_{};
  bool in_label_ = false;
  std::vector<Place> labelled_{};  // fields inside the open label
  std::map<std::string, Place> by_id_{};
  std::vector<std::pair<std::string, std::string>> labels_{};  // id, words
  std::string recent_{};                                       // words since the last field
};

std::string Reader::absolute(std::string_view reference) const {
  reference = text::trim(reference);
  const auto resolved = net::resolve(reference.empty() ? document_ : base_, reference);
  if (resolved) return resolved->raw;
  const auto colon = reference.find_first_of(":/?#");
  return colon != npos && reference[colon] == ':' && colon > 0 ? std::string(reference) : std::string();
}

std::optional<std::size_t> Reader::form_of(const GumboNode& node) const {
  if (const auto id = view(attribute(node, "form")); !id.empty()) {
    for (std::size_t i = 0; i < page_.forms.size(); ++i) {
      if (page_.forms[i].id == id) return i;
    }
  }
  if (form_) return form_;
  // In a table, the parser moves a form's fields out of it.
  if (!page_.forms.empty() && page_.forms.back().text.empty()) return page_.forms.size() - 1;
  return std::nullopt;
}

void Reader::add_field(const GumboNode& node, Field field) {
  page_.has_controls = page_.has_controls || (noscript_ == 0 && field.type != "hidden");
  const auto form = form_of(node);
  if (!form || fields_ >= max_fields) return;
  ++fields_;
  field.name = view(attribute(node, "name"));
  field.autocomplete = text::lower(view(attribute(node, "autocomplete")));
  field.disabled = disabled_ > 0 || attribute(node, "disabled") != nullptr;
  for (const char* name : {"placeholder", "aria-label", "title", "alt"})
    append_words(field.label, view(attribute(node, name)), 256);
  if (const auto action = view(attribute(node, "formaction")); !action.empty()) field.form_action = absolute(action);
  field.form_method = text::lower(view(attribute(node, "formmethod")));
  std::transform(field.form_method.begin(), field.form_method.end(), field.form_method.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (field.type != "hidden" && !is_button(field.type)) {
    if (field.label.empty() && !in_label_) append_words(field.label, recent_, 80);
    recent_.clear();
  }
  const Place place{*form, page_.forms[*form].fields.size()};
  if (const auto id = view(attribute(node, "id")); !id.empty()) by_id_.emplace(id, place);
  if (in_label_) labelled_.push_back(place);
  page_.forms[*form].fields.push_back(std::move(field));
}

void Reader::read_input(const GumboNode& node, std::string type) {
  Field field;
  field.type = std::move(type);
  const auto* value = attribute(node, "value");
  field.value = view(value);
  field.checked = attribute(node, "checked") != nullptr;
  if (value == nullptr && (field.type == "checkbox" || field.type == "radio")) field.value = "on";
  if (is_button(field.type)) append_words(field.label, field.value, 256);
  add_field(node, std::move(field));
}

void Reader::open_form(Frame& frame) {
  if (form_ || page_.forms.size() >= max_forms) return;
  const auto& node = *frame.node;
  Form form;
  form.action = absolute(view(attribute(node, "action")));
  if (!net::Url::parse(form.action)) form.action.clear();
  form.method = text::iequals(text::trim(view(attribute(node, "method"))), "post") ? "POST" : "GET";
  form.enctype = text::lower(text::trim(view(attribute(node, "enctype"))));
  form.id = view(attribute(node, "id"));
  page_.forms.push_back(std::move(form));
  form_ = page_.forms.size() - 1;
  frame.form = true;
  recent_.clear();
}

void Reader::open_label(Frame& frame) {
  if (in_label_) return;
  frame.label = in_label_ = true;
  label_text_.clear();
  label_for_ = view(attribute(*frame.node, "for"));
  labelled_.clear();
}

void Reader::open_button(Frame& frame) {
  const auto form = form_of(*frame.node);
  const auto before = form ? page_.forms[*form].fields.size() : 0;
  const auto type = text::lower(view(attribute(*frame.node, "type")));
  Field field;
  field.type = type == "button" || type == "reset" ? type : "submit";
  field.value = view(attribute(*frame.node, "value"));
  add_field(*frame.node, std::move(field));
  if (!form || page_.forms[*form].fields.size() == before || button_) return;
  button_ = Place{*form, before};
  frame.button = true;
}

void Reader::open_option(Frame& frame) {
  if (!select_ || in_option_) return;
  frame.option = in_option_ = true;
  option_text_.clear();
}

void Reader::read_meta(const GumboNode& node) {
  if (!text::iequals(view(attribute(node, "http-equiv")), "refresh") || !page_.refresh.empty()) return;
  if (const auto target = refresh_target(view(attribute(node, "content")))) page_.refresh = absolute(*target);
}

void Reader::read_base(const GumboNode& node) {
  const auto* href = attribute(node, "href");
  if (href == nullptr || base_seen_) return;
  base_seen_ = true;
  if (auto url = net::resolve(document_, text::trim(href))) base_ = *std::move(url);
}

bool is_hidden(const GumboNode& node) {
  if (attribute(node, "hidden") != nullptr) return true;
  std::string style = text::lower(view(attribute(node, "style")).substr(0, 1024));
  std::erase(style, ' ');
  return style.find("display:none") != npos || style.find("visibility:hidden") != npos;
}

void Reader::enter(Frame& frame) {
  const auto& node = *frame.node;
  frame.hidden = is_hidden(node);
  switch (static_cast<int>(node.v.element.tag)) {
    case GUMBO_TAG_FORM: open_form(frame); break;
    case GUMBO_TAG_LABEL: open_label(frame); break;
    case GUMBO_TAG_BUTTON: open_button(frame); break;
    case GUMBO_TAG_OPTION: open_option(frame); break;
    case GUMBO_TAG_META: read_meta(node); break;
    case GUMBO_TAG_BASE: read_base(node); break;
    case GUMBO_TAG_TITLE: frame.title = in_title_ = page_.title.empty(); break;
    case GUMBO_TAG_SCRIPT:
      read_script(node);
      frame.hidden = true;
      break;
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TEMPLATE: frame.hidden = true; break;
    case GUMBO_TAG_TEXTAREA: read_input(node, "textarea"); break;
    case GUMBO_TAG_FIELDSET: frame.fieldset = attribute(node, "disabled") != nullptr; break;
    case GUMBO_TAG_BODY: load_submits_ = load_submits_ || submits_form(view(attribute(node, "onload"))); break;
    case GUMBO_TAG_NOSCRIPT: frame.noscript = true; break;
    case GUMBO_TAG_INPUT: {
      const auto type = text::lower(text::trim(view(attribute(node, "type"))));
      read_input(node, type.empty() ? "text" : type);
      break;
    }
    case GUMBO_TAG_SELECT: {
      const auto form = form_of(node);
      const auto before = form ? page_.forms[*form].fields.size() : 0;
      read_input(node, "select");
      if (form && page_.forms[*form].fields.size() > before) select_ = Place{*form, before};
      option_selected_ = false;
      break;
    }
    case GUMBO_TAG_A:
      if (attribute(node, "href") == nullptr || in_link_ || page_.links.size() >= max_links) break;
      if (auto target = absolute(attribute(node, "href")); !target.empty()) {
        page_.links.emplace_back(std::move(target), std::string());
        frame.link = in_link_ = true;
      }
      break;
    default: break;
  }
  if (frame.hidden) ++hidden_;
  if (frame.fieldset) ++disabled_;
  if (frame.noscript) ++noscript_;
}

void Reader::leave(const Frame& frame) {
  if (frame.form) form_.reset();
  if (frame.hidden) --hidden_;
  if (frame.fieldset) --disabled_;
  if (frame.noscript) --noscript_;
  if (frame.title) in_title_ = false;
  if (frame.link) in_link_ = false;
  if (frame.button) button_.reset();
  if (frame.node->v.element.tag == GUMBO_TAG_SELECT) select_.reset();
  if (frame.label) {
    in_label_ = false;
    for (const auto place : labelled_) append_words(at(place).label, label_text_, 256);
    if (labelled_.empty() && !label_for_.empty()) labels_.emplace_back(label_for_, label_text_);
  }
  if (frame.option) {
    in_option_ = false;
    auto& field = at(*select_);
    const auto* value = attribute(*frame.node, "value");
    const std::string chosen = value == nullptr ? option_text_ : std::string(value);
    const bool selected = attribute(*frame.node, "selected") != nullptr;
    if ((field.options.empty() && !option_selected_) || (selected && !option_selected_)) field.value = chosen;
    option_selected_ = option_selected_ || selected;
    if (field.options.size() < max_options) field.options.push_back(chosen);
  }
}

void Reader::read_text(const GumboNode& node) {
  const auto raw = view(node.v.text.text);
  if (in_title_) return append_words(page_.title, raw, 256);
  if (hidden_ > 0) return;
  if (in_option_) return append_words(option_text_, raw, 256);
  append_words(page_.text, raw);
  if (form_) append_words(page_.forms[*form_].text, raw);
  if (in_label_) append_words(label_text_, raw, 256);
  if (button_) append_words(at(*button_).label, raw, 256);
  if (in_link_) append_words(page_.links.back().second, raw, 256);
  if (!button_ && !in_label_) append_words(recent_, raw, 80);
}

void Reader::read_script(const GumboNode& node) {
  scripted_ = true;
  const auto& children = node.v.element.children;
  for (unsigned int i = 0; i < children.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(children.data[i]);
    if (child->type != GUMBO_NODE_TEXT) continue;
    const auto code = view(child->v.text.text);
    script_submits_ = script_submits_ || submits_form(code);
    if (page_.script_location.empty()) {
      if (const auto target = location_written(code)) page_.script_location = absolute(*target);
    }
  }
}

void Reader::finish() {
  for (const auto& [id, words] : labels_) {
    if (const auto place = by_id_.find(id); place != by_id_.end()) append_words(at(place->second).label, words, 256);
  }
  // A consent page may submit from a script too, once its button is clicked: what shows a control is never taken as clicked.
  const bool sends_itself = (load_submits_ || (script_submits_ && !page_.has_controls)) && page_.text.size() < 400;
  for (auto& form : page_.forms) {
    const auto visible = [](const Field& field) { return field.type != "hidden" && !is_button(field.type); };
    form.self_submitting = sends_itself && std::none_of(form.fields.begin(), form.fields.end(), visible);
  }
  const bool asks_for_script = text::icontains(page_.text, "javascript") && page_.text.size() < 600;
  page_.needs_script = scripted_ && page_.forms.empty() && page_.refresh.empty() && (page_.text.size() < 60 || asks_for_script);
}

Page Reader::read(const GumboNode* root) {
  std::vector<Frame> stack;
  if (root != nullptr) stack.push_back({.node = root});
  if (root != nullptr) enter(stack.back());
  std::size_t seen = 0;
  while (!stack.empty()) {
    auto& frame = stack.back();
    const auto& children = frame.node->v.element.children;
    if (frame.next == children.length || seen > max_nodes) {
      leave(frame);
      stack.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(children.data[frame.next++]);
    ++seen;
    if (child->type == GUMBO_NODE_TEXT) read_text(*child);
    if (child->type != GUMBO_NODE_ELEMENT && child->type != GUMBO_NODE_TEMPLATE) continue;
    stack.push_back({.node = child});
    enter(stack.back());
  }
  finish();
  return std::move(page_);
}

}  // namespace

bool Form::has_password() const {
  return std::any_of(fields.begin(), fields.end(),
                     [](const Field& field) { return field.type == "password" && !field.disabled; });
}

Page read_page(std::string_view html, const net::Url& base) {
  const HtmlDocument document(html);
  return Reader(base).read(document.root());
}

}  // namespace mcprove::oauth
