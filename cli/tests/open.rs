//! `open`: the page from the program itself, asked as a browser would ask, and as nobody should.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use program::{convscope, repository, standard_error, text};
use serde_json::Value;

/// A running `convscope open`; it ends with this.
struct Opened {
    child: Child,
    port: u16,
}

impl Drop for Opened {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Opened {
    fn start(program: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.current_dir(repository(""));
        command.args(["open", "--no-browser", "--port", "0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no address: {line}"));
        Self { child, port }
    }

    /// The head and the body of the answer to a request for that target.
    fn get(&self, target: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let host = format!("127.0.0.1:{}", self.port);
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = vec![];
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
        (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
    }

    fn status(&self, target: &str) -> String {
        self.get(target).0.split_whitespace().nth(1).unwrap().to_owned()
    }
}

/// A page of one line and its wasm.
fn site(folder: &Path) -> std::path::PathBuf {
    let site = folder.join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("index.html"), "<!doctype html><p>page").unwrap();
    std::fs::write(site.join("app.wasm"), b"\0asm").unwrap();
    std::fs::write(folder.join("secret.txt"), "secret").unwrap();
    site
}

#[test]
fn a_program_without_a_page_says_how_to_get_one() {
    let output = convscope(&["open", "--no-browser", "--port", "0"]);
    assert_eq!(output.status.code(), Some(1));
    let errors = standard_error(&output);
    assert!(errors.contains("cargo xtask site --binary") && errors.contains("--site"), "{errors}");
    let output = convscope(&["open", "--no-browser", "--port", "0", "--site", "src"]);
    assert!(standard_error(&output).contains("no index.html in src"));
    let output = convscope(&["open", "--no-browser", "--port", "0", "--site", "src", "nowhere-at-all"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_page_and_all_models_are_served_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let opened = Opened::start(Path::new(env!("CARGO_BIN_EXE_convscope")), &["--site", text(&site), "models"]);
    let (head, body) = opened.get("/");
    assert!(head.contains("text/html") && head.contains("content-security-policy: default-src 'none'"), "{head}");
    assert_eq!(body, b"<!doctype html><p>page");
    let (head, body) = opened.get("/app.wasm");
    assert!(head.contains("application/wasm") && head.contains("no-cache"), "{head}");
    assert_eq!(body, b"\0asm");
    let (head, list) = opened.get("/weights/index.json");
    assert!(head.contains("application/json"), "{head}");
    let list: Value = serde_json::from_slice(&list).unwrap();
    assert_eq!(list["models"][0]["id"], "squeezenet1_1");
    let (_, shard) = opened.get("/weights/squeezenet1_1/weights-00.bin");
    assert!(shard == std::fs::read(repository("models/squeezenet1_1/weights-00.bin")).unwrap(), "another shard");
    let outside =
        ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "/weights/../../secret.txt"];
    for target in outside.iter().chain(&["/weights/squeezenet1_1/../../../Cargo.toml", "/absent", "//secret.txt"]) {
        assert_eq!(opened.status(target), "404", "{target}");
    }
}

/// A page kept on a port of 127.0.0.1 would stand before every later program's on that port.
#[test]
fn no_browser_keeps_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let kept =
        "<head><title>page</title><meta name=\"convscope-service-worker\" content=\"./service_worker.js\"></head>";
    std::fs::write(site.join("index.html"), kept).unwrap();
    std::fs::write(site.join("service_worker.js"), "const FILES = {};").unwrap();
    let opened = Opened::start(Path::new(env!("CARGO_BIN_EXE_convscope")), &["--site", text(&site)]);
    for target in ["/", "/index.html", "/?device=cpu"] {
        assert_eq!(opened.get(target).1, b"<head><title>page</title></head>", "{target}");
    }
    // Browsers ask for the script of an earlier version again: it is to go.
    let (head, script) = opened.get("/service_worker.js");
    assert!(head.contains("text/javascript"), "{head}");
    assert_eq!(script, std::fs::read(repository("server/src/no_service_worker.js")).unwrap());
}

#[test]
fn a_taken_port_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path());
    let opened = Opened::start(Path::new(env!("CARGO_BIN_EXE_convscope")), &["--site", text(&site)]);
    let port = opened.port.to_string();
    let output = convscope(&["open", "--no-browser", "--port", &port, "--site", text(&site)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(standard_error(&output).contains(&port));
}
