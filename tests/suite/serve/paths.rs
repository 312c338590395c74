use std::os::unix::fs::symlink;

use super::desk;
use super::server::{Server, request};

#[test]
fn nothing_outside_of_the_folder_is_reached() {
    let desk = desk("");
    desk.write("config/secret.txt", "s3cret");
    desk.write("feeds/.htpasswd", "s3cret");
    desk.write("feeds/.git/config", "s3cret");
    desk.write("feeds/sub/page.html", "<!doctype html>");
    let server = Server::start(&desk);
    let inner = [
        "../config/secret.txt",
        "..%2fconfig%2fsecret.txt",
        "%2e%2e/config/secret.txt",
        "%2E%2E%2Fconfig/secret.txt",
        "%252e%252e/config/secret.txt",
        "%252e%252e%252fconfig%252fsecret.txt",
        "..%c0%afconfig/secret.txt",
        "%c0%ae%c0%ae/config/secret.txt",
        "..\\config\\secret.txt",
        "..%5cconfig%5csecret.txt",
        "sub/../../config/secret.txt",
        "sub/..%2f..%2fconfig/secret.txt",
        "./../config/secret.txt",
        ".../config/secret.txt",
        "..;/config/secret.txt",
        "../config/secret.txt%00.xml",
        "feed.xml%00",
        "feed.xml%2f..%2f..%2fconfig%2fsecret.txt",
        "/config/secret.txt",
        "/../config/secret.txt",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "%2f%2fetc/passwd",
        ".htpasswd",
        "%2ehtpasswd",
        ".git/config",
        "sub/../.htpasswd",
        "../config/griot.db",
        "../config/griot.toml",
        "../../../../../../../../etc/passwd",
        "file:///etc/passwd",
        "sub/./page.html",
        "sub//page.html",
        "sub/page.html/",
        "feed.xml ",
        "FEED.XML",
        "%",
        "%f",
        "%gg",
        "%ff",
    ];
    for path in inner {
        for root in ["/feeds/", "/"] {
            let answer = server.exchange(request("GET", &format!("{root}{path}"), &[]));
            let text = String::from_utf8_lossy(&answer);
            assert!(!text.contains("s3cret") && !text.contains("root:") && !text.contains("publication"), "{path}: {text}");
            assert!(text.starts_with("HTTP/1.1 404") || text.starts_with("HTTP/1.1 400"), "{path}: {text}");
        }
    }
    for line in [
        "GET /feeds/../config/secret.txt",
        "GET http://www.example.org/feeds/%2e%2e/config/secret.txt HTTP/1.1",
        "GET ../config/secret.txt HTTP/1.1",
    ] {
        let answer = server.exchange(format!("{line}\r\nHost: www.example.org\r\nConnection: close\r\n\r\n"));
        assert!(!String::from_utf8_lossy(&answer).contains("s3cret"), "{line}");
    }
    assert_eq!(server.get("/feeds/sub/page.html").status, 200);
    assert_eq!(server.get("/feeds/%66eed.xml").status, 200, "a letter may be written in another way");
    assert_eq!(
        server.send("GET http://www.example.org/feeds/feed.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status,
        200
    );
}

#[test]
fn a_link_is_followed_as_long_as_it_stays_in_the_folder() {
    let desk = desk("");
    desk.write("outside/secret.txt", "s3cret");
    desk.write("feeds/.hidden/page.html", "s3cret");
    for (target, link) in [
        ("../outside/secret.txt", "feeds/out.txt"),
        ("../outside", "feeds/outside"),
        ("/etc", "feeds/etc"),
        ("../config/griot.db", "feeds/ledger.txt"),
        (".hidden", "feeds/shown"),
        ("loop.xml", "feeds/loop.xml"),
        ("gone.xml", "feeds/dangling.xml"),
        ("feed.xml", "feeds/latest.xml"),
    ] {
        symlink(target, desk.path(link)).unwrap();
    }
    let server = Server::start(&desk);
    for path in ["out.txt", "outside/secret.txt", "etc/passwd", "ledger.txt", "shown/page.html", "dangling.xml"] {
        assert_eq!(server.get(&format!("/feeds/{path}")).status, 404, "{path}");
    }
    let looped = server.get("/feeds/loop.xml").status;
    assert!([404, 503].contains(&looped), "{looped}");
    assert_eq!(server.get("/feeds/latest.xml").text(), desk.read("feeds/feed.xml"));
    // Not even by a name that was good when it was first asked for.
    std::fs::remove_file(desk.path("feeds/latest.xml")).unwrap();
    symlink("../outside/secret.txt", desk.path("feeds/latest.xml")).unwrap();
    assert_eq!(server.get("/feeds/latest.xml").status, 404);
    let made = std::process::Command::new("mkfifo").arg(desk.path("feeds/pipe.xml")).status().unwrap();
    assert!(made.success());
    assert_eq!(server.get("/feeds/pipe.xml").status, 404, "and nobody waits for a pipe");
}
