//! A static site over HTTP, for the browser of the same machine and nobody else: `convscope open` and `cargo xtask serve`.
//!
//! What there is to serve is a [`Site`]: it is asked with names that are already decoded and harmless ([`name`]), so that no site
//! has to guard against a path that climbs out of it.

mod answer;
mod folder;
mod kind;
mod name;
mod policy;

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

pub use folder::Folder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
pub use name::name;
pub use policy::{Embedder, Policy};
use tokio::task::spawn_blocking;

/// Script that takes the place of the page's service worker where the page is not to be kept.
pub const NO_SERVICE_WORKER: &str = include_str!("no_service_worker.js");

/// How long a connection may say nothing before it is closed.
const SILENCE: Duration = Duration::from_secs(30);
/// How long to wait where no connection can be taken, which is where too many are open.
const PAUSE: Duration = Duration::from_millis(100);

/// A file of a site.
#[derive(Debug)]
pub enum Content {
    /// One that lies on the disk.
    File(File),
    /// One that is here already.
    Bytes(Arc<[u8]>),
}

/// Files that there are to serve.
pub trait Site: Send + Sync + 'static {
    /// The file of that name: folders and a file divided by `/`, none of them empty, hidden or made to climb out.
    fn find(&self, name: &str) -> Option<Content>;
}

/// Takes a port of 127.0.0.1, which nothing but this machine reaches; 0 is any that is free.
///
/// # Errors
/// A sentence, where the port is taken or forbidden.
pub fn listen(port: u16) -> Result<TcpListener, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("the port {port} of 127.0.0.1 is taken: choose another one with --port"),
        _ => format!("cannot listen on the port {port} of 127.0.0.1 ({error}): choose another one with --port"),
    })
}

/// The address of what listens there.
///
/// # Errors
/// Where the system does not tell.
pub fn address(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://127.0.0.1:{}/", listener.local_addr()?.port()))
}

/// Serves a site for as long as the program runs, to those whom the policy lets show it.
///
/// # Errors
/// A sentence, where the system does not let it.
pub fn serve(listener: TcpListener, site: impl Site, policy: Policy) -> Result<(), String> {
    let start = || -> io::Result<()> {
        let port = listener.local_addr()?.port();
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            take(tokio::net::TcpListener::from_std(listener)?, Arc::new((site, policy)), port).await;
            Ok(())
        })
    };
    start().map_err(|error| format!("the server cannot start ({error})"))
}

/// Takes connections, however many a browser keeps open, and answers on each.
async fn take(listener: tokio::net::TcpListener, site: Arc<(impl Site, Policy)>, port: u16) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let site = site.clone();
        let service = service_fn(move |request| {
            let site = site.clone();
            async move {
                let answered = spawn_blocking(move || answer::answer(&request, &site.0, &site.1, port)).await;
                Ok::<_, Infallible>(answered.unwrap_or_else(|_| answer::failed()))
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(SILENCE);
        // A client that has gone away is no error of ours.
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

/// Opens an address in the browser. Where there is none to open, the address has been printed already.
pub fn browse(address: &str) -> io::Result<()> {
    open::that_detached(address)
}

#[cfg(test)]
mod tests;
