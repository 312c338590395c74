//! The shows that the publication publishes: a `[[shows]]` entry with `episodes`, the folder that they are published from.

use std::collections::BTreeMap;
use std::path::Path;

use super::options::ShowOptions;
use super::settings::Check;
use crate::domain::podcast::{
    Category, Chat, Frequency, Funding, License, LiveItem, Location, Person, Picture, Piece, PublishedShow, Recommended,
    RemoteItem, ShowBlock, ShowGuid, Social, Txt, Value, is_public_name,
};
use crate::domain::{Language, Line, Mailbox, Publication, Sheet, Slip, WebUrl, Written, slug};

/// The keys that a show has in any case; `options.rs` reads them.
const OF_EVERY_SHOW: [&str; 7] = ["name", "pitch", "listen", "feed", "guid", "image", "platforms"];

/// Folders of `feeds/` that hold something else.
const TAKEN: [&str; 5] = ["editions", "sections", "authors", "archive", "articles"];

/// Bytes of the longest description that Apple takes.
const LONGEST: usize = 4000;

const MEDIA: [&str; 9] = ["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course"];

impl ShowOptions {
    pub(super) fn is_published(&self) -> bool {
        self.more.contains_key("episodes")
    }

    fn rows(&self) -> BTreeMap<String, Written> {
        self.more.iter().map(|(key, value)| (key.clone(), written(value.clone()))).collect()
    }
}

fn written(value: toml::Value) -> Written {
    match value {
        toml::Value::String(text) => Written::Text(text),
        toml::Value::Integer(number) => Written::Number(number.to_string()),
        toml::Value::Float(number) => Written::Number(number.to_string()),
        toml::Value::Boolean(flag) => Written::Flag(flag),
        toml::Value::Datetime(date) => Written::Number(date.to_string()),
        toml::Value::Array(list) => Written::List(list.into_iter().map(written).collect()),
        toml::Value::Table(table) => Written::Table(table.into_iter().map(|(key, value)| (key, written(value))).collect()),
    }
}

impl Check {
    /// The shows that are published; the promos of the publication learn the addresses of their feeds.
    pub(super) fn podcasts(
        &mut self,
        shows: &[ShowOptions],
        home: &Path,
        publication: Option<&mut Publication>,
    ) -> Vec<PublishedShow> {
        let mut slips = Vec::new();
        let mut out: Vec<PublishedShow> = Vec::new();
        for (at, show) in shows.iter().enumerate() {
            let above = format!("shows[{}].", at + 1);
            let rows = show.rows();
            let mut sheet = Sheet::new(above, &rows, &mut slips);
            sheet.knows(&OF_EVERY_SHOW);
            if show.is_published() {
                // Without a publication its own problems are to be mended first.
                let found = publication.as_deref().and_then(|publication| published(&mut sheet, show, shows, home, publication));
                if publication.is_some() {
                    sheet.finish();
                }
                let Some(found) = found else { continue };
                if out.iter().any(|other| other.slug == found.slug) {
                    let key = format!("shows[{}].slug", at + 1);
                    slips.push(Slip { key, what: format!("`{}` is that of another show", found.slug) });
                }
                out.push(found);
            } else {
                sheet.finish();
            }
        }
        for Slip { key, what } in slips {
            self.problem(&key, what);
        }
        for show in publication.into_iter().flat_map(|publication| &mut publication.shows) {
            if let Some(published) = out.iter().find(|published| published.name == show.name) {
                show.feed = Some(published.feed.clone());
                if let Piece::File(name) = &published.image {
                    show.image = published.base.join(name);
                }
            }
        }
        out
    }
}

const GUID: &str = "a UUID such as `917393e3-1b1e-5cef-ace4-edaa54e1f810`";

fn published(
    sheet: &mut Sheet,
    options: &ShowOptions,
    shows: &[ShowOptions],
    home: &Path,
    publication: &Publication,
) -> Option<PublishedShow> {
    let folder_name = sheet.value("episodes", "the folder of the episodes, such as `episodes/africalink`", |text| {
        (!text.trim().is_empty()).then(|| text.to_owned())
    });
    let name = options.name.as_deref().and_then(Line::new);
    if options.feed.is_some() {
        sheet.slip("feed", "is written by griot where a show has `episodes`: leave it out");
    }
    let slug = folder(sheet, options);
    let description = sheet.needed("description", "what the show is about, in at most 4000 bytes", |text| {
        Line::new(text).filter(|line| line.as_str().len() <= LONGEST)
    });
    let categories = categories(sheet);
    if !sheet.has("explicit") {
        sheet.slip("explicit", "is missing: `true` where a show is not for children, else `false`");
    }
    let explicit = sheet.flag("explicit");
    let image = image(sheet, options);
    let is_serial = sheet.value("type", "`episodic` or `serial`", |word| match word {
        "episodic" => Some(false),
        "serial" => Some(true),
        _ => None,
    });
    let owner = sheet.value("owner", "an address such as `The Desk <desk@example.org>`", |text| Mailbox::parse(text).ok());
    let media = sheet.value("media", "the https address under which the sounds are served", |text| {
        crate::domain::https(&format!("{}/", text.trim_end_matches('/')))
    });
    let frequency = frequency(sheet, options);
    let block = block(sheet);
    let medium =
        sheet.value("medium", "one of podcast, music, video, film, audiobook, newsletter, blog, publisher, course", |word| {
            Line::new(word).filter(|_| MEDIA.contains(&word))
        });
    let podroll = podroll(sheet, shows, publication);
    let link = options.listen.as_deref().and_then(WebUrl::parse);
    let language = sheet.value("language", "a language tag such as `en`", Language::parse);
    let author = sheet.short("author", "who makes the show").unwrap_or_else(|| publication.title.clone());
    // What is wrong with it is told where every show is read.
    let guid = options.guid.as_deref().and_then(ShowGuid::parse);
    let rest = Rest::read(sheet);
    let has_articles = sheet.flag("articles").unwrap_or(false);
    let topics = sheet.list("topics", "a topic such as `Podcasts`", Line::new);
    if !topics.is_empty() && !has_articles {
        sheet.slip("topics", "are those of articles: write `articles = true`, too");
    }
    let has_moved = !publication.former_feeds.is_empty();
    let slug = slug?;
    let base = publication.feeds.join(&format!("{slug}/"))?;
    let feed = base.join("podcast.xml")?;
    // Apps that still have the feed's former address move by this.
    let new_feed = rest.new_feed.or_else(|| has_moved.then(|| feed.clone()));
    Some(PublishedShow {
        feed,
        base,
        media,
        folder: home.join(folder_name.as_deref()?),
        folder_name: folder_name?,
        description: description?.to_string(),
        link: link.unwrap_or_else(|| publication.home.clone()),
        language: language.unwrap_or_else(|| publication.language.clone()),
        categories,
        is_explicit: explicit?,
        image: image?,
        image_alt: rest.image_alt,
        images: rest.images,
        author,
        owner: owner.or_else(|| publication.owner.clone()),
        copyright: rest.copyright.or_else(|| publication.copyright.clone()),
        is_serial: is_serial.unwrap_or(false),
        is_locked: rest.locked.unwrap_or(true),
        guid,
        medium: medium.or_else(|| Line::new("podcast"))?,
        frequency,
        new_feed,
        block,
        uses_podping: rest.podping,
        persons: rest.persons,
        locations: rest.locations,
        license: rest.license,
        funding: rest.funding,
        social: rest.social,
        txt: rest.txt,
        values: rest.values,
        chat: rest.chat,
        live: rest.live,
        podroll,
        publisher: rest.publisher,
        has_articles,
        topics: if topics.is_empty() { name.iter().cloned().collect() } else { topics },
        name: name?,
        slug,
    })
}

/// The keys that are no more than what they say.
struct Rest {
    image_alt: Option<Line>,
    images: Vec<Picture>,
    copyright: Option<Line>,
    locked: Option<bool>,
    new_feed: Option<WebUrl>,
    podping: bool,
    persons: Vec<Person>,
    locations: Vec<Location>,
    license: Option<License>,
    funding: Vec<Funding>,
    social: Vec<Social>,
    txt: Vec<Txt>,
    values: Vec<Value>,
    chat: Option<Chat>,
    live: Vec<LiveItem>,
    publisher: Option<RemoteItem>,
}

impl Rest {
    fn read(sheet: &mut Sheet) -> Self {
        Self {
            image_alt: sheet.line("image_alt"),
            images: sheet.tables("images", "url", Picture::read),
            copyright: sheet.line("copyright"),
            locked: sheet.flag("locked"),
            new_feed: sheet.url("new_feed"),
            podping: sheet.flag("podping").unwrap_or(false),
            persons: sheet.tables("persons", "name", Person::read),
            locations: sheet.tables("locations", "name", Location::read),
            license: sheet.table("license", "name", License::read),
            funding: sheet.tables("funding", "url", Funding::read),
            social: sheet.tables("social", "url", Social::read),
            txt: sheet.tables("txt", "text", Txt::read),
            values: sheet.tables("value", "type", Value::read),
            chat: sheet.table("chat", "server", Chat::read),
            live: sheet.tables("live", "title", LiveItem::read),
            publisher: sheet.table("publisher", "guid", RemoteItem::read),
        }
    }
}

/// The folder of the show in `feeds/`: as given, or of its name.
fn folder(sheet: &mut Sheet, options: &ShowOptions) -> Option<String> {
    let given = sheet.value("slug", "a name for a folder: lower-case letters, digits and hyphens", |text| {
        (slug(text, 60) == text && !text.is_empty()).then(|| text.to_owned())
    });
    if given.is_none() && sheet.has("slug") {
        return None;
    }
    let slug = given.unwrap_or_else(|| slug(options.name.as_deref().unwrap_or_default(), 60));
    if slug.is_empty() {
        if options.name.is_some() {
            sheet.slip("slug", "is missing: a name for the folder of the show in `feeds/`, such as `africalink`");
        }
        return None;
    }
    if TAKEN.contains(&slug.as_str()) {
        sheet.slip("slug", format!("`{slug}` is the name of another folder in `feeds/`"));
        return None;
    }
    Some(slug)
}

fn categories(sheet: &mut Sheet) -> Vec<Category> {
    const WHAT: &str = "a category of Apple's list, such as `News` or `News > Daily News`";
    if !sheet.has("category") {
        sheet.slip("category", format!("is missing: {WHAT}"));
    }
    let texts = sheet.list("category", WHAT, |text| Some(text.to_owned()));
    let mut categories = Vec::new();
    for text in texts {
        match (Category::parse(&text), Category::meant(&text)) {
            (Some(category), _) => categories.push(category),
            (None, Some(meant)) => sheet.slip("category", format!("`{text}` is not {WHAT}; did you mean `{meant}`?")),
            (None, None) => sheet.slip("category", format!("`{text}` is not {WHAT}")),
        }
    }
    categories
}

/// The artwork: a file in the folder of the episodes, or an address, whose ending says what it is.
fn image(sheet: &mut Sheet, options: &ShowOptions) -> Option<Piece> {
    const WHAT: &str = "the artwork, a JPEG or PNG in the folder of the episodes, such as `cover.jpg`, or its https address";
    let Some(text) = &options.image else {
        sheet.slip("image", format!("is missing: {WHAT}"));
        return None;
    };
    let ending = text.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let piece = Piece::parse(text).filter(|_| matches!(ending.as_str(), "jpg" | "jpeg" | "png"));
    if let Some(Piece::File(name)) = &piece
        && !is_public_name(name)
    {
        sheet.slip(
            "image",
            format!("`{}`: give the file a name of ASCII letters, digits, `-`, `_` and `.`", crate::domain::visible(name)),
        );
    }
    if piece.is_none() {
        sheet.slip("image", format!("`{}` is not {WHAT}", crate::domain::visible(text)));
    }
    piece
}

/// How often it comes: as given, or as the pitch says.
fn frequency(sheet: &mut Sheet, options: &ShowOptions) -> Option<Frequency> {
    let text = sheet.short("frequency", "words such as `Every weekday`");
    let rule = sheet.value("rrule", "a rule such as `FREQ=WEEKLY;BYDAY=MO` (RFC 5545)", |text| {
        Frequency::is_rule(text).then(|| text.to_owned())
    });
    let is_complete = sheet.flag("complete").unwrap_or(false);
    let of_words = text.clone().or_else(|| Line::new(options.pitch.as_deref()?)).and_then(|text| Frequency::of_words(&text));
    if is_complete {
        let text = text.or_else(|| Line::new("Complete"))?;
        return Some(Frequency { text, rule: None, is_complete });
    }
    let text = text.or_else(|| of_words.as_ref().map(|found| found.text.clone()));
    let rule = rule.or_else(|| of_words.and_then(|found| found.rule));
    match (text, rule) {
        (Some(text), rule) => Some(Frequency { text, rule, is_complete }),
        (None, Some(rule)) => Some(Frequency { text: Line::new(&rule)?, rule: Some(rule), is_complete }),
        (None, None) => None,
    }
}

fn block(sheet: &mut Sheet) -> ShowBlock {
    if matches!(sheet.get("block"), Some(Written::Flag(_)) | None) {
        return if sheet.flag("block") == Some(true) { ShowBlock::Everybody } else { ShowBlock::Nobody };
    }
    ShowBlock::These(sheet.list("block", "`true`, or names of services such as `google`", |text| {
        let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        Line::new(text).filter(|_| fits)
    }))
}

/// The shows that are recommended, by their names in the config.
fn podroll(sheet: &mut Sheet, shows: &[ShowOptions], publication: &Publication) -> Vec<Recommended> {
    let names = sheet.list("podroll", "the name of a show in `[[shows]]`", Line::new);
    let mut out = Vec::new();
    for name in names {
        let found = shows.iter().find(|show| show.name.as_deref().and_then(Line::new).as_ref() == Some(&name));
        let Some(show) = found else {
            sheet.slip("podroll", format!("`{name}` is not the name of a show in `[[shows]]`"));
            continue;
        };
        if show.is_published() {
            let given = show.more.get("slug").and_then(toml::Value::as_str).map(str::to_owned);
            out.push(Recommended::Own(given.unwrap_or_else(|| slug(name.as_str(), 60))));
            continue;
        }
        let guid = show.guid.as_deref().and_then(ShowGuid::parse);
        let feed = publication.show(&name).and_then(|show| show.feed.clone());
        let feed = feed.filter(|feed| feed.url().scheme() == "https");
        match guid {
            Some(guid) => out.push(Recommended::Remote(RemoteItem { guid, feed, title: Some(name) })),
            None => sheet.slip("podroll", format!("the id of `{name}` is not known: give that show a `guid`, {GUID}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    const WHOLE: &str = "[publication]\ntitle = 'T'\nhome = 'https://e.org/'\nfeeds = 'https://e.org/f'\nlanguage = 'en'\n";
    const SHOW: &str = "[[shows]]\nname = 'The River'\nepisodes = 'episodes/river'\ndescription = 'News'\ncategory = 'News'\n\
        explicit = false\nimage = 'cover.jpg'\n";

    fn settings(shows: &str) -> Result<Settings, ConfigError> {
        let file = Path::new("desk/config/griot.toml");
        Settings::from_options(file, Options::parse(file, &format!("{WHOLE}{shows}"))?)
    }

    #[track_caller]
    fn problems(shows: &str) -> Vec<(String, String)> {
        match settings(shows) {
            Err(ConfigError::Problems { problems, .. }) => problems.into_iter().map(|it| (it.key, it.what)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn six_keys_are_enough() {
        let settings = settings(SHOW).unwrap();
        let [show] = &settings.podcasts[..] else { panic!() };
        assert_eq!((show.slug.as_str(), show.feed.as_str()), ("the-river", "https://e.org/f/the-river/podcast.xml"));
        assert_eq!((show.folder.as_path(), show.is_locked), (Path::new("desk/episodes/river"), true));
        assert_eq!(settings.publication.shows[0].feed.as_ref(), Some(&show.feed));
        assert_eq!(settings.publication.shows[0].image.as_ref().unwrap().as_str(), "https://e.org/f/the-river/cover.jpg");
    }

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let keys: Vec<String> = problems("[[shows]]\nname = 'R'\nepisodes = 'e'").into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["shows[1].description", "shows[1].category", "shows[1].explicit", "shows[1].image"]);
        let wrong = problems(&format!("{SHOW}catgory = 'News'\nfunding = [{{ url = 'x', text = 'y' }}]\nrrule = 'often'\n"));
        let keys: Vec<&str> = wrong.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["shows[1].rrule", "shows[1].funding[1].url", "shows[1].catgory"]);
        let wrong = problems(&SHOW.replace("'News'\nexplicit", "'Daily News'\nexplicit"));
        assert!(wrong[0].1.ends_with("did you mean `News > Daily News`?"), "{wrong:?}");
        assert!(problems("[[shows]]\nname = 'R'\nlistne = 'x'")[0].1.ends_with("did you mean `listen`?"));
        assert_eq!(problems(&format!("{SHOW}{SHOW}"))[0].0, "shows[2].slug");
    }

    #[test]
    fn the_pitch_tells_how_often_and_the_podroll_names_shows() {
        let settings = settings(&format!(
            "{SHOW}pitch = 'Every weekday, we talk'\npodroll = ['AfricaLink']\n[[shows]]\nname = 'AfricaLink'\n\
             guid = '917393e3-1b1e-5cef-ace4-edaa54e1f810'\nfeed = 'https://e.org/a.xml'\n"
        ))
        .unwrap();
        let show = &settings.podcasts[0];
        assert_eq!(show.frequency.as_ref().unwrap().silent_days(), ["Saturday", "Sunday"]);
        assert!(matches!(&show.podroll[..], [Recommended::Remote(item)] if item.feed.is_some()));
        assert_eq!(problems(&format!("{SHOW}podroll = ['Nobody']\n"))[0].0, "shows[1].podroll");
    }
}
