//! How often a network may ask for mails to be sent. Kept in memory alone, and not for longer than it counts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One asking is free again after this time: 600 an hour. Thousands of telephones may share an address.
const EVERY: Duration = Duration::from_secs(6);
/// Askings at once.
const BURST: u32 = 60;
/// Networks that are known at the same time.
const MOST: usize = 10_000;

/// Each network with the instant at which all of its askings are free again.
#[derive(Debug, Default)]
pub(super) struct Networks(Mutex<HashMap<IpAddr, Instant>>);

impl Networks {
    /// Counts an asking; or says how long to wait, where there were too many.
    pub(super) fn ask(&self, network: IpAddr, now: Instant) -> Result<(), Duration> {
        // The map is whole between any two calls, whoever panicked.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = known.get(&network).copied().unwrap_or(now).max(now);
        let taken = free + EVERY;
        if let Some(wait) = taken.duration_since(now).checked_sub(EVERY * BURST).filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        if known.len() >= MOST && !known.contains_key(&network) {
            make_room(&mut known, now);
        }
        known.insert(network, taken);
        Ok(())
    }
}

/// Forgets whoever has nothing to wait for; where all have, whoever has least.
fn make_room(known: &mut HashMap<IpAddr, Instant>, now: Instant) {
    known.retain(|_, free| *free > now);
    if known.len() >= MOST
        && let Some(least) = known.iter().min_by_key(|(_, free)| **free).map(|(network, _)| *network)
    {
        known.remove(&least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    #[test]
    fn a_network_has_so_many_at_once_and_then_one_after_the_other() {
        let (networks, begun) = (Networks::default(), Instant::now());
        for _ in 0..BURST {
            networks.ask(network(1), begun).unwrap();
        }
        assert_eq!(networks.ask(network(1), begun), Err(EVERY));
        assert_eq!(networks.ask(network(1), begun + EVERY / 2), Err(EVERY / 2));
        networks.ask(network(2), begun).unwrap();
        networks.ask(network(1), begun + EVERY).unwrap();
        assert!(networks.ask(network(1), begun + EVERY).is_err());
        let later = begun + EVERY * (BURST + 1);
        assert!((0..BURST).all(|_| networks.ask(network(1), later).is_ok()), "all are free again");
    }

    #[test]
    fn no_flood_of_networks_fills_the_memory() {
        let (networks, begun) = (Networks::default(), Instant::now());
        for _ in 0..BURST {
            networks.ask(network(0), begun).unwrap();
        }
        let count = u32::try_from(MOST).unwrap() + 100;
        for number in 1..count {
            networks.ask(network(number), begun).unwrap();
        }
        assert!(networks.0.lock().unwrap().len() <= MOST);
        assert!(networks.ask(network(0), begun).is_err(), "who has asked most is not forgotten");
        networks.ask(network(count), begun + EVERY * 2).unwrap();
        assert!(networks.0.lock().unwrap().len() < 10);
    }
}
