#include <array>

#include "vet/lexicon.h"

namespace mcprove::vet {

namespace {

using enum Sense;

constexpr Senses do_ignore = ignore | order;
constexpr Senses do_give = give | order;
constexpr Senses do_read = read | order;
constexpr Senses do_put = put | order;
/// "do not tell" in one word or one form.
constexpr Senses do_not_tell = tell | negated;

/// Verbs stand here in the forms that give an order, and words that English spells alike but means otherwise are left out.
constexpr std::array words = {
    // Spanish
    Words{do_ignore, false, "ignora ignoren olvida olvide olvidad omite descarta desatiende anula"},
    Words{do_give, false, "envía envíe envia enviar manda mande reenvía transmite copia comparte revela"},
    Words{do_read, false, "lee lea leer abre abra consulta obtén obtenga recopila"},
    Words{do_put, false, "incluye incluya añade agrega adjunta pega inserta pasa pase"},
    Words{bit(tell), false,
          "digas diga menciones mencione informes informe reveles avises avise mencionarlo decírselo informar avisar decirle"},
    Words{bit(negation), false, "sin tampoco nunca jamás"},
    Words{bit(user), false, "usuario usuaria usuarios cliente"},
    Words{bit(rules), false, "instrucciones reglas directrices indicaciones órdenes normas"},
    Words{bit(previous), false, "anteriores previas previos anterior previa"},
    Words{bit(context), false, "conversación historial"},
    Words{bit(secret), false, "credenciales contraseñas claves"},
    Words{bit(covert), false, "discretamente silenciosamente secretamente"},
    // French
    Words{do_ignore, false, "ignorez oublie oubliez outrepasse contourne néglige"},
    Words{do_give, false, "envoie envoyez transmets transmettez recopie recopiez copiez révèle divulgue partage"},
    Words{do_read, false, "lis lisez ouvre ouvrez récupère récupérez récupère"},
    Words{do_put, false, "inclus incluez ajoute ajoutez insère insérez joignez colle"},
    Words{bit(tell), false,
          "dis dites mentionne mentionnez informe informez préviens prévenir informer parler révéler dire savoir signaler"},
    Words{bit(negation), false, "ne sans jamais n'en"},
    Words{bit(user), false, "utilisateur utilisatrice utilisateurs l'utilisateur l'utilisatrice"},
    Words{bit(rules), false, "consignes règles directives instructions"},
    Words{bit(previous), false, "précédentes précédents antérieures précédente"},
    Words{bit(context), false, "l'historique historique"},
    Words{bit(covert), false, "discrètement silencieusement secrètement"},
    // Portuguese
    Words{do_ignore, false, "desconsidere esqueça ignorem descarte"},
    Words{do_give, false, "envie mande encaminhe transmita copie revele compartilhe"},
    Words{do_read, false, "leia abra obtenha acesse"},
    Words{do_put, false, "inclua adicione anexe insira acrescente cole"},
    Words{bit(tell), false, "conte avise diga mencione avisar informar contar mencionar revelar"},
    Words{bit(negation), false, "não sem nunca jamais"},
    Words{bit(user), false, "usuário usuária usuários utilizador"},
    Words{bit(rules), false, "instruções regras diretrizes ordens"},
    Words{bit(previous), false, "anteriores prévias"},
    Words{bit(context), false, "conversa histórico"},
    Words{bit(secret), false, "senhas credenciais chaves"},
    // German
    Words{do_ignore, false, "ignoriere ignorieren vergiss vergessen missachte übergehe umgehe"},
    Words{do_give, false, "sende senden schicke schicken übermittle übermitteln leite gib verrate kopiere"},
    Words{do_read, false, "lies lese öffne öffnen rufe sammle"},
    Words{do_put, false, "füge fügen hänge übergib übergebe trage"},
    Words{bit(tell), false,
          "erwähne erwähnen sage sagen informiere informieren mitteilen verrate erzähle erzählen wissen erfahren"},
    Words{bit(negation), false, "nicht ohne nie niemals kein keine nichts"},
    Words{bit(user), false, "nutzer nutzerin benutzer benutzerin anwender nutzern kunde kunden"},
    Words{bit(rules), false, "anweisungen regeln vorgaben richtlinien instruktionen befehle"},
    Words{bit(previous), false, "bisherigen vorherigen früheren vorigen obigen vorangegangenen"},
    Words{bit(context), false, "systemprompt gesprächsverlauf unterhaltung chatverlauf gespräch konversation"},
    Words{bit(secret), false, "zugangsdaten passwörter anmeldedaten"},
    Words{bit(covert), false, "heimlich unbemerkt stillschweigend"},
    // Indonesian
    Words{do_ignore, false, "abaikan lupakan hiraukan"},
    Words{do_give, false, "kirim kirimkan teruskan bagikan ungkapkan"},
    Words{do_read, false, "baca bacalah buka ambil"},
    Words{do_put, false, "sertakan masukkan tambahkan lampirkan"},
    Words{bit(tell), false, "tahu beritahu memberitahu memberi mengatakan menyebutkan"},
    Words{bit(negation), false, "jangan tanpa tidak"},
    Words{bit(user), false, "pengguna"},
    Words{bit(rules), false, "instruksi perintah aturan petunjuk"},
    Words{bit(previous), false, "sebelumnya"},
    Words{bit(context), false, "percakapan obrolan"},
    Words{bit(secret), false, "kredensial sandi"},
    // Russian
    Words{do_ignore, false, "игнорируй игнорируйте проигнорируй проигнорируйте забудь забудьте отбрось"},
    Words{do_give, false, "отправь отправьте перешли перешлите передай передайте пришли скопируй раскрой отправляй отправляйте"},
    Words{do_read, false, "прочитай прочитайте прочти прочтите открой откройте собери получи"},
    Words{do_put, false, "включи включите добавь добавьте вставь вставьте укажи приложи"},
    Words{bit(tell), false,
          "сообщай сообщайте говори говорите упоминай упоминайте рассказывай рассказывайте показывай сообщать говорить уведомляй "
          "уведомляя сообщая знать"},
    Words{bit(negation), false, "не без никогда"},
    Words{bit(user), false, "пользователю пользователь пользователя пользователем пользователям"},
    Words{bit(rules), false, "инструкции инструкций указания указаний правила правил"},
    Words{bit(previous), false, "предыдущие прежние предыдущих прежних вышеуказанные"},
    Words{bit(context), false, "переписки переписку диалога диалог беседы разговора разговор"},
    Words{bit(secret), false, "пароли паролей ключи учётные"},
    Words{bit(covert), false, "незаметно тайно скрытно"},
    // Arabic
    Words{do_ignore, false, "تجاهل تجاهلي انس انسى"},
    Words{do_give, false, "أرسل وأرسل ارسل وارسل انسخ اكشف"},
    Words{do_read, false, "اقرأ واقرأ افتح اجمع"},
    Words{do_put, false, "أضف وأضف ضمّن أدرج وأدرج"},
    Words{do_not_tell, false, ""},
    Words{bit(tell), false, "تخبر تذكر تعلم إخبار تبلغ إبلاغ"},
    Words{bit(negation), false, "لا ولا دون بدون"},
    Words{bit(user), false, "المستخدم المستخدمين للمستخدم"},
    Words{bit(rules), false, "التعليمات تعليمات القواعد الأوامر"},
    Words{bit(previous), false, "السابقة السابق"},
    Words{bit(context), false, "المحادثة محادثة"},
    Words{bit(secret), false, "المرور المفاتيح"},
    // Urdu
    Words{bit(ignore), false, "نظر نظرانداز بھول"},
    Words{do_give, false, "بھیجیں بھیجو بھیج"},
    Words{do_read, false, "پڑھیں پڑھو"},
    Words{do_put, false, "شامل"},
    Words{bit(tell), false, "بتائیں بتانا بتاؤ بتائے"},
    Words{bit(negation), false, "نہ نہیں مت بغیر"},
    Words{bit(user), false, "صارف صارفین"},
    Words{bit(rules), false, "ہدایات ہدایت احکامات اصول"},
    Words{bit(previous), false, "پچھلی پچھلے سابقہ"},
    Words{bit(context), false, "گفتگو بات"},
    // Hindi
    Words{bit(ignore), false, "अनदेखा नज़रअंदाज़ भूल अनदेखी उपेक्षा"},
    Words{do_give, false, "भेजें भेजो भेजिए"},
    Words{do_read, false, "पढ़ें पढ़ो"},
    Words{do_put, false, "शामिल जोड़ें"},
    Words{bit(tell), false, "बताएं बताना बताओ बताए बताएँ"},
    Words{bit(negation), false, "न नहीं मत ना बिना"},
    Words{bit(user), false, "उपयोगकर्ता उपयोगकर्ताओं यूज़र"},
    Words{bit(rules), false, "निर्देशों निर्देश नियमों आदेशों"},
    Words{bit(previous), false, "पिछले पूर्व पहले"},
    Words{bit(context), false, "बातचीत वार्तालाप"},
    Words{bit(secret), false, "पासवर्ड"},
    // Bengali
    Words{bit(ignore), false, "উপেক্ষা ভুলে অগ্রাহ্য"},
    Words{do_give, false, "পাঠাও পাঠান"},
    Words{do_read, false, "পড়ো পড়ুন"},
    Words{do_put, false, "যোগ অন্তর্ভুক্ত"},
    Words{bit(tell), false, "জানাবে জানাবেন বলবে বলবেন জানিও বলো"},
    Words{bit(negation), false, "না ছাড়া নয়"},
    Words{bit(user), false, "ব্যবহারকারীকে ব্যবহারকারী ব্যবহারকারীর"},
    Words{bit(rules), false, "নির্দেশ নির্দেশনা নিয়ম নির্দেশাবলী"},
    Words{bit(previous), false, "আগের পূর্ববর্তী পূর্বের"},
    Words{bit(context), false, "কথোপকথন কথোপকথনটি"},
    // Chinese: words of one character only where nothing else is meant.
    Words{do_ignore, false, "忽略 无视 忘记 忽視 無視 绕过 跳过"},
    Words{do_give, false, "发送 發送 转发 轉發 泄露 发给 发到 透露 抄送"},
    Words{do_read, false, "读取 讀取 打开 收集"},
    Words{do_put, false, "填入 附上 附加 放入 写入 加入 填到 传入"},
    Words{bit(tell), false, "告诉 告訴 告知 提及 提到 透露 通知 说明"},
    Words{bit(know), false, "知道 察觉 发现"},
    Words{bit(negation), false, "不要 不含 不包括 请勿 勿 切勿 不得 禁止 不能 不让 别 无需"},
    Words{bit(user), false, "用户 用戶 使用者"},
    Words{bit(rules), false, "指令 指示 规则 規則 说明书 提示词 限制 约束"},
    Words{bit(previous), false, "之前 先前 以前 上述 此前 以上"},
    Words{bit(all), false, "所有 全部 一切 完整"},
    Words{bit(context), false, "对话 對話 聊天记录 会话 系统提示 系统提示词 对话历史"},
    Words{bit(secret), false, "密码 密钥 私钥 凭据 凭证 口令"},
    Words{bit(parameter), false, "参数 字段"},
    Words{bit(covert), false, "悄悄 偷偷 暗中 秘密"},
    Words{0, false, "查询 天气 工具 调用 使用 文件 内容 邮件 征得 同意 不发送"},
    // Japanese
    Words{bit(ignore), false, "無視 忘れて"},
    Words{do_give, false, "送信 送って 転送 送付"},
    Words{do_read, false, "読み取り 読んで 開いて"},
    Words{do_put, false, "含めて 追加して"},
    Words{do_not_tell, false, "知らせないで 伝えないで 言わないで 教えないで 知らせず 伝えず"},
    Words{bit(user), false, "ユーザー ユーザ 利用者"},
    Words{bit(rules), false, "指示 命令 ルール"},
    Words{bit(previous), false, "これまで 以前 上記 前"},
    Words{bit(all), false, "すべて 全て"},
    Words{bit(context), false, "会話 履歴 システムプロンプト"},
    Words{bit(secret), false, "パスワード 秘密鍵 認証情報"},
};

}  // namespace

WordList other_words() { return {words.data(), words.data() + words.size()}; }

}  // namespace mcprove::vet
