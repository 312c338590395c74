use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::programs::{Background, Missing, node, program};

/// A desk looks at a page while it is being written: on three screens, by day and by night, with pictures and without. Each
/// change is seen without a hand on the browser, and so is what is wrong, and that griot has ended.
pub fn in_a_browser() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let mut command = node("preview.cjs", Some("axe-core"))?;
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-letters/latin");
    let desk = Desk::bare();
    desk.write("page.html", fs::read(fixture.join("page.html")).unwrap());
    let config = fs::read_to_string(fixture.join("griot.toml")).unwrap();
    desk.write("config/griot.toml", config.split("[[shows]]").next().unwrap());

    let arguments = ["letter", "preview", "page.html", "--port", "0"];
    let mut griot = Background(desk.command(&arguments).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(griot.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.split_whitespace().nth(1).unwrap_or_else(|| panic!("{line:?}"));
    let output = command.arg(chromium).arg(url).arg(desk.path("page.html")).arg(griot.0.id().to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(griot.0.wait().unwrap().success());

    let facts = &seen["facts"];
    let says = |key: &str, words: &str| {
        let text = facts[key].as_str().unwrap();
        assert!(text.contains(words), "no `{words}` in the {key}: {text}");
    };
    assert_eq!(facts["title"], "The night bus learns to swim · griot preview");
    says("text", "At half past two in the morning");
    says("size", "of 100,000 bytes");
    assert!(facts["bar"].as_u64() > Some(100) && facts["bar"].as_u64() < Some(500), "{facts:#}");
    assert!(facts["headers"].as_array().unwrap().contains(&json!(["Reply-To", "desk@ferry.example"])), "{facts:#}");
    assert!(facts["scroll"].as_u64() <= Some(1440), "{facts:#}");

    check_frames(&seen["light"], "The night bus learns to swim", |part| part > 0xC0);
    check_frames(&seen["dark"], "The night bus learns to swim", |part| part < 0x40);
    check_frames(&seen["again"], "By noon the bus learns to swim", |part| part > 0xC0);
    let findings = |facts: &str| seen[facts]["findings"].as_str().unwrap().to_owned();
    assert!(!findings("facts").contains("bit.ly"), "{}", findings("facts"));
    assert!(findings("changed").contains("https://bit.ly/smoke"), "{}", findings("changed"));
    assert_eq!(seen["address"], "?mode=dark&pictures=off", "both switches by the keyboard");
    for findings in [&seen["findings"], &seen["night"]["findings"], &seen["troubleFindings"]] {
        assert_eq!(findings, &json!([]), "axe-core of the preview itself");
    }
    assert_eq!(seen["night"]["scroll"], 360, "sideways scroll");

    let pictures = json!(["https://ferry.example/pictures/raft.jpg", "https://ferry.example/pictures/whistle.jpg"]);
    assert_eq!((&seen["shown"]["asked"], &seen["shown"]["kept"]), (&pictures, &json!([])));
    assert_eq!((&seen["hidden"]["asked"], &seen["hidden"]["kept"]), (&json!([]), &pictures));
    assert!(seen["hidden"]["ink"].as_u64() > Some(300), "no words where the picture is: {:#}", seen["hidden"]);
    assert!(seen["trouble"].as_str().unwrap().contains("`page.html` is empty"), "{}", seen["trouble"]);
    assert!(seen["ended"].as_str().unwrap().starts_with("griot has ended"), "{}", seen["ended"]);
    Ok(())
}

/// The frames of the three screens: each as wide as it says, with the letter in it, light or dark.
#[track_caller]
fn check_frames(frames: &Value, title: &str, is_right: impl Fn(u64) -> bool) {
    let frames = frames.as_array().unwrap();
    let widths: Vec<u64> = frames.iter().map(|frame| frame["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, [360, 768, 1280]);
    for frame in frames {
        assert_eq!(frame["title"], title);
        assert_eq!(frame["scroll"], frame["width"], "{frame:#}");
        assert!(frame["ground"].as_array().unwrap().iter().all(|part| is_right(part.as_u64().unwrap())), "{frame:#}");
    }
}
