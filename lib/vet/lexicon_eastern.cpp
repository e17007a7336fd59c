#include <array>

#include "vet/lexicon.h"

namespace mcprove::vet {

namespace {

using enum Sense;

constexpr Senses do_ignore = ignore | order | late;
constexpr Senses do_give = give | order | late;
constexpr Senses do_read = read | order | late;
constexpr Senses do_put = put | order | late;
constexpr Senses do_change = change | order | late;
constexpr Senses do_call = call | order | late;
/// "do not tell" in one word or one form.
constexpr Senses do_not_tell = tell | negated | late;

constexpr std::array words = {
    // Russian
    Words{do_ignore, false, "игнорируй* проигнорируй* забудь* отбрось* пропусти* отключи* обойди*"},
    Words{do_give, false, "отправ* перешли* передай* передава* пришли* присылай* скопируй* раскрой* направ* выложи* опубликуй*"},
    Words{do_read, false, "прочитай* прочти* читай* открой* собери* получи* найди* извлеки* возьми*"},
    Words{do_put, false, "включи* включай* добавь* добавляй* вставь* вставляй* укажи* приложи* запиши* сохрани* впиши* помести*"},
    Words{do_change, false, "замени* заменяй* подмени* подменяй* измени* меняй*"},
    Words{do_call, false, "используй* вызови* вызывай* запусти*"},
    Words{tell | late, false, "сообщ* говори* упомин* рассказ* показывай* уведомл* знать узна* предупрежда* спрашива* спросив*"},
    Words{bit(negation), false, "не без никогда нельзя"},
    Words{bit(user), false, "пользовател* клиент*"},
    Words{bit(rules), false, "инструкци* указани* правил*"},
    Words{bit(previous), false, "предыдущ* прежни* вышеуказанн* ранее"},
    Words{bit(context), false, "переписк* диалог* бесед* разговор* системн*"},
    Words{bit(secret), false, "парол* ключи ключей учётн* логин*"},
    Words{bit(covert), false, "незаметно тайно скрытно тайком"},
    Words{bit(all), false, "все всё всю всех весь любой любом любым каждой каждую каждого"},
    Words{bit(other), false, "друг* ины*"},
    Words{tool | late, false, "инструмент* сервер*"},
    Words{bit(target), false, "получател* счёт счет адресат*"},
    Words{bit(money), false, "перевод* платеж* платёж* оплат* покупк*"},
    Words{bit(guard), false, "подтвержден* согласи* разрешен* предупрежден*"},
    Words{bit(parameter), false, "параметр* поле поля"},
    Words{bit(condition), false, "если когда перед при"},
    // Arabic
    Words{do_ignore, false, "تجاهل* انس* تخط*"},
    Words{do_give, false, "أرسل* ارسل* انسخ* اكشف* مرر*"},
    Words{do_read, false, "اقرأ* افتح* اجمع*"},
    Words{do_put, false, "أضف* ضمّن* أدرج* ضع* اكتب* ألصق* الصق*"},
    Words{do_change, false, "استبدل* غيّر* غير*"},
    Words{tell | late, false, "تخبر* تذكر* تعلم* إخبار* تبلغ* إبلاغ* يعلم* يعرف*"},
    Words{bit(negation), false, "لا ولا دون بدون"},
    Words{bit(user), false, "مستخدم* للمستخدم*"},
    Words{bit(rules), false, "تعليمات* قواعد* أوامر*"},
    Words{bit(previous), false, "سابق*"},
    Words{bit(context), false, "محادثة* المحادثة"},
    Words{bit(secret), false, "المرور مفاتيح*"},
    Words{bit(all), false, "كل جميع كامل*"},
    Words{bit(other), false, "أخرى الأخرى آخر"},
    Words{tool | late, false, "أداة أدوات*"},
    Words{bit(target), false, "مستلم* حساب*"},
    Words{bit(parameter), false, "معامل* حقل*"},
    // Urdu
    Words{bit(ignore), false, "نظر نظرانداز بھول"},
    Words{do_give, false, "بھیجیں بھیجو بھیج دیں"},
    Words{do_read, false, "پڑھیں پڑھو کھولیں"},
    Words{do_put, false, "شامل ڈالیں لکھیں رکھیں"},
    Words{tell | late, false, "بتائیں بتانا بتاؤ بتائے علم پتہ"},
    Words{bit(negation), false, "نہ نہیں مت بغیر"},
    Words{bit(user), false, "صارف صارفین"},
    Words{bit(rules), false, "ہدایات ہدایت احکامات اصول"},
    Words{bit(previous), false, "پچھلی پچھلے سابقہ"},
    Words{bit(context), false, "گفتگو"},
    Words{bit(all), false, "تمام سب پوری ہر"},
    // Hindi
    Words{bit(ignore), false, "अनदेखा नज़रअंदाज़ भूल अनदेखी उपेक्षा"},
    Words{do_give, false, "भेज* भेजें भेजो भेजिए"},
    Words{do_read, false, "पढ़ें पढ़ो पढ़कर खोलें"},
    Words{do_put, false, "शामिल जोड़ें डालें डालो लिखें लिखो चिपकाएँ चिपकाएं रखें"},
    Words{do_change, false, "बदलें बदलो बदल"},
    Words{tell | late, false, "बताएं बताना बताओ बताए बताएँ पता"},
    Words{bit(negation), false, "न नहीं मत ना बिना"},
    Words{bit(user), false, "उपयोगकर्ता* यूज़र*"},
    Words{bit(rules), false, "निर्देश* नियम* आदेश*"},
    Words{bit(previous), false, "पिछले पूर्व पहले"},
    Words{bit(context), false, "बातचीत वार्तालाप सिस्टम"},
    Words{bit(secret), false, "पासवर्ड*"},
    Words{bit(all), false, "सभी पूरी सारे सारी हर"},
    // Bengali
    Words{bit(ignore), false, "উপেক্ষা ভুলে অগ্রাহ্য"},
    Words{do_give, false, "পাঠাও পাঠান পাঠাবেন"},
    Words{do_read, false, "পড়ো পড়ুন খুলুন"},
    Words{do_put, false, "যোগ অন্তর্ভুক্ত দিন লিখুন বসান রাখুন"},
    Words{tell | late, false, "জানাবে জানাবেন বলবে বলবেন জানিও বলো জানতে"},
    Words{bit(negation), false, "না ছাড়া নয়"},
    Words{bit(user), false, "ব্যবহারকারী*"},
    Words{bit(rules), false, "নির্দেশ* নিয়ম*"},
    Words{bit(previous), false, "আগের পূর্ববর্তী পূর্বের"},
    Words{bit(context), false, "কথোপকথন*"},
    Words{bit(secret), false, "পাসওয়ার্ড*"},
    Words{bit(all), false, "সব সমস্ত প্রতিটি পুরো"},
    // Chinese: words of one character only where nothing else is meant.
    Words{do_ignore, false, "忽略 无视 忘记 忘掉 忽視 無視 绕过 跳过 不必遵守 无需遵守 不用遵守 不要遵守 不再遵守"},
    Words{do_give, false, "发送 發送 转发 轉發 泄露 发给 发到 透露 抄送 提交给 传给 寄到 发往"},
    Words{do_read, false, "读取 讀取 打开 收集 读出 获取本地"},
    Words{do_put, false, "填入 附上 附加 放入 放进 写入 写进 加入 填到 填写 传入 粘贴 复制到 存入"},
    Words{do_change, false, "改为 改成 替换为 替换成 换成 替换 篡改"},
    Words{tell | late, false, "告诉 告訴 告知 提及 提到 透露 通知 说明 提起"},
    Words{know | late, false, "知道 察觉 发现 得知"},
    Words{bit(negation), false, "不要 不含 不包括 请勿 勿 切勿 不得 禁止 不能 不让 别 别让 无需 不用 不必 不会 也不会"},
    Words{bit(user), false, "用户 用戶 使用者 客户"},
    Words{bit(rules), false, "指令 指示 规则 規則 说明书 提示词 限制 约束 要求"},
    Words{bit(previous), false, "之前 先前 以前 上述 此前 以上"},
    Words{bit(system), false, "开发者 系统"},
    Words{bit(all), false, "所有 全部 一切 完整 每一句 每句 任何"},
    Words{bit(context), false, "对话 對話 聊天记录 会话 系统提示 系统提示词 对话历史 说过的 说的话 聊天内容 对话上下文"},
    Words{bit(secret), false, "密码 密钥 私钥 凭据 凭证 口令"},
    Words{bit(parameter), false, "参数 字段 这里 此处"},
    Words{bit(covert), false, "悄悄 偷偷 暗中 秘密"},
    Words{bit(henceforth), false, "从现在起 从此 今后 以后"},
    Words{bit(other), false, "其他 其它 别的"},
    Words{tool | late, false, "工具"},
    Words{bit(target), false, "收款账号 收款人 收件人 账号 收货地址"},
    Words{bit(money), false, "转账 付款 支付 汇款 下单"},
    Words{bit(guard), false, "确认 批准 许可 警告 征得同意"},
    Words{do_not_tell, false, "别让用户知道 不让用户知道"},
    Words{0, false, "查询 天气 调用 使用 文件 内容 邮件 征得 同意 不发送 为准 本说明"},
    // Japanese: a verb orders where its form asks for it.
    Words{bit(ignore), false, "無視"},
    Words{do_ignore, false, "無視して 忘れて 無視せよ 従わないで 従わなくて"},
    Words{bit(give), false, "送信 転送 送付"},
    Words{do_give, false, "送信して 送信し 送って 転送して 送付して 渡して 共有して 公開して"},
    Words{bit(read), false, "読み取り 読み取る"},
    Words{do_read, false, "読み取って 読んで 開いて 読み込んで 取得して 集めて を読み取り、"},
    Words{do_put, false, "含めて 追加して 入れて 貼り付け 貼り付けて 記入して 書き込んで 設定して 付けて 添えて"},
    Words{do_change, false, "置き換えて 変更して 差し替えて 書き換えて"},
    Words{do_not_tell, false,
          "知らせないで 伝えないで 言わないで 教えないで 知らせず 伝えず 触れないで 話さないで 知られない 気づかれない 黙って"},
    Words{bit(user), false, "ユーザー ユーザ 利用者"},
    Words{bit(rules), false, "指示 命令 ルール"},
    Words{bit(previous), false, "これまで 以前 上記 前"},
    Words{bit(all), false, "すべて 全て 全文"},
    Words{bit(context), false, "会話 履歴 システムプロンプト"},
    Words{bit(secret), false, "パスワード 秘密鍵 認証情報"},
    Words{bit(other), false, "他の ほかの 別の"},
    Words{tool | late, false, "ツール"},
    Words{bit(parameter), false, "ここ"},
    Words{bit(also), false, "bcc にも"},
    Words{bit(target), false, "宛先 受取人 口座番号 振込先"},
    Words{bit(money), false, "送金 振込 支払い"},
    Words{bit(guard), false, "確認 承認 許可 警告"},
    Words{bit(negation), false, "せず ません ないで"},
    // Korean: stems, since particles follow without a space.
    Words{do_ignore, false, "무시하세요 무시하고 무시하라 무시해* 무시하십시오 잊어* 잊으세요"},
    Words{do_give, false, "보내세요 보내고 보내라 보내십시오 전송하세요 전송하고 전달하세요 전달하고 공유하세요"},
    Words{do_read, false, "읽고 읽어* 읽으세요 여세요 열고 수집하세요 수집하고"},
    Words{do_put, false, "넣으세요 넣고 넣어* 붙여* 추가하세요 추가하고 포함하세요 포함시키* 입력하세요 적으세요 기록하세요"},
    Words{do_change, false, "바꾸고 바꾸세요 바꿔* 변경하세요 변경하고 교체하세요"},
    Words{do_not_tell, false, "알리지 말하지 언급하지 알려주지"},
    Words{bit(user), false, "사용자*"},
    Words{bit(rules), false, "지시* 규칙* 명령* 지침*"},
    Words{bit(previous), false, "이전* 앞의 기존*"},
    Words{bit(all), false, "모든 모두 전체* 전부*"},
    Words{bit(context), false, "대화* 시스템"},
    Words{bit(secret), false, "비밀번호* 자격* 개인키* 암호*"},
    Words{bit(parameter), false, "매개변수* 여기*"},
    Words{bit(target), false, "계좌번호* 수취인* 수신자* 받는"},
    Words{bit(money), false, "송금* 결제* 이체*"},
    Words{bit(other), false, "다른"},
    Words{tool | late, false, "도구*"},
    Words{bit(itself), false, "사실*"},
    Words{bit(negation), false, "않으며 않습니다 말고 마세요"},
    // More of these languages: what belongs to a person, where a user looks, who obeys, what a result is called.
    Words{personal | intimate | late, false,
          "буфер* черновик* зарплат* фотограф* закладк* геолокац* местоположен* контакт* "
          "الحافظة مسودات مسودة صور راتب رواتب رسائل بريد جهات "
          "क्लिपबोर्ड ड्राफ़्ट ड्राफ्ट तस्वीर* फ़ोटो वेतन* लोकेशन संपर्क* ক্লিপবোর্ড* খসড়া* ছবি* বেতন* যোগাযোগ* "
          "کلپ تصاویر تنخواہ پیغامات رابطوں رابطے "
          "剪贴板 草稿 相册 照片 工资 通讯录 浏览记录 浏览历史 定位 私信 病历 身份证 客户名单 客户资料 联系人 環境変数 환경변수* "
          "クリップボード 下書き 写真 給与 位置情報 閲覧履歴 連絡先 顧客名簿 클립보드* 초안* 사진* 급여* 위치* 연락처* 방문기록"},
    Words{
        personal | late, false,
        "письм* почт* документ* календар* сообщени* файл* مستندات ملفات تقويم संदेश* ईमेल मेल दस्तावेज़* कैलेंडर फ़ाइल* वार्ता* "
        "বার্তা* ইমেইল* নথি* ক্যালেন্ডার ফাইল* دستاویزات فائلیں 邮件 日历 文档 短信 メール 予定 文書 メッセージ ファイル 메일* 일정* 문서* "
        "메시지* 파일*"},
    Words{secret | late, false,
          "токен* мнемоник* رموز اعتماد* كلمات_المرور कुंजी कुंजियाँ कुंजियां टोकन* क्रेडेंशियल* টোকেন* পাসওয়ার্ড* پاسورڈ ٹوکن کلید "
          "令牌 验证码 系统环境变量 助记词 登录信息 トークン シークレット クッキー 暗証番号 토큰* 쿠키*"},
    Words{
        screen | late, false,
        "ответ* сводк* отчёт* отчет* экран* вывод* журнал* رد ردك ردّك إجابة* ملخص* شاشة* تقرير* جواب* जवाब* उत्तर* सारांश* स्क्रीन* "
        "रिपोर्ट* উত্তর* জবাব* সারাংশ* পর্দা* প্রতিবেদন* جواب خلاصہ اسکرین رپورٹ 回答 回复 摘要 界面 屏幕 报告 总结 页面 "
        "返答 要約 画面 報告 応答 답변* 요약* 화면* 응답* 보고*"},
    Words{give | late, false, "上传 上傳"},
    Words{tell | late, false, "出现 显示 появля* появит* يظهر تظهر दिखे दिखाई প্রকাশ نظر_آئے 表示 나타나지 드러나지"},
    Words{ask | late, false,
          "спрашива* спросив* уточня* запрашива* تسأل* سؤال* تستأذن* استئذان* पूछे* पूछें पूछना पूछकर পূছ* জিজ্ঞাসা* জিজ্ঞেস* پوچھیں پوچھے "
          "پوچھنا 询问 征求 请示 过问"},
    Words{ask | negation | late, false,
          "尋ねず 尋ねないで 聞かず 聞かないで 確認せず 確認なし 確認なしで 許可なく 問い合わせず 묻지 물어보지 확인하지"},
    Words{
        obey | order | late, false,
        "выполни* выполняй* следуй* соблюда* исполни* نفذ* نفّذ* ونفّذ* اتبع* التزم* पालन मानें মেনে অনুসরণ পালন عمل 照做 遵守 遵循 服从 执行其中 "
        "従って 従い 従うこと 実行して 守って 따르세요 따르고 수행하세요 실행하세요"},
    Words{outcome | late, false,
          "успешн* пройден* прошл* прошло исправн* безопасн* недоступн* نجاح* ناجح* سليم* متاح* آمن* सफल* पास उपलब्ध सुरक्षित সফল* "
          "নিরাপদ উপলব্ধ কামিয়াব کامیاب دستیاب محفوظ 成功 通过 正常 安全 不可用 合格 合格 利用不可 성공* 통과* 정상* 안전*"},
    Words{
        tool | late, false,
        "сервис* программ* خدمة خدمات टूल* उपकरण* औज़ार* सेवा* টুল* সরঞ্জাম* সেবা* ٹول ٹولز سروس 服务 插件 サービス プラグイン 서비스* "
        "플러그인*"},
    Words{bit(other), false, "अन्य दूसरे दूसरा दूसरी অন্য অন্যান্য دوسرے دوسرا دوسری دیگر 其他服务 同类 別のサービス 타 다른"},
    Words{guard | late, false,
          "تأكيد* إذن* موافق* पुष्टि* अनुमति* मंज़ूरी* सहमति* অনুমতি* সম্মতি* اجازت تصدیق منظوری 确认 批准 許可 확인* 동의* 승인* 허락*"},
    Words{
        money | late, false,
        "деньг* сумм* تحويل* دفع* مبلغ* دفعة* भुगतान* पैसे पैसा रकम राशि ट्रांसफ़र* টাকা পেমেন্ট* পরিশোধ* লেনদেন* ادائیگی رقم پیسے 汇款 货款 "
        "金額 금액* 대금*"},
    Words{target | late, false, "खाता खाते प्राप्तकर्ता* অ্যাকাউন্ট* হিসাব* প্রাপক* اکاؤنٹ کھاتہ 账户 帐号 帐户 口座 宛名 계좌* 수취*"},
    Words{bit(covert), false, "चुपचाप चुपके চুপচাপ গোপনে چپکے خاموشی незаметно بصمت خفية سرا سرّا こっそり 密かに 몰래 조용히"},
    Words{
        give | order | late, false,
        "交给 汇报 提交 渡す必要 送る必要 入れる必要 アップロードして پاٹھائیں بھیجیے بھیجی পাঠিয়ে পাঠান 올리세요 업로드하세요"},
    Words{give | late, false, "пересыл* отправля* переда* يرسل* تُرسل ترسل"},
    Words{read | order | late, false,
          "حمّل* حمل* استخرج* خذ* انسخ* 取自 抓取 翻看 翻查 查找 列挙して 探して निकालें ढूँढें ढूंढें উঠিয়ে নিয়ে খুঁজে 찾아 가져와 복사해"},
    Words{
        change | order | late, false,
        "удали* удалите سلم احذف* استبدل* বদলে পরিবর্তন বদলান हटा हटाएँ हटाएं 删除 删掉 改到 改填 消して 削除して 삭제하세요 삭제하고"},
    Words{
        call | order | late, false,
        "создай* создайте شغل* شغّل* استخدم* इस्तेमाल चलाएँ चलाएं ব্যবহার চালান 运行 先用 先调用 使って 呼び出して 사용하세요 실행하고"},
    Words{negation | late, false, "一概不用 不用 无须 不需 不再 别再 নেই যাবে_না 없이"},
    Words{bit(henceforth), false, "отныне впредь теперь الآن अब আর আজ 凡是 一律 今後 これからは 以降 앞으로 이후 이제부터"},
    Words{bit(parameter), false, "फ़ील्ड पैरामीटर ঘর ঘরে ক্ষেত্র خانے فیلڈ フィールド 引数 필드* 인수* حقل الحقل"},
    Words{bit(describes), false,
          "检测 例如 比如 譬如 検出 例えば 예를 예시 탐지 например обнаруж* उदाहरण উদাহরণ مثال مثلا مثلاً учебн* 教育 演练"},
    Words{user | late, false, "никому никто किसी কাউকে কেউ کسی 任何人 誰にも 아무에게도 누구에게도 أحد أحدا"},
    Words{change | order | late, false, "変更し 置き換え 差し替え 改めて 바꿔서 교체해"},
    Words{personal | intimate | late, false, "받은편지함* 受信箱 受信トレイ 收件箱 входящ*"},
    Words{read | order | late, false, "모아 整理后 निकालकर পড়ে পড়ে"},
    Words{put | order | late, false, "поместите помести* внесите впишите 放到 放入 填上"},
};

}  // namespace

WordList eastern_words() { return {words.data(), words.data() + words.size()}; }

}  // namespace mcprove::vet
