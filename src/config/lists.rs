//! `[[lists]]`: what readers can subscribe to.

use super::options::ListOptions;
use super::settings::Check;
use crate::domain::{Language, Line, Publication, slug};

/// A list as its readers know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSettings {
    /// Its name in the ledger and on the command line.
    pub name: Line,
    pub title: Line,
    pub description: Option<Line>,
    pub language: Language,
    /// Whether anybody can ask to be put on it.
    pub public: bool,
}

impl Check {
    /// The lists of the config; where there are none, the one that letters go to, under the title of the publication.
    pub(super) fn lists(
        &mut self,
        lists: &[ListOptions],
        default: Option<&Line>,
        publication: Option<&Publication>,
    ) -> Vec<ListSettings> {
        let Some(publication) = publication else { return Vec::new() };
        let mut out: Vec<ListSettings> = Vec::new();
        for (at, list) in lists.iter().enumerate() {
            let key = |name: &str| format!("lists[{}].{name}", at + 1);
            let name =
                self.needed(&key("name"), list.name.as_ref(), "a name of lower-case letters, digits and hyphens", |name| {
                    Line::new(name).filter(|line| slug(line.as_str(), 60) == line.as_str())
                });
            let title = self.needed(&key("title"), list.title.as_ref(), "what readers call the letter", Line::new);
            let description = self.optional(&key("description"), list.description.as_ref(), "a line of text", Line::new);
            let language = self.optional(&key("language"), list.language.as_ref(), "a language such as `fr`", Language::parse);
            let (Some(name), Some(title)) = (name, title) else { continue };
            if out.iter().any(|other| other.name == name) {
                self.problem(&key("name"), format!("`{name}` is the name of two lists"));
            }
            let language = language.unwrap_or_else(|| publication.language.clone());
            out.push(ListSettings { name, title, description, language, public: list.public.unwrap_or(true) });
        }
        if lists.is_empty() {
            out.extend(default.map(|name| ListSettings {
                name: name.clone(),
                title: publication.title.clone(),
                description: None,
                language: publication.language.clone(),
                public: true,
            }));
        }
        out
    }
}
