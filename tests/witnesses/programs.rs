use std::fmt;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Why a witness cannot be heard on this machine.
#[derive(Debug)]
pub struct Missing {
    why: String,
}

impl Missing {
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// Where a program is. Mail servers live where only root's `PATH` leads.
pub fn program(name: &str, package: &str) -> Result<PathBuf, Missing> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| Missing::new(format!("not installed (apt-get install {package})")))
}

/// A Python that knows a module. The one of the system counts where the first of `PATH` lacks it.
pub fn python(module: &str, install: &str) -> Result<PathBuf, Missing> {
    let first = program("python3", "python3")?;
    let knows = |python: &PathBuf| {
        let found = Command::new(python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    };
    [first, PathBuf::from("/usr/bin/python3")]
        .into_iter()
        .find(knows)
        .ok_or_else(|| Missing::new(format!("not installed ({install})")))
}

/// What a script of this folder says about files, as JSON.
pub fn told(python: &Path, script: &str, files: &[PathBuf]) -> serde_json::Value {
    // Without `-B` Python leaves a folder of byte code among the sources.
    said(Command::new(python).args(["-B", "-X", "utf8"]).arg(script_file(script)), files)
}

/// What a reader of Node says about files, as JSON: a package that `.ci/run` installs below `target/witnesses`.
pub fn node_told(package: &str, files: &[PathBuf]) -> Result<serde_json::Value, Missing> {
    Ok(said(node("readers.cjs", Some(package))?.arg(package), files))
}

/// What a script of this folder says about letters, as JSON, by a package of Node and, where it is named, a browser.
pub fn letters_told(
    script: &str,
    package: &str,
    browser: Option<&Path>,
    files: &[PathBuf],
) -> Result<serde_json::Value, Missing> {
    Ok(said(node(script, Some(package))?.args(browser), files))
}

/// A script of this folder in Node, with the package that it stands on.
pub fn node(script: &str, package: Option<&str>) -> Result<Command, Missing> {
    let node = program("node", "nodejs")?;
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/witnesses/node_modules");
    if let Some(package) = package.filter(|package| !packages.join(package).is_dir()) {
        return Err(Missing::new(format!("not installed (npm install --prefix target/witnesses {package})")));
    }
    let mut command = Command::new(node);
    command.env("NODE_PATH", packages).arg(script_file(script));
    Ok(command)
}

fn script_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witnesses").join(name)
}

/// What a program says about files, as JSON.
pub fn said(command: &mut Command, files: &[PathBuf]) -> serde_json::Value {
    let output = command.args(files).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{files:?}: {complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A port of this machine that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited half a minute for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a web server of this machine answers to a form, as it comes.
pub fn asked(port: u16, method: &str, target: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

/// Whether the user is root, by the owner of this process.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// A program in the background, ended with the case that started it.
#[derive(Debug)]
pub struct Background(pub Child);

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
