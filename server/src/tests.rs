//! The server, over a connection of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use super::*;

/// Connections that a browser might keep open, and as many again.
const KEPT: usize = 64;
/// Long enough for a machine that builds something else.
const ANSWERED: Duration = Duration::from_secs(20);

/// A served folder with a page, a program beside it, and a secret outside; and how to ask.
fn served() -> (tempfile::TempDir, impl Fn(&str) -> String) {
    served_to(Policy::default())
}

/// The same, with others who may show it.
fn served_to(policy: Policy) -> (tempfile::TempDir, impl Fn(&str) -> String) {
    let (dir, port) = site(policy);
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

/// A served folder and its port.
fn site(policy: Policy) -> (tempfile::TempDir, u16) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let site = dir.path().join("site");
    fs::create_dir(&site).expect("created");
    fs::write(dir.path().join("secret.txt"), "secret").expect("written");
    fs::write(site.join("page.wasm"), "bytes").expect("written");
    fs::write(site.join("conv-scope.js"), "element").expect("written");
    fs::write(site.join("index.html"), "<script>go()</script>hello").expect("written");
    let listener = listen(0).expect("some free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || serve(listener, Folder(site), policy));
    (dir, port)
}

#[test]
fn files_come_with_their_kind_and_never_from_an_old_cache() {
    let (_dir, ask) = served();
    let wasm = ask("GET /page.wasm HTTP/1.1\r\nHost: 127.0.0.1:PORT");
    assert!(wasm.starts_with("HTTP/1.1 200 ") && wasm.ends_with("\r\n\r\nbytes"), "{wasm}");
    assert!(wasm.contains("content-type: application/wasm") && wasm.contains("cache-control: no-cache"), "{wasm}");
    let page = ask("GET /?model=x HTTP/1.1\r\nHost: localhost:PORT");
    assert!(page.ends_with("hello") && page.contains("text/html"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "));
    for (key, value) in policy::ALWAYS {
        assert!(page.contains(&format!("\r\n{key}: {value}\r\n")), "{key}: {page}");
        assert!(wasm.contains(&format!("\r\n{key}: {value}\r\n")), "{key}: {wasm}");
    }
    let head = ask("HEAD / HTTP/1.1\r\nHost: localhost:PORT");
    assert!(head.starts_with("HTTP/1.1 200 ") && !head.contains("hello"), "{head}");
}

#[test]
fn ranges_and_versions_are_told_apart() {
    let (dir, ask) = served();
    let of = |answer: &str, key: &str| {
        let line = answer.lines().find_map(|line| line.strip_prefix(&format!("{key}: ")).map(str::to_owned));
        line.unwrap_or_default()
    };
    let get = |more: &str| ask(&format!("GET /page.wasm HTTP/1.1\r\nHost: localhost{more}"));
    let tag = of(&get(""), "etag");
    assert!(tag.len() > 4, "{tag}");
    for (range, body, told) in [
        ("bytes=1-2", "yt", "bytes 1-2/5"),
        ("bytes=3-", "es", "bytes 3-4/5"),
        ("bytes=-4", "ytes", "bytes 1-4/5"),
        ("bytes=1-99", "ytes", "bytes 1-4/5"),
    ] {
        let part = get(&format!("\r\nRange: {range}"));
        assert!(part.starts_with("HTTP/1.1 206 ") && part.ends_with(&format!("\r\n\r\n{body}")), "{range}: {part}");
        assert_eq!((of(&part, "content-range").as_str(), of(&part, "content-length")), (told, body.len().to_string()));
    }
    // Several are answered by the whole, and those of another version too.
    for other in ["bytes=0-0,2-3", "lines=1-2"] {
        assert!(get(&format!("\r\nRange: {other}")).ends_with("\r\n\r\nbytes"), "{other}");
    }
    let since = |version: &str| get(&format!("\r\nRange: bytes=1-2\r\nIf-Range: {version}"));
    assert!(since(&tag).ends_with("\r\n\r\nyt") && since("\"other\"").ends_with("\r\n\r\nbytes"));
    let beyond = get("\r\nRange: bytes=5-");
    assert!(beyond.starts_with("HTTP/1.1 416 ") && of(&beyond, "content-range") == "bytes */5", "{beyond}");

    let known = || get(&format!("\r\nIf-None-Match: \"other\", {tag}"));
    assert!(known().starts_with("HTTP/1.1 304 ") && !known().contains("bytes\r\n\r\nbytes"), "{}", known());
    fs::write(dir.path().join("site/page.wasm"), "later").expect("written");
    assert!(known().starts_with("HTTP/1.1 200 ") && known().ends_with("later"), "{}", known());
}

#[test]
fn another_page_shows_this_one_and_loads_its_element_where_it_is_allowed() {
    let get = |ask: &dyn Fn(&str) -> String, name: &str, origin: &str| {
        ask(&format!("GET /{name} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}"))
    };
    let allows = |answer: &str, origin: &str| answer.contains(&format!("access-control-allow-origin: {origin}\r\n"));
    let (_dir, ask) = served();
    let closed = get(&ask, "conv-scope.js", "https://a.example");
    assert!(closed.contains("; frame-ancestors 'none'\r\n") && !closed.contains("access-control"), "{closed}");

    let embedders = ["https://a.example", "file:"].map(|origin| origin.parse().expect("an origin"));
    let (_dir, ask) = served_to(Policy::from(embedders.to_vec()));
    let open = get(&ask, "conv-scope.js", "https://a.example");
    assert!(
        open.contains("; frame-ancestors https://a.example file:\r\n") && allows(&open, "https://a.example"),
        "{open}"
    );
    assert!(open.contains("vary: Origin\r\n") && allows(&get(&ask, "conv-scope.js", "null"), "null"), "{open}");
    // Nobody else, and nothing else.
    for (name, origin) in [("conv-scope.js", "https://b.example"), ("page.wasm", "https://a.example"), ("", "null")] {
        let answer = get(&ask, name, origin);
        assert!(!answer.contains("access-control"), "{name} {origin}: {answer}");
    }
}

#[test]
fn however_many_connections_are_kept_open_another_one_is_answered() {
    let (_dir, port) = site(Policy::default());
    let connect = || {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
        stream.set_read_timeout(Some(ANSWERED)).expect("a limit");
        stream
    };
    // Opened all at once, as a browser does.
    let mut kept: Vec<TcpStream> = (0..KEPT).map(|_| connect()).collect();
    for (index, stream) in kept.iter_mut().enumerate().rev() {
        write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
        let read = stream.read(&mut [0; 64]);
        assert!(read.as_ref().is_ok_and(|count| *count > 0), "the connection {index} has no answer: {read:?}");
    }
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
