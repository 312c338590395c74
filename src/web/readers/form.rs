//! The form by which readers subscribe.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::Doors;
use super::fields::Fields;
use super::page::{Choice, Frame, Said};
use super::trouble::Trouble;
use super::words::Words;
use crate::app::{self, Asked};
use crate::domain::{Address, AddressError, Language};
use crate::web::serve::Client;

/// Answers to the form go out at whole multiples of this time, whatever was done meanwhile: it cannot be heard whether an
/// address is known.
const BEAT: Duration = Duration::from_millis(400);

/// Seconds after which a list that too many ask for takes more.
const CROWDED: u64 = 600;

#[derive(Template)]
#[template(path = "readers/form.html")]
struct Form<'a> {
    frame: Frame<'a>,
    lists: Vec<Choice>,
    /// The one list, where there is nothing to choose.
    only: Option<Choice>,
    note: &'static str,
    list_wrong: &'static str,
    address_wrong: &'static str,
    /// The address as it was typed in.
    typed: &'a str,
    stamp: String,
}

/// What was filled in, and what is wrong with it.
#[derive(Default)]
struct Filled<'a> {
    typed: &'a str,
    lists: Vec<String>,
    note: &'static str,
    list_wrong: &'static str,
    address_wrong: &'static str,
}

/// GET: the form, for all public lists or for the one that the address names.
pub(super) async fn form(State(doors): State<Arc<Doors>>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Fields::of_query(&uri);
    let mut lists = doors.public();
    let named = query.first("list");
    if lists.iter().any(|list| list.name == named) {
        lists.retain(|list| list.name == named);
    }
    let words = doors.words_of_form(query.first("language"), &lists, &headers);
    let answer = doors.filled(words, lists, &Filled::default(), StatusCode::OK).await;
    doors.answered(words, answer)
}

/// POST: the form as it was filled in.
pub(super) async fn submitted(State(doors): State<Arc<Doors>>, headers: HeaderMap, request: Request) -> Response {
    on_the_beat(async {
        let client = request.extensions().get::<Client>().copied();
        let fields = match Fields::read(request).await {
            Ok(fields) => fields,
            Err(why) => return doors.trouble(doors.words_of_form("", &[], &headers), Trouble::Unreadable(why)),
        };
        let lists = doors.public();
        let words = doors.words_of_form(fields.first("language"), &chosen(&fields, &lists), &headers);
        let answer = doors.subscribe(words, &fields, lists, &headers, client).await;
        doors.answered(words, answer)
    })
    .await
}

impl Doors {
    fn words_of_form(&self, chosen: &str, lists: &[Choice], headers: &HeaderMap) -> &'static Words {
        let languages: Vec<Language> = lists.iter().filter_map(|list| Language::parse(&list.language)).collect();
        self.words(Language::parse(chosen).as_ref(), &languages, headers)
    }

    async fn subscribe(
        &self,
        words: &'static Words,
        fields: &Fields,
        lists: Vec<Choice>,
        headers: &HeaderMap,
        client: Option<Client>,
    ) -> anyhow::Result<Response> {
        let desk = self.served.desk();
        let chosen = chosen(fields, &lists);
        let typed = fields.first("email");
        let address = Address::parse(typed);
        let mut filled = Filled { typed, lists: chosen.iter().map(|list| list.name.clone()).collect(), ..Filled::default() };
        if chosen.is_empty() {
            filled.list_wrong = words.list_missing;
        }
        if let Err(why) = &address {
            filled.address_wrong = match why {
                AddressError::NeedsSmtpUtf8 => words.address_letters,
                _ if typed.is_empty() => words.address_missing,
                _ => words.address_wrong,
            };
        }
        let (Ok(address), false) = (address, chosen.is_empty()) else {
            filled.note = words.mend;
            return self.filled(words, lists, &filled, StatusCode::UNPROCESSABLE_ENTITY).await;
        };
        if self.is_from_elsewhere(headers) || !self.keys().await?.stamps.is_good(fields.first("stamp"), desk.now()) {
            filled.note = words.press_again;
            return self.filled(words, lists, &filled, StatusCode::OK).await;
        }
        // People do not see this field: a program has filled it in, and is told what it would like to hear.
        if fields.first("website").is_empty() {
            if let Some(client) = client
                && let Err(wait) = self.networks.ask(client.network(), Instant::now())
            {
                return Ok(self.trouble(words, Trouble::Later(wait.as_secs() + 1)));
            }
            let names: Vec<&str> = chosen.iter().map(|list| list.name.as_str()).collect();
            let language = Language::parse(words.language);
            match app::ask(&desk, &names, &address, language.as_ref(), &wording(words, &chosen)).await? {
                // Who is told which of the two has happened would know whether the address is known.
                Asked::Noted | Asked::Passed => {}
                Asked::Later => return Ok(self.trouble(words, Trouble::Later(CROWDED))),
            }
        }
        let page = Said {
            frame: self.frame(words),
            title: words.look_into_mail,
            texts: vec![words.mail_comes],
            items: vec![typed.to_owned()],
            after: vec![words.no_mail],
            ways: Vec::new(),
        };
        Ok(self.page(words, StatusCode::OK, &page))
    }

    /// The form with what is filled in already.
    async fn filled(
        &self,
        words: &'static Words,
        lists: Vec<Choice>,
        filled: &Filled<'_>,
        status: StatusCode,
    ) -> anyhow::Result<Response> {
        let status = if lists.is_empty() { StatusCode::NOT_FOUND } else { status };
        let is_on = |list: Choice| Choice { is_on: filled.lists.contains(&list.name), ..list };
        let lists: Vec<Choice> = lists.into_iter().map(is_on).collect();
        let only = match lists.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        let page = Form {
            frame: self.frame(words),
            lists,
            only,
            note: filled.note,
            list_wrong: filled.list_wrong,
            address_wrong: filled.address_wrong,
            typed: filled.typed,
            stamp: self.keys().await?.stamps.stamp(self.served.desk().now()),
        };
        Ok(self.page(words, status, &page))
    }

    /// Whether a page that is not griot's own has sent the form. Its reader is shown what it would do.
    ///
    /// Browsers say `Origin: null` for griot's own forms, since its pages tell nobody where they are (Referrer-Policy).
    fn is_from_elsewhere(&self, headers: &HeaderMap) -> bool {
        let said = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
        if let Some(site) = said("sec-fetch-site") {
            return site != "same-origin" && site != "none";
        }
        let own = self.served.settings().serve.url.as_ref().map(|url| url.url().origin().ascii_serialization());
        said(ORIGIN.as_str()).is_some_and(|origin| origin != "null" && Some(origin.as_ref()) != own.as_deref())
    }
}

/// The public lists that a form names; the only one there is, where it names none.
fn chosen(fields: &Fields, lists: &[Choice]) -> Vec<Choice> {
    if let [only] = lists
        && fields.all("list").next().is_none()
    {
        return vec![only.clone()];
    }
    lists.iter().filter(|list| fields.all("list").any(|name| name == list.name)).cloned().collect()
}

/// What the form said, to be kept with the receipt.
fn wording(words: &Words, chosen: &[Choice]) -> String {
    let titles: Vec<&str> = chosen.iter().map(|list| list.title.as_str()).collect();
    [words.subscribe, &titles.join(", "), words.next_step, words.privacy].join("\n")
}

/// Does some work, and comes back at the next beat after it.
async fn on_the_beat<T>(work: impl Future<Output = T>) -> T {
    let begun = tokio::time::Instant::now();
    let done = work.await;
    let beats = begun.elapsed().as_millis() / BEAT.as_millis() + 1;
    tokio::time::sleep_until(begun + BEAT * u32::try_from(beats).unwrap_or(u32::MAX)).await;
    done
}
