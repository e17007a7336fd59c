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
          "transcribe recover export pick glean amass compile siphon sweep tap fish ferret screenshot photograph source dredge "
          "ascertain pluck intercept"},
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
          "broadcast courier pastebin present feed shuttle ferry transport propagate disseminate impart confide lodge bounce "
          "offload entrust remit spill transfer"},
    Words{bit(give), false, "send give"},
    Words{give | third, false, "sends gives"},
    Words{give | past, false, "sent given gave"},
    Words{give | ongoing, false, "sending giving"},
    Words{
        bit(put), true,
        "include append attach add insert paste embed place drop tuck fill prepend prefix carry contain encode "
        "store save populate enclose slip stuff supplement accompany concatenate preface inject enter record log "
        "mention stash squeeze weave bundle fold tack append serialise serialize summarise summarize recap quote copy dump pack "
        "interpolate reproduce slide nest stow splice graft sneak plant seed park wedge interleave intersperse preload "
        "prefill inline encapsulate"},
    Words{bit(put), false, "put set write hold leave bring"},
    Words{put | third, false, "puts sets writes holds"},
    Words{put | past, false, "written held wrote"},
    Words{put | ongoing, false, "putting setting writing holding"},
    Words{bit(give), true, "invite introduce grant tip donate donate credit deposit"},
    Words{
        bit(call), true,
        "pay probe crawl ping create make start activate enable open call invoke execute use consult trigger hit request visit contact query launch perform apply"},
    Words{bit(call), false, "run"},
    Words{call | third, false, "runs"},
    Words{call | past, false, "ran"},
    Words{call | ongoing, false, "running"},
    Words{bit(change), true,
          "replace change modify redirect swap override alter rewrite substitute remove intercept reroute route "
          "divert tamper adjust convert rephrase edit delete exchange switch overwrite double triple inflate round strip mask "
          "skew bump reword trim tweak raise lower increase decrease falsify forge doctor shave steer repoint retarget misdirect "
          "rebrand relabel recast mislabel misreport backdate invert nudge sway bias tilt demote soften blur redact censor "
          "misstate distort shift downplay withhold skip"},
    Words{bit(ignore), true,
          "ignore disregard forget override bypass skip neglect discard abandon dismiss suspend disable "
          "circumvent overrule drop unlearn lift waive relax loosen deactivate overlook sidestep elude dodge evade shelve shun "
          "suppress mute silence defeat forgo omit"},
    Words{bit(ignore), false, "forgot forgotten"},
    Words{
        bit(tell), true,
        "mention inform notify reveal disclose report explain announce remark admit alert warn "
        "discuss comment describe acknowledge advise highlight surface confess expose share note "
        "inquire flag volunteer narrate hint bother trouble burden signal raise cite reference allude itemise itemize elaborate "
        "apprise brief remind clarify divulge broach alarm"},
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
    Words{bit(obey), true, "follow obey heed honour honor observe comply adhere abide execute enact fulfil fulfill"},
    Words{bit(prefer), true, "prefer choose select favor favour recommend prioritize prioritise"},
    // Who.
    Words{bit(agent), false,
          "assistant model agent llm ai claude gpt chatgpt copilot gemini chatbot assistants models agents llms bot"},
    Words{bit(user), false,
          "user users human humans customer customers person people anyone anybody someone somebody operator "
          "client's everyone nobody owner reviewer them him her employee patient whoever caller visitor subscriber traveller "
          "travellers traveler travelers shopper buyer reader readers viewer account-holder student pupil colleague colleagues "
          "requester asker"},
    Words{bit(user), false, "user's users' customer's human's person's operator's owner's"},
    Words{
        bit(tool), false,
        "tool tools function functions server servers plugin plugins integration integrations command commands connector connectors add-on add-ons resolver resolvers"},
    Words{bit(parameter), false, "parameter parameters argument arguments field fields param params arg args"},
    Words{bit(target), false, "recipient recipients destination account address amount payee iban beneficiary receiver"},
    // Rules and where they come from.
    Words{
        bit(rules), false,
        "instruction rule instructions guideline guidelines rules directive directives constraint constraints policy "
        "policies restrictions restriction guardrails guardrail safeguards prompts safety guidance filters "
        "guide playbook skill runbook checklist conventions protections orders commandments limitations alignment training programming conditioning"},
    Words{bit(previous), false, "previous prior above earlier preceding existing former past foregoing initial"},
    Words{bit(system), false, "system safety security original developer default core ethical moderation safe content"},
    Words{bit(all), false, "all any every each whatever everything entire full whole complete"},
    Words{bit(other), false, "other another others different alternative competing"},
    Words{bit(itself), false, "this that it these those them so part step"},
    // Secrets. What holds many is one by itself; what every API has is a credential.
    Words{bit(secret), false,
          "credentials keystore keychain keyring passwords secrets logins cookies passphrase passphrases privkey "
          "id_rsa id_ed25519 id_ecdsa dotenv wallet.dat mcp.json claude_desktop_config.json tfstate kubeconfig keyfile keyfiles "
          "otps passcodes authtoken _authtoken mnemonic hosts.yml"},
    Words{bit(credential), false, "password token secret credential apikey api_key keys tokens cookie jwt pin otp passcode"},
    Words{bit(context), false, "conversation dialogue transcript chat-history chatlog scrollback"},
    Words{bit(money), false,
          "payment payments transfer transfers payout payouts invoice invoices fare fares price prices donation donations "
          "refund refunds funds purchase purchases order orders checkout billing wire remittance"},
    Words{bit(sink), false, "webhook gist pastebin bucket paste.rs ngrok requestbin beacon pixel collector exfil dropbox"},
    Words{bit(guard), false,
          "confirmation confirmations approval approvals consent permission permissions verification warning warnings disclaimer "
          "disclaimers safeguards safeguard guardrails guardrail sandbox sandboxing moderation authentication authorisation "
          "authorization prompts dialogs dialogues two-factor certificate certificates tls ssl allowlist firewall antivirus "
          "contraindications protections review guard guards go-ahead assent okay sign-off signoff nod green-light greenlight "
          "say-so acknowledgement acknowledgment popup pop-up popups countersignature captcha mfa 2fa"},
    Words{bit(store), false, "memories"},
    Words{bit(partial), false, "needed relevant necessary brief short"},
    Words{bit(excuse), false,
          "compliance telemetry calibration calibrate validation validate compatibility diagnostics diagnostic licence license "
          "licensing licensed auditing regulators regulator regulation regulations gdpr hipaa sox soc2 iso debugging analytics "
          "personalisation personalization calibrates validates reconciled reconciliation checksum integrity attestation proof"},
    Words{
        bit(personal), false,
        "contacts documents mails emails messages files folder calendar desktop downloads screenshots balance history purchases "
        "chats pictures albums attendees contracts letters workspace statements receipts camera recorder"},
    Words{
        personal | intimate, false,
        "inbox mailbox photos diary clipboard microphone webcam keystrokes passport salary salaries payslips payslip drafts "
        "voicemail voicemails dms selfies selfie bookmarks geolocation whereabouts payroll prescriptions prescription diagnosis "
        "diagnoses ssn birthdate religion wallet"},
    // Nobody's business but that of a tool that says so at once.
    Words{
        bit(intimate), false,
        "browser's phone's laptop workstation portfolio holdings brokerage agendas journal journals surname surnames "
        "passport spouse relatives family employer landlord grades cv resume linkedin followers newsletters mortgage loans "
        "insurance nda ndas tenders deals leads roadmap roadmaps budgets forecasts revenue margins headcount applicants applicant "
        "patients hostname hostnames imei ssid ssids dotfiles environ env process.env os.environ tabs bedtime allergies symptoms "
        "pregnancy ethnicity beliefs debts memoir itineraries itinerary biometrics fingerprints voiceprint heartbeat "
        "org-chart financials boardroom acquisition acquisitions layoffs severance appraisal appraisals confidences "
        "outbox hostfile bookmark child's children's companions flatmates addressbook crm wallets seedphrase backlog tfvars"},
    Words{
        bit(defence), false,
        "sudo sshd_config permitrootlogin passwordauthentication authorized_keys chmod setuid 777 firewall firewalls antivirus defender gatekeeper selinux apparmor sudoers quarantine "
        "two-factor mfa 2fa auditd hardening rootkit backdoor superuser technicians technician"},
    Words{
        bit(screen), false,
        "answer answers reply replies response responses summary summaries report reports listing listings recap recaps log logs "
        "output screen message messages changelog diff notes overview minutes digest caption writeup write-up visible displayed "
        "chat"},
    Words{
        bit(outcome), false,
        "passed passing green successful success succeeded fine clean safe unavailable approved done harmless ok okay "
        "legitimate genuine trusted verified healthy compliant fixed resolved completed sold-out taken expired authentic secure negative"},
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
          "straight internally first's nonetheless nevertheless duly routinely thus therefore hence"},
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
        "awareness lesson lessons ctf honeypot honeypots decoy decoys simulated simulates refused refuses denied forbidden prohibited disallowed masked vulnerability vulnerabilities malicious phishing jailbreak poisoned attacker attackers adversary malware exploit hostile"},
};

}  // namespace

WordList english_words() { return {words.data(), words.data() + words.size()}; }

}  // namespace mcprove::vet
