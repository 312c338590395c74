/// How much of its lead article a letter carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterBody {
    /// All of it, as far as it goes into a letter.
    #[default]
    Full,
    /// The summary, and where to read on.
    Summary,
}

/// What becomes of a picture of which nobody has said what it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WithoutAlt {
    /// There is no letter until somebody does.
    #[default]
    Refused,
    /// It is shown, and passed over by programs that read aloud.
    Decorative,
    /// It is not shown; whose it is, is said.
    LeftOut,
}
