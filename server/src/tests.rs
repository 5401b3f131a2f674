//! The server, over a connection of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

/// A served folder with a page, a program beside it, and a secret outside; and how to ask.
fn served() -> (tempfile::TempDir, impl Fn(&str) -> String) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let site = dir.path().join("site");
    fs::create_dir(&site).expect("created");
    fs::write(dir.path().join("secret.txt"), "secret").expect("written");
    fs::write(site.join("page.wasm"), "bytes").expect("written");
    fs::write(site.join("index.html"), "<script>go()</script>hello").expect("written");
    let listener = listen(0).expect("some free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || serve(listener, Folder(site)));
    let ask = move |head: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
        let head = head.replace("PORT", &port.to_string());
        write!(stream, "{head}\r\nConnection: close\r\n\r\n").expect("asked");
        let mut answer = vec![];
        stream.read_to_end(&mut answer).expect("answered");
        String::from_utf8_lossy(&answer).into_owned()
    };
    (dir, ask)
}

#[test]
fn files_come_with_their_kind_and_never_from_an_old_cache() {
    let (_dir, ask) = served();
    let wasm = ask("GET /page.wasm HTTP/1.1\r\nHost: 127.0.0.1:PORT");
    assert!(wasm.starts_with("HTTP/1.1 200 ") && wasm.ends_with("\r\n\r\nbytes"), "{wasm}");
    assert!(wasm.contains("Content-Type: application/wasm") && wasm.contains("Cache-Control: no-cache"), "{wasm}");
    let page = ask("GET /?model=x HTTP/1.1\r\nHost: localhost:PORT");
    assert!(page.ends_with("hello") && page.contains("text/html"), "{page}");
    assert!(page.contains("Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "));
    let head = ask("HEAD / HTTP/1.1\r\nHost: localhost:PORT");
    assert!(head.starts_with("HTTP/1.1 200 ") && !head.contains("hello"), "{head}");
}

#[test]
fn nothing_outside_of_the_site_is_served() {
    let (_dir, ask) = served();
    for path in ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "//secret.txt"] {
        let answer = ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost"));
        assert!(answer.starts_with("HTTP/1.1 404 ") && !answer.ends_with("secret"), "{path}: {answer}");
    }
    assert!(ask("GET /absent.wasm HTTP/1.1\r\nHost: localhost").starts_with("HTTP/1.1 404 "));
}

#[test]
fn only_this_machine_is_answered_and_only_for_reading() {
    let (_dir, ask) = served();
    for host in ["evil.example", "evil.example:PORT", "127.0.0.1.evil.example"] {
        let answer = ask(&format!("GET /page.wasm HTTP/1.1\r\nHost: {host}"));
        assert!(answer.starts_with("HTTP/1.1 421 ") && !answer.ends_with("bytes"), "{host}: {answer}");
    }
    assert!(ask("DELETE /page.wasm HTTP/1.1\r\nHost: localhost").starts_with("HTTP/1.1 405 "));
}

#[test]
fn a_taken_port_is_one_sentence() {
    let first = listen(0).expect("some free port");
    assert!(first.local_addr().expect("an address").ip().is_loopback());
    let port = first.local_addr().expect("an address").port();
    let error = listen(port).expect_err("taken");
    assert!(error.contains(&port.to_string()) && error.contains("--port"), "{error}");
}
