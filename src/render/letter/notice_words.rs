//! What mails to single readers say, by language. `{list}` stands for the title of the list.

use super::NoticeKind;
use crate::domain::Language;

/// The words of one language.
#[derive(Debug)]
pub(super) struct NoticeWords {
    pub(super) language: &'static str,
    /// What ends a label: French has a no-break space before it.
    pub(super) colon: &'static str,
    confirm: Said,
    known: Said,
}

/// The words of one mail.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) subject: &'static str,
    pub(super) about: &'static str,
    pub(super) button: &'static str,
    /// For those who did not ask.
    pub(super) ignored: &'static str,
}

impl NoticeWords {
    /// The words of the first of these languages that griot knows, or English.
    pub(super) fn of(languages: &[&Language]) -> &'static Self {
        let known = |language: &&Language| ALL.iter().find(|words| words.language == language.primary());
        languages.iter().find_map(known).unwrap_or(&ENGLISH)
    }

    pub(super) fn of_kind(&self, kind: NoticeKind) -> &Said {
        match kind {
            NoticeKind::Confirm => &self.confirm,
            NoticeKind::Known => &self.known,
        }
    }
}

const ALL: &[NoticeWords] = &[ENGLISH, FRENCH, GERMAN, SPANISH, PORTUGUESE, SWAHILI, ARABIC, ITALIAN, DUTCH];

const ENGLISH: NoticeWords = NoticeWords {
    language: "en",
    colon: ":",
    confirm: Said {
        subject: "Please confirm: {list}",
        about: "Somebody, most likely you, asked that this address get “{list}”. Please confirm that you want it. The link works for 14 days.",
        button: "Yes, send me the letter",
        ignored: "If it was not you, do nothing: no letter will be sent to you.",
    },
    known: Said {
        subject: "You are on the list already: {list}",
        about: "Somebody, most likely you, asked that this address get “{list}”. It does already; nothing has changed.",
        button: "See your settings",
        ignored: "If it was not you, there is nothing to do.",
    },
};

const FRENCH: NoticeWords = NoticeWords {
    language: "fr",
    colon: "\u{a0}:",
    confirm: Said {
        subject: "Merci de confirmer\u{a0}: {list}",
        about: "Quelqu’un, sans doute vous, a demandé que cette adresse reçoive «\u{a0}{list}\u{a0}». Merci de confirmer que vous le souhaitez. Le lien est valable 14 jours.",
        button: "Oui, envoyez-moi la lettre",
        ignored: "Si ce n’était pas vous, ne faites rien\u{a0}: aucune lettre ne vous sera envoyée.",
    },
    known: Said {
        subject: "Vous êtes déjà sur la liste\u{a0}: {list}",
        about: "Quelqu’un, sans doute vous, a demandé que cette adresse reçoive «\u{a0}{list}\u{a0}». C’est déjà le cas\u{a0}; rien n’a changé.",
        button: "Voir vos réglages",
        ignored: "Si ce n’était pas vous, il n’y a rien à faire.",
    },
};

const GERMAN: NoticeWords = NoticeWords {
    language: "de",
    colon: ":",
    confirm: Said {
        subject: "Bitte bestätigen: {list}",
        about: "Jemand, vermutlich Sie, hat darum gebeten, dass diese Adresse „{list}“ bekommt. Bitte bestätigen Sie, dass Sie das möchten. Der Link gilt 14 Tage.",
        button: "Ja, schicken Sie mir den Brief",
        ignored: "Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Sie bekommen keinen Brief.",
    },
    known: Said {
        subject: "Sie stehen schon auf der Liste: {list}",
        about: "Jemand, vermutlich Sie, hat darum gebeten, dass diese Adresse „{list}“ bekommt. Sie bekommt ihn schon; geändert hat sich nichts.",
        button: "Ihre Einstellungen ansehen",
        ignored: "Wenn Sie es nicht waren, brauchen Sie nichts zu tun.",
    },
};

const SPANISH: NoticeWords = NoticeWords {
    language: "es",
    colon: ":",
    confirm: Said {
        subject: "Por favor, confirme: {list}",
        about: "Alguien, seguramente usted, ha pedido que esta dirección reciba «{list}». Confirme, por favor, que lo desea. El enlace es válido durante 14 días.",
        button: "Sí, envíenme la carta",
        ignored: "Si no ha sido usted, no haga nada: no recibirá ninguna carta.",
    },
    known: Said {
        subject: "Ya está en la lista: {list}",
        about: "Alguien, seguramente usted, ha pedido que esta dirección reciba «{list}». Ya la recibe; nada ha cambiado.",
        button: "Ver sus ajustes",
        ignored: "Si no ha sido usted, no tiene que hacer nada.",
    },
};

const PORTUGUESE: NoticeWords = NoticeWords {
    language: "pt",
    colon: ":",
    confirm: Said {
        subject: "Por favor, confirme: {list}",
        about: "Alguém, provavelmente você, pediu que este endereço receba “{list}”. Por favor, confirme que o deseja. O link é válido por 14 dias.",
        button: "Sim, enviem-me a carta",
        ignored: "Se não foi você, não faça nada: nenhuma carta lhe será enviada.",
    },
    known: Said {
        subject: "Já está na lista: {list}",
        about: "Alguém, provavelmente você, pediu que este endereço receba “{list}”. Ele já recebe; nada mudou.",
        button: "Ver as suas definições",
        ignored: "Se não foi você, não precisa de fazer nada.",
    },
};

const SWAHILI: NoticeWords = NoticeWords {
    language: "sw",
    colon: ":",
    confirm: Said {
        subject: "Tafadhali thibitisha: {list}",
        about: "Mtu, huenda ni wewe, ameomba anwani hii ipokee “{list}”. Tafadhali thibitisha kwamba unataka. Kiungo kinafanya kazi kwa siku 14.",
        button: "Ndiyo, nitumieni barua",
        ignored: "Kama hukuwa wewe, usifanye chochote: hutatumiwa barua yoyote.",
    },
    known: Said {
        subject: "Tayari uko kwenye orodha: {list}",
        about: "Mtu, huenda ni wewe, ameomba anwani hii ipokee “{list}”. Tayari inaipokea; hakuna kilichobadilika.",
        button: "Tazama mipangilio yako",
        ignored: "Kama hukuwa wewe, huna la kufanya.",
    },
};

const ARABIC: NoticeWords = NoticeWords {
    language: "ar",
    colon: ":",
    confirm: Said {
        subject: "يرجى التأكيد: {list}",
        about: "طلب أحدهم، وربما أنت، أن تصل «{list}» إلى هذا العنوان. يرجى تأكيد رغبتك في ذلك. يعمل الرابط لمدة 14 يومًا.",
        button: "نعم، أرسلوا إليّ الرسالة",
        ignored: "إن لم تكن أنت من طلب ذلك فلا تفعل شيئًا: لن تصلك أي رسالة.",
    },
    known: Said {
        subject: "أنت في القائمة بالفعل: {list}",
        about: "طلب أحدهم، وربما أنت، أن تصل «{list}» إلى هذا العنوان. إنها تصل إليه بالفعل، ولم يتغير شيء.",
        button: "اطّلع على إعداداتك",
        ignored: "إن لم تكن أنت من طلب ذلك فلا حاجة إلى فعل شيء.",
    },
};

const ITALIAN: NoticeWords = NoticeWords {
    language: "it",
    colon: ":",
    confirm: Said {
        subject: "Per favore, confermi: {list}",
        about: "Qualcuno, probabilmente Lei, ha chiesto che questo indirizzo riceva «{list}». Per favore, confermi che lo desidera. Il link vale 14 giorni.",
        button: "Sì, inviatemi la lettera",
        ignored: "Se non è stato Lei, non faccia nulla: non riceverà alcuna lettera.",
    },
    known: Said {
        subject: "È già nella lista: {list}",
        about: "Qualcuno, probabilmente Lei, ha chiesto che questo indirizzo riceva «{list}». La riceve già; nulla è cambiato.",
        button: "Veda le Sue impostazioni",
        ignored: "Se non è stato Lei, non deve fare nulla.",
    },
};

const DUTCH: NoticeWords = NoticeWords {
    language: "nl",
    colon: ":",
    confirm: Said {
        subject: "Bevestig alstublieft: {list}",
        about: "Iemand, waarschijnlijk u, heeft gevraagd om “{list}” naar dit adres te sturen. Bevestig alstublieft dat u dat wilt. De link werkt 14 dagen.",
        button: "Ja, stuur mij de brief",
        ignored: "Als u het niet was, hoeft u niets te doen: u krijgt geen brief.",
    },
    known: Said {
        subject: "U staat al op de lijst: {list}",
        about: "Iemand, waarschijnlijk u, heeft gevraagd om “{list}” naar dit adres te sturen. Dat gebeurt al; er is niets veranderd.",
        button: "Bekijk uw instellingen",
        ignored: "Als u het niet was, hoeft u niets te doen.",
    },
};
