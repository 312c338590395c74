use std::net::SocketAddr;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  griot serve                             at the address of the config, or 127.0.0.1:8080
  griot serve --listen 0.0.0.0:8080       for all who reach this machine
  curl -i http://127.0.0.1:8080/healthz   whether it can do its work";

/// Serve the feeds, and the pages where readers subscribe and leave
///
/// Answers HTTP until it is told to stop. What lies in feeds/ is served below the path of publication.feeds: with the right
/// types, with tags and times, so that a feed that has not changed costs nothing; compressed (brotli, gzip) for whoever takes
/// that; in parts (Range) for podcast apps. Former addresses (`publication.former_feeds`) lead to the new one. Nothing else on
/// this machine can be reached. With serve.url in the config, the readers' pages are served below its path.
///
/// Slow clients, floods of connections and oversized requests are cut off, and the rest is answered. Encryption is the
/// business of a web server before it, such as nginx or Caddy: set `serve.behind_proxy` there.
///
/// GET /healthz says `ok` with status 200, or 503 and what is wrong. With serve.inside in the config, /metrics is served
/// there for Prometheus.
///
/// Ctrl-C or SIGTERM stops it: no new connection is taken, what is being answered is finished within ten seconds, and the
/// exit code is 0. Under systemd it takes over sockets (`LISTEN_FDS`; the first is serve.listen, the second serve.inside) and
/// says when it is ready (`NOTIFY_SOCKET`). The config is read once, at the start.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Serve {
    /// The address and port to listen at [default: serve.listen of the config, else 127.0.0.1:8080]; port 0 for any that is free
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}
