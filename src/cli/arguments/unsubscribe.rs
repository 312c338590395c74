use clap::Args;

const EXAMPLES: &str = "\
Examples:
  griot unsubscribe TOKEN                 take the reader of this token off the list
  griot unsubscribe --json -              the same, the token from standard input, told as JSON

Exit codes:
  0   the reader has left, now or before
  1   the token is none of this ledger's, or its reader was erased
  75  the ledger cannot be written now: try again";

/// Take the reader of a token off the list
///
/// For a CGI script or a function of a static host, where no `griot serve` answers the links of the letters. The token is
/// that of the link, behind `t=`; who has it can only be the reader, or somebody whom the reader gave the letter. Answer POST
/// with it, and GET with a button: mail scanners open every link.
///
/// With --json it prints an object: `left` (now, before or unknown) and `list`. No address is printed either way.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Unsubscribe {
    /// The token, or - for standard input
    pub token: String,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
