#include <array>

#include "vet/lexicon.h"

namespace mcprove::vet {

namespace {

using enum Sense;

constexpr Senses do_ignore = ignore | order;
constexpr Senses do_give = give | order;
constexpr Senses do_read = read | order;
constexpr Senses do_put = put | order;
constexpr Senses do_change = change | order;
constexpr Senses do_call = call | order;

/// Verbs stand here in the forms that give an order, and words that English spells alike but means otherwise are left out.
constexpr std::array words = {
    // Spanish
    Words{do_ignore, false,
          "ignora ignoren olvida olvide olvidad olvídate omite omita descarta desatiende anula sáltate desobedece"},
    Words{bit(ignore), false, "ignorar olvidar omitir desactivar saltarse"},
    Words{
        do_give, false,
        "envía envíe envíen envia manda mande manden reenvía reenvíe transmite transmita copia copie comparte comparta revela revele "
        "entrega entregue remite publica publique sube suba adelanta"},
    Words{bit(give), false, "enviar mandar reenviar compartir revelar entregar copiar publicar transmitir"},
    Words{
        do_read, false,
        "lee lea lean leer abre abra consulta consulte obtén obtenga recopila recopile busca busque extrae extraiga recoge recoja toma "
        "tome"},
    Words{
        do_put, false,
        "incluye incluya añade añada agrega agregue adjunta adjunte pega pegue inserta inserte pasa pase pon ponga escribe escriba "
        "guarda guarde coloca coloque mete copia rellena rellene introduce introduzca"},
    Words{bit(put), false, "incluir añadir agregar adjuntar pegar insertar pasar poner escribir guardar colocar rellenar"},
    Words{do_change, false, "cambia cambie reemplaza reemplace sustituye sustituya modifica modifique redirige redirija altera"},
    Words{do_call, false, "usa utiliza utilice llama llame ejecuta ejecute invoca"},
    Words{
        bit(tell), false,
        "digas diga menciones mencione informes informe reveles avises avise comentes mencionarlo decírselo informar avisar decirle "
        "decir mencionar avisarle informarle entere enterarse sepa decirlo contárselo"},
    Words{bit(negation), false, "sin tampoco nunca jamás ni"},
    Words{bit(user), false, "usuario usuaria usuarios cliente clientes"},
    Words{bit(rules), false, "instrucciones reglas directrices indicaciones órdenes normas instrucción"},
    Words{bit(previous), false, "anteriores previas previos anterior previa anteriormente"},
    Words{bit(context), false, "conversación historial charla"},
    Words{bit(secret), false, "credenciales contraseñas claves contraseña"},
    Words{bit(covert), false, "discretamente silenciosamente secretamente calladamente disimuladamente"},
    Words{bit(modal), false, "debes debe deben deberá deberás deberías tienes hay"},
    Words{bit(all), false, "todo todos todas toda cualquier cualquiera"},
    Words{bit(other), false, "otra otras otro otros demás"},
    Words{bit(tool), false, "herramienta herramientas servidor función"},
    Words{bit(target), false, "destinatario beneficiario cuenta destino"},
    Words{bit(money), false, "transferencia transferencias pago pagos compra compras factura facturas importe"},
    Words{bit(guard), false,
          "confirmación aprobación consentimiento autorización advertencia advertencias preguntarle autoriza autorizado"},
    Words{bit(store), false, "memoria"},
    Words{bit(excuse), false, "cumplimiento normativa compatibilidad telemetría validación auditoría diagnóstico"},
    Words{bit(condition), false, "cuando antes si cada siempre"},
    // French
    Words{do_ignore, false,
          "ignorez oublie oubliez outrepasse outrepassez contourne contournez néglige négligez abandonne abandonnez passe-outre"},
    Words{
        do_give, false,
        "envoie envoyez transmets transmettez recopie recopiez copiez révèle révélez divulgue divulguez partage partagez communique "
        "communiquez publie publiez transfère transférez remets remettez expédie transmets-le envoie-le"},
    Words{bit(give), false, "envoyer transmettre copier révéler partager transférer communiquer"},
    Words{do_read, false, "lis lisez ouvre ouvrez récupère récupérez consultez cherche cherchez collecte collectez extrais"},
    Words{do_put, false,
          "inclus incluez ajoute ajoutez insère insérez joignez colle collez mets mettez placez écris écrivez indique "
          "indiquez enregistre enregistrez renseigne renseignez recopie recopiez"},
    Words{bit(put), false, "inclure ajouter insérer joindre coller mettre écrire"},
    Words{do_change, false, "remplace remplacez changez modifie modifiez substitue substituez redirige redirigez"},
    Words{do_call, false, "utilise utilisez appelle appelez exécute exécutez"},
    Words{
        bit(tell), false,
        "dis dites mentionne mentionnez informe informez préviens prévenir informer parler révéler dire savoir signaler signale "
        "parle parlez apprendre avertir avertis mentionner évoquer sache"},
    Words{bit(negation), false, "ne sans jamais n'en pas n'utilise n'utilisez n'informe n'informez"},
    Words{bit(user), false, "utilisateur utilisatrice utilisateurs l'utilisateur l'utilisatrice l'usager"},
    Words{bit(rules), false, "consignes règles directives instructions"},
    Words{bit(previous), false, "précédentes précédents antérieures précédente auparavant reçues"},
    Words{bit(context), false, "l'historique historique"},
    Words{bit(secret), false, "identifiants"},
    Words{bit(covert), false, "discrètement silencieusement secrètement"},
    Words{bit(modal), false, "dois devez doit devra doivent faut"},
    Words{bit(all), false, "tout tous toutes toute chaque l'intégralité intégralité"},
    Words{bit(other), false, "autre autres"},
    Words{bit(tool), false, "outil outils l'outil serveur"},
    Words{bit(target), false, "destinataire bénéficiaire compte"},
    Words{bit(money), false, "virement virements paiement paiements achat achats facture"},
    Words{bit(guard), false, "confirmation approbation consentement avertissement avertissements l'accord"},
    Words{bit(store), false, "mémoire"},
    Words{bit(excuse), false, "conformité compatibilité télémétrie validation"},
    // Portuguese
    Words{do_ignore, false, "desconsidere esqueça ignorem descarte desative pule"},
    Words{do_give, false, "envie mande encaminhe transmita copie revele compartilhe entregue remeta publique repasse forneça"},
    Words{do_read, false, "leia abra obtenha acesse busque procure colete pegue recolha"},
    Words{do_put, false, "inclua adicione anexe insira acrescente cole coloque ponha escreva preencha guarde passe convide"},
    Words{do_change, false, "troque substitua altere mude redirecione modifique"},
    Words{do_call, false, "chame"},
    Words{bit(tell), false,
          "conte avise diga mencione comente avisar informar contar mencionar revelar informe saiba comentar dizer perceba"},
    Words{bit(negation), false, "não sem nunca jamais nem"},
    Words{bit(user), false, "usuário usuária usuários utilizador ninguém cliente"},
    Words{bit(rules), false, "instruções regras diretrizes ordens"},
    Words{bit(previous), false, "anteriores prévias"},
    Words{bit(context), false, "conversa histórico"},
    Words{bit(secret), false, "senhas credenciais chaves senha"},
    Words{bit(covert), false, "discretamente silenciosamente secretamente"},
    Words{bit(modal), false, "deve deverá devem precisa"},
    Words{bit(all), false, "tudo toda inteira qualquer todas"},
    Words{bit(other), false, "outra outras outro outros"},
    Words{bit(tool), false, "ferramenta ferramentas servidor"},
    Words{bit(target), false, "destinatário favorecido conta"},
    Words{bit(money), false, "pagamento pagamentos transferência compra compras pix boleto"},
    Words{bit(guard), false, "confirmação aprovação consentimento autorização aviso"},
    Words{bit(store), false, "memória"},
    // German
    Words{do_ignore, false, "ignoriere ignorieren vergiss vergessen missachte übergehe umgehe überspringe deaktiviere verwirf"},
    Words{
        do_give, false,
        "sende senden schicke schick schicken übermittle übermitteln leite gib verrate kopiere teile sendest schickst reiche lade "
        "mitschicken weiterleiten"},
    Words{do_read, false, "lies lese öffne öffnen rufe sammle suche liest hol"},
    Words{
        do_put, false,
        "füge fügen hänge übergib übergebe trage schreibe schreib packe lege setze nimm kopiere fügst trägst speichere hinterlege "
        "hinein eintragen anhängen"},
    Words{do_change, false, "ersetze ersetzt ersetzen ändere tausche vertausche überschreibe"},
    Words{do_call, false, "verwende benutze nutze"},
    Words{bit(ask), false, "frag frage fragen preguntar preguntarle pergunte perguntar"},
    Words{tell | late, false,
          "erwähne erwähnen erwähnst sage sag sagen informiere informieren mitteilen verrate erzähle erzählen wissen erfahren "
          "mitzubekommen mitbekommen merken merkt erfährt"},
    Words{bit(negation), false, "nicht ohne nie niemals kein keine nichts keinen"},
    Words{bit(user), false, "nutzer nutzerin benutzer benutzerin anwender nutzern kunde kunden nutzers benutzers"},
    Words{bit(rules), false, "anweisungen regeln vorgaben richtlinien instruktionen befehle"},
    Words{bit(previous), false, "bisherigen vorherigen früheren vorigen obigen vorangegangenen bisherige"},
    Words{bit(context), false, "systemprompt gesprächsverlauf unterhaltung chatverlauf gespräch konversation"},
    Words{bit(secret), false, "zugangsdaten passwörter anmeldedaten passwort"},
    Words{bit(covert), false, "heimlich unbemerkt stillschweigend unauffällig"},
    Words{bit(modal), false, "musst müssen muss sollst soll sollen"},
    Words{bit(all), false, "alle alles jede jeden jeder gesamte gesamten ganze ganzen sämtliche"},
    Words{bit(other), false, "andere anderen anderes"},
    Words{tool | late, false, "werkzeug werkzeuge suchwerkzeuge suchwerkzeug"},
    Words{bit(target), false, "empfänger empfängers konto"},
    Words{bit(money), false, "überweisung überweisungen zahlung zahlungen rechnung"},
    Words{bit(guard), false, "freigabe bestätigung zustimmung rückfrage genehmigung warnung warnungen"},
    Words{bit(parameter), false, "feld parameter"},
    Words{bit(condition), false, "bei wenn sobald bevor"},
    // Indonesian
    Words{do_ignore, false, "abaikan lupakan hiraukan lewati"},
    Words{do_give, false, "kirim kirimkan teruskan bagikan ungkapkan salin serahkan"},
    Words{do_read, false, "baca bacalah buka ambil cari kumpulkan"},
    Words{do_put, false, "sertakan masukkan tambahkan lampirkan isi isikan tulis tempelkan simpan"},
    Words{do_change, false, "ganti ubah gantilah"},
    Words{do_call, false, "gunakan jalankan panggil"},
    Words{bit(tell), false,
          "tahu beritahu memberitahu memberi mengatakan menyebutkan mengetahui mengetahuinya katakan sebutkan tanyakan"},
    Words{bit(negation), false, "jangan tanpa tidak"},
    Words{bit(user), false, "pengguna"},
    Words{bit(rules), false, "instruksi perintah aturan petunjuk"},
    Words{bit(previous), false, "sebelumnya"},
    Words{bit(context), false, "percakapan obrolan"},
    Words{bit(secret), false, "kredensial sandi"},
    Words{bit(all), false, "semua seluruh setiap"},
    Words{bit(other), false, "lain lainnya"},
    Words{bit(tool), false, "alat peralatan"},
    Words{bit(target), false, "penerima rekening"},
    Words{bit(covert), false, "diam-diam"},
    Words{bit(guard), false, "konfirmasi persetujuan izin peringatan"},
    // More of these languages: what belongs to a person, where a user looks, who obeys, what a result is called.
    Words{
        personal | intimate | late, false,
        "portapapeles nómina nóminas borradores bandeja fotos expediente expedientes galería agenda presse-papiers brouillons salaires "
        "bulletins messagerie rascunhos holerite holerites salários galeria zwischenablage entwürfe gehaltsabrechnung "
        "gehaltsabrechnungen gehälter fotos posteingang postfach lesezeichen kundenliste kundendaten kontakte adressbuch galeri foto "
        "gaji contactos contatos"},
    Words{
        personal | late, false,
        "correos mensajes documentos calendario navegador courriels navigateur calendrier nachrichten termine dokumente e-mails "
        "kalender kontak surel pesan dokumen berkas peramban pelanggan mensagens navegador"},
    Words{
        secret | late, false,
        "llavero llaves trousseau clés chaveiro schlüsseldatei kennwörter kennwort schlüsselbund sitzungscookie umgebungsvariablen "
        "jetons"},
    Words{
        screen | late, false,
        "respuesta respuestas resumen pantalla informe listado réponse réponses résumé écran rapport resposta respostas resumo "
        "tela relatório antwort antworten zusammenfassung bericht ausgabe bildschirm anzeige übersicht jawaban ringkasan layar laporan "
        "balasan tampilan salida registro"},
    Words{
        ask | late, false,
        "preguntes pidas consultes preguntar preguntarle solicites demander demandez interroger d'interroger déranger perguntar "
        "perguntes peça confirmar fragen nachfragen nachzufragen fragt bertanya menanyakan tanya demandes"},
    Words{
        obey | order | late, false,
        "obedece obedezca cumple cumpla acata acate síguelas síguelo síguela suivez exécutez-les obéissez appliquez obedeça cumpra siga "
        "siga-as befolge befolgen ausführen gehorche ikuti patuhi turuti laksanakan aplícalas cúmplelas"},
    Words{
        outcome | late, false,
        "éxito exitoso exitosa aprobado aprobada superado superada agotado agotada disponible disponibles réussi réussie réussis succès "
        "indisponible indisponibles conforme validé sucesso aprovado aprovada indisponível concluído erfolgreich bestanden fehlerfrei "
        "unbedenklich abgeschlossen verfügbar berhasil lulus sukses aman correcto correctamente passaram"},
    Words{tool | late, false, "servicio servicios service services serviço serviços dienst dienste dienstes layanan"},
    Words{
        tell | late, false,
        "menciones digas comentarlo decirlo avises mencionarlo decírselo contárselo reveles mentionnez mentionner signalez signaler "
        "prévenez prévenir comente mencione avise menyebutkan sebutkan beritahu muestres "
        "aparezca aparecer aparezcan apparaître apparaisse apareça apareçam auftaucht auftauchen erscheint muncul terlihat"},
    Words{
        put | late, false,
        "gefüllt eingetragen übergeben angehängt mitgeschickt übertragen weitergeleitet beigefügt mitgegeben wandert wandern "
        "gehört gehören landet landen rempli remplie renseigné doivent attend colócalo ponlo mételo añádelo inclúyelo pégalo escríbelo "
        "guárdalo rellena diisi dimasukkan preenchido preencha"},
    Words{give | order | late, false,
          "envíalo envíala mándalo mándala reenvíalo compártelo súbelo envie-o envoyez-le envoyez-la transmettez-le"},
    Words{call | order | late, false, "ejecute ejecútalo lanza repite lancez exécute rode execute-o starte führe jalankan"},
    Words{
        read | order | late, false,
        "recupera saca descarga descargue copia cherchez récupérez prenez relevez téléchargez baixe pegue ermitteln ermittle lade unduh ambillah"},
    Words{change | order | late, false,
          "borra borre elimina elimine cambia supprimez supprime troque apague exclua lösche löschen hapus ganti sustituye"},
    Words{bit(parameter), false, "campo campos champ champs kolom"},
    Words{bit(context), false, "chats sitzung"},
    Words{bit(henceforth), false, "adelante désormais dorénavant doravante künftig fortan ab-jetzt mulai selanjutnya"},
    Words{
        bit(describes), false,
        "ejemplo ejemplos exemple exemples exemplo exemplos beispiel beispiele beispielsweise contoh erkennt détecte detecta mendeteksi"},
    Words{tool | late, false, "herramienta herramientas outil outils l'outil ferramenta ferramentas alat"},
    Words{user | late, false, "siapa nadie personne niemand niemandem ninguém"},
    Words{also | late, false, "blindkopie"},
    Words{bit(henceforth), false, "danach später ensuite después depois setelahnya"},
    Words{put | order | late, false, "vuelca vuelque versez déversez despeja despeje lampirkan sisipkan trage"},
};

}  // namespace

WordList western_words() { return {words.data(), words.data() + words.size()}; }

}  // namespace mcprove::vet
