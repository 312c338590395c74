//! Pages in the encodings of half a century, and in scripts that run from right to left.

use encoding_rs::Encoding;
use serde_json::Value;

use crate::harness::Desk;

/// A page: its language, its title and two paragraphs.
struct Text {
    language: &'static str,
    title: &'static str,
    body: [&'static str; 2],
}

const FRENCH: Text = Text {
    language: "fr",
    title: "Le fleuve est monté à l’aube",
    body: [
        "Les gens du village n’ont pas dormi, car l’eau est montée jusqu’à la place du marché — « jamais vu », dit le maire.",
        "Les élèves de l’école ont été conduits dans une église où l’on a dressé des lits pour la nuit, loin du pont.",
    ],
};
const RUSSIAN: Text = Text {
    language: "ru",
    title: "Река поднялась ночью",
    body: [
        "Жители деревни не спали всю ночь, потому что вода дошла до рынка, и это было так впервые за двадцать лет.",
        "Учеников школы отвели в церковь, где для них поставили кровати, но рыбаки не ушли от своих лодок у моста.",
    ],
};
const POLISH: Text = Text {
    language: "pl",
    title: "Rzeka wezbrała w nocy",
    body: [
        "Mieszkańcy wsi nie spali tej nocy, ponieważ woda doszła aż do rynku, a sołtys powiedział, że to się nie zdarzyło od lat.",
        "Uczniów ze szkoły zaprowadzono do kościoła, gdzie ustawiono dla nich łóżka, ale rybacy zostali przy łodziach na moście.",
    ],
};
const JAPANESE: Text = Text {
    language: "ja",
    title: "川が夜に増水した",
    body: [
        "村の人々はその夜眠れなかった。水が市場まで達したからであり、村長は二十年間なかったことだと語った。",
        "学校の生徒たちは大きな会館に移され、そこに寝台が並べられたが、漁師たちは朝まで橋のそばに残っていた。",
    ],
};
const CHINESE: Text = Text {
    language: "zh",
    title: "河水夜间上涨",
    body: [
        "村民们那天晚上没有睡觉，因为水已经涨到了集市，村长说二十年来从未发生过这样的事情。船只被冲离了岸边。",
        "学校的学生被带到一个大礼堂，那里为他们搭起了床铺，但是渔民们一直和他们的船在古桥旁边待到早晨。",
    ],
};
const KOREAN: Text = Text {
    language: "ko",
    title: "강물이 밤에 불어났다",
    body: [
        "마을 사람들은 그날 밤 잠을 이루지 못했다. 물이 시장까지 차올랐기 때문이며 이장은 이십 년 만에 처음이라고 말했다.",
        "학교 학생들은 침대가 놓인 큰 강당으로 옮겨졌지만 어부들은 아침까지 오래된 다리 옆에서 배와 함께 남아 있었다.",
    ],
};
const ARABIC: Text = Text {
    language: "ar",
    title: "ارتفع النهر في الليل",
    body: [
        "لم ينم أهل القرية في تلك الليلة لأن الماء وصل إلى السوق، وقال العمدة إن ذلك لم يحدث منذ عشرين عاما على هذه الضفة.",
        "نقل التلاميذ من المدرسة إلى قاعة كبيرة، أما الصيادون فقد بقوا مع قواربهم حتى الصباح على الجسر القديم في القرية.",
    ],
};
const HEBREW: Text = Text {
    language: "he",
    title: "הנהר עלה בלילה והציף את השוק",
    body: [
        "אנשי הכפר לא ישנו באותו לילה כי המים הגיעו עד השוק, וראש הכפר אמר שזה לא קרה כבר עשרים שנה בכפר הזה.",
        "תלמידי בית הספר הועברו לאולם גדול שבו הוצבו מיטות, ואילו הדייגים נשארו עם הסירות עד הבוקר ליד הגשר הישן.",
    ],
};
const PERSIAN: Text = Text {
    language: "fa",
    title: "رودخانه در شب بالا آمد",
    body: [
        "مردم روستا آن شب نخوابیدند چون آب به بازار رسیده بود و کدخدا گفت که این در بیست سال گذشته سابقه نداشته است.",
        "دانش‌آموزان را از مدرسه به تالاری بزرگ بردند که در آن تخت گذاشته بودند، اما ماهیگیران تا صبح کنار پل ماندند.",
    ],
};
const URDU: Text = Text {
    language: "ur",
    title: "دریا رات کو چڑھ گیا",
    body: [
        "گاؤں کے لوگ اس رات نہیں سوئے کیونکہ پانی بازار تک پہنچ گیا تھا اور سردار نے کہا کہ بیس سال میں ایسا نہیں ہوا۔",
        "اسکول کے بچوں کو ایک بڑے ہال میں لے جایا گیا جہاں ان کے لیے بستر لگائے گئے تھے، لیکن مچھیرے صبح تک پل پر رہے۔",
    ],
};

impl Text {
    /// The page with something in its head, and with attributes on its root.
    fn page(&self, head: &str, root: &str) -> String {
        let Self { title, body: [first, second], .. } = self;
        format!(
            "<!DOCTYPE html><html {root}><head>{head}<title>{title}</title></head><body><nav><a href=/>Menu</a></nav>\
             <article><h1>{title}</h1><p>{first}</p><p>{second}</p></article></body></html>"
        )
    }

    #[track_caller]
    fn is_read_from(&self, what: &str, name: &str, bytes: &[u8]) {
        let desk = Desk::bare();
        desk.write(name, bytes);
        let read: Value = serde_json::from_str(&desk.done(&["read", "--json", name])).unwrap();
        assert_eq!(read["title"], self.title, "{what}");
        let paragraphs: Vec<&Value> = read["body"].as_array().unwrap().iter().map(|block| &block["text"]).collect();
        assert_eq!(paragraphs, self.body, "{what}");
        assert_eq!(read["language"], self.language, "{what}");
    }
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let (bytes, _, lossy) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lossy, "{label} cannot write this page");
    bytes.into_owned()
}

#[test]
fn a_page_is_read_in_the_encoding_that_it_names() {
    for (text, label) in [
        (FRENCH, "utf-8"),
        (FRENCH, "windows-1252"),
        (FRENCH, "iso-8859-1"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (POLISH, "windows-1250"),
        (POLISH, "iso-8859-2"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        (CHINESE, "gbk"),
        (CHINESE, "gb2312"),
        (CHINESE, "gb18030"),
        (KOREAN, "euc-kr"),
        (ARABIC, "windows-1256"),
        (HEBREW, "windows-1255"),
    ] {
        let old = format!("<meta http-equiv=\"Content-Type\" content=\"text/html; charset={label}\">");
        let late = format!("<style>{}</style>{old}", "p { margin: 0 }".repeat(500));
        for head in [format!("<meta charset={label}>"), old, late] {
            text.is_read_from(label, "page.html", &encoded(&text.page(&head, ""), label));
        }
    }
}

#[test]
fn a_page_that_names_another_encoding_than_its_own_is_read_all_the_same() {
    for (text, own, named) in [
        (FRENCH, "windows-1252", "utf-8"),
        (FRENCH, "windows-1252", "us-ascii"),
        (FRENCH, "utf-8", "iso-8859-1"),
        (RUSSIAN, "windows-1251", "utf-8"),
        (ARABIC, "windows-1256", "utf-8"),
        (POLISH, "iso-8859-2", "utf-8"),
        (POLISH, "windows-1250", "utf-8"),
        (JAPANESE, "shift_jis", "utf-8"),
        (JAPANESE, "euc-jp", "utf-8"),
        (KOREAN, "euc-kr", "utf-8"),
        (CHINESE, "utf-8", "gb2312"),
    ] {
        let page = text.page(&format!("<meta charset={named}>"), &format!("lang={}", text.language));
        text.is_read_from(&format!("{own} as {named}"), "page.html", &encoded(&page, own));
    }
}

#[test]
fn utf_16_is_read_with_its_mark_and_without() {
    for text in [FRENCH, ARABIC, JAPANESE] {
        let page = text.page("<meta charset=utf-16>", "");
        for (what, bytes) in in_utf_16(&page) {
            text.is_read_from(what, "page.html", &bytes);
        }
    }
    for text in [FRENCH, ARABIC] {
        let pasted = [text.title, text.body[0], text.body[1]].join("\r\n\r\n");
        let desk = Desk::bare();
        desk.write("page.txt", &pasted);
        let read = desk.done(&["read", "--json", "page.txt"]);
        assert!(read.contains(text.body[1]), "{read}");
        for (what, bytes) in in_utf_16(&pasted) {
            desk.write("page.txt", bytes);
            assert_eq!(desk.done(&["read", "--json", "page.txt"]), read, "{what}");
        }
    }
}

/// A text in the four forms that UTF-16 comes in.
fn in_utf_16(text: &str) -> [(&'static str, Vec<u8>); 4] {
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = format!("\u{FEFF}{text}");
    [
        ("little end first, marked", little(&marked)),
        ("big end first, marked", big(&marked)),
        ("little end first", little(text)),
        ("big end first", big(text)),
    ]
}

#[test]
fn right_to_left_pages_are_read_in_the_order_of_their_text() {
    for (text, kicker, author, date) in [
        (ARABIC, "الأخبار", "مارية كيتا", "4 آذار/مارس 2026"),
        (HEBREW, "חדשות", "מריה קיטה", "4 במרץ 2026"),
        (PERSIAN, "اخبار", "ماریا کیتا", "۴ مارس ۲۰۲۶"),
        (URDU, "خبریں", "ماریہ کیتا", "4 مارچ 2026"),
    ] {
        let declared = format!("lang={} dir=rtl", text.language);
        text.is_read_from("declared", "page.html", text.page("", &declared).as_bytes());
        text.is_read_from("by its words", "page.html", text.page("", "dir=rtl").as_bytes());

        // Editors put marks of direction around what they paste.
        let marked = text.page("", &declared).replace("<p>", "<p>\u{200F}").replace("</p>", "\u{200F}</p>");
        let desk = Desk::bare();
        desk.write("page.html", marked);
        let read: Value = serde_json::from_str(&desk.done(&["read", "--json", "page.html"])).unwrap();
        let paragraphs = read["body"].as_array().unwrap().iter().map(|block| block["text"].as_str().unwrap());
        assert_eq!(paragraphs.map(|text| text.replace('\u{200F}', "")).collect::<Vec<_>>(), text.body, "{}", text.language);

        let pasted = [kicker, text.title, author, date, text.body[0], text.body[1]].join("\n\n");
        text.is_read_from("pasted", "page.txt", pasted.as_bytes());
        desk.write("page.txt", pasted);
        let read: Value = serde_json::from_str(&desk.done(&["read", "--json", "page.txt"])).unwrap();
        assert_eq!(read["published"], "2026-03-04", "{}", text.language);
        assert_eq!(read["authors"], serde_json::json!([author]), "{}", text.language);
    }
}
