//! What lies in the inbox and cannot be taken in.

use std::fs;
use std::os::unix::fs::symlink;

use super::{NO_DATE, NO_TEXT, desk, desk_with, edit, refused};
use crate::harness::{RIVER, SAMPLE};
use crate::servers::mta::Mta;

#[test]
fn the_inbox_sorts_out_what_cannot_be_taken_in() {
    let desk = desk();
    edit(&desk);
    fs::create_dir_all(desk.path("inbox/drafts")).unwrap();
    fs::rename(desk.path("river.txt"), desk.path("inbox/the river, ümlaut.txt")).unwrap();
    desk.write("inbox/a photo.jpg", b"\xFF\xD8\xFF\xE0");
    desk.write("inbox/note", "word\n");
    desk.write("secret.txt", RIVER);
    symlink("../secret.txt", desk.path("inbox/link.txt")).unwrap();
    symlink("gone.txt", desk.path("inbox/broken.txt")).unwrap();
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "failed    inbox/a photo.jpg (see inbox/failed/a photo.jpg.why)\n\
         failed    inbox/broken.txt (see inbox/failed/broken.txt.why)\n\
         failed    inbox/link.txt (see inbox/failed/link.txt.why)\n\
         failed    inbox/note (see inbox/failed/note.why)\n\
         edited    2026-03-04-a-river-rises  A river rises\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.html\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.txt\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.eml\n\
         changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n"
    );
    let whys = [
        ("a photo.jpg", "error: `inbox/a photo.jpg` is a JPEG image, not a page of text\n\nhint: save the article as HTML, or copy its text into a `.txt` file\n".to_owned()),
        ("broken.txt", "error: `inbox/broken.txt` is a link, not a file\n\nhint: lay the file itself into the inbox, not a link to it\n".to_owned()),
        ("link.txt", "error: `inbox/link.txt` is a link, not a file\n\nhint: lay the file itself into the inbox, not a link to it\n".to_owned()),
        ("note", format!("error: `inbox/note` lacks what an article needs\n  {NO_DATE}\n  {NO_TEXT}\n")),
    ];
    for (name, why) in &whys {
        assert_eq!(desk.read(&format!("inbox/failed/{name}.why")), *why);
        assert!(desk.path(&format!("inbox/failed/{name}")).symlink_metadata().is_ok(), "{name}");
    }
    assert_eq!(ran.stderr, whys.iter().map(|(_, why)| why.as_str()).collect::<String>());
    assert!(desk.exists("inbox/done/the river, ümlaut.txt") && desk.exists("inbox/drafts") && desk.exists("secret.txt"));
    assert_eq!(desk.done(&["run"]), "", "what failed is not tried again");
}

#[test]
fn an_inbox_that_cannot_be_emptied_keeps_no_letter_from_going_out() {
    let server = Mta::start();
    let desk = desk_with(&format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\n[[schedule]]\nname = \"daily\"\nat = \"0 13 * * *\"\n",
        server.port
    ));
    desk.write("inbox/page.txt", SAMPLE);
    desk.write("inbox/failed", "in the way");
    let ran = desk.griot(&["run"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to make the folder `inbox/failed`\n  caused by: File exists (os error 17)\n\n\
             hint: a file stands where a folder should be: move it away\n"
        )
    );
    assert_eq!(server.mailed(), ["ada@one.example"]);
    assert!(desk.exists("inbox/page.txt"), "the file stays until it can be moved");
    fs::remove_file(desk.path("inbox/failed")).unwrap();
    desk.done(&["run"]);
    assert!(desk.exists("inbox/done/page.txt"));
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn an_inbox_that_is_a_file_is_named() {
    let desk = desk();
    desk.write("inbox", "in the way");
    refused(
        &desk,
        &["run"],
        1,
        "error: failed to look into the inbox `inbox`\n  caused by: Not a directory (os error 20)\n\n\
         hint: a file stands where a folder should be: move it away\n",
    );
}
