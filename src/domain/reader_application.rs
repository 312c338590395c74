/// The application that fetches a feed: which kind it is, and for how many readers it says it does.
///
/// Nothing else of what a client says of itself is kept: versions, systems and addresses of own servers would tell people apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderApplication {
    /// One of a closed list of names; `other` for whatever is not on it.
    pub name: &'static str,
    /// What an aggregator states, such as `25 subscribers`; 0 where it states nothing.
    pub subscribers: u64,
}

/// Bytes of `User-Agent` that are looked at.
const LONGEST: usize = 512;
/// More readers than that nobody has.
const MOST_SUBSCRIBERS: u64 = 100_000_000;

/// What stands in the header `User-Agent`, in lower case, and whose it is. The first that fits holds: what is built on another
/// one stands before it, and browsers and libraries, which everyone claims to be, stand last.
const KNOWN: &[(&str, &str)] = &[
    // Aggregators, which fetch for many.
    ("feedly", "Feedly"),
    ("inoreader", "Inoreader"),
    ("newsblur", "NewsBlur"),
    ("feedbin", "Feedbin"),
    ("theoldreader", "The Old Reader"),
    ("bazqux", "BazQux"),
    ("feed wrangler", "Feed Wrangler"),
    ("feedwrangler", "Feed Wrangler"),
    ("feedspot", "Feedspot"),
    ("feedmailer", "Feedmailer"),
    ("blogtrottr", "Blogtrottr"),
    ("bloglovin", "Bloglovin"),
    ("flipboard", "Flipboard"),
    ("feeder.co", "Feeder.co"),
    ("rssmix", "RSSMix"),
    ("omnivore", "Omnivore"),
    ("readwise", "Readwise"),
    ("follow/", "Folo"),
    ("folo/", "Folo"),
    ("g2reader", "G2Reader"),
    ("nextcloud", "Nextcloud News"),
    ("miniflux", "Miniflux"),
    ("freshrss", "FreshRSS"),
    ("tiny tiny rss", "Tiny Tiny RSS"),
    ("tt-rss", "Tiny Tiny RSS"),
    ("commafeed", "CommaFeed"),
    ("yarr", "yarr"),
    ("selfoss", "selfoss"),
    ("rss-bridge", "RSS-Bridge"),
    ("rsshub", "RSSHub"),
    ("superfeedr", "Superfeedr"),
    ("pubsubhubbub", "WebSub hub"),
    ("feedfetcher-google", "Google FeedFetcher"),
    ("ifttt", "IFTTT"),
    ("zapier", "Zapier"),
    // Podcasts.
    ("apple podcasts", "Apple Podcasts"),
    ("podcasts/", "Apple Podcasts"),
    ("itms", "Apple Podcasts"),
    ("applecoremedia", "Apple Podcasts"),
    ("itunes", "iTunes"),
    ("overcast", "Overcast"),
    ("pocket casts", "Pocket Casts"),
    ("pocketcasts", "Pocket Casts"),
    ("shifty jelly", "Pocket Casts"),
    ("antennapod", "AntennaPod"),
    ("podcast addict", "Podcast Addict"),
    ("podcastaddict", "Podcast Addict"),
    ("podcastrepublic", "Podcast Republic"),
    ("gpodder", "gPodder"),
    ("kasts", "Kasts"),
    ("castro", "Castro"),
    ("castbox", "Castbox"),
    ("castamatic", "Castamatic"),
    ("podverse", "Podverse"),
    ("fountain", "Fountain"),
    ("podcast guru", "Podcast Guru"),
    ("podcastindex", "Podcast Index"),
    ("podcast index", "Podcast Index"),
    ("player fm", "Player FM"),
    ("playerfm", "Player FM"),
    ("podchaser", "Podchaser"),
    ("listennotes", "Listen Notes"),
    ("spotify", "Spotify"),
    ("amazon music", "Amazon Music"),
    ("amazonmusic", "Amazon Music"),
    ("deezer", "Deezer"),
    ("tunein", "TuneIn"),
    ("iheartradio", "iHeartRadio"),
    ("stitcher", "Stitcher"),
    ("google-podcast", "Google Podcasts"),
    ("audiobookshelf", "Audiobookshelf"),
    ("podgrab", "Podgrab"),
    // On the reader's own machine.
    ("netnewswire", "NetNewsWire"),
    ("reeder", "Reeder"),
    ("unread", "Unread"),
    ("lire/", "lire"),
    ("news explorer", "News Explorer"),
    ("newsexplorer", "News Explorer"),
    ("vienna", "Vienna"),
    ("readkit", "ReadKit"),
    ("feedme", "FeedMe"),
    ("capyreader", "Capy Reader"),
    ("capy reader", "Capy Reader"),
    ("readyou", "Read You"),
    ("spacecowboy/feeder", "Feeder"),
    ("nononsenseapps.feeder", "Feeder"),
    ("feeder/", "Feeder"),
    ("flym", "Flym"),
    ("newsflash", "Newsflash"),
    ("newsboat", "Newsboat"),
    ("newsbeuter", "Newsbeuter"),
    ("newsraft", "Newsraft"),
    ("sfeed", "sfeed"),
    ("liferea", "Liferea"),
    ("akregator", "Akregator"),
    ("rssguard", "RSS Guard"),
    ("rss guard", "RSS Guard"),
    ("quiterss", "QuiteRSS"),
    ("fluent reader", "Fluent Reader"),
    ("fluentreader", "Fluent Reader"),
    ("raven reader", "Raven Reader"),
    ("rssowl", "RSSOwl"),
    ("elfeed", "Elfeed"),
    ("gnus", "Gnus"),
    ("thunderbird", "Thunderbird"),
    ("betterbird", "Thunderbird"),
    ("msoffice", "Outlook"),
    ("microsoft outlook", "Outlook"),
    ("windows-rss-platform", "Outlook"),
    ("rss2email", "rss2email"),
    ("feed2imap", "feed2imap"),
    ("kodi", "Kodi"),
    ("vlc", "VLC"),
    ("griot/", "griot"),
    // Robots.
    ("googlebot", "Googlebot"),
    ("bingbot", "Bingbot"),
    ("yandexbot", "YandexBot"),
    ("applebot", "Applebot"),
    ("duckduckbot", "DuckDuckBot"),
    ("baiduspider", "Baiduspider"),
    ("facebookexternalhit", "Facebook"),
    ("slackbot", "Slack"),
    ("discordbot", "Discord"),
    ("telegrambot", "Telegram"),
    ("mastodon", "Mastodon"),
    ("w3c_validator", "W3C Validator"),
    ("feedvalidator", "W3C Validator"),
    ("bot", "other robots"),
    ("crawler", "other robots"),
    ("spider", "other robots"),
    // Libraries and tools.
    ("simplepie", "SimplePie"),
    ("magpierss", "MagpieRSS"),
    ("wordpress", "WordPress"),
    ("drupal", "Drupal"),
    ("feedparser", "feedparser"),
    ("python", "Python"),
    ("curl", "curl"),
    ("wget", "Wget"),
    ("go-http-client", "Go"),
    ("okhttp", "OkHttp"),
    ("java/", "Java"),
    ("ruby", "Ruby"),
    ("node", "Node.js"),
    // Browsers: of those that call themselves each other the least copied name first.
    ("edg/", "Edge"),
    ("opr/", "Opera"),
    ("vivaldi", "Vivaldi"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
    ("cfnetwork", "other apps of Apple devices"),
];

const OTHER: &str = "other";

impl ReaderApplication {
    /// Reads the header `User-Agent`.
    pub fn parse(user_agent: &[u8]) -> Self {
        let seen = user_agent.get(..LONGEST).unwrap_or(user_agent);
        let text = String::from_utf8_lossy(seen).to_ascii_lowercase();
        let known = KNOWN.iter().find(|(sign, _)| text.contains(sign));
        Self { name: known.map_or(OTHER, |(_, name)| name), subscribers: subscribers(&text).unwrap_or(0) }
    }
}

/// The number before the word: `25 subscribers`, `1,024 subscribers`.
fn subscribers(text: &str) -> Option<u64> {
    let before = text.get(..text.find("subscriber")?)?.trim_end();
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != ',').map_or(0, |at| at + 1);
    let digits: String = before.get(start..)?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().map(|count: u64| count.min(MOST_SUBSCRIBERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(user_agent: &str, name: &str, subscribers: u64) {
        let application = ReaderApplication::parse(user_agent.as_bytes());
        assert_eq!((application.name, application.subscribers), (name, subscribers), "{user_agent}");
    }

    #[test]
    fn an_application_is_known_by_what_it_calls_itself() {
        case("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 25 subscribers; like FeedFetcher-Google)", "Feedly", 25);
        case("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", 142);
        case("NewsBlur Feed Fetcher - 1,054 subscribers - https://www.newsblur.com/site/1/x", "NewsBlur", 1054);
        case("Mozilla/5.0 (compatible; inoreader.com; 1 subscriber)", "Inoreader", 1);
        case("Mozilla/5.0 (compatible; Miniflux/2.1.0; +https://miniflux.app)", "Miniflux", 0);
        case("Tiny Tiny RSS/23.04 (https://tt-rss.org/)", "Tiny Tiny RSS", 0);
        case("AntennaPod/3.4.0", "AntennaPod", 0);
        case("Podcasts/1600.1 CFNetwork/1404 Darwin/22.3.0", "Apple Podcasts", 0);
        case("Overcast/3.0 (+http://overcast.fm/; iOS podcast app)", "Overcast", 0);
        case("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1", "Thunderbird", 0);
        case("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "Chrome", 0);
        case("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15", "Safari", 0);
        case("newsboat/2.21.0 (Linux x86_64)", "Newsboat", 0);
        case("curl/8.5.0", "curl", 0);
    }

    #[test]
    fn what_nobody_knows_tells_nothing() {
        for user_agent in ["", "ada@example.org's own reader", "\u{0}\u{ff}", "subscribers", "x subscribers", ", subscribers"] {
            case(user_agent, OTHER, 0);
        }
        case("99999999999999999999999999 subscribers", OTHER, 0);
        case("999999999999 subscribers", OTHER, MOST_SUBSCRIBERS);
        case(&("é".repeat(400) + "feedly 5 subscribers"), OTHER, 0);
        assert_eq!(ReaderApplication::parse(&[0xff; 2000]).name, OTHER);
    }
}
