//! The words on pages for browsers, by language.

use crate::domain::Language;

/// What a page says besides what it carries.
#[derive(Debug)]
pub(super) struct PageWords {
    pub(super) skip: &'static str,
    pub(super) subscribe: &'static str,
    /// What a feed is and what to do with its address, for somebody who has never had one.
    pub(super) how: &'static str,
    pub(super) latest: &'static str,
    pub(super) nothing_yet: &'static str,
    pub(super) more_feeds: &'static str,
    pub(super) sections: &'static str,
    pub(super) authors: &'static str,
    pub(super) podcasts: &'static str,
    /// All feeds as one list, for readers that take a list.
    pub(super) all_feeds: &'static str,
    pub(super) letters: &'static str,
    pub(super) no_letters_yet: &'static str,
    pub(super) updated: &'static str,
    /// Of the page of an article that is at home elsewhere.
    pub(super) first_published_at: &'static str,
    /// What stands above a feed that a browser shows as it is.
    pub(super) this_is_a_feed: &'static str,
}

impl PageWords {
    /// The words of the first of these languages that griot knows, or English.
    pub(super) fn of(languages: &[&Language]) -> &'static Self {
        let known = |language: &&Language| {
            Some(match language.primary() {
                "en" => &ENGLISH,
                "fr" => &FRENCH,
                "de" => &GERMAN,
                "es" => &SPANISH,
                "pt" => &PORTUGUESE,
                "sw" => &SWAHILI,
                "ar" => &ARABIC,
                "it" => &ITALIAN,
                "nl" => &DUTCH,
                _ => return None,
            })
        };
        languages.iter().find_map(known).unwrap_or(&ENGLISH)
    }
}

const ENGLISH: PageWords = PageWords {
    skip: "Skip to the content",
    subscribe: "Subscribe",
    how: "Copy one of these addresses into a feed reader: it shows you every new article, without an account and without advertising. If you do not know which one to take, take the first.",
    latest: "Latest articles",
    nothing_yet: "Nothing has been published yet.",
    more_feeds: "More feeds",
    sections: "Sections",
    authors: "Authors",
    podcasts: "Podcasts",
    all_feeds: "All feeds as one list (OPML)",
    letters: "Newsletters",
    no_letters_yet: "No letter has been written yet.",
    updated: "Updated",
    first_published_at: "First published at",
    this_is_a_feed: "This is a web feed. To subscribe, copy the address of this page into a feed reader.",
};

const FRENCH: PageWords = PageWords {
    skip: "Aller au contenu",
    subscribe: "S’abonner",
    how: "Copiez l’une de ces adresses dans un lecteur de flux : il vous montre chaque nouvel article, sans compte et sans publicité. Si vous ne savez pas laquelle choisir, prenez la première.",
    latest: "Derniers articles",
    nothing_yet: "Rien n’a encore été publié.",
    more_feeds: "Autres flux",
    sections: "Rubriques",
    authors: "Auteurs",
    podcasts: "Podcasts",
    all_feeds: "Tous les flux en une liste (OPML)",
    letters: "Lettres d’information",
    no_letters_yet: "Aucune lettre n’a encore été écrite.",
    updated: "Mis à jour le",
    first_published_at: "Publié d’abord sur",
    this_is_a_feed: "Ceci est un flux. Pour vous abonner, copiez l’adresse de cette page dans un lecteur de flux.",
};

const GERMAN: PageWords = PageWords {
    skip: "Zum Inhalt",
    subscribe: "Abonnieren",
    how: "Kopieren Sie eine dieser Adressen in einen Feedreader: Er zeigt Ihnen jeden neuen Artikel, ohne Konto und ohne Werbung. Wenn Sie nicht wissen, welche Sie brauchen, nehmen Sie die erste.",
    latest: "Neueste Artikel",
    nothing_yet: "Noch ist nichts erschienen.",
    more_feeds: "Weitere Feeds",
    sections: "Ressorts",
    authors: "Autorinnen und Autoren",
    podcasts: "Podcasts",
    all_feeds: "Alle Feeds als eine Liste (OPML)",
    letters: "Newsletter",
    no_letters_yet: "Noch ist kein Brief erschienen.",
    updated: "Aktualisiert am",
    first_published_at: "Zuerst erschienen auf",
    this_is_a_feed: "Das ist ein Feed. Um ihn zu abonnieren, kopieren Sie die Adresse dieser Seite in einen Feedreader.",
};

const SPANISH: PageWords = PageWords {
    skip: "Ir al contenido",
    subscribe: "Suscribirse",
    how: "Copie una de estas direcciones en un lector de fuentes web: le muestra cada artículo nuevo, sin cuenta y sin publicidad. Si no sabe cuál elegir, tome la primera.",
    latest: "Últimos artículos",
    nothing_yet: "Aún no se ha publicado nada.",
    more_feeds: "Más fuentes",
    sections: "Secciones",
    authors: "Autores",
    podcasts: "Podcasts",
    all_feeds: "Todas las fuentes en una lista (OPML)",
    letters: "Boletines",
    no_letters_yet: "Aún no se ha escrito ninguna carta.",
    updated: "Actualizado el",
    first_published_at: "Publicado primero en",
    this_is_a_feed: "Esta es una fuente web. Para suscribirse, copie la dirección de esta página en un lector de fuentes.",
};

const PORTUGUESE: PageWords = PageWords {
    skip: "Ir para o conteúdo",
    subscribe: "Subscrever",
    how: "Copie um destes endereços para um leitor de feeds: mostra-lhe cada artigo novo, sem conta e sem publicidade. Se não sabe qual escolher, use o primeiro.",
    latest: "Últimos artigos",
    nothing_yet: "Ainda nada foi publicado.",
    more_feeds: "Mais feeds",
    sections: "Secções",
    authors: "Autores",
    podcasts: "Podcasts",
    all_feeds: "Todos os feeds numa lista (OPML)",
    letters: "Boletins",
    no_letters_yet: "Ainda não foi escrita nenhuma carta.",
    updated: "Atualizado em",
    first_published_at: "Publicado primeiro em",
    this_is_a_feed: "Isto é um feed. Para subscrever, copie o endereço desta página para um leitor de feeds.",
};

const SWAHILI: PageWords = PageWords {
    skip: "Ruka hadi kwenye maudhui",
    subscribe: "Jiandikishe",
    how: "Nakili moja ya anwani hizi kwenye kisoma-milisho: kitakuonyesha kila makala mpya, bila akaunti na bila matangazo. Kama hujui uchague ipi, chukua ya kwanza.",
    latest: "Makala mpya",
    nothing_yet: "Bado hakuna kilichochapishwa.",
    more_feeds: "Milisho mingine",
    sections: "Mada",
    authors: "Waandishi",
    podcasts: "Podikasti",
    all_feeds: "Milisho yote katika orodha moja (OPML)",
    letters: "Barua za habari",
    no_letters_yet: "Bado hakuna barua iliyoandikwa.",
    updated: "Ilisasishwa",
    first_published_at: "Ilichapishwa kwanza kwenye",
    this_is_a_feed: "Huu ni mlisho wa wavuti. Ili kujiandikisha, nakili anwani ya ukurasa huu kwenye kisoma-milisho.",
};

const ARABIC: PageWords = PageWords {
    skip: "انتقل إلى المحتوى",
    subscribe: "اشترك",
    how: "انسخ أحد هذه العناوين إلى قارئ الخلاصات: يعرض لك كل مقالة جديدة، بلا حساب وبلا إعلانات. إن لم تعرف أيها تختار، فخذ الأول.",
    latest: "أحدث المقالات",
    nothing_yet: "لم يُنشر شيء بعد.",
    more_feeds: "خلاصات أخرى",
    sections: "الأقسام",
    authors: "الكُتّاب",
    podcasts: "البودكاست",
    all_feeds: "كل الخلاصات في قائمة واحدة (OPML)",
    letters: "الرسائل الإخبارية",
    no_letters_yet: "لم تُكتب أي رسالة بعد.",
    updated: "حُدّث في",
    first_published_at: "نُشر أولًا على",
    this_is_a_feed: "هذه خلاصة ويب. للاشتراك، انسخ عنوان هذه الصفحة إلى قارئ الخلاصات.",
};

const ITALIAN: PageWords = PageWords {
    skip: "Vai al contenuto",
    subscribe: "Abbonarsi",
    how: "Copi uno di questi indirizzi in un lettore di feed: le mostra ogni nuovo articolo, senza account e senza pubblicità. Se non sa quale scegliere, prenda il primo.",
    latest: "Ultimi articoli",
    nothing_yet: "Non è ancora stato pubblicato nulla.",
    more_feeds: "Altri feed",
    sections: "Sezioni",
    authors: "Autori",
    podcasts: "Podcast",
    all_feeds: "Tutti i feed in un elenco (OPML)",
    letters: "Newsletter",
    no_letters_yet: "Non è ancora stata scritta nessuna lettera.",
    updated: "Aggiornato il",
    first_published_at: "Pubblicato prima su",
    this_is_a_feed: "Questo è un feed. Per abbonarsi, copi l’indirizzo di questa pagina in un lettore di feed.",
};

const DUTCH: PageWords = PageWords {
    skip: "Naar de inhoud",
    subscribe: "Abonneren",
    how: "Kopieer een van deze adressen naar een feedlezer: die toont u elk nieuw artikel, zonder account en zonder reclame. Weet u niet welk adres u moet kiezen, neem dan het eerste.",
    latest: "Nieuwste artikelen",
    nothing_yet: "Er is nog niets gepubliceerd.",
    more_feeds: "Meer feeds",
    sections: "Rubrieken",
    authors: "Auteurs",
    podcasts: "Podcasts",
    all_feeds: "Alle feeds als één lijst (OPML)",
    letters: "Nieuwsbrieven",
    no_letters_yet: "Er is nog geen brief geschreven.",
    updated: "Bijgewerkt op",
    first_published_at: "Eerst gepubliceerd op",
    this_is_a_feed: "Dit is een feed. Kopieer het adres van deze pagina naar een feedlezer om u te abonneren.",
};
