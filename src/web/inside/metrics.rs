//! What a server has done since it was started, for Prometheus.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::domain::WebFile;

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Resource {
    Feed,
    Page,
    Sound,
    Picture,
    /// Any other file of the folder.
    File,
    /// A former address of the feeds.
    Moved,
    Readers,
    Health,
    /// What there is not, or cannot be asked for.
    Nothing,
}

/// Counts, each of which only grows, but for the connections that are open.
#[derive(Debug, Default)]
pub(in crate::web) struct Metrics {
    /// By what was asked for and the class of the status.
    requests: [[AtomicU64; 5]; Resource::ALL.len()],
    bytes: AtomicU64,
    /// How many answers took at most that long, and longer than the bound before.
    durations: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
    accepted: AtomicU64,
    closed: AtomicU64,
    turned_away: AtomicU64,
}

/// Upper bounds of durations in milliseconds, from what is in memory to what a slow phone takes.
const BOUNDS: [u64; 9] = [1, 5, 25, 100, 500, 2_500, 10_000, 60_000, 600_000];

impl Resource {
    const ALL: [Self; 9] =
        [Self::Feed, Self::Page, Self::Sound, Self::Picture, Self::File, Self::Moved, Self::Readers, Self::Health, Self::Nothing];

    fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Sound => "sound",
            Self::Picture => "picture",
            Self::File => "file",
            Self::Moved => "moved",
            Self::Readers => "readers",
            Self::Health => "health",
            Self::Nothing => "nothing",
        }
    }
}

impl From<WebFile> for Resource {
    fn from(file: WebFile) -> Self {
        match file {
            file if file.is_feed() => Self::Feed,
            WebFile::Html | WebFile::Css => Self::Page,
            WebFile::Sound(_) => Self::Sound,
            WebFile::Jpeg | WebFile::Png | WebFile::WebP | WebFile::Gif | WebFile::Avif | WebFile::Svg => Self::Picture,
            _ => Self::File,
        }
    }
}

impl Metrics {
    /// An answer has ended, or was given up. `bytes`: of its body. `took`: from the head of the request on.
    pub(in crate::web) fn answered(&self, resource: Resource, status: u16, bytes: u64, took: Duration) {
        let class = usize::from((status / 100).saturating_sub(1));
        if let Some(count) = self.requests.get(resource as usize).and_then(|classes| classes.get(class)) {
            add(count, 1);
        }
        add(&self.bytes, bytes);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&self.microseconds, micros);
        let bound = BOUNDS.iter().position(|bound| micros <= bound * 1000).unwrap_or(BOUNDS.len());
        if let Some(count) = self.durations.get(bound) {
            add(count, 1);
        }
    }

    pub(in crate::web) fn accepted(&self) {
        add(&self.accepted, 1);
    }

    pub(in crate::web) fn closed(&self) {
        add(&self.closed, 1);
    }

    /// A connection found no place.
    pub(in crate::web) fn turned_away(&self) {
        add(&self.turned_away, 1);
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

fn read(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

/// The text format of Prometheus, version 0.0.4.
impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut head = |name: &str, kind: &str, help: &str| -> fmt::Result {
            writeln!(f, "# HELP griot_{name} {help}\n# TYPE griot_{name} {kind}")
        };
        head(
            "http_requests_total",
            "counter",
            "Requests that were answered, by what they were for and the class of the status.",
        )?;
        for (resource, classes) in Resource::ALL.iter().zip(&self.requests) {
            for (class, count) in classes.iter().enumerate().filter(|(_, count)| read(count) > 0) {
                let (resource, class) = (resource.name(), class + 1);
                writeln!(f, "griot_http_requests_total{{resource=\"{resource}\",status=\"{class}xx\"}} {}", read(count))?;
            }
        }
        let mut single = |name: &str, kind: &str, help: &str, value: u64| -> fmt::Result {
            writeln!(f, "# HELP griot_{name} {help}\n# TYPE griot_{name} {kind}\ngriot_{name} {value}")
        };
        // Read before what is taken from it, so that it is never the smaller one.
        let closed = read(&self.closed);
        let accepted = read(&self.accepted);
        single("http_response_bytes_total", "counter", "Bytes of the bodies of answers.", read(&self.bytes))?;
        single("http_connections_total", "counter", "Connections that were taken.", accepted)?;
        single("http_connections_open", "gauge", "Connections that are open.", accepted.saturating_sub(closed))?;
        single(
            "http_connections_refused_total",
            "counter",
            "Connections for which there was no place.",
            read(&self.turned_away),
        )?;
        let name = "griot_http_request_duration_seconds";
        writeln!(f, "# HELP {name} From the head of a request to the end of its answer.\n# TYPE {name} histogram")?;
        let mut count = 0;
        for (at, within) in self.durations.iter().enumerate() {
            count += read(within);
            match BOUNDS.get(at) {
                Some(bound) => writeln!(f, "{name}_bucket{{le=\"{}\"}} {count}", Seconds(bound * 1000))?,
                None => writeln!(f, "{name}_bucket{{le=\"+Inf\"}} {count}")?,
            }
        }
        writeln!(f, "{name}_sum {}\n{name}_count {count}", Seconds(read(&self.microseconds)))
    }
}

/// Microseconds, written as seconds.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.accepted();
        metrics.answered(Resource::Feed, 200, 1000, Duration::from_micros(700));
        metrics.answered(Resource::Feed, 304, 0, Duration::from_micros(300));
        metrics.answered(Resource::Sound, 206, 5, Duration::from_secs(700));
        metrics.answered(Resource::Nothing, 999, 0, Duration::from_millis(20));
        let text = metrics.to_string();
        for line in [
            "griot_http_requests_total{resource=\"feed\",status=\"2xx\"} 1\n",
            "griot_http_requests_total{resource=\"feed\",status=\"3xx\"} 1\n",
            "griot_http_requests_total{resource=\"sound\",status=\"2xx\"} 1\n",
            "griot_http_response_bytes_total 1005\n",
            "griot_http_connections_open 1\n",
            "_bucket{le=\"0.001\"} 2\n",
            "_bucket{le=\"0.025\"} 3\n",
            "_bucket{le=\"600\"} 3\n",
            "_bucket{le=\"+Inf\"} 4\n",
            "_seconds_sum 700.021\n",
            "_seconds_count 4\n",
        ] {
            assert!(text.contains(line), "no {line}: {text}");
        }
        assert!(text.lines().all(|line| line.starts_with("# ") || line.split(' ').count() == 2), "{text}");
    }
}
