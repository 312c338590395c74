//! When a form was handed out, signed, so that nobody else can say it: people take a while to fill one in, programs do not.

use aws_lc_rs::{constant_time, hmac};
use jiff::{SignedDuration, Timestamp};

use crate::app::Desk;
use crate::app::edition::hexadecimal;

/// Nobody types an address in less.
const LEAST: SignedDuration = SignedDuration::from_secs(2);
/// A form that is left open over night is good in the morning.
const MOST: SignedDuration = SignedDuration::from_hours(24);

/// Bytes of the signature: nobody gains more by forging one than two seconds.
const PROOF: usize = 16;

/// Makes stamps, and knows them again.
#[derive(Debug)]
pub struct Stamps {
    key: hmac::Key,
}

impl Stamps {
    pub async fn of(desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self::with_secret(&desk.secret("forms").await?))
    }

    fn with_secret(secret: &str) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, format!("stamp {secret}").as_bytes()) }
    }

    /// A stamp of this instant: letters and digits with a hyphen between them.
    pub fn stamp(&self, now: Timestamp) -> String {
        let millis = now.as_millisecond();
        format!("{millis}-{}", hexadecimal(&self.proof(millis)))
    }

    /// Whether a stamp is griot's own, and of a time in which somebody could fill in the form.
    pub fn is_good(&self, stamp: &str, now: Timestamp) -> bool {
        let made = || {
            let (millis, proof) = stamp.rsplit_once('-')?;
            let millis: i64 = millis.parse().ok()?;
            let own = hexadecimal(&self.proof(millis));
            constant_time::verify_slices_are_equal(own.as_bytes(), proof.as_bytes()).ok()?;
            Timestamp::from_millisecond(millis).ok()
        };
        made().is_some_and(|made| (LEAST..=MOST).contains(&now.duration_since(made)))
    }

    fn proof(&self, millis: i64) -> [u8; PROOF] {
        let tag = hmac::sign(&self.key, &millis.to_be_bytes());
        std::array::from_fn(|at| tag.as_ref().get(at).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_good_for_a_day_and_not_at_once() {
        let stamps = Stamps::with_secret("secret");
        let made: Timestamp = "2026-03-04T08:00:00Z".parse().unwrap();
        let stamp = stamps.stamp(made);
        let after = |seconds| stamps.is_good(&stamp, made + SignedDuration::from_secs(seconds));
        assert_eq!([-9, 0, 1, 2, 3, 86_400, 86_401].map(after), [false, false, false, true, true, true, false]);
        assert_eq!(stamp, stamps.stamp(made));
    }

    #[test]
    fn nobody_else_can_make_one() {
        let stamps = Stamps::with_secret("secret");
        let made: Timestamp = "2026-03-04T08:00:00Z".parse().unwrap();
        let now = made + SignedDuration::from_secs(60);
        let stamp = stamps.stamp(made);
        assert!(stamps.is_good(&stamp, now));
        let (_, proof) = stamp.split_once('-').unwrap();
        let later = format!("{}-{proof}", made.as_millisecond() + 1);
        let other = Stamps::with_secret("other").stamp(made);
        let overlong = format!("{}-{proof}", "9".repeat(99));
        for forged in ["", "-", "1", "é-é", proof, &later, &other, &overlong, &stamp[..stamp.len() - 1], &format!("{stamp}0")] {
            assert!(!stamps.is_good(forged, now), "{forged}");
        }
    }
}
