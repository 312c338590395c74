//! From what is previewed to its look.

use super::{Look, Previewed, Sizes};
use crate::app::edition::{self, message_head, sender_host};
use crate::app::{Desk, intake};
use crate::domain::{Edition, Recipient};
use crate::mail::message;
use crate::read::{LoadOptions, Source, load};

pub(super) async fn look(desk: &Desk, previewed: &Previewed) -> anyhow::Result<Look> {
    let settings = edition::letter_settings(desk)?;
    let edition = edition_of(desk, previewed).await?;
    let (letter, language) = match previewed {
        // A page that is being edited is not the letter that was sent of it.
        Previewed::File(_) => edition::fresh_letter(desk, &edition)?,
        Previewed::Latest | Previewed::Edition(_) => edition::letter(desk, &edition).await?,
    };
    let public = letter.personal(&settings.unsubscribe);
    let id = format!("{}@{}", edition.id, sender_host(settings));
    let date = edition::date_of(&edition);
    let head = message_head(desk, settings.list.as_str(), &language, date, &id, &settings.unsubscribe)?;
    let message = message(&letter, &Recipient::of_test(settings.from.address.clone()), &head)?;
    Ok(Look {
        sizes: Sizes::of(&public.html, &public.text, &message),
        edition: edition.id,
        subject: public.subject.to_string(),
        language,
        html: public.html,
        text: public.text,
        pictures: public.pictures,
        message,
    })
}

async fn edition_of(desk: &Desk, previewed: &Previewed) -> anyhow::Result<Edition> {
    match previewed {
        Previewed::Latest => edition::find(desk, None).await,
        Previewed::Edition(id) => edition::find(desk, Some(id)).await,
        Previewed::File(file) => {
            let page = load(&Source::File(file.clone()), &LoadOptions { ..desk.load_options() }).await?;
            Ok(edition::of_one(&intake::foreseen(desk, &page).await?))
        }
    }
}
