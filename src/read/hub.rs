//! `WebSub`: looks whether a feed is live as it was written, and tells hubs that it has changed (W3C Recommendation, 2018).

use super::fetch::{Answer, fetch, post};
use super::{LoadOptions, ReadError, Validators};
use crate::domain::WebUrl;

/// What is public at an address now, byte for byte but for its compression on the way.
///
/// # Errors
///
/// As of a page that cannot be fetched.
pub async fn live(topic: &WebUrl, options: &LoadOptions) -> Result<Vec<u8>, ReadError> {
    match fetch(topic, options, &Validators::default()).await? {
        Answer::Fetched(fetched) => Ok(fetched.bytes),
        // Nobody was asked for a change.
        Answer::Unchanged { .. } => Err(ReadError::Empty { origin: topic.to_string() }),
    }
}

/// Tells a hub that a topic has something new.
///
/// The recommendation leaves open how (section 7); hubs have kept the form of `PubSubHubbub` 0.4: `hub.mode=publish` with the
/// topic, once as `hub.url` and once as `hub.topic`, since they differ in the name they read.
///
/// # Errors
///
/// As of a page that cannot be fetched: any answer but 2xx is a failure.
pub async fn ping(hub: &WebUrl, topic: &WebUrl, options: &LoadOptions) -> Result<(), ReadError> {
    let form = [("hub.mode", "publish"), ("hub.url", topic.as_str()), ("hub.topic", topic.as_str())];
    post(hub, &form, options).await
}
