//! A static server that remembers what was asked.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The folder of the site in which the page lies: a page that works here uses relative addresses only.
pub const FOLDER: &str = "/some/where/";

/// What the server does to a file before it sends it; none for no such file.
pub type Change = fn(name: &str, content: Vec<u8>) -> Option<Vec<u8>>;

/// What the page may do: load from its own origin and run wasm, and nothing else. The one inline script is trunk's. Whatever
/// tries more is told to the server, so that a request to another host leaves a trace here.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; object-src 'none'; \
    base-uri 'none'; form-action 'none'; report-uri /some/where/violation";

/// A served site. It stops with the test's runtime.
#[derive(Debug)]
pub struct Server {
    /// The page's address.
    pub address: String,
    asked: Log,
}

type Log = Arc<Mutex<Vec<String>>>;

fn lock(log: &Log) -> MutexGuard<'_, Vec<String>> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Serves `site` on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(site: &Path, change: Change) -> io::Result<Self> {
        Self::with_policy(site, change, POLICY).await
    }

    /// Serves `site` as [`Self::start`] does; the browser may keep what it was given.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn cached(site: &Path) -> io::Result<Self> {
        Self::open(site, |_, content| Some(content), POLICY, "max-age=3600").await
    }

    /// Serves `site` as [`Self::start`] does, with another Content-Security-Policy.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn with_policy(site: &Path, change: Change, policy: &'static str) -> io::Result<Self> {
        Self::open(site, change, policy, "no-store").await
    }

    async fn open(site: &Path, change: Change, policy: &'static str, cache: &'static str) -> io::Result<Self> {
        let asked = Log::default();
        let pages = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}{FOLDER}", pages.local_addr()?);
        let (site, log) = (site.to_path_buf(), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = pages.accept().await {
                tokio::spawn(serve(stream, site.clone(), log.clone(), change, [policy, cache]));
            }
        });
        Ok(Self { address, asked })
    }

    /// All paths that were asked for, with their queries.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.asked).clone()
    }
}

/// The target of a request: the second word of its first line.
async fn target(stream: &mut TcpStream) -> io::Result<String> {
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.extend_from_slice(&part[..length]);
    }
    let text = String::from_utf8_lossy(&request);
    Ok(text.split_whitespace().nth(1).unwrap_or_default().to_owned())
}

async fn serve(
    mut stream: TcpStream,
    site: PathBuf,
    log: Log,
    change: Change,
    [policy, cache]: [&'static str; 2],
) -> io::Result<()> {
    let path = target(&mut stream).await?;
    lock(&log).push(path.clone());
    let name = path.split('?').next().unwrap_or_default().strip_prefix(FOLDER);
    let name = name.map(|name| if name.is_empty() { "index.html" } else { name }).filter(|name| !name.contains(".."));
    let content = match name {
        Some(name) => tokio::fs::read(site.join(name)).await.ok().and_then(|content| change(name, content)),
        None => None,
    };
    let (status, kind, content) = match content {
        Some(content) => ("200 OK", kind(name.unwrap_or_default()), content),
        None => ("404 Not Found", "text/plain", b"not found".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: {cache}\r\n\
         Content-Security-Policy: {policy}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&content).await?;
    stream.shutdown().await
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "jpg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}
