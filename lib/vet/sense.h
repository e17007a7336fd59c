#pragma once

#include <cstdint>
#include <string_view>

namespace mcprove::vet {

/// What a word can mean in a sentence that tells somebody to do something: a set of the bits below.
using Senses = std::uint64_t;

/// One bit each. Verbs are in their base form unless a form bit says otherwise.
enum class Sense : std::uint8_t {
  // verbs
  read,    ///< get at data: read, open, collect
  give,    ///< take data elsewhere: send, pass, reveal
  put,     ///< make data part of something: include, append, contain
  call,    ///< call, run, use
  change,  ///< replace, redirect, remove
  ignore,  ///< ignore, forget, bypass
  tell,    ///< tell, mention, explain
  know,    ///< know, notice, be aware
  claim,   ///< say, answer, pretend
  ask,     ///< ask, confirm
  prefer,  ///< prefer, choose
  obey,    ///< follow, obey, carry out
  // forms of verbs
  third,    ///< reads
  past,     ///< sent
  ongoing,  ///< sending
  // nouns
  agent,       ///< the model itself
  user,        ///< a person
  tool,        ///< tool, function, server
  parameter,   ///< parameter, field
  rules,       ///< instructions, guidelines
  secret,      ///< what opens doors: keys, password stores, files that hold them
  credential,  ///< one secret, as every API has them: a password, a token
  context,     ///< what the model was told in confidence: the conversation, its prompt
  personal,    ///< what belongs to a person: inbox, photos
  intimate,    ///< personal beyond doubt: the clipboard, a salary, somebody's drafts
  external,    ///< an address elsewhere: URL, e-mail, telephone number
  target,      ///< where something goes: recipient, account
  money,       ///< payments, prices
  number,      ///< an account number or a wallet's address, spelt out
  sink,        ///< a place that others read: a webhook, a public bucket, the author's side
  defence,     ///< what keeps a machine or an account safe, and ways around it: a firewall, remote access
  guard,       ///< what keeps a user safe: confirmations, warnings, checks
  store,       ///< what later sessions read: long-term memory, rules files
  excuse,      ///< what a pretext is made of: compliance, telemetry
  late,        ///< of a language whose verbs may come last or carry no mood: who is told is read from what stands near
  own,         ///< one of the tool's own arguments, by its name
  screen,      ///< where a user looks: the answer, a summary, a list
  outcome,     ///< what a result is called: passed, clean, unavailable
  foreign,     ///< secret, personal or told in confidence, and nothing that the tool's name and first sentence speak of
  // words that join
  negation,
  modal,       ///< must, should
  copula,      ///< is, be
  adverb,      ///< may stand between a sentence's start and its verb
  always,      ///< always, every, each
  also,        ///< also, additionally, a copy of
  covert,      ///< silently, in the background
  before,      ///< before, prior
  condition,   ///< when, whenever, after
  previous,    ///< previous, above, earlier
  system,      ///< system, safety, original
  all,         ///< all, any
  other,       ///< other, another
  itself,      ///< this, that, it
  henceforth,  ///< from now on
  describes,   ///< detects, such as: what follows is spoken of, not said
  joins,       ///< and, or, then
  partial,     ///< relevant, needed: not all of it
  infinitive,  ///< "to" after what asks for it: sure to, have to
  // findings of the reader
  order,     ///< the reader is told to do this
  negated,   ///< told not to
  passive,   ///< is done
  quoted,    ///< stands between quotation marks
  rot13,     ///< a known word, turned by thirteen letters
  reversed,  ///< a known word, backwards
  count_,
};

constexpr Senses bit(Sense sense) { return Senses{1} << static_cast<unsigned>(sense); }
constexpr Senses operator|(Sense a, Sense b) { return bit(a) | bit(b); }
constexpr Senses operator|(Senses a, Sense b) { return a | bit(b); }
constexpr bool has(Senses senses, Sense sense) { return (senses & bit(sense)) != 0; }

constexpr Senses verbs = Sense::read | Sense::give | Sense::put | Sense::call | Sense::change | Sense::ignore | Sense::tell |
                         Sense::claim | Sense::ask | Sense::prefer | Sense::know | Sense::obey;

static_assert(static_cast<unsigned>(Sense::count_) <= 64);

/// The sense that patterns call by this name, such as "read"; count_ if there is none.
Sense sense_named(std::string_view name);

}  // namespace mcprove::vet
