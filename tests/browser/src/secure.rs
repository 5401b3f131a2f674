//! Sites over TLS under names of their own, which browsers take for sites of different owners.

use std::io;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::{FOLDER, Server};

/// The address of a server's site over TLS at `NAME.localhost`, with a certificate that nobody has signed. It is served as long as the
/// test's runtime is there.
///
/// # Errors
/// When there is no free port, or no certificate can be made.
pub async fn secure(server: &Server, name: &str) -> io::Result<String> {
    let host = format!("{name}.localhost");
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![host.clone()]).map_err(io::Error::other)?;
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.into()], key.into());
    let acceptor = TlsAcceptor::from(Arc::new(config.map_err(io::Error::other)?));
    let (listener, plain) = (TcpListener::bind("127.0.0.1:0").await?, server.host());
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(pass_on(acceptor.clone(), stream, plain.clone()));
        }
    });
    Ok(format!("https://{host}:{port}{FOLDER}"))
}

async fn pass_on(acceptor: TlsAcceptor, stream: TcpStream, plain: String) -> io::Result<()> {
    let (mut secure, mut plain) = (acceptor.accept(stream).await?, TcpStream::connect(plain).await?);
    copy_bidirectional(&mut secure, &mut plain).await.map(|_| ())
}
