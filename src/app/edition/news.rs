//! What is new to a list.

use jiff::{SignedDuration, Timestamp};

use crate::app::Desk;
use crate::domain::{Archived, Items, Language, Line, is_same_name};

/// The articles that the next letter to a list takes.
#[derive(Debug)]
pub(in crate::app) struct News {
    /// The newest first.
    pub articles: Vec<Archived>,
    /// How many others stay new, for the next letter.
    pub left: usize,
    /// Whether the list has had no letter so far.
    pub is_first: bool,
}

/// What was published and taken in longer ago is no news, however new it is to the list.
const NEWS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The most articles that a letter carries where no number is wanted.
const MOST_ARTICLES: usize = 12;
/// The most new articles that are looked at for it; where only some are asked for, the others stay new and are in the way.
const LOOKED_AT: u32 = 100;
const LOOKED_THROUGH: u32 = 2_000;

/// The articles that a letter to a list takes now, of those with one of the topics and in the language, where these are named.
///
/// A list that never had a letter has no last one to count from: unless a number is wanted, it is due the newest article alone.
/// All that was there before its first letter is no news to it afterwards.
pub(in crate::app) async fn news(
    desk: &Desk,
    list: &str,
    items: Items,
    topics: &[Line],
    language: Option<&Language>,
) -> anyhow::Result<News> {
    let is_first = desk.ledger.letters_to(list).await? == 0;
    let (since, most) = match items {
        Items::SinceLast if is_first => (Timestamp::MIN, 1),
        Items::SinceLast => (desk.now() - NEWS, MOST_ARTICLES),
        Items::Newest(most) => (desk.now() - NEWS, usize::try_from(most).unwrap_or(usize::MAX)),
    };
    let takes_all = topics.is_empty() && language.is_none();
    let looked_at = if takes_all { LOOKED_AT.max(u32::try_from(most).unwrap_or(u32::MAX)) } else { LOOKED_THROUGH };
    let mut articles = desk.ledger.unsent_articles(list, desk.now(), since, looked_at).await?;
    articles.retain(|archived| is_asked_for(archived, topics, language));
    let left = if is_first { 0 } else { articles.len().saturating_sub(most) };
    articles.truncate(most);
    Ok(News { articles, left, is_first })
}

fn is_asked_for(archived: &Archived, topics: &[Line], language: Option<&Language>) -> bool {
    let article = &archived.article;
    let of_topic = || article.topics.iter().any(|topic| topics.iter().any(|wanted| is_same_name(topic, wanted)));
    let in_language = |wanted: &Language| wanted.primary() == article.language.primary();
    (topics.is_empty() || of_topic()) && language.is_none_or(in_language)
}
