use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Missing, letters_told, program};

/// A desk's page of numbers has no serious fault for axe-core, on screens of three widths, by day and by night; nothing has to be
/// pushed sideways but the tables; and html-validate finds its markup right.
pub fn on_screens() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let desk = Desk::with_config("[delivery]\nsendmail = \"bin/sendmail\"\n");
    desk.write("bin/sendmail", "#!/bin/sh\ncat > /dev/null\n");
    fs::set_permissions(desk.path("bin/sendmail"), fs::Permissions::from_mode(0o755)).unwrap();
    publish(&desk);
    desk.write("readers.csv", "email\nada@readers.example\nba@readers.example\ncy@big.example\n");
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    for edition in EDITIONS {
        desk.done(&["send", edition]);
    }
    desk.done(&["subscribers", "remove", "cy@big.example"]);
    desk.tamper(
        "INSERT INTO fetched (day, feed, application, fetches, subscribers) VALUES
             ('2026-03-04', 'feed.xml', 'A reader with a name that is rather long, as some are/1.0', 3000, 12)",
    );
    desk.done(&["status", "--page", "numbers.html"]);
    let files = [desk.path("numbers.html")];
    let looks = letters_told("letters.cjs", "axe-core", Some(&chromium), &files)?;
    for look in looks.as_array().unwrap().iter().filter(|look| look["mode"] != "turned") {
        assert_eq!(look["findings"], json!([]), "{look:#}");
        assert_eq!(look["scroll"], look["width"], "sideways scroll: {look:#}");
        let is_dark = look["ground"].as_array().unwrap().iter().all(|part| part.as_u64() < Some(0x40));
        assert_eq!(is_dark, look["mode"] == "dark", "{look:#}");
    }
    let told = letters_told("markup.cjs", "html-validate", None, &files)?;
    assert_eq!(told[files[0].to_str().unwrap()], json!([]));
    Ok(())
}
