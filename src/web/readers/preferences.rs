//! A reader's own page: the lists, the language, and the way out of everything.
//!
//! Whoever holds a letter can open it, also one to whom the letter was forwarded. So it shows no address, and puts nobody on
//! a list: what is added has to be confirmed by a mail to the reader.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::fields::{Fields, Unreadable};
use super::page::{Choice, Frame};
use super::trouble::Trouble;
use super::words::Words;
use super::{Doors, Keys};
use crate::app::{self, Asked, Desk, Subscription};
use crate::domain::{Language, SubscriptionId, SubscriptionState};

#[derive(Template)]
#[template(path = "readers/preferences.html")]
struct Preferences<'a> {
    frame: Frame<'a>,
    notes: Vec<Note>,
    address: String,
    action: String,
    lists: Vec<Choice>,
    languages: Vec<Spoken>,
}

/// What has just been done.
struct Note {
    text: &'static str,
    items: Vec<String>,
}

/// A language to be spoken to in.
struct Spoken {
    tag: String,
    name: String,
    is_on: bool,
}

/// What was changed on the page.
#[derive(Default)]
struct Changes<'a> {
    leave: Vec<&'a str>,
    add: Vec<Choice>,
    speak: Option<Language>,
}

/// GET: how things stand.
pub(super) async fn page(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    let answer = async {
        let (keys, desk) = (doors.keys().await?, doors.served.desk());
        doors.preferences(keys, &desk, query.first("t"), &headers, |_| Vec::new()).await
    };
    doors.answered(words, answer.await)
}

/// POST: what the reader has changed. Leaving and the language count at once.
pub(super) async fn saved(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap, request: Request) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    let fields = match Fields::read(request).await {
        Ok(fields) if ["save", "leave"].contains(&fields.first("press")) => fields,
        Ok(_) => return doors.trouble(words, Trouble::Unreadable(Unreadable::Broken)),
        Err(why) => return doors.trouble(words, Trouble::Unreadable(why)),
    };
    let answer = doors.save(words, query.first("t"), &fields, &headers).await;
    doors.answered(words, answer)
}

impl Doors {
    async fn save(&self, words: &'static Words, token: &str, fields: &Fields, headers: &HeaderMap) -> anyhow::Result<Response> {
        let (keys, desk) = (self.keys().await?, self.served.desk());
        let Some((id, all)) = keys.readership.all_of(&desk, token).await? else { return Ok(self.unknown(words)) };
        let changes = self.changes(fields, &all);
        if let Some(language) = &changes.speak {
            keys.readership.speak(&desk, token, language).await?;
        }
        keys.readership.leave_beside(&desk, token, &changes.leave).await?;
        let mut asked = None;
        if let Some(reader) = all.iter().find(|one| one.id == id)
            && !changes.add.is_empty()
        {
            let names: Vec<&str> = changes.add.iter().map(|list| list.name.as_str()).collect();
            let words = changes.speak.as_ref().or(reader.language.as_ref()).and_then(Words::of).unwrap_or(words);
            let titles: Vec<&str> = changes.add.iter().map(|list| list.title.as_str()).collect();
            let wording = [words.your_letters, &titles.join(", "), words.add_by_mail, words.privacy].join("\n");
            let language = Language::parse(words.language);
            asked = Some(app::ask(&desk, &names, &reader.address, language.as_ref(), &wording).await?);
        }
        let titles: Vec<String> = changes.add.iter().map(|list| list.title.clone()).collect();
        let notes = |words: &'static Words| {
            let about_added = asked.map(|asked| match asked {
                Asked::Noted => Note { text: words.mail_sent, items: titles.clone() },
                Asked::Passed => Note { text: words.not_now, items: titles.clone() },
                Asked::Later => Note { text: words.later, items: Vec::new() },
            });
            [Note { text: words.saved, items: Vec::new() }].into_iter().chain(about_added).collect()
        };
        self.preferences(keys, &desk, token, headers, notes).await
    }

    /// What a form asks for that is not so yet. Only lists that the form has shown are left by it.
    fn changes<'a>(&self, fields: &'a Fields, all: &'a [Subscription]) -> Changes<'a> {
        let waits = |one: &&Subscription| one.state != SubscriptionState::Left || one.asked.is_some();
        if fields.first("press") == "leave" {
            let leave = all.iter().filter(waits).map(|one| one.list.as_str()).collect();
            return Changes { leave, ..Changes::default() };
        }
        let ticked = |name: &str| fields.all("list").any(|list| list == name);
        let shown = |name: &str| fields.all("shown").any(|list| list == name);
        let is_on = |name: &str| all.iter().any(|one| one.list == name && one.state == SubscriptionState::Confirmed);
        // What waits for an answer is shown as off, and is not given up by leaving it so.
        let left = |one: &&Subscription| is_on(&one.list) && shown(&one.list) && !ticked(&one.list);
        let language = Language::parse(fields.first("language")).filter(|language| Words::of(language).is_some());
        let is_spoken = |language: &Language| all.iter().all(|one| one.language.as_ref() == Some(language));
        Changes {
            leave: all.iter().filter(left).map(|one| one.list.as_str()).collect(),
            add: self.public().into_iter().filter(|list| ticked(&list.name) && !is_on(&list.name)).collect(),
            speak: language.filter(|language| !is_spoken(language)),
        }
    }

    async fn preferences(
        &self,
        keys: &Keys,
        desk: &Desk,
        token: &str,
        headers: &HeaderMap,
        notes: impl FnOnce(&'static Words) -> Vec<Note>,
    ) -> anyhow::Result<Response> {
        let Some((id, all)) = keys.readership.all_of(desk, token).await? else {
            return Ok(self.unknown(self.words(None, [], headers)));
        };
        let Some(own) = own(id, &all) else { return Ok(self.unknown(self.words(None, [], headers))) };
        let words = self.words_of(std::slice::from_ref(own), headers);
        let page = Preferences {
            frame: self.frame(words),
            notes: notes(words),
            address: own.address.to_string(),
            action: format!("preferences?t={}", keys.readership.token_of(own)),
            lists: self.choices(&all),
            languages: languages(own, words),
        };
        Ok(self.page(words, StatusCode::OK, &page))
    }

    /// The public lists, and those that the reader is on besides.
    fn choices(&self, all: &[Subscription]) -> Vec<Choice> {
        let is_on = |name: &str| all.iter().any(|one| one.list == name && one.state == SubscriptionState::Confirmed);
        let mut choices: Vec<Choice> =
            self.public().into_iter().map(|list| Choice { is_on: is_on(&list.name), ..list }).collect();
        for one in all.iter().filter(|one| is_on(&one.list)) {
            if !choices.iter().any(|list| list.name == one.list) {
                let unknown = || Choice {
                    name: one.list.clone(),
                    title: one.list.clone(),
                    description: String::new(),
                    language: self.served.settings().publication.language.to_string(),
                    is_on: true,
                };
                choices.push(self.choice(&one.list).map_or_else(unknown, |list| Choice { is_on: true, ..list }));
            }
        }
        choices
    }
}

/// The subscription that the token is for.
fn own(id: SubscriptionId, all: &[Subscription]) -> Option<&Subscription> {
    all.iter().find(|one| one.id == id)
}

/// The languages of the pages, and the reader's own where it is another.
fn languages(own: &Subscription, words: &Words) -> Vec<Spoken> {
    let chosen = own.language.as_ref();
    let known = chosen.is_none_or(|language| Words::of(language).is_some());
    let other =
        chosen.filter(|_| !known).map(|language| Spoken { tag: language.to_string(), name: language.to_string(), is_on: true });
    let spoken = |one: &&'static Words| Spoken {
        tag: one.language.to_owned(),
        name: one.name.to_owned(),
        is_on: known && one.language == words.language,
    };
    other.into_iter().chain(Words::ALL.iter().map(spoken)).collect()
}
