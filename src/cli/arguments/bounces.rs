use std::path::PathBuf;

use clap::{Args, Subcommand};

const TAKE_EXAMPLES: &str = "\
What follows:
  hard            the address does not exist: it is suppressed
  soft            suppressed after 3 editions in a row within 30 days
  full            the mailbox is full: suppressed after 5 of them
  complaint       the reader leaves the list and is suppressed
  leaving         a reader's own mail with the token of a letter: the reader leaves the list
  anything else   nothing: policy, delays, notices of absence, what is unknown

Examples:
  griot bounces take -                    one report from a pipe of the mail server
  griot bounces take --maildir ~/Maildir  all that is new there
  griot bounces take --mbox bounces.mbox  all of a mailbox in one file
  griot bounces take --imap               what is new in the mailbox of [bounces.imap]
  griot bounces take report.eml           one report

In /etc/aliases, for the address of delivery.bounces:
  bounces: \"|griot --config /srv/desk/config/griot.toml --quiet bounces take -\"";

const LIST_EXAMPLES: &str = "\
Examples:
  griot bounces list                      all reports, each on a line
  griot bounces list --json               the same for programs
  griot bounces list --held               the domains that wait for your word";

/// Reports of undelivered mail, and complaints
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Bounces {
    Take(Take),
    /// Show the reports that were taken
    ///
    /// Each line says when it was taken, what it is (hard, soft, full, policy, delayed, delivered, auto-reply, challenge,
    /// complaint, leaving, unknown), what it has done to its reader, the reader, the edition and the server's words.
    ///
    /// With --json it prints an array of objects: `taken`, `class`, `effect` (suppressed, held, forgiven or null), `address`,
    /// `edition`, `list`, `status`, `words`, and `report`, the SHA-256 of the report.
    #[command(after_help = LIST_EXAMPLES)]
    List {
        /// Show the domains that are held: most of their readers bounced in one edition
        #[arg(long)]
        held: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Judge all reports that are kept again, as after an update of griot
    ///
    /// What is judged otherwise now has its effects changed, too: a suppression that no longer follows from the reports is
    /// lifted. Whoever left a list by a complaint stays away.
    Replay,
    /// Believe the reports of a domain that is held: its readers are gone, and none is mailed again
    Suppress {
        /// The domain, as `griot bounces list --held` prints it
        domain: String,
    },
    /// Take the reports of a domain that is held for the domain's own fault: its readers are mailed on
    Forgive {
        /// The domain, as `griot bounces list --held` prints it
        domain: String,
    },
}

/// Take reports of undelivered mail, and do what follows from them
///
/// Each is kept, and counts once, however often it is taken. It changes something only where it names a letter of this ledger,
/// by its Message-ID or by the address that the letter was sent from (delivery.bounces).
///
/// A mail to the same mailbox in which a reader asks to leave counts where its subject, the address it came to or its first
/// lines have the token of a letter; whoever it says it is from does not matter. One without a token is kept as unknown.
///
/// Where at least 5 readers of a domain, and more than half of them, bounce hard in one edition, they are held for you to
/// decide: `griot bounces list --held`.
///
/// A file of a Maildir moves from new/ to cur/ once the ledger has it; a mailbox on a server stays as it is. Nothing is ever
/// deleted. What goes wrong with a report
/// from a pipe ends with 75, so that the mail server keeps the report and tries again; so does a mailbox that cannot be reached.
#[derive(Args, Debug)]
#[command(after_help = TAKE_EXAMPLES)]
pub(in crate::cli) struct Take {
    /// A file with one report, or - for standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["maildir", "mbox", "imap"])]
    pub files: Vec<PathBuf>,

    /// Take what is new in this Maildir
    #[arg(long, value_name = "DIR")]
    pub maildir: Option<PathBuf>,

    /// Take all of this mbox; the file stays as it is
    #[arg(long, value_name = "FILE")]
    pub mbox: Option<PathBuf>,

    /// Take what is new in the mailbox of [bounces.imap], and leave it as it is
    #[arg(long)]
    pub imap: bool,
}
