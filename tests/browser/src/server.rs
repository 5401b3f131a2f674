//! A static server that remembers what was asked.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The folder of the site in which the page lies: a page that works here uses relative addresses only.
pub const FOLDER: &str = "/some/where/";

/// What the server does to a file before it sends it; none for no such file.
pub type Change = fn(name: &str, content: Vec<u8>) -> Option<Vec<u8>>;

/// Where browsers report what a page tried that it may not.
const REPORTS: &str = "; report-uri /some/where/violation";

/// A served site. It stops with the test's runtime.
#[derive(Debug)]
pub struct Server {
    /// The page's address.
    pub address: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    site: PathBuf,
    change: Change,
    policy: String,
    cache: &'static str,
    asked: Mutex<Vec<String>>,
    /// Files that are served in place of the site's.
    replaced: Mutex<HashMap<String, Vec<u8>>>,
    /// Files whose next answer breaks off in the middle, and how often still.
    cut: Mutex<HashMap<String, usize>>,
    /// File whose answers stop in the middle and go on never.
    stuck: Mutex<Option<String>>,
}

fn lock<T>(content: &Mutex<T>) -> MutexGuard<'_, T> {
    content.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Serves `site` on a free port of 127.0.0.1, under the Content-Security-Policy that its page has. Whatever tries more is told
    /// to the server, so that a request to another host leaves a trace here.
    ///
    /// # Errors
    /// When there is no free port, or no page with a policy.
    pub async fn start(site: &Path, change: Change) -> io::Result<Self> {
        Self::open(site, change, &own_policy(site)?, "no-store").await
    }

    /// Serves `site` as [`Self::start`] does; the browser may keep what it was given.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn cached(site: &Path) -> io::Result<Self> {
        Self::open(site, |_, content| Some(content), &own_policy(site)?, "max-age=3600").await
    }

    /// Serves `site` as [`Self::start`] does, with another Content-Security-Policy.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn with_policy(site: &Path, change: Change, policy: &str) -> io::Result<Self> {
        Self::open(site, change, policy, "no-store").await
    }

    async fn open(site: &Path, change: Change, policy: &str, cache: &'static str) -> io::Result<Self> {
        let (asked, replaced, cut, stuck) = Default::default();
        let shared = Shared { site: site.into(), change, policy: policy.into(), cache, asked, replaced, cut, stuck };
        let shared = Arc::new(shared);
        let pages = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}{FOLDER}", pages.local_addr()?);
        let serving = shared.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = pages.accept().await {
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Ok(Self { address, shared, accepting })
    }

    /// The site's host and port.
    pub fn host(&self) -> String {
        self.address.trim_start_matches("http://").trim_end_matches(FOLDER).to_owned()
    }

    /// All paths that were asked for, with their queries.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.shared.asked).clone()
    }

    /// Forgets what was asked for so far.
    pub fn forget(&self) {
        lock(&self.shared.asked).clear();
    }

    /// From now on serves `content` as the file `name`.
    pub fn replace(&self, name: &str, content: Vec<u8>) {
        lock(&self.shared.replaced).insert(name.into(), content);
    }

    /// What is served as the file `name`, where that is not the site's own.
    pub fn replaced(&self, name: &str) -> Option<Vec<u8>> {
        lock(&self.shared.replaced).get(name).cloned()
    }

    /// The next answers with the file `name` break off in the middle.
    pub fn cut(&self, name: &str, times: usize) {
        lock(&self.shared.cut).insert(name.into(), times);
    }

    /// From now on answers with the file `name` stop in the middle, with the connection open; none does where there is no name.
    pub fn hang(&self, name: Option<&str>) {
        *lock(&self.shared.stuck) = name.map(str::to_owned);
    }

    /// Stops: from now on nobody answers at the address.
    pub async fn stop(&mut self) {
        self.accepting.abort();
        // The port is closed when the task has been dropped.
        let _ = (&mut self.accepting).await;
    }
}

/// The policy that the page says itself, with a place for reports.
fn own_policy(site: &Path) -> io::Result<String> {
    let page = std::fs::read_to_string(site.join("index.html"))?;
    let own = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1);
    let own = own.and_then(|rest| rest.split('"').next()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(format!("{own}{REPORTS}"))
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

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let path = target(&mut stream).await?;
    lock(&shared.asked).push(path.clone());
    let name = path.split('?').next().unwrap_or_default().strip_prefix(FOLDER);
    let name = name.map(|name| if name.is_empty() { "index.html" } else { name }).filter(|name| !name.contains(".."));
    let content = match name {
        Some(name) => {
            let replaced = lock(&shared.replaced).get(name).cloned();
            match replaced {
                Some(content) => Some(content),
                None => {
                    let read = tokio::fs::read(shared.site.join(name)).await.ok();
                    read.and_then(|content| (shared.change)(name, content))
                }
            }
        }
        None => None,
    };
    let cut = lock(&shared.cut).get_mut(name.unwrap_or_default()).is_some_and(|times| {
        let cut = *times > 0;
        *times = times.saturating_sub(1);
        cut
    });
    let (status, kind, content) = match content {
        Some(content) => ("200 OK", kind(name.unwrap_or_default()), content),
        None => ("404 Not Found", "text/plain", b"not found".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: {}\r\n\
         Content-Security-Policy: {}\r\nConnection: close\r\n\r\n",
        content.len(),
        shared.cache,
        shared.policy
    );
    stream.write_all(head.as_bytes()).await?;
    let stuck = lock(&shared.stuck).as_deref().is_some_and(|stuck| Some(stuck) == name);
    let length = if cut || stuck { content.len() / 2 } else { content.len() };
    stream.write_all(&content[..length]).await?;
    if stuck {
        std::future::pending::<()>().await;
    }
    stream.shutdown().await
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "jpg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}
