//! The categories of Apple Podcasts (podcasters.apple.com/support/1691-apple-podcasts-categories), as of 2019 and since.

/// The categories, each with those in it.
#[rustfmt::skip]
const CATEGORIES: [(&str, &[&str]); 19] = [
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
    ("Science", &["Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics", "Social Sciences"]),
    ("Society & Culture", &["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"]),
    ("Sports", &["Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"]),
    ("TV & Film", &["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
    ("Technology", &[]),
    ("True Crime", &[]),
];

/// Whether there is such a category at the top; where not, the one that is likely meant.
pub(super) fn top(name: &str) -> Result<(), Option<&'static str>> {
    among(name, CATEGORIES.iter().map(|(known, _)| *known))
}

/// Whether there is such a category in another one.
pub(super) fn inner(parent: &str, name: &str) -> Result<(), Option<&'static str>> {
    let inner = CATEGORIES.iter().find(|(known, _)| *known == parent).map_or(&[][..], |(_, inner)| inner);
    among(name, inner.iter().copied())
}

fn among(name: &str, known: impl Iterator<Item = &'static str> + Clone) -> Result<(), Option<&'static str>> {
    if known.clone().any(|known| known == name) {
        return Ok(());
    }
    // Capitals, `and` for `&`, and what escaping leaves behind.
    let bare = |name: &str| name.to_lowercase().replace("&amp;", "&").replace(" and ", " & ").replace([' ', '-'], "");
    Err(known.into_iter().find(|known| bare(known) == bare(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact() {
        assert_eq!(top("Kids & Family"), Ok(()));
        assert_eq!(top("kids and family"), Err(Some("Kids & Family")));
        assert_eq!(top("News & Politics"), Err(None));
        assert_eq!(inner("News", "Politics"), Ok(()));
        assert_eq!(inner("Arts", "Politics"), Err(None));
        assert_eq!(inner("Radio", "Politics"), Err(None));
    }
}
