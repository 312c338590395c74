use super::*;
use crate::domain::Format;

fn podcast(channel: &str) -> Result<Podcast, ReadError> {
    let text = format!(
        "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' \
         xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel>{channel}</channel></rss>"
    );
    let url = WebUrl::parse("https://old.example.org/show/rss");
    read(&Page { origin: "f".to_owned(), url, format: Format::Feed, text })
}

fn text(rows: &Rows, key: &str) -> String {
    match rows.get(key) {
        Some(Written::Text(text) | Written::Number(text)) => text.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_show_is_told_in_the_words_of_the_config() {
    let podcast = podcast(
        "<title>River &amp;amp; Talk</title><itunes:category text='News'><itunes:category text='Daily News'/></itunes:category>\
         <itunes:category text='Arts'/><itunes:owner><itunes:email>a@e.org</itunes:email><itunes:name>Ada</itunes:name>\
         </itunes:owner><itunes:explicit>no</itunes:explicit><podcast:locked>yes</podcast:locked>\
         <podcast:guid>917393E3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid><podcast:funding url='https://e.org/'>Give</podcast:funding>\
         <itunes:image href='/cover.jpg'/><podcast:value type='lightning' method='keysend'>\
         <podcast:valueRecipient type='node' address='02' split='100'/></podcast:value>",
    )
    .unwrap();
    let show = &podcast.show;
    assert_eq!(text(show, "owner"), "Ada <a@e.org>");
    let category = Written::List(vec![Written::Text("News > Daily News".into()), Written::Text("Arts".into())]);
    assert_eq!(show.get("category"), Some(&category));
    assert_eq!(show.get("explicit"), Some(&Written::Flag(false)));
    assert_eq!(podcast.guid.unwrap().as_str(), "917393e3-1b1e-5cef-ace4-edaa54e1f810");
    assert_eq!(podcast.image.unwrap().as_str(), "https://old.example.org/cover.jpg");
    let Some(Written::List(values)) = show.get("value") else { panic!("{show:?}") };
    assert!(
        matches!(&values[..], [Written::Table(value)] if matches!(&value["recipients"], Written::List(all) if all.len() == 1))
    );
}

#[test]
fn what_an_episode_says_goes_with_its_item() {
    let podcast = podcast(
        "<item><guid> a  b </guid><itunes:episode>07</itunes:episode><podcast:episode display='Seven'>7.5</podcast:episode>\
         <podcast:person role='guest'>Ba</podcast:person><podcast:transcript url='t.vtt' type='text/vtt; charset=utf-8'/></item>\
         <item><guid>c</guid><itunes:episodeType>Trailer</itunes:episodeType><itunes:season>2</itunes:season></item>",
    )
    .unwrap();
    let [first, second] = &podcast.episodes[..] else { panic!("{podcast:?}") };
    assert_eq!((first.item.id.as_deref(), text(&first.rows, "episode").as_str()), (Some("a  b"), "7.5"));
    assert_eq!(first.transcripts[0].url.as_str(), "https://old.example.org/show/t.vtt");
    assert_eq!(first.transcripts[0].kind, "text/vtt");
    assert_eq!((text(&second.rows, "type"), text(&second.rows, "season")), ("trailer".into(), "2".into()));
    assert!(!second.rows.contains_key("persons"));
}

#[test]
fn a_feed_of_far_too_many_items_is_not_taken_in_part() {
    assert!(podcast(&"<item/>".repeat(MAX_ITEMS)).is_ok());
    assert!(matches!(podcast(&"<item/>".repeat(100_000)), Err(ReadError::TooManyItems { limit: MAX_ITEMS, .. })));
}
