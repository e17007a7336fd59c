#include "vet/rules.h"

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
};

constexpr Guard usual{};
constexpr Guard commanded{true, true, true};
/// The words are themselves a negation or a tag.
constexpr Guard as_it_stands{false, true, false};

/// `@{a,b}` stands for a gap of characters without the end of a sentence, `@P` for the path of a secret file.
constexpr Source
    sources[] =
        {
            {"instruction-override", Weight::medium, usual, "tells the model to set its instructions aside",
             R"(\b(?:ignore|disregard|forget|override|bypass|discard)\s+(?:(?:all|any|the|your|these|of|my|every|and)\s+){0,4}(?:previous|prior|above|preceding|earlier|existing|other|system|original|safety|security|all)\s+(?:\w+\s+){0,2}(?:instructions?|prompts?|rules|guidelines|directions|directives|constraints|checks|polic(?:y|ies)))"},
            {"instruction-header", Weight::medium, as_it_stands, "opens a passage as if the system spoke",
             R"((?:\[\s*(?:important |critical |hidden )?system(?: instructions?| prompt| message| override)\s*\]|\bsystem override\s*:|\b(?:new|updated|hidden|secret) instructions?\s*:|(?:^|[\n.]\s*)system\s*:\s*(?:ignore|you|always|read|output|do)\b|#{2,3}\s*(?:instruction|system)s?\s*:))"},
            // "<system>" alone is a placeholder in many usage lines; who closes it means a passage.
            {"instruction-tag", Weight::medium, as_it_stands, "wraps a passage in a tag that speaks to the model",
             R"((?:<\s*/?\s*(?:important|critical|hidden|system[-_ ](?:prompt|instructions?|message|reminder))(?:[-_ ](?:note|notice|instructions?|message))?\s*>|<\s*/\s*(?:system|secret|instructions?|admin|developer|assistant)\s*>))"},
            {"chat-template", Weight::medium, as_it_stands, "holds a token of a chat template",
             R"((?:\[/?INST\]|<<\s*/?SYS\s*>>|<\|/?(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)\|?>))"},
            {"concealment", Weight::medium, as_it_stands, "asks the model to keep something from the user",
             R"(\b(?:do not|don't|never|must not|should not|avoid)\s+(?:\w+\s+){0,2}(?:tell|mention|inform|notify|reveal|disclose|telling|mentioning|informing|revealing)\b@{0,40}\b(?:that you|this (?:to|behaviou?r|instruction|step|action|detail|file)|about this|you(?:'re| are) accessing|(?:this|these) instructions?|reading|the (?:file|side ?effect|copy|transfer|contents? of this))\b)"},
            {"concealment", Weight::medium, as_it_stands, "asks the model to keep something from the user",
             R"(\b(?:without (?:telling|informing|notifying|alerting|the knowledge of)\s+(?:the\s+)?(?:user|human|customer)|(?:hide|conceal|keep)\s+(?:this|it|these)(?:\s+\w+){0,2}\s+(?:from|secret from)\s+(?:the\s+)?(?:user|human)|do not include this (?:instruction|message|note)|do not explicitly mention)\b)"},
            {"concealment-mild", Weight::low, as_it_stands, "tells the model what not to say to the user",
             R"(\b(?:do not|don't|never|must not)\s+(?:\w+\s+){0,2}(?:tell|mention|inform|notify|reveal|show)\b@{0,30}\b(?:the\s+)?(?:user|human|customer)s?\b)"},
            {"secret-file", Weight::medium, commanded, "tells the model to read a file that holds secrets",
             R"(\b(?:read|open|cat|load|access|fetch|retrieve|get|include|upload|send|pass|call|run|use|copy|look at)\b@{0,80}@P)"},
            {"secret-resource", Weight::medium, commanded, "tells the model to fetch secrets from elsewhere",
             R"(\b(?:read|access|fetch|open|extract|retrieve|collect)\b@{0,80}\b(?:\w+://(?:secrets?|confidential|admin|credentials?|private|internal)\b|all (?:credentials|secrets|passwords|api keys)\b|(?:confidential (?:\w+ )?information|credentials? and|master password)\b))"},
            {"content-to-parameter", Weight::medium, usual, "tells the model to put what it read into a parameter",
             R"(\b(?:pass|put|include|provide|insert|place|send)\s+(?:\w+\s+){0,3}(?:its|their|that|(?:the|this|that) file(?:'?s)?)\s*(?:\w+\s+)?contents?\b@{0,60}\b(?:as|in|into|via|using|to)\s+(?:the\s+|your\s+)?["'\x60]?\w+)"},
            {"private-data", Weight::medium,
             commanded, "tells the model to hand over what the user told it in private", R"(\b(?:pass|include|send|forward|append|provide|attach|output|reveal|print|leak|relay)\b@{0,50}\b(?:conversation history|chat history|(?:full |entire |your )(?:system prompt|conversation)|private information|previous messages|last messages|user'?s (?:last message|private|personal|inbox)|chain of thought|all (?:the )?(?:messages|credentials|api keys|passwords)|these credentials|master password))"},
            {"private-data", Weight::medium, usual, "tells the model to hand over what the user told it in private",
             R"(\b(?:reveal|output|print|leak|repeat)\s+(?:me\s+)?(?:(?:your|the|full|entire|complete)\s+){0,2}system prompt\b)"},
            {"exfiltration", Weight::medium, usual, "tells the model to send a copy to somebody",
             R"(\b(?:always|secretly|silently|also|must|then|additionally|use the)\b@{0,40}\b(?:send|forward|upload|post|bcc|cc|email|transmit|relay|copy|loop|let)\b@{0,100}(?:[\w.+-]+@[\w-]+\.[a-z]{2,}|https?://[^\s"')]*(?:attack|evil|collect|exfil|canary|pwn)\S*|\+\d{6,}))"},
            {"exfiltration", Weight::medium, as_it_stands, "tells the model to send a copy to somebody",
             R"((?:\bexfiltrate (?:all|the|any|user)\b|\b(?:send|post|forward) (?:all|every|a copy of (?:all|every|the))\b@{0,60}\b(?:messages?|results?|emails?|conversations?|data)\b@{0,30}\bto (?:[\w.+-]+@|https?://|\+\d)))"},
            {"precondition", Weight::low, usual, "makes itself a condition of other tools",
             R"(\b(?:before|prior to)\s+(?:using|calling|invoking|executing|running|performing|any)\s+(?:any\b|all\b|every\b|each\b|other\b|this tool\b|operation\b|providing\b))"},
            {"precondition", Weight::low, usual, "makes itself a condition of other tools",
             R"(\b(?:otherwise|or else|if you (?:do not|don't))\b@{0,60}\b(?:tool|system|it)\s+(?:will|won't|does)\s*(?:not)?\s*(?:work|crash|fail|function))"},
            {"first-of-all", Weight::low, usual, "asks to be called first in every session",
             R"(\b(?:must|should|always)\b@{0,30}\b(?:consult|call|invoke|use|execute|run)(?:ed)?\b@{0,20}\bfirst\b@{0,40}\b(?:every|any|each|all)\b)"},
            {"precondition-secret", Weight::medium, usual, "makes reading a file or resource a condition of a tool",
             R"(\b(?:before|when)\s+(?:using|calling|invoking|providing|performing|this tool is)\b@{0,60},\s*(?:you must |first |always ){0,2}(?:first )?(?:read|access|open|cat|fetch)\s+(?:the\s+)?(?:file|contents?|confidential|resource|admin|system|["'\x60]?[~/.]))"},
            {"shadowing", Weight::medium, usual, "changes how another tool is used",
             R"(\b(?:when|whenever|if)\b@{0,40}\btools?\b@{0,20}\b(?:is|are)\s+(?:available|present|invoked|called|used)\b@{0,20}\b(?:override|modify|change|replace|redirect|intercept)s?\b)"},
            {"shadowing", Weight::medium, usual, "changes how another tool is used",
             R"(\b(?:override|change|replace|modify|redirect|intercepts?)\s+(?:the\s+|all\s+)?(?:recipients?|behaviou?rs? of (?:all|other|the)\b@{0,30}\btools?|destination address|\w+ requests? intended for))"},
            {"shadowing", Weight::medium, usual, "tells the model to leave another tool alone",
             R"(\b(?:ignore|disregard|do not use|don't use|never use)\s+(?:all|any)\s+(?:of the\s+)?other\s+(?:\w+\s+){0,2}tools?\b)"},
            {"forced-side-call", Weight::low, usual, "adds a step that the tool itself does not do",
             R"(\b(?:you must|must also|make sure (?:you|to)|always)\s+(?:\w+\s+){0,2}(?:also\s+)?(?:call|use|include|invoke|prefix|prepend|append)\b)"},
            {"command-prefix", Weight::medium, usual, "tells the model to change every command it runs",
             R"(\b(?:all|every)\s+(?:\w+\s+){0,2}commands?\b@{0,40}\b(?:must|should|need to)\b@{0,30}\b(?:prefix|prepend|prefixed)\b)"},
            {"hidden-from-view", Weight::low, as_it_stands, "calms a user who might look",
             R"(\b(?:upset the user|not scary|just an implementation detail|in your visible response|for compliance (?:reasons|and audit)|proxying issues?)\b)"},
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

std::vector<Rule> compiled() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  std::vector<Rule> out;
  for (const Source& source : sources) {
    out.push_back({source.id, source.weight, source.why, source.guard,
                   std::make_unique<const RE2>("(" + expanded(source.pattern) + ")", options)});
  }
  return out;
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = compiled();
  return all;
}

}  // namespace mcprove::vet
