//! `cargo xtask serve`: from a fresh checkout to the page in a browser.

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::http::{HeaderValue, header::CACHE_CONTROL, header::CONTENT_SECURITY_POLICY};
use clap::Args;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{page, paths, policy, setup, weights};

/// `cargo xtask serve`.
#[derive(Args)]
pub struct Serve {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

impl Serve {
    /// Sets up, builds and serves until interrupted.
    ///
    /// # Errors
    /// When the port is taken or a step of the set-up fails.
    pub fn run(&self) -> Result<()> {
        // Asked before the long set-up, and again after it.
        drop(listen(self.port)?);
        let toolchain = setup::for_page()?;
        or_embedded(weights::all());
        let dist = page::build(&toolchain, page::Build::Fresh)?;
        let listener = listen(self.port)?;
        let address = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
        println!("{address}");
        if !self.no_open {
            open(&address);
        }
        serve(listener, &dist)
    }
}

/// Says that there are no weights to be had, and goes on: the page has a model of its own.
pub fn or_embedded(weights: Result<()>) {
    if let Err(error) = weights {
        println!("Going on with the models at hand: {error:#}");
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("the port {port} of 127.0.0.1 is taken: choose another one with --port")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on the port {port} of 127.0.0.1")),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn serve(listener: TcpListener, dist: &Path) -> Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // A rebuilt page must be seen at once.
    let fresh = SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let strict = SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy::HEADER));
    let router = Router::new().fallback_service(ServeDir::new(dist)).layer(fresh).layer(strict);
    axum::serve(listener, router).await.context("the server stopped")
}

/// Opens the address in a browser where there is a display to open it on.
fn open(address: &str) {
    let display = || env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some();
    let mut command = match env::consts::OS {
        "macos" => Command::new("open"),
        "windows" => Command::new("explorer"),
        _ if display() && paths::which("xdg-open").is_some() => Command::new("xdg-open"),
        _ => return,
    };
    let quiet = command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if quiet.spawn().is_err() {
        println!("No browser could be opened; open {address} in one.");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::{listen, serve};

    #[test]
    fn wasm_is_served_as_wasm_and_never_from_an_old_cache() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::write(dir.path().join("page.wasm"), "bytes").expect("written");
        let listener = listen(0).expect("some free port");
        let address = listener.local_addr().expect("an address");
        let dist = dir.path().to_path_buf();
        std::thread::spawn(move || serve(listener, &dist));
        let ask = |path: &str| {
            let mut stream = TcpStream::connect(address).expect("connected");
            write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("answered");
            answer.to_lowercase()
        };
        let found = ask("/page.wasm");
        assert!(found.contains(" 200 ") && found.contains("content-type: application/wasm"), "{found}");
        assert!(found.contains("cache-control: no-cache") && found.ends_with("bytes"), "{found}");
        assert!(found.contains("content-security-policy: default-src 'none'"), "{found}");
        assert!(ask("/absent.wasm").contains(" 404 "));
        assert!(!ask("/../Cargo.toml").contains(" 200 "));
    }

    #[test]
    fn a_taken_port_is_one_sentence() {
        let first = listen(0).expect("some free port");
        let port = first.local_addr().expect("an address").port();
        let error = listen(port).expect_err("taken").to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--port"), "{error}");
    }
}
