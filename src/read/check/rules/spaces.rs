//! What holds for the elements of each namespace: that it has such an element, in this place, with these attributes.

use crate::domain::Rule;

/// The rules that the elements of one namespace are held to.
#[derive(Debug)]
pub(in crate::read::check) struct Space {
    pub unknown: &'static Rule,
    pub place: &'static Rule,
    pub repeated: &'static Rule,
    pub attribute: &'static Rule,
    /// An attribute that is recommended and missing.
    pub advised: &'static Rule,
    pub unknown_attribute: &'static Rule,
    pub value: &'static Rule,
}

/// Declares the rules of a namespace.
macro_rules! space {
    ($module:ident, $prefix:literal, $name:literal, $why:literal, $place:ident, $repeated:ident, $value:ident, $advised:path) => {
        pub(in crate::read::check) mod $module {
            crate::domain::rules! {
                UNKNOWN = Warning concat!($prefix, "-tag-unknown"), concat!($name, " has no such element"),
                    concat!($why, " ignore it, whatever it was meant to say"), "check the spelling, or take it out";
                PLACE = $place concat!($prefix, "-tag-misplaced"), concat!("an element of ", $name, " is not for this place"),
                    concat!($why, " ignore it here"), "move it to where it belongs";
                REPEATED = $repeated concat!($prefix, "-tag-repeated"), concat!("an element of ", $name, " is there more than once"),
                    concat!("of ", $why, " some take the first, some the last"), "keep one";
                ATTRIBUTE = Error concat!($prefix, "-attribute-missing"), concat!("an element of ", $name, " lacks a required attribute"),
                    concat!($why, " skip the element"), "add it";
                UNKNOWN_ATTRIBUTE = Warning concat!($prefix, "-attribute-unknown"), concat!($name, " knows no such attribute there"),
                    concat!($why, " ignore it, whatever it was meant to say"), "check the spelling, or take it out";
                VALUE = $value concat!($prefix, "-value"), concat!("a value of ", $name, " is none that can stand there"),
                    concat!($why, " ignore it, or cut it off"), "write it as the specification says";
            }
            pub(in crate::read::check) static SPACE: super::Space = super::Space {
                unknown: &UNKNOWN,
                place: &PLACE,
                repeated: &REPEATED,
                attribute: &ATTRIBUTE,
                advised: &$advised,
                unknown_attribute: &UNKNOWN_ATTRIBUTE,
                value: &VALUE,
            };
        }
    };
}

space!(itunes, "itunes", "Apple's namespace", "Apple Podcasts and all other podcast apps", Error, Error, Error, ATTRIBUTE);
space!(podcasting, "podcasting", "the podcast namespace", "apps for Podcasting 2.0", Error, Error, Error, super::advice::ADVISED);
space!(media, "media", "Media RSS", "readers that show pictures and videos", Error, Warning, Error, ATTRIBUTE);
space!(modules, "module", "this module", "readers that know it", Warning, Warning, Error, ATTRIBUTE);

pub(in crate::read::check) mod advice {
    crate::domain::rules! {
        ADVISED = Advice "podcasting-advised", "an element of the podcast namespace lacks what is recommended",
            "apps for Podcasting 2.0 have to do without it", "add it, or keep to the recommended range";
    }
}
