use crate::harness::Desk;

#[test]
fn an_unknown_key_is_drawn_and_the_one_that_was_meant_is_named() {
    let desk = Desk::with_config("[smtp]\nhots = \"mail.example.org\"\n");
    let ran = desk.griot(&["status"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.stderr,
        "error: `config/griot.toml` cannot be understood\n\
         TOML parse error at line 22, column 1\n   |\n22 | hots = \"mail.example.org\"\n   | ^^^^\n\
         unknown field `hots`, expected one of `host`, `port`, `socket`, `protocol`, `security`, `user`, `password_env`, `password_file`, `login`, `ca_file`, `hello`, `connections`, `weight`, `per_minute`, `per_hour`, `per_day`, `timeout_seconds`, `more`\n\n\
         hint: did you mean `host`?\n"
    );
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let desk = Desk::bare();
    desk.write("config/griot.toml", "[publication]\ntitle = \"The Desk\"\nlanguage = \"english\"\n\n[letter]\nfrom = \"desk\"\n");
    let ran = desk.griot(&["status"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.stderr,
        "error: `config/griot.toml` has 6 keys to mend\n  \
         line 6, `letter.from`: `desk` is not an address such as `The Desk <desk@example.org>`: there is no @ in it\n  \
         `letter.unsubscribe`: is missing: where a reader leaves: `mailto:leave@example.org` or a page such as `https://example.org/unsubscribe`; it is not needed with `serve.url`\n  \
         `publication.home`: is missing: an address such as `https://example.org/`\n  \
         `publication.feeds`: is missing: the address under which the folder `feeds/` is served, such as `https://example.org/feeds/`\n  \
         line 3, `publication.language`: `english` is not a language tag such as `en`\n  \
         `publication.postal_address`: is missing: a letter has to name the postal address of its sender\n"
    );
}

#[test]
fn a_password_in_the_config_is_refused() {
    let desk = Desk::with_config("[smtp]\nhost = \"localhost\"\npassword = \"hunter2\"\n");
    let ran = desk.griot(&["status"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.ends_with(
        "hint: a password never stands in the config; name the variable with `password_env`, or a file with `password_file`\n"
    ));
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn without_a_config_the_way_to_one_is_shown() {
    let desk = Desk::bare();
    let ran = desk.griot(&["status"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("error: no `config/griot.toml` in `"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("hint: run `griot init` to start a publication here, or name the config with `--config`\n"));
}

#[test]
fn the_config_of_the_repository_is_the_one_of_init_and_is_whole() {
    let desk = Desk::bare();
    desk.done(&["init"]);
    assert_eq!(desk.read("config/griot.toml"), include_str!("../../config/griot.toml"));
    // The lines that are examples are right too.
    let all = include_str!("../../config/griot.toml").lines().map(|line| match line.strip_prefix("# ") {
        Some(example) if example.contains(" = ") || example.starts_with('[') => example,
        _ => line,
    });
    desk.write("config/griot.toml", all.collect::<Vec<_>>().join("\n"));
    desk.done(&["status"]);
}

#[test]
fn a_file_is_the_same_source_from_wherever_griot_is_called() {
    let feed = |title: &str| {
        format!(
            "<rss><channel><item><guid>17</guid><title>{title}</title><pubDate>Sun, 01 Mar 2026 06:00:00 GMT</pubDate>\
             <description>{title}: the ferries stay at the quay.</description></item></channel></rss>"
        )
    };
    let mut desk = Desk::with_config("[[sources]]\nfile = \"river.xml\"\n");
    desk.write("river.xml", feed("The river rises"));
    let told = desk.at("2026-03-20T08:00:00Z").done(&["run"]);
    assert!(told.starts_with("new       2026-03-01-the-river-rises  The river rises\n"), "{told}");
    desk.write("river.xml", feed("The river falls"));
    let config = desk.path("config/griot.toml").display().to_string();
    let told = desk.at("2026-03-20T09:00:00Z").done(&["--config", &config, "run"]);
    assert!(told.starts_with("edited    2026-03-01-the-river-rises  The river falls\n"), "{told}");
}
