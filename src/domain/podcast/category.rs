use std::fmt;

/// A category of Apple's directory (<https://podcasters.apple.com/support/1691-apple-podcasts-categories>), which all
/// directories take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    pub top: &'static str,
    pub below: Option<&'static str>,
}

impl Category {
    /// The category as `News` or `News > Daily News`, whatever the case; `None` where the list has no such one.
    pub fn parse(text: &str) -> Option<Self> {
        let (top, below) = match text.split_once('>') {
            Some((top, below)) => (top.trim(), Some(below.trim())),
            None => (text.trim(), None),
        };
        let (top, all_below) = ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(top))?;
        let below = match below {
            Some(below) => Some(*all_below.iter().find(|name| name.eq_ignore_ascii_case(below))?),
            None => None,
        };
        Some(Self { top, below })
    }

    /// The category that was probably meant: one with the same word, or one further down the list by that name alone.
    pub fn meant(text: &str) -> Option<Self> {
        let wanted = text.rsplit('>').next()?.trim();
        ALL.iter().find_map(|(top, all_below)| {
            let below = all_below.iter().find(|name| name.eq_ignore_ascii_case(wanted));
            below.map(|below| Self { top, below: Some(below) })
        })
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.top)?;
        self.below.map_or(Ok(()), |below| write!(f, " > {below}"))
    }
}

/// The list as of 2019, the last change to it.
const ALL: &[(&str, &[&str])] = &[
    ("Arts", &["Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"]),
    ("Business", &["Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"]),
    ("Comedy", &["Comedy Interviews", "Improv", "Stand-Up"]),
    ("Education", &["Courses", "How To", "Language Learning", "Self-Improvement"]),
    ("Fiction", &["Comedy Fiction", "Drama", "Science Fiction"]),
    ("Government", &[]),
    ("Health & Fitness", &["Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"]),
    ("History", &[]),
    ("Kids & Family", &["Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"]),
    ("Leisure", &["Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"]),
    ("Music", &["Music Commentary", "Music History", "Music Interviews"]),
    ("News", &["Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"]),
    ("Religion & Spirituality", &["Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"]),
    (
        "Science",
        &[
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ],
    ),
    ("Society & Culture", &["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"]),
    (
        "Sports",
        &[
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ],
    ),
    ("TV & Film", &["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
    ("Technology", &[]),
    ("True Crime", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_those_of_the_list() {
        assert_eq!(Category::parse("news > daily news").unwrap().to_string(), "News > Daily News");
        assert_eq!(Category::parse("Kids & Family"), Some(Category { top: "Kids & Family", below: None }));
        for none in ["Kids &amp; Family", "Daily News", "News > Documentary", ""] {
            assert_eq!(Category::parse(none), None, "{none}");
        }
        assert_eq!(Category::meant("Daily News").unwrap().to_string(), "News > Daily News");
    }
}
