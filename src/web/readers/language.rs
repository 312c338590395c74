//! Which language a page is in.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use super::Doors;
use super::words::Words;
use crate::domain::Language;

impl Doors {
    /// The words of a page about some lists: in the language that the reader has chosen, else in that of the lists, where it
    /// is one and griot knows it, else in that of the browser, else in that of the publication.
    pub(super) fn words<'a>(
        &self,
        chosen: Option<&Language>,
        lists: impl IntoIterator<Item = &'a Language>,
        headers: &HeaderMap,
    ) -> &'static Words {
        let of_lists = || {
            let mut lists = lists.into_iter();
            let first = lists.next()?;
            lists.all(|other| other.primary() == first.primary()).then(|| Words::of(first)).flatten()
        };
        let accepted = || headers.get(ACCEPT_LANGUAGE)?.to_str().ok().and_then(Words::accepted);
        let publication = &self.served.settings().publication.language;
        chosen
            .and_then(Words::of)
            .or_else(of_lists)
            .or_else(accepted)
            .or_else(|| Words::of(publication))
            .unwrap_or_else(Words::english)
    }
}
