use std::time::Duration;

/// How much of a server one client may take, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Until the head of a request is there, whether it comes slowly or has not begun.
    pub head: Duration,
    /// Bytes of the head of a request.
    pub head_bytes: usize,
    /// Lines in it.
    pub headers: usize,
    /// Bytes of the body of a request, where nobody allows more.
    pub body_bytes: usize,
    /// From the head of a request to the head of its answer, its body with it.
    pub answer: Duration,
    /// In which at least [`Limits::PACE`] bytes of an answer have to be taken.
    pub stall: Duration,
    /// For the answers that are under way when the server is told to stop.
    pub stop: Duration,
}

impl Limits {
    /// Bytes that go out within [`Limits::stall`] even to the slowest of phones.
    pub(super) const PACE: usize = 16 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 480,
            head: Duration::from_secs(15),
            head_bytes: 16 * 1024,
            headers: 100,
            body_bytes: 8 * 1024,
            answer: Duration::from_secs(30),
            stall: Duration::from_mins(1),
            stop: Duration::from_secs(10),
        }
    }
}
