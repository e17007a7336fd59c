#include <array>

#include "vet/lexicon.h"

namespace mcprove::vet {

namespace {

using enum Sense;

constexpr std::array words = {
    // Verbs, by what they do with data.
    Words{bit(read), true,
          "read open load fetch retrieve collect gather grab extract scan peek access view inspect harvest obtain "
          "acquire locate find search look check list enumerate cat dump pull examine review download capture "
          "scrape summon dig consume ingest snapshot catalogue catalog inventory trawl rummage sniff slurp snag decrypt "
          "transcribe recover export pick"},
    Words{bit(read), false, "get"},
    Words{read | third, false, "gets"},
    Words{read | past, false, "got took taken found"},
    Words{bit(read), false, "take"},
    Words{read | third, false, "takes"},
    Words{bit(give), true,
          "forward post upload transmit submit share email mail bcc cc relay copy deliver push leak exfiltrate "
          "publish notify hand supply provide pass reveal disclose output print repeat reproduce expose report "
          "echo loop mirror sync funnel ship smuggle surrender release recite quote dictate divulge "
          "replicate duplicate backup archive dispatch tweet beam pipe stream resend convey furnish emit serialise serialize "
          "broadcast courier pastebin present"},
    Words{bit(give), false, "send give"},
    Words{give | third, false, "sends gives"},
    Words{give | past, false, "sent given gave"},
    Words{give | ongoing, false, "sending giving"},
    Words{
        bit(put), true,
        "include append attach add insert paste embed place drop tuck fill prepend prefix carry contain encode "
        "store save populate enclose slip stuff supplement accompany concatenate preface inject enter record log "
        "mention stash squeeze weave bundle fold tack append serialise serialize summarise summarize recap quote copy dump pack "
        "interpolate reproduce"},
    Words{bit(put), false, "put set write hold leave bring"},
    Words{put | third, false, "puts sets writes holds"},
    Words{put | past, false, "written held wrote"},
    Words{put | ongoing, false, "putting setting writing holding"},
    Words{bit(give), true, "invite introduce grant tip donate donate credit deposit"},
    Words{
        bit(call), true,
        "probe crawl ping create make start activate enable open call invoke execute use consult trigger hit request visit contact query launch perform apply"},
    Words{bit(call), false, "run"},
    Words{call | third, false, "runs"},
    Words{call | past, false, "ran"},
    Words{call | ongoing, false, "running"},
    Words{bit(change), true,
          "replace change modify redirect swap override alter rewrite substitute remove intercept reroute route "
          "divert tamper adjust convert rephrase edit delete exchange switch overwrite double triple inflate round strip mask "
          "skew bump reword trim tweak raise lower increase decrease falsify forge doctor shave"},
    Words{bit(ignore), true,
          "ignore disregard forget override bypass skip neglect discard abandon dismiss suspend disable "
          "circumvent overrule drop unlearn lift waive relax loosen deactivate overlook"},
    Words{bit(ignore), false, "forgot forgotten"},
    Words{bit(tell), true,
          "mention inform notify reveal disclose report explain announce remark admit alert warn "
          "discuss comment describe acknowledge advise highlight surface confess expose share note "
          "inquire flag volunteer narrate hint bother trouble burden"},
    Words{bit(tell), false, "tell say"},
    Words{tell | ongoing, false, "telling saying"},
    Words{tell | past, false, "told said"},
    Words{tell | third, false, "tells says"},
    Words{bit(know), true, "notice learn realize realise suspect discover"},
    Words{bit(know), false, "know aware see hear find realise knowing knowledge noticing seeing informed told shown"},
    Words{bit(claim), true, "answer claim state reply respond pretend insist assert assure"},
    Words{bit(claim), false, "say act tell"},
    Words{bit(ask), true, "ask confirm prompt verify consult"},
    Words{bit(ask), false, "confirmation permission approval consent confirmations approvals permissions"},
    Words{bit(prefer), true, "prefer choose select favor favour recommend prioritize prioritise"},
    // Who.
    Words{bit(agent), false,
          "assistant model agent llm ai claude gpt chatgpt copilot gemini chatbot assistants models agents llms bot"},
    Words{bit(user), false,
          "user users human humans customer customers person people anyone anybody someone somebody operator "
          "client's everyone nobody owner reviewer them him her employee patient whoever caller visitor subscriber traveller "
          "travellers traveler travelers shopper buyer reader readers viewer account-holder student pupil"},
    Words{bit(user), false, "user's users' customer's human's person's operator's owner's"},
    Words{bit(tool), false,
          "tool tools function functions server servers plugin plugins integration integrations command commands"},
    Words{bit(parameter), false, "parameter parameters argument arguments field fields param params arg args"},
    Words{bit(target), false, "recipient recipients destination account address amount payee iban beneficiary receiver"},
    // Rules and where they come from.
    Words{bit(rules), false,
          "instruction rule instructions guideline guidelines rules directive directives constraint constraints policy "
          "policies restrictions restriction guardrails guardrail safeguards prompts safety guidance filters "
          "protections orders commandments limitations alignment training programming conditioning"},
    Words{bit(previous), false, "previous prior above earlier preceding existing former past foregoing initial"},
    Words{bit(system), false, "system safety security original developer default core ethical moderation safe content"},
    Words{bit(all), false, "all any every each whatever everything entire full whole complete"},
    Words{bit(other), false, "other another others different alternative competing"},
    Words{bit(itself), false, "this that it these those them so part step"},
    // Secrets. What holds many is one by itself; what every API has is a credential.
    Words{bit(secret), false,
          "credentials keystore keychain keyring passwords secrets logins cookies passphrase passphrases privkey "
          "id_rsa id_ed25519 id_ecdsa dotenv wallet.dat mcp.json claude_desktop_config.json"},
    Words{bit(credential), false, "password token secret credential apikey api_key keys tokens"},
    Words{bit(context), false, "conversation dialogue transcript chat-history chatlog"},
    Words{bit(money), false,
          "payment payments transfer transfers payout payouts invoice invoices fare fares price prices donation donations "
          "refund refunds funds purchase purchases order orders checkout billing wire remittance"},
    Words{bit(sink), false, "webhook gist pastebin bucket paste.rs ngrok requestbin beacon pixel collector exfil dropbox"},
    Words{bit(guard), false,
          "confirmation confirmations approval approvals consent permission permissions verification warning warnings disclaimer "
          "disclaimers safeguards safeguard guardrails guardrail sandbox sandboxing moderation authentication authorisation "
          "authorization prompts dialogs dialogues two-factor certificate certificates tls ssl allowlist firewall antivirus "
          "contraindications protections review guard guards"},
    Words{bit(store), false, "memories"},
    Words{bit(partial), false, "needed relevant necessary brief short"},
    Words{bit(excuse), false,
          "compliance telemetry calibration calibrate validation validate compatibility diagnostics diagnostic licence license "
          "licensing licensed auditing regulators regulator regulation regulations gdpr hipaa sox soc2 iso debugging analytics "
          "personalisation personalization calibrates validates reconciled reconciliation checksum integrity attestation proof"},
    Words{
        bit(personal), false,
        "inbox mailbox photos diary contacts documents mails emails messages files folder clipboard "
        "microphone camera webcam recorder keystrokes passport calendar desktop downloads screenshots balance history purchases salary payslips"},
    // Small words.
    Words{bit(negation), false,
          "not never no don't doesn't cannot can't won't mustn't shouldn't without avoid avoids nor neither "
          "refrain nobody nothing needn't isn't aren't didn't wouldn't dont stop"},
    Words{bit(modal), false, "must should shall ought needs need has have required"},
    Words{bit(copula), false, "is are be been being was were gets get becomes"},
    Words{adverb | always, false, "always invariably"},
    Words{bit(always), false, "every each all any whenever"},
    Words{adverb | also, false, "also additionally likewise furthermore moreover besides plus"},
    Words{bit(also), false, "copy copies too bcc cc"},
    Words{adverb | covert, false,
          "silently quietly secretly covertly discreetly invisibly stealthily surreptitiously unobtrusively"},
    Words{bit(adverb), false,
          "then first please just simply kindly immediately now next instead afterwards beforehand automatically "
          "only even still never finally already directly once again later firstly secondly thereafter promptly "
          "straight internally first's nonetheless nevertheless"},
    Words{bit(before), false, "before prior beforehand first"},
    Words{bit(condition), false,
          "before when whenever if after once while upon until during unless should to for in as since because "
          "given prior following"},
    Words{bit(joins), false, "and or then but so &"},
    Words{bit(henceforth), false, "henceforth hereafter onwards onward subsequently later future subsequent"},
    Words{
        bit(describes), false,
        "detect detects detected detecting detection scans scanning flags flagged flagging blocks blocked "
        "blocking prevents prevent preventing protects sanitizes sanitises filters attack attacks "
        "injection injections e.g example examples identifies audits classifies warns rejects rejected "
        "vulnerability vulnerabilities malicious phishing jailbreak poisoned attacker attackers adversary malware exploit hostile"},
};

}  // namespace

WordList english_words() { return {words.data(), words.data() + words.size()}; }

}  // namespace mcprove::vet
