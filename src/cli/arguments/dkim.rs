use clap::Subcommand;

use crate::config::selector_of;

const NEW_EXAMPLES: &str = "\
Examples:
  griot dkim new                          a key named `griot`, in config/dkim-griot.pem
  griot dkim new --selector griot2 --ed25519
                                          a second one, short and fast; many receivers do not know its kind yet";

const RECORD_EXAMPLES: &str = "\
Examples:
  griot dkim record                       the lines for the zone of the domain
  dig +short TXT griot._domainkey.example.org
                                          what the DNS shows of it";

/// Keys that sign your letters (DKIM)
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Dkim {
    /// Make a key, and print its DNS record and its lines for the config
    ///
    /// The key is made for the domain of letter.from, RSA with 2048 bits or Ed25519, in a file below config/ that only this
    /// user can read. No file is written over. Put the record into the DNS first, and the lines into the config once it is
    /// seen there: what is signed with a key that nobody can look up counts as forged with some receivers.
    #[command(after_help = NEW_EXAMPLES)]
    New {
        /// What the key is called in the DNS: SELECTOR._domainkey.DOMAIN
        #[arg(long, default_value = "griot", value_parser = selector)]
        selector: String,
        /// Make an Ed25519 key (RFC 8463) instead of RSA
        #[arg(long)]
        ed25519: bool,
    },
    /// Print the DNS record of every key of the config
    ///
    /// Each is a line of a zone file: the name, and the text in strings of at most 255 bytes. Where your provider has a form for
    /// records, put in the name before the first blank and the text without quotes, in one piece.
    #[command(after_help = RECORD_EXAMPLES)]
    Record,
}

fn selector(text: &str) -> Result<String, String> {
    selector_of(text).ok_or_else(|| "a selector is made of letters, digits and hyphens".to_owned())
}
