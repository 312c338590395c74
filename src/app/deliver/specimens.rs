use anyhow::Context;

use super::Post;
use crate::app::{Desk, edition};
use crate::domain::{Address, Edition, Line, Recipient, SubscriptionId};

/// The messages of an edition for two readers who do not exist, to be compared with each other. The ledger does not change.
///
/// They are dated with the command: no sending has begun.
pub(in crate::app) async fn specimens(desk: &Desk, edition: &Edition) -> anyhow::Result<Vec<(Recipient, Vec<u8>)>> {
    let list = edition::letter_settings(desk)?.list.to_string();
    let secrets = ("nobody".to_owned(), "nobody".to_owned());
    let post = Post::with_secrets(desk, edition, &list, desk.now(), &secrets).await?;
    let readers = [("Zuri Quillfeather", "zuri.quillfeather@reader.example"), ("Oba Nnamdi-Weiss", "oba@elsewhere.example")];
    let specimen = |(number, (name, address)): (i64, (&str, &str))| {
        let address = Address::parse(address).context("an address of nobody")?;
        let reader = Recipient::from_ledger(address, Line::new(name), Some(SubscriptionId(number)));
        let message = post.message(&reader)?;
        Ok((reader, message))
    };
    (1..).zip(readers).map(specimen).collect()
}
