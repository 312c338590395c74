use std::path::PathBuf;

/// What keeps a show from being published. What is wrong within a file is said by whoever read it.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    #[error("failed to read the folder `{}` of the show `{show}`", folder.display())]
    NoFolder { show: String, folder: PathBuf, source: std::io::Error },
    #[error("`{}` and `{}` are two notes of one episode", first.display(), second.display())]
    TwoNotes { first: PathBuf, second: PathBuf },
    #[error("`{}` has no sound beside it", note.display())]
    NoSound { note: PathBuf },
    #[error("`{}` names `{named}`, which is not there", note.display())]
    NotThere { note: PathBuf, named: String },
    #[error("`{}` is a link, not a file", file.display())]
    Linked { file: PathBuf },
    #[error("`{}` is not what was published under this name", file.display())]
    Reused { file: PathBuf, public: String },
    #[error("`{}` and another file would both be public as `{public}`", file.display())]
    SameName { file: PathBuf, public: String },
    #[error("the name of `{}` cannot stand in an address", file.display())]
    Name { file: PathBuf },
    #[error("`{}`: {what}", file.display())]
    Companion { file: PathBuf, what: String },
    #[error("`{}` needs a whole number as its `episode`: the show is serial", note.display())]
    NoNumber { note: PathBuf },
    #[error("`{}` would give the episode `{title}` the id `{new}` instead of `{old}`, and show it as new to every listener", note.display())]
    NewId { note: PathBuf, title: String, old: String, new: String },
    #[error("two episodes have the id `{guid}`: `{first}` and `{second}`")]
    SameId { guid: String, first: String, second: String },
    #[error("the show `{show}` would get the id {new} instead of {old}, and be another show to every app")]
    NewShowId { show: String, old: String, new: String },
    #[error("the feed of the show `{show}` would move from `feeds/{old}/` to `feeds/{new}/`")]
    Moved { show: String, old: String, new: String },
}

impl ShowError {
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoFolder { .. } => "make the folder, or mend `episodes` of the show in the config".to_owned(),
            Self::TwoNotes { .. } => "keep one of them".to_owned(),
            Self::NoSound { .. } => {
                "lay the sound beside it under the same name, such as `.mp3`, or name it with `audio`".to_owned()
            }
            Self::NotThere { .. } => "lay it into the same folder, or mend its name in the note".to_owned(),
            Self::Linked { .. } => "lay the file itself into the folder, not a link to it".to_owned(),
            Self::Reused { file, public } => {
                let ending = file.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
                let stem = public.strip_suffix(&format!(".{ending}")).unwrap_or(public);
                format!(
                    "apps keep a file by its address and would go on with the old one: give the new one a new name, such as `{stem}-2.{ending}`, and name it in the note or the config"
                )
            }
            Self::SameName { .. } => "give one of them another name".to_owned(),
            Self::Name { .. } => {
                "give it a name of ASCII letters, digits, `-`, `_` and `.`, here and where it is served".to_owned()
            }
            Self::Companion { .. } => return None,
            Self::NoNumber { .. } => "write `episode: 1`, and so on, and what listeners are to see in its place as `episode_name`; a trailer or a bonus needs none".to_owned(),
            Self::NewId { .. } => "leave `guid` out of the note; if it is meant, run again with `--allow-new-ids`".to_owned(),
            Self::SameId { .. } => "give one of them another `guid`, or none".to_owned(),
            Self::NewShowId { .. } => {
                "leave `guid` out of the show, or write the old one; if it is meant, run again with `--allow-new-ids`".to_owned()
            }
            Self::Moved { old, .. } => {
                format!("write `slug = \"{old}\"` into the show; if it is meant, run again with `--allow-new-ids`")
            }
        })
    }
}
