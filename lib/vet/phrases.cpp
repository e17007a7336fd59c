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
    Phrase{bit(secret), "all|any|user's|their|stored|available|every *2 @credential"},
    Phrase{bit(secret), "api|access|bearer|refresh keys|tokens"},
    Phrase{bit(secret), "master password"},
    Phrase{bit(secret), "production|database|cloud|admin credentials|password|passwords"},
    Phrase{bit(secret), "confidential|classified|private|sensitive *2 information|data|resource|documents|records"},
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
    Phrase{bit(context), "your|its own|internal|hidden *1 prompt|instructions|configuration|rules"},
    Phrase{bit(context), "your *1 instructions|configuration|guidelines"},
    Phrase{bit(context), "chain of thought"},
    Phrase{bit(context), "everything|anything|all|whatever *4 said|written|typed|discussed|told|shared"},
    Phrase{bit(context), "what *4 user|customer|person|human *2 said|asked|wrote|typed|told|asks|says|types"},
    Phrase{bit(context),
           "previous|prior|earlier|last|recent|past *2 messages|turns|exchanges|prompts|answers|replies|responses|outputs"},
    Phrase{bit(context), "user's|customer's *3 messages|questions|prompts"},
    Phrase{bit(personal), "user's|customer's|their *3 question|message|prompt|request|wording"},
    Phrase{bit(context), "invite système"},
    Phrase{bit(context), "prompt|instrucciones del|do|de sistema|système"},
    Phrase{bit(context), "systemprompt"},
    Phrase{bit(context), "history|list|output|results|names of *2 other|previous|all|your *2 @tool"},
    // What belongs to a person.
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
    Phrase{bit(infinitive),
           "sure|have|has|need|needs|required|ought|remember|important|necessary|essential|instructed|expected|try|attempt|"
           "proceed|asked|supposed|obliged|careful|mandatory|helps|helpful|requires|want|urged"},
    Phrase{bit(infinitive), "forget|fail|neglect|hesitate"},
    // What is spoken of, not said.
    Phrase{bit(describes), "such as"},
    Phrase{bit(describes), "for example|instance"},
    Phrase{bit(describes), "looks|look|looking for"},
    Phrase{bit(describes), "prompt injection|injections"},
    Phrase{bit(describes), "protects|protect|protection|guards|defends against"},
};

}  // namespace

Phrases phrases() { return {list.data(), list.data() + list.size()}; }

}  // namespace mcprove::vet
