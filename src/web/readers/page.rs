//! What the pages have in common: their frame, their headers, the lists that they name.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Doors;
use super::words::Words;
use crate::app::Subscription;
use crate::domain::{Language, Line};

/// What stands around every page.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) words: &'static Words,
    pub(super) style: &'a str,
    pub(super) publication: &'a str,
    /// Of the publication.
    pub(super) language: &'a str,
    pub(super) home: &'a str,
    pub(super) postal: &'a str,
    pub(super) contact: String,
    pub(super) feed: String,
}

/// A list that a reader can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) language: String,
    pub(super) is_on: bool,
}

/// Where a page leads on to.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) url: String,
    pub(super) text: &'static str,
}

/// A page that says something.
#[derive(Template)]
#[template(path = "readers/said.html")]
pub(super) struct Said<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) title: &'static str,
    pub(super) texts: Vec<&'static str>,
    pub(super) items: Vec<String>,
    pub(super) after: Vec<&'static str>,
    pub(super) ways: Vec<Way>,
}

/// A page with one button.
#[derive(Template)]
#[template(path = "readers/ask.html")]
pub(super) struct Question<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// What it is about: titles of lists.
    pub(super) items: Vec<String>,
    /// Masked: the page may be open on anybody's screen.
    pub(super) address: String,
    pub(super) action: String,
    pub(super) button: &'static str,
    pub(super) after: &'static str,
    pub(super) ways: Vec<Way>,
}

impl Doors {
    pub(super) fn frame(&self, words: &'static Words) -> Frame<'_> {
        let publication = &self.served.settings().publication;
        let feed = if publication.pages { "index.html" } else { "feed.xml" };
        Frame {
            words,
            style: &self.style,
            publication: publication.title.as_str(),
            language: publication.language.as_str(),
            home: publication.home.as_str(),
            postal: publication.postal_address.as_ref().map(Line::as_str).unwrap_or_default(),
            contact: publication.owner.as_ref().map(|owner| owner.address.reveal()).unwrap_or_default(),
            feed: publication.feeds.join(feed).unwrap_or_else(|| publication.feeds.clone()).to_string(),
        }
    }

    /// The lists that anybody can ask to be put on.
    pub(super) fn public(&self) -> Vec<Choice> {
        let lists = self.served.settings().lists.iter().filter(|list| list.public);
        lists.filter_map(|list| self.choice(list.name.as_str())).collect()
    }

    /// A list of the config.
    pub(super) fn choice(&self, name: &str) -> Option<Choice> {
        let list = self.served.settings().lists.iter().find(|list| list.name.as_str() == name)?;
        Some(Choice {
            name: name.to_owned(),
            title: list.title.to_string(),
            description: list.description.as_ref().map(ToString::to_string).unwrap_or_default(),
            language: list.language.to_string(),
            is_on: false,
        })
    }

    /// What readers call the list of a subscription; its name, where the config does not know it any more.
    pub(super) fn title(&self, subscription: &Subscription) -> String {
        let list = self.served.settings().lists.iter().find(|list| list.name.as_str() == subscription.list);
        list.map_or_else(|| subscription.list.clone(), |list| list.title.to_string())
    }

    /// What the list of a subscription is written in.
    pub(super) fn language(&self, subscription: &Subscription) -> Option<&Language> {
        let list = self.served.settings().lists.iter().find(|list| list.name.as_str() == subscription.list);
        list.map(|list| &list.language)
    }

    /// A page as it goes out: kept nowhere, found by no search engine, and telling nobody its address, in which a token may
    /// stand.
    pub(super) fn page(&self, words: &Words, status: StatusCode, page: &impl Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                self.complaints.tell(format!("a page of the readers cannot be made: {error}"));
                return (StatusCode::INTERNAL_SERVER_ERROR, "this page cannot be made\n").into_response();
            }
        };
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (CONTENT_LANGUAGE, HeaderValue::from_static(words.language)),
            (CONTENT_SECURITY_POLICY, self.policy.clone()),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
        ];
        (status, headers, html).into_response()
    }
}
