//! A static site over HTTP, for the browser of the same machine and nobody else: `convscope open` and `cargo xtask serve`.
//!
//! What there is to serve is a [`Site`]: it is asked with names that are already decoded and harmless ([`name`]), so that no site
//! has to guard against a path that climbs out of it.

mod folder;
mod kind;
mod name;
pub mod policy;

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

pub use folder::Folder;
pub use name::name;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Requests answered at the same time: a browser opens six connections.
const THREADS: usize = 6;

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

/// Serves a site for as long as the program runs.
///
/// # Errors
/// A sentence, where the system does not let it.
pub fn serve(listener: TcpListener, site: impl Site) -> Result<(), String> {
    let server = Server::from_listener(listener, None).map_err(|error| format!("the server cannot start ({error})"))?;
    let (server, site) = (Arc::new(server), Arc::new(site));
    let port = server.server_addr().to_ip().map_or(0, |address: SocketAddr| address.port());
    let work = |server: Arc<Server>, site: Arc<_>| {
        move || {
            while let Ok(request) = server.recv() {
                answer(request, &*site, port);
            }
        }
    };
    let workers: Vec<_> = (0..THREADS).map(|_| thread::spawn(work(server.clone(), site.clone()))).collect();
    for worker in workers {
        worker.join().map_err(|_| "the server stopped; start it again".to_owned())?;
    }
    Ok(())
}

/// Opens an address in the browser. Where there is none to open, the address has been printed already.
pub fn browse(address: &str) -> io::Result<()> {
    open::that_detached(address)
}

fn answer(request: Request, site: &impl Site, port: u16) {
    let refuse = |request: Request, status: u16, why: &str| {
        // A client that has gone away is no error of ours.
        let _ = request.respond(Response::from_string(why).with_status_code(StatusCode(status)));
    };
    if !is_here(&request, port) {
        return refuse(request, 421, "this server answers to 127.0.0.1 and localhost alone");
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return refuse(request, 405, "this server is for reading");
    }
    let found = name(request.url()).and_then(|name| Some((site.find(&name)?, name)));
    let Some((content, name)) = found else { return refuse(request, 404, "there is no such file") };
    let kind = kind::of(&name);
    let _ = match content {
        Content::File(file) => request.respond(with_headers(Response::from_file(file), kind)),
        Content::Bytes(bytes) => {
            let length = bytes.len();
            let body = io::Cursor::new(bytes);
            let response = Response::new(StatusCode(200), vec![], body, Some(length), None);
            request.respond(with_headers(response, kind))
        }
    };
}

/// Whether a request names this machine. Another site whose name is made to lead here (DNS rebinding) would be read by its
/// scripts if it were answered.
fn is_here(request: &Request, port: u16) -> bool {
    let host = request.headers().iter().find(|header| header.field.equiv("host"));
    let host = host.map_or("", |header| header.value.as_str());
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
    matches!(name, "127.0.0.1" | "localhost")
}

/// Every answer bears its kind, and is asked for again the next time: a page built anew must be seen at once.
fn with_headers<R: io::Read>(response: Response<R>, kind: &str) -> Response<R> {
    // Lengths are known, and a browser that is told them knows how much is still to come.
    let mut response = response.with_chunked_threshold(usize::MAX);
    let headers = [
        ("Content-Type", kind),
        ("Cache-Control", "no-cache"),
        ("Content-Security-Policy", policy::HEADER),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ];
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    response
}

#[cfg(test)]
mod tests;
