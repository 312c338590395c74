//! What a confirmation mail leads to: what is asked for, and one button.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::Doors;
use super::fields::Fields;
use super::page::{Question, Said, Way};
use super::trouble::Trouble;
use super::words::Words;
use crate::app::{Answerable, Confirming, Subscription};

/// GET: what is to be confirmed. It changes nothing: mail servers follow links before their readers do.
pub(super) async fn question(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    let answer = async {
        let keys = doors.keys().await?;
        let answerable = keys.readership.answerable(&doors.served.desk(), query.first("t")).await?;
        Ok(match &answerable {
            Some(Answerable::Waits(together)) => doors.to_be_confirmed(together, query.first("t"), &headers),
            Some(Answerable::Confirmed(one)) => {
                doors.confirmed(std::slice::from_ref(one), &keys.readership.token_of(one), &headers)
            }
            None => doors.gone(words),
        })
    };
    doors.answered(words, answer.await)
}

/// POST: the button was pressed. Pressed twice, it says the same.
pub(super) async fn answered(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap, request: Request) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    if let Err(why) = Fields::read(request).await {
        return doors.trouble(words, Trouble::Unreadable(why));
    }
    let answer = async {
        let (keys, desk) = (doors.keys().await?, doors.served.desk());
        let answerable = keys.readership.answerable(&desk, query.first("t")).await?;
        let Some((one, came)) = keys.readership.confirm(&desk, query.first("t")).await? else { return Ok(doors.gone(words)) };
        let token = keys.readership.token_of(&one);
        Ok(match (came, answerable) {
            (Confirming::Expired, _) => doors.gone(words),
            (_, Some(Answerable::Waits(together))) => doors.confirmed(&together, &token, &headers),
            _ => doors.confirmed(&[one], &token, &headers),
        })
    };
    doors.answered(words, answer.await)
}

impl Doors {
    fn to_be_confirmed(&self, together: &[Subscription], token: &str, headers: &HeaderMap) -> Response {
        let words = self.words_of(together, headers);
        let page = Question {
            frame: self.frame(words),
            title: words.confirm,
            text: words.confirm_text,
            items: together.iter().map(|one| self.title(one)).collect(),
            address: together.first().map(|one| one.address.to_string()).unwrap_or_default(),
            action: format!("confirm?t={}", token.to_ascii_lowercase()),
            button: words.confirm_button,
            after: words.not_you,
            ways: Vec::new(),
        };
        self.page(words, StatusCode::OK, &page)
    }

    fn confirmed(&self, together: &[Subscription], token: &str, headers: &HeaderMap) -> Response {
        let words = self.words_of(together, headers);
        let page = Said {
            frame: self.frame(words),
            title: words.subscribed,
            texts: vec![words.subscribed_text],
            items: together.iter().map(|one| self.title(one)).collect(),
            after: Vec::new(),
            ways: vec![Way { url: format!("preferences?t={token}"), text: words.choices }],
        };
        self.page(words, StatusCode::OK, &page)
    }

    /// The same for a token that has expired and for one that never was.
    fn gone(&self, words: &'static Words) -> Response {
        let page = Said {
            frame: self.frame(words),
            title: words.gone,
            texts: vec![words.gone_text],
            items: Vec::new(),
            after: Vec::new(),
            ways: vec![Way { url: "subscribe".to_owned(), text: words.subscribe }],
        };
        self.page(words, StatusCode::NOT_FOUND, &page)
    }

    /// The words for a reader of these lists.
    pub(super) fn words_of(&self, subscriptions: &[Subscription], headers: &HeaderMap) -> &'static Words {
        let chosen = subscriptions.iter().find_map(|one| one.language.as_ref());
        self.words(chosen, subscriptions.iter().filter_map(|one| self.language(one)), headers)
    }
}
