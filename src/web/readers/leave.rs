//! The way out of a list: a page with one button, and the POST by which mail programs press it for their readers (RFC 8058).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::Doors;
use super::fields::{Fields, Unreadable};
use super::page::{Question, Said, Way};
use super::trouble::Trouble;
use super::words::Words;
use crate::app::{Left, Subscription};
use crate::domain::{self, SubscriptionState};

/// GET: the list that would be left. It changes nothing, whatever stands in the query.
pub(super) async fn question(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    let answer = async {
        let readership = &doors.keys().await?.readership;
        let Some(found) = readership.look(&doors.served.desk(), query.first("t")).await? else {
            return Ok(doors.unknown(words));
        };
        let token = readership.token_of(&found);
        let is_out = found.state == SubscriptionState::Left && found.asked.is_none();
        Ok(if is_out { doors.has_left(&found, &token, &headers) } else { doors.to_be_left(&found, &token, &headers) })
    };
    doors.answered(words, answer.await)
}

/// POST: the reader leaves, with the button of the page or with that of the mail program. The latter asks for an answer
/// without a redirect, a cookie or a login, and for the truth: an unknown token is no success.
pub(super) async fn left(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap, request: Request) -> Response {
    let query = Fields::of_query(&uri);
    let words = doors.words(None, [], &headers);
    let way = match Fields::read(request).await {
        Ok(fields) if fields.is_one_click() => domain::Way::OneClick,
        Ok(fields) if !fields.first("press").is_empty() => domain::Way::Page,
        Ok(_) => return doors.trouble(words, Trouble::Unreadable(Unreadable::Broken)),
        Err(why) => return doors.trouble(words, Trouble::Unreadable(why)),
    };
    let answer = async {
        let keys = doors.keys().await?;
        Ok(match keys.leavings.leave(query.first("t"), way).await {
            Ok(Left::Now(found) | Left::Before(found)) => doors.has_left(&found, &keys.readership.token_of(&found), &headers),
            Ok(Left::Unknown) => doors.unknown(words),
            // Whoever runs the server was told by the queue.
            Err(why) => doors.trouble(words, why.into()),
        })
    };
    doors.answered(words, answer.await)
}

impl Doors {
    fn to_be_left(&self, found: &Subscription, token: &str, headers: &HeaderMap) -> Response {
        let words = self.words_of(std::slice::from_ref(found), headers);
        let page = Question {
            frame: self.frame(words),
            title: words.leave,
            text: words.leave_text,
            items: vec![self.title(found)],
            address: found.address.to_string(),
            action: format!("unsubscribe?t={token}"),
            button: words.leave,
            after: "",
            ways: vec![Way { url: format!("preferences?t={token}"), text: words.choices }],
        };
        self.page(words, StatusCode::OK, &page)
    }

    fn has_left(&self, found: &Subscription, token: &str, headers: &HeaderMap) -> Response {
        let words = self.words_of(std::slice::from_ref(found), headers);
        let page = Said {
            frame: self.frame(words),
            title: words.left,
            texts: vec![words.left_text],
            items: vec![self.title(found)],
            after: Vec::new(),
            ways: vec![Way { url: format!("preferences?t={token}"), text: words.choices }],
        };
        self.page(words, StatusCode::OK, &page)
    }

    /// What to do with a link that was cut short, or came from anywhere.
    pub(super) fn unknown(&self, words: &'static Words) -> Response {
        let page = Said {
            frame: self.frame(words),
            title: words.unknown,
            texts: vec![words.unknown_text],
            items: Vec::new(),
            after: Vec::new(),
            ways: Vec::new(),
        };
        self.page(words, StatusCode::NOT_FOUND, &page)
    }
}
