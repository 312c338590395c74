//! The pages of readers, over plain HTTP: what each answers, to whom, and what it leaves as it was.

mod choosing;
mod leaving;
mod scanners;
mod security;
mod site;
mod subscribing;
