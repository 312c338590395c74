//! From what is previewed to its look.

use super::{Look, Previewed};
use crate::app::edition::{self, Letter};
use crate::app::{Desk, check_letter, intake};
use crate::domain::Variant;
use crate::read::{Source, load};
use crate::store::KeptEdition;

pub(super) async fn look(desk: &Desk, previewed: &Previewed) -> anyhow::Result<Look> {
    let settings = edition::letter_settings(desk)?;
    let (kept, letter) = match previewed {
        Previewed::Latest => published(desk, None).await?,
        Previewed::Edition(id) => published(desk, Some(id)).await?,
        Previewed::File(file) => {
            let page = load(&Source::File(file.clone()), &desk.load_options()).await?;
            let kept = edition::foreseen(desk, intake::foreseen(desk, &page).await?).await?;
            // A page that is being edited is not the letter that was sent of it.
            let letter = edition::fresh_letter(desk, &kept.edition, Variant::Full)?;
            (kept, letter)
        }
    };
    let language = letter.language.clone();
    let (mailed, message) = edition::own_copy(desk, &kept, letter).await?;
    let public = mailed.personal(&settings.unsubscribe);
    Ok(Look {
        checked: check_letter(&message),
        edition: kept.edition.id,
        subject: public.subject.to_string(),
        language,
        html: public.html,
        text: public.text,
        pictures: public.pictures,
        message,
    })
}

async fn published(desk: &Desk, id: Option<&str>) -> anyhow::Result<(KeptEdition, Letter)> {
    let kept = edition::found(desk, id).await?;
    let letter = edition::letter(desk, &kept.edition, Variant::Full).await?;
    Ok((kept, letter))
}
