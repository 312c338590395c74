use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::programs::{Missing, letters_told, node, program};
use crate::site::{LISTS, Site};

/// One of each fault, to be put into a page: witnesses that never see one would prove nothing.
const FAULTS: &str =
    "<p style=\"color:#c9c0b4\">pale</p><input name=\"nameless\"><p style=\"width:900px\">wide</p><button>x</bttn>";

/// Every page that readers can come to, as it is answered; the last one has the faults.
fn pages(site: &Site) -> Vec<PathBuf> {
    let reader = site.reader("readers", "ada@reader.example");
    let leaving = site.reader("fish", "ben@reader.example");
    let stamp = site.stamp();
    let asked = site.subscribe(&stamp, "cy@reader.example", &["readers", "fish"]);
    let confirm = format!("confirm?t={}", site.confirming_token("readers", "cy@reader.example"));
    let [unsubscribe, preferences] = ["unsubscribe", "preferences"].map(|page| format!("{page}?t={reader}"));
    let press = [("press", "yes")];
    let saved = [("press", "save"), ("shown", "readers"), ("list", "readers"), ("list", "fish"), ("language", "ar")];
    let answers = [
        ("form", site.get("subscribe")),
        ("form-of-one", site.get("subscribe?list=fish&language=fr")),
        ("form-arabic", site.get("subscribe?language=ar")),
        ("wrong", site.subscribe(&stamp, "cy", &[])),
        ("again", site.subscribe("", "cy@reader.example", &["fish"])),
        ("asked", asked),
        ("confirm", site.get(&confirm)),
        ("confirmed", site.post(&confirm, &press)),
        ("gone", site.get("confirm?t=x")),
        ("unsubscribe", site.get(&unsubscribe)),
        ("left", site.post(&format!("unsubscribe?t={leaving}"), &press)),
        ("unknown", site.get("unsubscribe?t=x")),
        ("preferences", site.get(&preferences)),
        ("preferences-arabic", site.post(&preferences, &saved)),
        ("trouble", site.ask("POST", "subscribe", "Content-Type: text/plain\r\n", b"x")),
    ];
    let spoiled = answers[0].1.body.replace("</h1>", &format!("</h1>{FAULTS}")).replace("<html lang=\"en\"", "<html");
    let spoiled = ("spoiled", spoiled);
    let bodies = answers.into_iter().map(|(name, answer)| (name, answer.body)).chain([spoiled]);
    let file = |(name, body): (&str, String)| {
        let file = site.desk.path(&format!("{name}.html"));
        fs::write(&file, body).unwrap();
        file
    };
    bodies.map(file).collect()
}

/// On no screen, by day or by night, does axe-core find any fault; all can be read and hit, and nothing has to be pushed
/// sideways. With their headers the pages look the same in a browser, which has nothing to complain about.
pub fn on_screens() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let mut command = node("doors.cjs", Some("axe-core"))?;
    let site = Site::of(Desk::with_config(LISTS));
    let files = pages(&site);
    let output =
        command.arg(&chromium).arg(format!("http://127.0.0.1:{}/letters/subscribe", site.port)).args(&files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let looks = told["looks"].as_array().unwrap();
    assert_eq!(looks.len(), files.len() * 4);
    let (good, spoiled) = looks.split_at((files.len() - 1) * 4);
    let numbers = |look: &Value, key: &str| -> Vec<f64> {
        look[key].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    for look in good {
        assert_eq!(look["findings"], json!([]), "{look:#}");
        assert_eq!((&look["inner"], &look["scroll"]), (&look["width"], &look["width"]), "sideways scroll: {look:#}");
        assert!(numbers(look, "targets").iter().all(|pixels| *pixels >= 44.0), "{look:#}");
        assert!(numbers(look, "letters").iter().all(|pixels| *pixels >= 16.0), "{look:#}");
        assert_eq!(look["scripts"], 0);
        let ground = numbers(look, "ground");
        let is_right =
            if look["mode"] == "dark" { ground.iter().all(|part| *part < 64.0) } else { ground.iter().all(|part| *part > 192.0) };
        assert!(is_right, "{look:#}");
    }
    for rule in ["color-contrast", "html-has-lang", "label"] {
        let finds = |finding: &Value| finding.as_str().unwrap().starts_with(rule);
        assert!(spoiled[0]["findings"].as_array().unwrap().iter().any(finds), "no {rule}: {:#}", spoiled[0]);
    }
    assert!(spoiled[0]["scroll"].as_u64() > Some(900));
    assert_eq!(told["complaints"], json!([]));
    let as_file = good.iter().find(|look| look["file"] == files[0].to_str().unwrap()).unwrap();
    for key in ["targets", "letters", "ground", "scroll"] {
        assert_eq!(told["live"][key], as_file[key], "{key}: the style is not let through");
    }
    Ok(())
}

/// html-validate finds no fault.
pub fn markup() -> Result<(), Missing> {
    let site = Site::of(Desk::with_config(LISTS));
    let files = pages(&site);
    let told = letters_told("markup.cjs", "html-validate", None, &files)?;
    let found = |file: &PathBuf| told[file.to_str().unwrap()].as_array().unwrap();
    let (spoiled, good) = files.split_last().unwrap();
    for file in good {
        assert!(found(file).is_empty(), "{}: {:#?}", file.display(), found(file));
    }
    assert!(!found(spoiled).is_empty());
    Ok(())
}
