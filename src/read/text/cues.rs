//! What a line of a page is, told by words that many sites share.
//!
//! Each table names what its words stand on. None is of one site alone.

use std::sync::LazyLock;

use super::rows::{Bullet, Row};
use crate::read::phrases::{Lists, Phrases};

/// What a line says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Cue {
    /// Part of the page's frame, wherever it stands: buttons, advertisements, skip links.
    Frame,
    /// A pointer to another page; the title of that page stands on the same line or on the next.
    Pointer,
    /// Begins what comes after an article: related stories, tags, the footer.
    Tail,
    /// Begins what readers wrote; no line of the article comes after it.
    Comments,
}

/// What the line says of itself; `None` where it says nothing.
pub(super) fn of(row: &Row) -> Option<Cue> {
    let key = row.key.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
    let found = LISTS.look_up(key);
    let counts = key.contains(|c: char| c.is_ascii_digit());
    let numbered = row.bullet == Some(Bullet::Number);
    if row.words <= 12
        && (found.begins(List::Skip) || found.is(List::Frame) || (counts && (is_count_of_pictures(key) || is_reading_time(key))))
        && !(numbered && row.words > 10)
    {
        return Some(Cue::Frame);
    }
    if (row.words <= 7 && found.begins(List::FrameStarts)) || (row.words <= 14 && is_row_of_buttons(key)) {
        return Some(Cue::Frame);
    }
    if row.words <= 6 && (found.is(List::Comments) || (counts && is_count_of_comments(key))) {
        return Some(Cue::Comments);
    }
    if row.words <= 12
        && (found.is(List::Tail) || (row.words <= 8 && found.begins(List::TailStarts)) || (row.words >= 2 && is_copyright(key)))
    {
        return Some(Cue::Tail);
    }
    if row.words <= 30 && (found.is(List::Pointers) || found.begins(List::PointerStarts)) {
        return Some(Cue::Pointer);
    }
    let offers = row.words <= 60 && OFFERED.stand_in(key);
    (offers || (row.words <= 160 && is_about_cookies(key))).then_some(Cue::Frame)
}

/// The tables below that tell a line by its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Skip,
    Frame,
    FrameStarts,
    Tail,
    TailStarts,
    Comments,
    Pointers,
    PointerStarts,
}

static LISTS: LazyLock<Lists<List>> = LazyLock::new(|| {
    Lists::new(&[
        (List::Skip, SKIP),
        (List::Frame, FRAME),
        (List::FrameStarts, FRAME_STARTS),
        (List::Tail, TAIL),
        (List::TailStarts, TAIL_STARTS),
        (List::Comments, COMMENTS),
        (List::Pointers, POINTERS),
        (List::PointerStarts, POINTER_STARTS),
    ])
});

static OFFERED: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(OFFERS));

/// Several buttons on one line: "Share, Print, Save".
fn is_row_of_buttons(key: &str) -> bool {
    let words = || key.split(|c: char| c.is_whitespace() || c == '|' || c == '/').filter(|word| !word.is_empty());
    words().nth(1).is_some()
        && words().all(|word| LISTS.look_up(word).is(List::Frame) || matches!(word, "via" | "on" | "this" | "and"))
}

/// "3 comments", "comments (3)".
fn is_count_of_comments(key: &str) -> bool {
    let nouns = ["comments", "comment", "kommentare", "commentaires", "comentarios", "comentários", "commenti"];
    let mut words = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(a), Some(b), None) => {
            let number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
            (number(a) && nouns.contains(&b)) || (number(b) && nouns.contains(&a))
        }
        _ => false,
    }
}

/// "View 3 Images", "Image 1 of 5", "1 / 23": the counter of a gallery.
fn is_count_of_pictures(key: &str) -> bool {
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let digits = words.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).count();
    let noun = words.iter().any(|word| {
        matches!(*word, "images" | "image" | "photos" | "photo" | "slide" | "bild" | "bilder" | "fotos" | "foto" | "gallery")
    });
    let all_small = words.iter().all(|word| word.len() <= 8);
    (words.len() <= 4 && digits >= 1 && noun && all_small) || ((1..=2).contains(&words.len()) && digits == words.len())
}

/// "6 minute read", "3 Min Lesezeit".
fn is_reading_time(key: &str) -> bool {
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counted = words.first().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    (2..=5).contains(&words.len()) && counted && words.last().is_some_and(|word| READING.contains(word))
}

/// Last words of the time that a text takes to read.
const READING: [&str; 8] = ["read", "lesezeit", "lesedauer", "lecture", "lectura", "leitura", "lettura", "lesetid"];

/// A line of rights: "© 2023 ...", "Copyright ...", "All rights reserved".
fn is_copyright(key: &str) -> bool {
    let year = key.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() == 4);
    ((key.starts_with("copyright") || key.starts_with('©') || key.starts_with("(c)")) && year)
        || [
            "all rights reserved",
            "alle rechte vorbehalten",
            "tous droits réservés",
            "todos los derechos reservados",
            "todos os direitos reservados",
            "tutti i diritti riservati",
            "alle rechten voorbehouden",
            "riproduzione riservata",
            "무단전재",
            "無断転載",
        ]
        .iter()
        .any(|cue| key.contains(cue))
}

/// A banner that asks for consent: it speaks of cookies and of what is done with them.
fn is_about_cookies(key: &str) -> bool {
    key.contains("cookie") && CONSENT.iter().any(|cue| key.contains(cue))
}

/// What is done with cookies.
#[rustfmt::skip]
const CONSENT: &[&str] = &[
    "use ", "uses ", "used ", "accept", "consent", "verwende", "nutzen", "akzept", "zustimm", "utilis", "acept", "aceit",
    "accett", "privacy", "datenschutz", "gebruik", "bruker", "använder", "set by", "website", "essential",
];

/// Links for those who read with the ears, at the top of a page (WCAG 2.2, technique G1).
#[rustfmt::skip]
const SKIP: &[&str] = &[
    "skip to", "skip past", "skip navigation", "skip advertisement", "skip ad", "jump to", "after newsletter promotion",
    "zum inhalt", "zum hauptinhalt", "zur hauptnavigation", "zur navigation", "zur suche", "direkt zum inhalt",
    "aller au contenu", "aller à", "passer au", "accéder au contenu", "ir al contenido", "ir a la", "saltar al", "saltar a",
    "ir para o conteúdo", "ir para o", "pular para", "vai al contenuto", "salta al contenuto", "ga naar de inhoud",
    "naar de inhoud", "spring til indhold", "gå til innhold", "hopp til", "hoppa till", "gå till", "przejdź do",
    "içeriğe geç", "nenda kwenye", "ruka hadi", "tsallake zuwa", "loncat ke", "перейти к",
];

/// Buttons, counters and marks of advertising that stand alone on their line.
#[rustfmt::skip]
const FRAME: &[&str] = &[
    "advertisement", "advertising", "ad", "ads", "anzeige", "werbung", "publicité", "publicidad", "publicidade",
    "pubblicità", "advertentie", "reklam", "reklama", "reklame", "annonse", "annons", "annonce", "iklan", "реклама",
    "tangazo", "talla", "إعلان", "광고", "sponsored", "sponsor message", "sponsored content", "article content",
    "paid content", "powered by", "promoted", "share", "share this", "share article", "share this article",
    "share this story", "share this page", "share on", "teilen", "artikel teilen", "partager", "partager l'article",
    "partager cet article", "compartir", "compartilhar", "condividi", "delen", "dela", "del", "udostępnij", "paylaş",
    "bagikan", "shiriki", "shiriki habari hii", "tweet", "twitter", "facebook", "whatsapp", "linkedin", "telegram",
    "pinterest", "reddit", "flipboard", "tumblr", "email", "e-mail", "mail", "x", "instagram", "youtube", "tiktok",
    "snapchat", "threads", "bluesky", "messenger", "viber", "copy link", "copy url", "copy", "link copied", "link kopieren",
    "copier le lien", "copiar enlace", "copiar link", "copied", "print", "drucken", "imprimer", "imprimir", "stampa",
    "save", "saved", "merken", "speichern", "bookmark", "like", "follow", "follow us", "folgen", "suivre", "seguir",
    "listen", "anhören", "vorlesen", "écouter", "escuchar", "ouvir", "ascolta", "sikiliza", "play", "play video", "pause",
    "watch", "watch now", "watch live", "loading", "laden", "close", "schließen", "fermer", "cerrar", "fechar", "chiudi",
    "toggle caption", "hide caption", "show caption", "caption", "enlarge this image", "enlarge image", "enlarge",
    "view image in fullscreen", "open image in gallery", "open gallery", "view gallery", "back to gallery", "expand",
    "image", "bild", "photo", "foto", "image caption", "image source", "media caption", "play audio", "text size", "a-",
    "a+", "aa", "email link", "log in", "login", "sign in", "sign up", "subscribe", "register", "abonnieren", "anmelden",
    "s'abonner", "suscríbete", "assine", "abbonati", "inscreva-se", "menu", "search", "suche", "suchen", "rechercher",
    "buscar", "cerca", "zoeken", "next", "previous", "weiter", "zurück", "suivant", "précédent", "back to top", "nach oben",
    "accept", "okay", "ok", "mehr infos", "more info", "learn more", "show more", "mehr anzeigen", "mehr", "more",
    "view all", "see all", "alle anzeigen", "follow us on social", "sharing options", "live tv", "live-tv",
    "neueste videos", "latest videos", "join the conversation", "story continues below", "exclusive", "premium",
    "subscribers only", "article continues below", "continue reading", "text", "audio", "video", "gallery", "bildergalerie",
    "summary", "news", "feedback", "your feedback", "view results", "question of the day", "report an error",
    "fehler melden", "fehler gefunden", "sie haben einen fehler gefunden", "signaler une erreur", "reporta un error",
    "reportar un error", "segnala un errore", "speed read", "dive deeper", "印刷する", "印刷", "メールで送る", "リンクをコピーする", "リンクをコピー",
    "シェア", "シェアする", "保存", "ログイン", "ログインする", "新規登録", "会員登録", "はてなブックマーク", "line", "좋아요", "댓글", "공유", "공유하기", "구독", "구독하기", "로그인", "회원가입",
    "인쇄", "스크랩", "이미지 확대보기", "기사저장", "글자 크기", "클립보드 복사", "닫기",
    "shares", "pocket", "read later", "vis mer", "vis mindre", "spara", "öppna bild i helskärm", "visa bild i helskärm",
    "link wurde kopiert", "in merkliste übernehmen", "zur merkliste hinzufügen", "empfohlener redaktioneller inhalt",
    "lien copié", "enlace copiado",
];

/// What such lines begin with where they go on: "Share on ...", "Story continues below this ad".
#[rustfmt::skip]
const FRAME_STARTS: &[&str] = &[
    "share on", "share to", "share via", "share this", "auf facebook", "auf twitter", "auf whatsapp", "per mail",
    "partager sur", "partager par", "compartir en", "compartilhe", "condividi su", "tweet this", "advertisement",
    "story continues", "article continues", "this advertisement", "das könnte sie auch interessieren", "scroll to continue",
    "scroll down", "copy link", "show more", "click to share", "click here", "tap here", "tap to", "follow us",
    "follow our", "folgen sie uns", "suivez-nous", "síguenos", "siga-nos", "seguici", "listen to article", "listen to this",
    "artikel anhören", "reading time", "lesezeit", "temps de lecture", "tiempo de lectura", "tempo de leitura",
    "tempo di lettura", "min read", "get updates", "choose your", "choose from", "download", "get the app", "play video",
    "try again", "enter your email", "email address", "please enter", "artikel auf", "artikel teilen", "artikel drucken",
    "print article", "drucken",
    "like this article", "like this story", "want more stories", "would you like to comment",
];

/// Headings of what follows an article.
#[rustfmt::skip]
const TAIL: &[&str] = &[
    "related", "related articles", "related stories", "related topics", "related content", "related news", "related posts",
    "related links", "related coverage", "related tags", "most read", "most viewed", "most popular", "most shared",
    "trending", "trending now", "popular", "read next", "read these next", "up next", "you may also like",
    "you might also like", "you may like", "recommended", "recommended for you", "recommended stories",
    "recommended reading", "more stories", "more news", "latest news", "latest", "latest stories", "top stories",
    "editor's picks", "editors' picks", "editor’s picks", "must read", "don't miss", "more on this", "more on this story",
    "more on this topic", "more like this", "more to explore", "topics", "topics in this story", "tags", "explore more",
    "about the author", "about the authors", "subjects", "keywords", "die redaktion empfiehlt", "mehr zum thema",
    "ähnliche themen", "ähnliche artikel", "weitere themen", "weitere artikel", "weitere meldungen",
    "weitere beiträge anzeigen", "auch interessant", "das könnte sie auch interessieren",
    "das könnte dich auch interessieren", "meistgelesen", "meistgelesene artikel", "meist gelesen", "aktuelle nachrichten",
    "neueste nachrichten", "neueste artikel", "mehr aus dem ressort", "top-thema", "top-themen", "themen",
    "themen des artikels", "schlagwörter", "schlagworte", "über den autor", "über die autorin", "zur startseite",
    "startseite", "impressum", "lesen sie mehr zum thema", "empfehlungen der redaktion", "passend zum thema", "zum thema",
    "quellen", "sur le même thème", "sur le même sujet", "à lire aussi", "les plus lus", "à la une",
    "nos derniers articles", "dans la même rubrique", "articles liés", "mots-clés", "mots clés", "thèmes", "voir aussi",
    "artículos relacionados", "noticias relacionadas", "más noticias", "lo más leído", "lo más visto", "te puede interesar",
    "más información", "temas", "etiquetas", "archivado en", "ver comentarios", "artigos relacionados",
    "notícias relacionadas", "mais notícias", "mais lidas", "leia também", "mais populares", "tópicos", "assuntos",
    "notizie correlate", "articoli correlati", "più letti", "i più letti", "leggi anche", "ultime notizie", "argomenti",
    "lees ook", "meer over", "meest gelezen", "mest lest", "mest läst", "mest læste", "relaterade artiklar",
    "ämnen i artikeln", "les også", "läs mer", "les mer", "czytaj także", "zobacz także", "najczęściej czytane",
    "ilgili haberler", "önerilen video", "benzer haberler", "berita terkait", "terkini", "terpopuler", "baca juga",
    "habari zinazohusiana", "mada", "labarai masu alaƙa", "читайте также", "関連記事", "関連ニュース", "あわせて読みたい", "人気記事",
    "アクセスランキング", "관련기사", "많이 본 뉴스", "관련 기사", "reuse", "terms of use", "privacy policy", "datenschutz", "contact us",
    "kontakt", "contact", "rss", "sitemap", "newsletter", "newsletters", "source", "sources",
];

/// What such headings begin with: "More from ...", "Filed under ...".
#[rustfmt::skip]
const TAIL_STARTS: &[&str] = &[
    "more from", "more in", "more stories from", "most viewed in", "most read in", "most popular in", "filed under",
    "posted in", "published in", "tagged", "tagged with", "tags", "topics", "related topics", "mehr von", "mehr aus",
    "mehr zu", "mehr zum thema", "themenseiten", "schlagwörter", "lesen sie auch", "latest on", "sur le même",
    "plus d'articles", "más sobre", "más en", "mais sobre", "meer over", "read more about", "recommended from", "best of",
    "copyright", "related stories", "suggested topics",
];

/// Headings of the readers' part.
#[rustfmt::skip]
const COMMENTS: &[&str] = &[
    "comments", "comment", "leave a comment", "leave a reply", "leave your comment", "post a comment", "post comment",
    "join the discussion", "view comments", "show comments", "all comments", "top comments", "top rated comments",
    "add a comment", "write a comment", "your comment", "have your say", "discussion", "kommentare", "kommentar schreiben",
    "kommentare anzeigen", "diskutieren sie mit", "leserkommentare", "ihr kommentar", "schreiben sie einen kommentar",
    "commentaires", "laisser un commentaire", "vos réactions", "réagir", "comentarios", "deja un comentario", "comentários",
    "deixe um comentário", "commenti", "lascia un commento", "reacties", "kommentarer", "komentarze", "yorumlar",
    "komentar", "maoni", "комментарии",
];

/// Lines that are only the label of a pointer; the title stands before or behind.
#[rustfmt::skip]
const POINTERS: &[&str] = &[
    "read more", "read", "read also", "also read", "see also", "see more", "lesen sie auch", "lesen sie mehr", "mehr lesen",
    "weiterlesen", "auch interessant", "lire aussi", "lire la suite", "à lire aussi", "leer más", "lea también",
    "leia também", "leia mais", "leggi anche", "leggi tutto", "lees ook", "les også", "läs också", "læs også", "czytaj też",
    "more on this", "related article", "related story", "related video", "artikel lesen", "zum artikel", "watch more",
    "recommended article",
];

/// What lines begin with that point elsewhere, followed by a title.
#[rustfmt::skip]
const POINTER_STARTS: &[&str] = &[
    "read more", "read also", "also read", "read:", "read next", "see also", "related:", "more:", "watch:", "listen:",
    "lesen sie auch", "lesen sie hier", "lesen sie dazu", "lesen sie mehr", "auch interessant", "mehr zum thema",
    "lire aussi", "à lire", "lire également", "voir aussi", "lea también", "lee también", "te puede interesar",
    "leia também", "leia mais", "veja também", "leggi anche", "lees ook", "les også", "läs också", "läs även", "læs også",
    "czytaj także", "czytaj też", "czytaj więcej", "zobacz też", "baca juga", "baca:", "ayrıca oku", "soma pia",
    "soma zaidi", "karanta", "читайте", "must read", "don't miss", "in pictures", "related article", "related story",
    "watch |", "listen |", "read |", "funda olunye udaba",
];

/// Offers and notices in whole sentences: letters, subscriptions, players that will not play.
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "sign up for our", "sign up to our", "sign up for the", "sign up here", "sign up now", "subscribe to our",
    "subscribe now", "subscribe today", "subscribe for", "subscribe to read", "our newsletter", "our daily newsletter",
    "free newsletter", "newsletters may contain", "by signing up", "by subscribing", "sent straight to your inbox",
    "to your inbox", "in your inbox", "delivered to your", "sign in to continue", "to continue reading",
    "create an account", "already a subscriber", "already have an account", "this content is reserved",
    "video has failed to load", "javascript", "your browser does not", "dein browser", "ihr browser",
    "click here to subscribe", "click here to sign", "download our app", "download the app", "follow us on",
    "like us on facebook", "join our whatsapp", "whatsapp channel", "join our telegram", "support our journalism",
    "support local journalism", "support independent journalism", "newsletter abonnieren", "jetzt abonnieren",
    "zum newsletter", "unseren newsletter", "unserem newsletter", "kostenlos anmelden", "jetzt anmelden", "abonnenten-",
    "externer inhalt", "externen inhalt", "externe inhalte", "an dieser stelle finden sie", "personenbezogene daten",
    "mit ihrer zustimmung", "ihre einwilligung", "abonnez-vous", "inscrivez-vous", "notre newsletter",
    "réservé aux abonnés", "suscríbete a", "nuestra newsletter", "nuestro boletín", "assine nossa", "assine a newsletter",
    "nossa newsletter", "iscriviti alla", "alla nostra newsletter", "meld je aan", "schrijf je in", "privacy policy",
    "datenschutzerklärung", "privacy notice", "terms of service", "terms and conditions", "terms of use",
    "comment guidelines", "community guidelines", "keep comments", "log in to comment",
    "this site is protected by recaptcha", "an error occurred", "share your thoughts", "let us know in the comments",
    "do you have a story", "have a news tip", "got a story", "email us at", "story continues below",
    "article continues below", "ad loading", "turn on desktop notifications", "affiliate commission", "affiliate link",
    "affiliate-link", "with our app", "google news", "preferred source", "use of this site constitutes", "we may earn",
    "earn a commission",
    "unlimited online access", "unlimited digital access", "unlock more articles", "exclusive articles from",
    "exclusive articles by", "electronic replica", "articles per month", "articles from across", "commenting community",
    "email updates from your", "no spam", "unsubscribe at any time", "you can unsubscribe", "been successfully subscribed",
    "double check your email", "moderating all comments", "comments are moderated", 
    "can afford to pay", "deine spende", "mit deiner spende", "kostenlos testen", "redaktionell nicht bearbeitet",
    "diese audioversion", "künstlich generiert", "ai-genererad", "ki-generierte stimme", "inhalte von youtube",
    "mit einem klick anzeigen", "dieser artikel ist zuerst", "dieser artikel erschien zuerst", "first published in",
    "article was originally published", "originally appeared on", "article first appeared", "share current article",
];
