use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Background, Missing, asked, free_port, program, until};

const SCRIPT: &str = include_str!("../../config/unsubscribe.cgi");

/// Behind a web server that knows nothing of griot, the script of the repository answers the POST of RFC 8058, and shows a
/// button to whoever only looks.
pub fn a_reader_leaves_by_a_script() -> Result<(), Missing> {
    let busybox = program("busybox", "busybox")?;
    let mut desk = Desk::with_config("[delivery]\nsendmail = \"bin/sendmail\"\n");
    desk.at("2026-03-04T13:00:00Z");
    desk.write("bin/sendmail", "#!/bin/sh\ncat > sent.eml\n");
    desk.write("web/cgi-bin/leave", SCRIPT);
    for program in ["bin/sendmail", "web/cgi-bin/leave"] {
        fs::set_permissions(desk.path(program), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let port = free_port();
    let config = desk.read("config/griot.toml").replace(
        "unsubscribe = \"mailto:leave@example.org\"",
        "unsubscribe = \"https://example.org/cgi-bin/leave\"\none_click = true",
    );
    desk.write("config/griot.toml", config);
    publish(&desk);
    desk.done(&["subscribers", "add", "ada@readers.example", "--confirmed", "asked at the fair"]);
    desk.done(&["send", EDITIONS[0]]);
    let letter = desk.read("sent.eml").replace("\r\n ", " ");
    assert!(letter.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{letter}");
    let link = letter.split_once("List-Unsubscribe: <https://example.org").unwrap().1.split_once('>').unwrap().0.to_owned();

    let folder = Path::new(env!("CARGO_BIN_EXE_griot")).parent().unwrap();
    let mut server = Command::new(busybox);
    server
        .args(["httpd", "-f", "-p", &format!("127.0.0.1:{port}"), "-h"])
        .arg(desk.path("web"))
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("GRIOT_CONFIG", desk.path("config/griot.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _server = Background(server.spawn().unwrap());
    until("httpd to listen", || TcpStream::connect(("127.0.0.1", port)).is_ok());

    let page = asked(port, "GET", &link, "");
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("<button>Leave</button>"), "{page}");
    assert!(desk.done(&["subscribers", "list"]).contains("ada@readers.example"), "who looks does not leave");
    let left = asked(port, "POST", &link, "List-Unsubscribe=One-Click");
    assert!(left.starts_with("HTTP/1.1 200 ") && left.contains("You have left the list."), "{left}");
    assert!(!desk.done(&["subscribers", "list"]).contains("ada@readers.example"));
    let wrong = asked(port, "POST", &link.replace("?t=", "?t=a"), "List-Unsubscribe=One-Click");
    assert!(wrong.starts_with("HTTP/1.1 404 "), "{wrong}");
    Ok(())
}
