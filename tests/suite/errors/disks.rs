//! Disks without room, folders without rights, ledgers that are none.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::{EDITION, Found, NOON, desk, desk_with, edit};
use crate::harness::{Desk, RIVER, Ran, SAMPLE};
use crate::servers::mta::Mta;

/// What the next run makes whole again: the edit of the article that was taken in before the disk failed.
const EDITED: &str = "unchanged 2026-03-04-a-river-rises  A river rises\n\
                      changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.html\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.txt\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.eml\n";

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let desk = desk();
    edit(&desk);
    fs::rename(desk.path("feeds"), desk.path("aside")).unwrap();
    desk.write("feeds", "in the way");
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to write `feeds/feed.xml`\n  caused by: File exists (os error 17)\n\n\
             hint: a file stands where the folder `feeds` should be: move it away and run the same command again\n"
        )
    );
    assert_eq!(desk.read("feeds"), "in the way");
    fs::remove_file(desk.path("feeds")).unwrap();
    fs::rename(desk.path("aside"), desk.path("feeds")).unwrap();
    assert_eq!(desk.done(&["publish", "river.txt"]), EDITED);
}

#[test]
fn a_folder_in_the_place_of_a_file_is_named() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    fs::create_dir_all(desk.path("feeds/atom.xml")).unwrap();
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to write `feeds/atom.xml`\n  caused by: Is a directory (os error 21)\n\n\
             hint: a folder stands where the file should be: move it away and run the same command again\n"
        )
    );
    fs::remove_dir(desk.path("feeds/atom.xml")).unwrap();
    desk.done(&["publish", "river.txt"]);
    assert!(desk.exists("feeds/atom.xml"));
}

/// Says, past the test harness that keeps what a passing test prints, that a case could not be heard here.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED in errors::disks: {why}");
}

/// `griot` as somebody whom permission bits bind. Root is bound by them once it has given up its capabilities.
fn bound(desk: &Desk, arguments: &[&str]) -> Option<Ran> {
    let probe = Desk::bare();
    fs::set_permissions(probe.path(""), Permissions::from_mode(0o555)).unwrap();
    let file = probe.path("file");
    if fs::write(&file, "").is_err() {
        return Some(desk.griot(arguments));
    }
    fs::remove_file(&file).unwrap();
    let without = || {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--"]);
        command
    };
    let is_bound = without().arg("touch").arg(&file).stderr(Stdio::null()).status().is_ok_and(|status| !status.success());
    if !is_bound || file.exists() {
        skipped("permission bits do not bind this user, and `setpriv` (util-linux) cannot change that");
        return None;
    }
    let inner = desk.command(arguments);
    let mut command = without();
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(desk.path("")).env("NO_COLOR", "1");
    Some(Ran::of(command.stdin(Stdio::null())))
}

#[test]
fn what_this_user_may_not_touch_is_named() {
    #[track_caller]
    fn case(desk: &Desk, name: &str, mode: u32, arguments: &[&str], code: i32, stderr: &str) {
        let usual = fs::metadata(desk.path(name)).unwrap().permissions();
        let before = desk.snapshot("feeds");
        fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
        let ran = bound(desk, arguments);
        fs::set_permissions(desk.path(name), usual).unwrap();
        let Some(ran) = ran else { return };
        assert_eq!((ran.stderr.as_str(), ran.code), (stderr, code), "{name} {arguments:?}");
        assert!(desk.snapshot("feeds") == before, "the feeds have changed");
    }
    let desk = desk();
    let denied = "caused by: Permission denied (os error 13)";
    case(
        &desk,
        "river.txt",
        0o000,
        &["publish", "river.txt"],
        1,
        "error: `river.txt` may not be read by this user\n\nhint: give this user the right to read it, for example with `chmod`\n",
    );
    case(
        &desk,
        "config/griot.toml",
        0o000,
        &["run"],
        2,
        &format!(
            "error: failed to read the config `config/griot.toml`\n  {denied}\n\nhint: give this user the right to it, or call griot as the user whose it is\n"
        ),
    );
    edit(&desk);
    for mode in [0o000, 0o444] {
        case(
            &desk,
            "config/griot.db",
            mode,
            &["publish", "river.txt"],
            1,
            &format!(
                "error: failed to open the ledger `config/griot.db` for writing\n  {denied}\n\n\
                 hint: this user must be able to write the ledger, the files `-wal` and `-shm` where they lie beside it, and the folder\n"
            ),
        );
    }
    case(
        &desk,
        "feeds",
        0o555,
        &["publish", "river.txt"],
        1,
        &format!(
            "error: failed to write `feeds/feed.xml`\n  {denied}\n\nhint: this user must be able to write in `feeds`; the last good files are untouched\n"
        ),
    );
    assert_eq!(desk.done(&["publish", "river.txt"]), EDITED, "nothing of the edit is lost");
}

#[test]
fn a_full_disk_leaves_the_last_good_feeds() {
    let desk = desk();
    edit(&desk);
    for name in ["feed.xml", "atom.xml", "feed.json", "editions/2026-03-04-a-river-rises/letter.txt"] {
        // Whatever is written beside the old file finds no room.
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let beside = desk.path("feeds").join(folder).join(format!(".{file}.new"));
        let before = desk.snapshot("feeds");
        symlink("/dev/full", &beside).unwrap();
        let ran = desk.griot(&["publish", "river.txt"]);
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (
                1,
                format!(
                    "error: failed to write `feeds/{name}`\n  caused by: No space left on device (os error 28)\n\n\
                     hint: the disk is full: make room and run the same command again; the last good files are untouched\n"
                )
                .as_str()
            )
        );
        if folder.is_empty() {
            assert!(desk.snapshot("feeds") == before, "{name}: the feeds have changed, or something was left beside them");
        } else {
            let changed: Vec<_> =
                desk.snapshot("feeds").into_iter().filter(|file| !before.contains(file)).map(|file| file.0).collect();
            assert_eq!(
                changed,
                ["atom.xml", "feed.json", "feed.xml"].map(|name| desk.path("feeds").join(name)),
                "no part of the letter"
            );
        }
    }
    assert_eq!(
        desk.done(&["publish", "river.txt"]).lines().filter(|line| line.starts_with("changed")).count(),
        3,
        "the letter follows"
    );
}

/// Runs a script of `sh` where it may mount small disks; `griot` is the command. `None`, loudly, where the system forbids it.
pub fn with_small_disks(desk: &Desk, script: &str) -> Option<String> {
    let unshared = || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-eu", "-c"]);
        command
    };
    let may =
        unshared().arg("mount -t tmpfs none .").current_dir(desk.path("")).output().is_ok_and(|output| output.status.success());
    if !may {
        skipped("`unshare --map-root-user --mount` (util-linux) is not there or not allowed");
        return None;
    }
    let script = format!("griot() {{ \"$GRIOT\" --now {NOON} \"$@\"; }}\n{script}");
    let griot = env!("CARGO_BIN_EXE_griot");
    let ran = Ran::of(unshared().arg(script).current_dir(desk.path("")).env("NO_COLOR", "1").env("GRIOT", griot));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    Some(ran.stdout)
}

#[test]
fn feeds_on_a_full_disk_survive_and_are_made_whole_when_there_is_room() {
    let desk = desk();
    desk.write("page.txt", SAMPLE);
    let script = r"
        cp -a feeds good
        mount -t tmpfs -o size=200k none feeds
        cp -a good/. feeds
        cat /dev/zero > feeds/filler 2> no-room || true
        griot publish page.txt > out 2> err || echo code $?
        cat out err
        rm feeds/filler
        diff -r good feeds && echo as before
        griot publish page.txt
        griot publish page.txt
    ";
    let id = "2023-11-17-mali-what-follows-the-armys-return-to-kidal";
    let Some(told) = with_small_disks(&desk, script) else { return };
    assert_eq!(
        told,
        format!(
            "code 1\nnew       {id}  Mali: What follows the army's return to Kidal?\n\
             error: failed to write `feeds/feed.xml`\n  caused by: No space left on device (os error 28)\n\n\
             hint: the disk is full: make room and run the same command again; the last good files are untouched\n\
             as before\n\
             unchanged {id}  Mali: What follows the army's return to Kidal?\n\
             changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
             wrote     feeds/editions/{id}/letter.html\nwrote     feeds/editions/{id}/letter.txt\nwrote     feeds/editions/{id}/letter.eml\n\
             pages     feeds/index.html\nunchanged {id}  Mali: What follows the army's return to Kidal?\n"
        )
    );
}

#[test]
fn a_ledger_on_a_full_disk_takes_nothing_by_halves() {
    let desk = desk();
    desk.write("page.txt", SAMPLE);
    desk.write("inbox/page.txt", SAMPLE);
    let script = r"
        cp -a config good
        mount -t tmpfs -o size=1000k none config
        cp -a good/. config
        cat /dev/zero > config/filler 2> no-room || true
        griot publish page.txt 2> err || echo code $?
        cat err
        # Room for the files beside the ledger, and for nothing in them.
        truncate -s -40K config/filler
        for command in 'publish page.txt' 'subscribers add ba@two.example' run; do
            griot $command 2> err || echo code $?
            cat err
        done
        griot status
        ls inbox
        rm config/filler
        griot run
        griot status
    ";
    let Some(told) = with_small_disks(&desk, script) else { return };
    let hint =
        "hint: the disk that the ledger lies on is full: make room and run the same command again; nothing half-done was kept\n";
    let unopened = format!(
        "code 1\nerror: failed to open the ledger `config/griot.db`\n  \
         caused by: error returned from database: (code: 4874) disk I/O error\n\n{hint}"
    );
    let full = format!(
        "code 1\nerror: the ledger failed\n  caused by: error returned from database: (code: 13) database or disk is full\n\n{hint}"
    );
    let id = "2023-11-17-mali-what-follows-the-armys-return-to-kidal";
    let lately = "lately    `readers`: 1 confirmed, 0 pending, 0 left in 4 weeks\n";
    assert_eq!(
        told,
        format!(
            "{unopened}{full}{full}{full}articles  1\nreaders   1 confirmed, 0 pending\n{lately}page.txt\n\
             new       {id}  Mali: What follows the army's return to Kidal?\n\
             wrote     feeds/editions/{id}/letter.html\nwrote     feeds/editions/{id}/letter.txt\nwrote     feeds/editions/{id}/letter.eml\n\
             changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
             pages     feeds/index.html\n\
             articles  2\nreaders   1 confirmed, 0 pending\n{lately}"
        )
    );
}

#[test]
fn a_ledger_that_is_none_is_left_as_it_is() {
    fn settled(desk: &Desk) -> Vec<Found> {
        let of_sqlite = |path: &PathBuf| path.ends_with("griot.db-wal") || path.ends_with("griot.db-shm");
        desk.snapshot("").into_iter().filter(|(path, ..)| !of_sqlite(path)).collect()
    }
    #[track_caller]
    fn case(content: impl Fn(&[u8]) -> Vec<u8>, cause: &str, hint: &str) {
        let desk = desk();
        let ledger = fs::read(desk.path("config/griot.db")).unwrap();
        desk.write("config/griot.db", content(&ledger));
        let error = format!("error: failed to open the ledger `config/griot.db`\n  caused by: {cause}\n\nhint: {hint}\n");
        // SQLite's two side files come and go with the connection, at times after the process.
        let before = settled(&desk);
        for arguments in [&["publish", "river.txt"][..], &["run"], &["send"], &["audit"]] {
            let ran = desk.griot(arguments);
            assert_eq!((ran.stderr.as_str(), ran.code, ran.stdout.as_str()), (error.as_str(), 1, ""), "{arguments:?}");
            assert_eq!(settled(&desk), before);
        }
    }
    let damaged = "the file is not a ledger of griot, or it is damaged: keep a copy, and restore the last backup";
    let none = "error returned from database: (code: 26) file is not a database";
    case(|_| b"Dear diary, today the river rose by two metres.\n".to_vec(), none, damaged);
    case(|ledger| ledger.iter().map(|byte| byte ^ 0x55).collect(), none, damaged);
    let malformed = "error returned from database: (code: 11) database disk image is malformed";
    case(|ledger| ledger[..10_000].to_vec(), malformed, damaged);
    case(|ledger| ledger[..500].to_vec(), malformed, damaged);
}

#[test]
fn a_lost_ledger_empties_no_feed_and_mails_nobody() {
    let server = Mta::start();
    let desk = desk_with(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\n", server.port));
    fs::remove_file(desk.path("config/griot.db")).unwrap();
    let before = desk.snapshot("feeds");
    let ran = desk.griot(&["run"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str(), ran.stdout.as_str()),
        (
            1,
            "error: `feeds/feed.xml` would lose 1 of its 1 items, `A river rises` among them; the last good feeds stay as they are\n\n\
             hint: if the ledger was lost, restore its backup; if the items are to go, run again with `--allow-fewer-items`\n",
            ""
        )
    );
    assert_eq!(desk.griot(&["send"]).code, 1);
    assert_eq!(server.connections(), 0);
    assert_eq!(desk.snapshot("feeds"), before);
    // The page itself brings back the same id.
    assert_eq!(desk.done(&["publish", "river.txt"]), format!("new       {EDITION}  A river rises\n"));
    assert_eq!(desk.snapshot("feeds"), before);
}
