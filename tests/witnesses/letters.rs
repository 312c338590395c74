use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::programs::{Missing, letters_told, program};

/// The letters of `tests/golden-letters/`, which the suite holds to be those that griot writes.
const LETTERS: [&str; 4] = ["latin", "arabic", "digest", "low-data"];

/// One of each fault, to be put into a letter: witnesses that never see one would prove nothing.
const FAULTS: &str = r#"
<style>@media (prefers-color-scheme:dark){.ink-at-night{color:#3a352f !important;background-color:#211d19 !important}}</style>
<p style="color:#c9c0b4;background-color:#fffdf9">pale by day</p>
<p class="ink-at-night" style="color:#2a2520;background-color:#fffdf9">dark by night</p>
<p style="color:#7a7a7a;background-color:#a0a0a0">grey on grey</p>
<p style="width:900px">wide</p>
<img src="https://ferry.example/nothing.jpg" width="100" height="100">
<a href="https://ferry.example/silent"></a>
<table role="presentation"><tr><td>never closed</p></tr></table>
"#;

fn golden() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-letters");
    LETTERS.iter().map(|name| folder.join(name).join("letter.html")).collect()
}

/// The letters, and after them one that has the faults.
fn with_a_spoiled_one(folder: &Path) -> Vec<PathBuf> {
    let mut files = golden();
    let letter = fs::read_to_string(&files[0]).unwrap();
    let (above, below) = letter.split_once("</h1>").unwrap();
    let letter = format!("{}</h1>{FAULTS}{below}", above.replacen("<html lang=\"en\"", "<html", 1));
    let spoiled = folder.join("spoiled.html");
    fs::write(&spoiled, letter).unwrap();
    files.push(spoiled);
    files
}

/// On no screen, by day or by night, does axe-core find a serious fault or has a letter to be pushed sideways; and where a
/// mail program turns a light letter dark by itself, each line can be read.
pub fn on_screens() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let folder = tempfile::tempdir().unwrap();
    let files = with_a_spoiled_one(folder.path());
    let looks = letters_told("letters.cjs", "axe-core", Some(&chromium), &files)?;
    let looks = looks.as_array().unwrap();
    assert_eq!(looks.len(), files.len() * 7);
    let (good, spoiled) = looks.split_at(LETTERS.len() * 7);
    for look in good {
        if look["mode"] == "turned" {
            assert!(look["lines"].as_u64() > Some(20), "{look:#}");
            assert!(look["ground"].as_f64() < Some(0.05), "the letter was not turned dark: {look:#}");
            assert!(look["ratio"].as_f64() >= Some(4.5), "{look:#}");
            continue;
        }
        assert_eq!(look["findings"], json!([]), "{look:#}");
        assert_eq!(look["inner"], look["width"]);
        assert_eq!(look["scroll"], look["width"], "sideways scroll: {look:#}");
        let is_light = look["ground"].as_array().unwrap().iter().all(|part| part.as_u64() > Some(0xC0));
        let is_dark = look["ground"].as_array().unwrap().iter().all(|part| part.as_u64() < Some(0x40));
        assert!(if look["mode"] == "dark" { is_dark } else { is_light }, "{look:#}");
    }
    let spoiled = |mode: &str, width: u32| -> &Value {
        spoiled.iter().find(|look| look["mode"] == mode && look["width"] == width).unwrap()
    };
    let finds = |look: &Value, rule: &str, of: &str| {
        let mut findings = look["findings"].as_array().unwrap().iter().map(|finding| finding.as_str().unwrap());
        assert!(findings.any(|finding| finding.starts_with(rule) && finding.contains(of)), "no {rule} of {of}: {look:#}");
    };
    for mode in ["light", "dark"] {
        let look = spoiled(mode, 320);
        finds(look, "html-has-lang", "<html");
        finds(look, "image-alt", "nothing.jpg");
        finds(look, "link-name", "<a href");
        assert!(look["scroll"].as_u64() > Some(900), "{look:#}");
    }
    finds(spoiled("light", 600), "color-contrast", "pale by day");
    finds(spoiled("dark", 600), "color-contrast", "dark by night");
    let turned = spoiled("turned", 600);
    assert!(turned["ratio"].as_f64() < Some(4.5) && turned["text"] == "grey on grey", "{turned:#}");
    Ok(())
}

/// html-validate finds no fault, but for what mail programs need.
pub fn markup() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let files = with_a_spoiled_one(folder.path());
    let told = letters_told("markup.cjs", "html-validate", None, &files)?;
    let found = |file: &PathBuf| told[file.to_str().unwrap()].as_array().unwrap();
    let (spoiled, good) = files.split_last().unwrap();
    for file in good {
        assert!(found(file).is_empty(), "{}: {:#?}", file.display(), found(file));
    }
    for rule in ["close-order", "wcag/h37", "element-required-attributes"] {
        let finds = found(spoiled).iter().any(|finding| finding.as_str().unwrap().starts_with(rule));
        assert!(finds, "no {rule}: {:#?}", found(spoiled));
    }
    Ok(())
}
