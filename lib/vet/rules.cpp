#include "vet/rules.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mcprove::vet {

namespace {

struct Source {
  const char* id;
  Weight weight;
  Guard guard;
  const char* why;
  const char* pattern;
  Aspect aspect = Aspect::none;
};

constexpr Guard usual{};
/// The words are themselves a negation or a tag.
constexpr Guard as_it_stands{false, true, false};

/// `@{a,b}` stands for a gap of characters without the end of a sentence, `@P` for the path of a secret file.
constexpr Source sources[] = {
    {"instruction-header", Weight::medium, as_it_stands, "opens a passage as if the system spoke",
     R"((?:\[\s*(?:important |critical |hidden )?system(?: instructions?| prompt| message| override)\s*\]|\bsystem override\s*:|\b(?:new|updated|hidden|secret) instructions?\s*:|(?:^|[\n.]\s*)system\s*:\s*(?:ignore|you|always|read|output|do)\b|#{2,3}\s*(?:instruction|system)s?\s*:))"},
    // "<system>" alone is a placeholder in many usage lines; who closes it means a passage.
    {"instruction-tag", Weight::medium, as_it_stands, "wraps a passage in a tag that speaks to the model",
     R"((?:<\s*/?\s*(?:hidden|system[-_ ](?:prompt|instructions?|message|reminder))(?:[-_ ](?:note|notice|instructions?|message))?\s*>|<\s*/\s*(?:system|secret|instructions?|admin|developer|assistant)\s*>))"},
    {"important-tag", Weight::low, as_it_stands, "wraps a passage in a tag that raises its voice",
     R"(<\s*/?\s*(?:important|critical|mandatory|attention|urgent)(?:[-_ ](?:note|notice|instructions?|message))?\s*>)",
     Aspect::rank},
    {"model-tag", Weight::medium, as_it_stands, "wraps a passage in a mark that names the model as its reader",
     R"((?:<\s*/?\s*(?:assistant|agent|model|llm|ai|admin|developer|root|internal|override|priority|privileged)[-_ ](?:directives?|notes?|instructions?|messages?|prompt|rules?|only|commands?|policy|context|reminder|override|config)\s*>|\[\s*/?\s*(?:system|admin|developer|hidden|internal|private|secret)?\s?(?:note|notice|message|instructions?|directive|directives|reminder)s?[- ](?:to|for)[- ](?:the[- ])?(?:llm|model|assistant|agent|ai)\b))"},
    {"false-end", Weight::medium, as_it_stands, "pretends that the description ends and something else begins",
     R"((?:\b(?:end|begin|start) (?:of )?(?:the )?(?:tool (?:list|description|definition)s?|privileged|system (?:context|message|prompt|instructions?)|(?:hidden|secret|admin|developer) (?:context|message|instructions?)))\b|\]\]>|</(?:description|tool|function|tools)>)"},
    {"staged-turn", Weight::low, as_it_stands, "stages a turn of a conversation",
     R"x((?:\b(?:human|user)\s*:[^\n]{1,200}\b(?:assistant|ai)\s*:|"role"\s*:\s*"(?:system|assistant|developer)"))x",
     Aspect::rank},
    {"image-beacon", Weight::low, as_it_stands, "has an image fetched that carries data in its address",
     R"(!\[[^\]\n]{0,80}\]\(https?://[^)\s]{1,200}[?&=])", Aspect::sink},
    {"secret-in-text", Weight::medium, as_it_stands, "holds what looks like a live secret",
     R"((?-i:\b(?:AKIA[0-9A-Z]{16}|sk-[A-Za-z0-9]{20,}|sk_live_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abp]-[0-9A-Za-z-]{20,}|AIza[0-9A-Za-z_-]{35}|npm_[A-Za-z0-9]{36})\b|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----))"},
    {"chat-template", Weight::medium, as_it_stands, "holds a token of a chat template",
     R"((?:\[/?INST\]|<<\s*/?SYS\s*>>|<\|/?(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)\|?>))"},
    {"shell-line", Weight::medium, usual, "holds a command line that fetches and runs what somebody else wrote",
     R"((?:\b(?:curl|wget|iwr|irm)\b[^|\n]{0,200}\|\s*(?:sudo\s+)?(?:(?:ba|z|da)?sh|python3?|node|perl|iex)\b|\b(?:ba|z)?sh\s+-c\s+["']?\$\(\s*(?:curl|wget)|\b(?:bash|sh)\s+<\(\s*curl|\bbash -i >& /dev/tcp/|\bcurl\b[^\n]{0,120}\$\((?:whoami|id|hostname|env|cat )|\bnc\s+-e\s+/bin/))"},
    {"path-escape", Weight::low, usual, "speaks of leaving the directory", R"((?:path traversal \(|\.\./\.\./))"},
    {"script-tag", Weight::medium, usual, "holds markup that runs", R"(<script[\s>][^\n]{0,200}</script>)"},
    {"shouting", Weight::low, as_it_stands, "raises its voice at the model",
     R"((?-i:\[?\bIMPORTANT\b[\]:!]|\bCRITICAL\s*:|\bCOMPLIANCE REQUIREMENT\b|\bVERY VERY important\b|\bMANDATORY\s*:))"},
};

std::string expanded(std::string_view pattern) {
  constexpr std::string_view secret_path =
      R"((?:~/\.(?:ssh|aws|cursor|kube|docker|netrc|npmrc|pypirc|gnupg|config/gcloud|git-credentials|bash_history)|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws/credentials|\.git-credentials|/etc/(?:passwd|shadow)|\bmcp\.json|\bclaude_desktop_config\.json|[\s'"\x60]\.env\b(?:['"\x60]|\s+files?\b|[.,]?\s*$)|\bwallet\.dat\b|/proc/self/environ))";
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("@P")) {
      out += secret_path;
      ++i;
    } else if (rest.starts_with("@{")) {
      out += R"((?:[^.!?\n]|[.!?][^\s]))";
    } else {
      out += pattern[i];
    }
  }
  return out;
}

/// What stands in every match of a rule, so that most texts are done with at a glance: one of the marks, one of the words, and
/// one of the further ones. No word holds a blank, for blanks may have been other ones.
struct Needs {
  std::string_view id;
  std::string_view marks;
  std::vector<std::string_view> words;
  std::vector<std::string_view> further{};
};

Needs needs_of(std::string_view id) {
  static const std::vector<Needs> all = {
      {"instruction-header", ":[", {"system", "instruction"}},
      {"instruction-tag", "<", {"hidden", "system", "secret", "instruction", "admin", "developer", "assistant"}},
      {"important-tag", "<", {"important", "critical", "mandatory", "attention", "urgent"}},
      {"model-tag",
       "<[",
       {"directive", "note", "instruction", "message", "prompt", "rule", "only", "command", "policy", "context", "reminder",
        "override", "config"}},
      {"false-end",
       "",
       {"]]>", "</desc", "</tool", "</func", "end", "begin", "start"},
       {"]]>", "</desc", "</tool", "</func", "list", "description", "definition", "privileged", "context", "message", "prompt",
        "instruction"}},
      {"staged-turn", ":", {"human", "user", "\"role\""}},
      {"image-beacon", "!", {"](http"}},
      {"secret-in-text",
       "0123456789-",
       {"akia", "sk-", "sk_live_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "xoxa-", "xoxb-", "xoxp-", "aiza", "npm_",
        "-----begin"}},
      {"chat-template", "[<", {"inst]", "sys", "<|i", "<|e", "<|s", "<|u", "<|a", "<|/"}},
      {"shell-line", "|$<-", {"curl", "wget", "iwr", "irm", "/dev/tcp/", "/bin/"}},
      {"path-escape", "/(", {"traversal", "../"}},
      {"script-tag", "<", {"<script"}, {"</script>"}},
      {"shouting", "ICVM", {"important", "critical", "compliance", "very", "mandatory"}},
  };
  const auto found = std::ranges::find(all, id, &Needs::id);
  return found == all.end() ? Needs{} : *found;
}

std::vector<Rule> compiled() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  std::vector<Rule> out;
  for (const Source& source : sources) {
    auto needs = needs_of(source.id);
    out.push_back({source.id,
                   source.weight,
                   source.aspect,
                   source.why,
                   source.guard,
                   needs.marks,
                   {std::move(needs.words), std::move(needs.further)},
                   std::make_unique<const LatePattern>("(" + expanded(source.pattern) + ")", options)});
  }
  return out;
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = compiled();
  return all;
}

}  // namespace mcprove::vet
