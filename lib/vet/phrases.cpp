#include <array>

#include "vet/clause_rules.h"

namespace mcprove::vet {

namespace {

using enum Sense;

constexpr std::array list = {
    // What opens doors.
    Phrase{bit(secret), "private|ssh|deploy|signing|encryption *1 key|keys|identity|identities"},
    Phrase{bit(secret), "seed|recovery phrase|phrases|words"},
    Phrase{bit(secret), "saved|stored|remembered *1 login|logins|passwords|password|credentials|sessions"},
    Phrase{bit(secret), "login|sign-in|account details|credentials|data"},
    Phrase{bit(secret), "environment variables"},
    Phrase{bit(secret), "contents|values|output of *1 env|environment"},
    Phrase{bit(secret), "shell|bash|zsh|terminal|command|browser|browsing history"},
    Phrase{bit(secret), "browser profile|cookies|passwords"},
    Phrase{bit(secret), "session cookie|cookies|tokens"},
    Phrase{bit(secret), "any|user's|their|stored|available|every *2 @credential"},
    Phrase{bit(secret), "all *1 @credential|your|their|stored|saved @credential"},
    Phrase{bit(secret), "all *1 api|access|secret|private|auth @credential"},
    Phrase{bit(secret), "api|access|bearer|refresh keys|tokens"},
    Phrase{bit(secret), "master password"},
    Phrase{bit(secret), "production|database|cloud|admin credentials|password|passwords"},
    Phrase{
        bit(secret),
        "confidential|classified|private|sensitive *2 information|data|resource|documents|records|details|facts|matters|material"},
    Phrase{bit(secret), "كلمات|كلمة المرور"},
    Phrase{bit(secret), "credit|debit card number|numbers|details"},
    // What the model was told in confidence.
    Phrase{bit(context), "conversation|chat|message|dialogue history|log|transcript|context|contents|content|messages"},
    Phrase{bit(context), "@context *2 so far|up"},
    Phrase{bit(context),
           "text|contents|content|copy|whole|entire|full|complete *2 chat|conversation|session|discussion|thread|exchange"},
    Phrase{bit(context), "whole|entire|full|complete|ongoing|current chat|session|discussion|exchange|conversation"},
    Phrase{bit(context), "text|contents|transcript|log|record of *2 chat|conversation|session|discussion|dialogue|exchange"},
    Phrase{bit(context), "system|setup|hidden|initial|developer|base *2 prompt|message|instructions|configuration"},
    Phrase{bit(context), "your|its own|internal|hidden *1 prompt|instructions|configuration|rules|guidelines|policies"},
    Phrase{bit(context), "your *1 instructions|configuration|guidelines"},
    Phrase{bit(context), "chain of thought"},
    Phrase{bit(context), "everything|anything|whatever *4 said|written|typed|discussed|told|shared"},
    Phrase{bit(context), "all *3 said|written|typed|discussed|told"},
    Phrase{bit(context), "what *4 user|customer|person|human *2 said|asked|wrote|typed|told|asks|says|types"},
    Phrase{bit(context),
           "previous|prior|earlier|last|recent|past *2 messages|turns|exchanges|prompts|answers|replies|responses|outputs"},
    Phrase{bit(context), "user's|customer's *3 messages|questions|prompts"},
    Phrase{bit(personal), "user's|customer's|their *3 question|message|prompt|request|wording"},
    Phrase{bit(context), "invite système"},
    Phrase{bit(context), "prompt|instrucciones del|do|de sistema|système"},
    Phrase{bit(context), "systemprompt"},
    Phrase{bit(context), "history|list|output|results|names of *2 other|previous|all|your *2 @tool"},
    Phrase{bit(context), "your|whole|entire|full|complete *1 context|prompt window"},
    Phrase{bit(context), "messages|exchanges|turns|lines|words *3 that|which led|preceded|came|went"},
    Phrase{
        bit(context),
        "instructions|rules|prompt|setup|text|briefing *3 you *3 started|given|received|configured|got|initialised|initialized|launched|loaded"},
    Phrase{bit(context), "instructions|prompt|text|rules *3 configured|started|initialised|gave|briefed|launched *2 you"},
    Phrase{bit(context), "@user *2 own|exact|actual|original words|wording|phrasing"},
    Phrase{bit(context), "your *1 private|internal|hidden|own|inner *1 reasoning|thoughts|thinking|notes|instructions"},
    Phrase{bit(context),
           "recap|summary|copy|dump|digest|record|transcript|text|log of *3 session|chat|thread|talk|discussion|exchange|dialog"},
    Phrase{bit(context), "what *2 you *1 know|remember|learned|learnt about"},
    Phrase{bit(context), "all *2 that *2 been said|written|discussed"},
    Phrase{bit(context), "up to *2 this|now|here *2 point|moment|turn|message|$"},
    Phrase{bit(context), "last|previous|recent|latest|several *3 exchanges|messages|turns|prompts *3 between|with|of *4 @user"},
    Phrase{bit(context),
           "@user *2 last|latest|previous|recent|earlier|most *2 message|messages|question|questions|prompt|prompts"},
    Phrase{bit(context), "name|names|list of *2 every|each|all *2 @tool"},
    Phrase{bit(context), "@tool *2 you can|may call|use|reach"},
    Phrase{bit(context), "other *2 connected *1 @tool *2 returned"},
    Phrase{
        bit(context),
        "what|everything|anything|all|whatever|thing|things|words|text *3 @user *3 said|says|say|told|tells|tell|typed|types|type|wrote|"
        "writes|write|written|asked|shared|shares|pasted|mentioned|discussed|entered|enters"},
    Phrase{bit(context), "past|previous|earlier|old|recent|other chats|conversations|discussions"},
    Phrase{
        bit(context),
        "tout|todo|tudo|alles|was|lo *3 @user|l'utilisateur *3 dit|écrit|dicho|escrito|disse|escreveu|gesagt|geschrieben|diga|escriba"},
    Phrase{bit(secret), "value|values|content|contents *4 environment variable|variables"},
    Phrase{bit(personal), "what|which *2 files|apps|tabs|windows|sites|programs|documents *2 @user"},
    Phrase{bit(personal), "list|table|names|records|rows *2 @user"},
    Phrase{bit(sink), "to|with us"},
    Phrase{
        bit(sink),
        "vendor's|vendor|manufacturer|developer's|author's|maker's|publisher's *2 box|server|servers|inbox|drop|account|endpoint|site"},
    Phrase{bit(sink), "to|with *1 vendor|developers|makers|manufacturer|publisher|maintainers"},
    Phrase{bit(guard), "signature|hash|integrity|certificate|permission|licence|license check|checks|verification|validation"},
    Phrase{
        bit(context),
        "summary|profile|description|sketch *3 @user *2 identity|goals|preferences|background|situation|personality|life|plans"},
    Phrase{user | negation, "no one"},
    // Orders that stand in what a tool returns are for nobody.
    Phrase{bit(partial), "@rules *2 found|contained|embedded|inside|hidden *2 in|within|it|them|files|pages"},
    Phrase{bit(partial), "@rules in|from *2 them|it|files|pages|content|documents|mails|messages|data|results|responses"},
    // What belongs to a person.
    Phrase{bit(personal), "contact|address|reading|customer|friends list|lists|book|books"},
    Phrase{bit(personal), "browsing|location|search|order|medical|purchase history"},
    Phrase{bit(personal), "phone|telephone|social|passport|card number|numbers|details"},
    Phrase{bit(personal), "tax|medical|patient|health|bank|salary|hr *2 record|records|file|files|statement|statements|data"},
    Phrase{bit(personal), "home|e-mail|email|postal|private|delivery *1 address|addresses"},
    Phrase{bit(personal), "names of *2 files"},
    Phrase{bit(personal), "config|configuration|home|source|project *1 directory|folder"},
    Phrase{bit(personal), "verification|security|one-time|access code|codes|pin"},
    Phrase{bit(secret), "seed|recovery|secret|mnemonic *1 words|phrase"},
    Phrase{bit(secret), "banking|card|bank|account pin|password|login"},
    Phrase{bit(secret), "password manager|safe|store|vault"},
    Phrase{bit(secret), "vpn|ssh|git|aws|cloud *1 profiles|profile|keys|key|config|configuration|settings|identity"},
    Phrase{bit(secret), "kube|kubernetes|aws|npm|git|gh|cloud *1 config|configuration|credentials"},
    Phrase{bit(secret), "variables *4 shell|environment|session"},
    Phrase{bit(secret), "saved|stored *2 sessions|cards|card"},
    Phrase{bit(secret), "looks like *2 @credential"},
    // What keeps the user safe.
    Phrase{
        bit(guard),
        "certificate|security|safety|approval|identity|fraud|virus check|checks|step|steps|test|tests|reminder|reminders|prompt|prompts|rule|rules"},
    Phrase{bit(guard),
           "approval|confirmation|warning|consent|permission step|dialog|dialogs|prompt|prompts|box|message|messages"},
    Phrase{bit(guard), "safety|security|risk|side-effect *1 reminders|notices|warnings|notes|settings"},
    // What later sessions read.
    Phrase{bit(store), "long-term|permanent|persistent|lasting *1 memory|fact|facts|note|notes|record"},
    Phrase{bit(store), "agent's|assistant's|agent|assistant|project *1 rules|instructions|memory file"},
    Phrase{bit(store), "store|save|write|commit|add to|in|into *2 memory"},
    Phrase{bit(store), "future|later *1 sessions|conversations|chats"},
    // Places that others read.
    Phrase{bit(sink), "public *2 bucket|gist|repository|repo|channel|link|paste|folder"},
    Phrase{bit(sink), "our|my *2 side|server|servers|endpoint|webhook|bucket|collector|team|inbox"},
    Phrase{bit(sink), "team|company|central archive|mirror|collector"},
    Phrase{bit(personal), "user's|their|customer's|person's|your|his|her *2 @personal"},
    Phrase{bit(personal), "newest|latest|recent|last|all *3 mails|emails|messages|photos|documents|notes"},
    Phrase{bit(personal), "home|documents|desktop|downloads|tax directory|folder|folders"},
    // Verbs of more than one word.
    Phrase{bit(read), "have|take|having *2 look|peek|glance"},
    Phrase{read | order, "get hold of"},
    Phrase{ignore | order, "set|put|leave *5 aside"},
    Phrase{ignore | order, "pay *2 no attention|heed"},
    Phrase{ignore | order, "do not|never follow|obey|heed|apply|honor|honour"},
    Phrase{ignore | order, "don't follow|obey|heed"},
    Phrase{ignore | order, "act|behave|proceed as if|though"},
    Phrase{ignore | order, "disregard|ignore|forget *1 about"},
    Phrase{bit(give), "let *5 know"},
    Phrase{bit(tell), "bring *2 up"},
    Phrase{tell | ongoing, "bringing *2 up"},
    Phrase{bit(tell), "let|letting *1 on"},
    Phrase{bit(tell), "let *2 @user know"},
    Phrase{bit(tell), "draw|call|calling|drawing attention"},
    Phrase{bit(know), "find|finds|finding out"},
    Phrase{bit(covert), "in the background"},
    Phrase{bit(covert), "behind the scenes"},
    Phrase{bit(henceforth), "from now|here|then|this *2 on|onwards|onward|forward"},
    Phrase{bit(henceforth), "for the rest|remainder of"},
    Phrase{bit(henceforth), "in all future"},
    Phrase{also | covert, "blind copy|copies"},
    Phrase{bit(external), "our|my|the|a webhook|server|endpoint|collector at|on|run"},
    // What asks for "to": the next word but one is an order.
    Phrase{
        bit(infinitive),
        "sure|certain|have|has|need|needs|required|ought|remember|important|necessary|essential|instructed|expected|try|attempt|"
        "proceed|asked|supposed|obliged|careful|mandatory|helps|helpful|requires|want|urged"},
    Phrase{bit(infinitive), "forget|fail|neglect|hesitate"},
    // What is spoken of, not said.
    Phrase{bit(describes), "such as"},
    Phrase{bit(describes), "phrases|words|strings|patterns|sentences|texts|wording|messages like"},
    Phrase{bit(describes), "for example|instance"},
    Phrase{bit(describes), "looks|look|looking for"},
    Phrase{bit(describes), "prompt injection|injections"},
    Phrase{bit(describes), "protects|protect|protection|guards|defends against"},
};

}  // namespace

Phrases phrases() { return {list.data(), list.data() + list.size()}; }

}  // namespace mcprove::vet
