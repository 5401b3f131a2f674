//! Answers to requests for a site's files.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::{Content, Policy, Site, kind, name, policy};

type Answer = Response<Full<Bytes>>;

/// The answer to a request, which may read a file: a file or what of it was asked for, or one sentence.
pub(crate) fn answer<B>(request: &Request<B>, site: &impl Site, policy: &Policy, port: u16) -> Answer {
    if !is_here(request, port) {
        return refuse(StatusCode::MISDIRECTED_REQUEST, "this server answers to 127.0.0.1 and localhost alone");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "this server is for reading");
    }
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let found = name(target).and_then(|name| Some((site.find(&name)?, name)));
    let Some((content, name)) = found else { return refuse(StatusCode::NOT_FOUND, "there is no such file") };
    let mut answer = content.told(request.headers(), *request.method() == Method::HEAD).unwrap_or_else(|_| failed());
    // Asked for again the next time, and sent only where it has changed: a page built anew must be seen at once.
    let headers = [(header::CONTENT_TYPE, kind::of(&name)), (header::CACHE_CONTROL, "no-cache")];
    for (key, value) in headers {
        answer.headers_mut().insert(key, HeaderValue::from_static(value));
    }
    for (key, value) in policy::ALWAYS {
        answer.headers_mut().insert(HeaderName::from_static(key), HeaderValue::from_static(value));
    }
    insert(answer.headers_mut(), header::CONTENT_SECURITY_POLICY, &policy.to_string());
    let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    if let Some(reader) = policy.reader(&name, origin) {
        insert(answer.headers_mut(), header::ACCESS_CONTROL_ALLOW_ORIGIN, reader);
        insert(answer.headers_mut(), header::VARY, "Origin");
    }
    answer
}

/// Whether a request names this machine. Another site whose name is made to lead here (DNS rebinding) would be read by its
/// scripts if it were answered.
fn is_here<B>(request: &Request<B>, port: u16) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
    matches!(name, "127.0.0.1" | "localhost")
}

/// The answer where there is none.
pub(crate) fn failed() -> Answer {
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read")
}

fn refuse(status: StatusCode, why: &'static str) -> Answer {
    with_status(status, Bytes::from_static(why.as_bytes()))
}

fn with_status(status: StatusCode, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    answer
}

impl Content {
    /// The answer about a file: all of it, the range that was asked for, or that the browser's own is still the same.
    fn told(self, asked: &HeaderMap, head: bool) -> io::Result<Answer> {
        let (length, tag) = (self.length()?, self.tag()?);
        let said = |key| asked.get(key).and_then(|value: &HeaderValue| value.to_str().ok());
        let mut answer = if said(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag))
        {
            with_status(StatusCode::NOT_MODIFIED, Bytes::new())
        } else {
            // A range of an older version would be put behind the beginning of that one.
            let range = said(header::RANGE).filter(|_| said(header::IF_RANGE).is_none_or(|version| version == tag));
            match range.map(|range| one_of(range, length)) {
                Some(Err(())) => {
                    let mut answer = refuse(StatusCode::RANGE_NOT_SATISFIABLE, "the file has no such range");
                    insert(answer.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{length}"));
                    answer
                }
                Some(Ok(Some(range))) => {
                    let (start, end) = (*range.start(), *range.end());
                    let mut answer = with_status(StatusCode::PARTIAL_CONTENT, self.read(range, head)?);
                    insert(answer.headers_mut(), header::CONTENT_RANGE, &format!("bytes {start}-{end}/{length}"));
                    insert(answer.headers_mut(), header::CONTENT_LENGTH, &(end - start + 1).to_string());
                    answer
                }
                Some(Ok(None)) | None => {
                    let body = if length == 0 { Bytes::new() } else { self.read(0..=length - 1, head)? };
                    let mut answer = with_status(StatusCode::OK, body);
                    insert(answer.headers_mut(), header::CONTENT_LENGTH, &length.to_string());
                    answer
                }
            }
        };
        insert(answer.headers_mut(), header::ETAG, &tag);
        insert(answer.headers_mut(), header::ACCEPT_RANGES, "bytes");
        Ok(answer)
    }

    fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// What changes with the file (RFC 9110, section 8.8.3).
    fn tag(&self) -> io::Result<String> {
        Ok(match self {
            Self::File(file) => {
                let about = file.metadata()?;
                let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
                format!("\"{:x}-{changed:x}\"", about.len())
            }
            Self::Bytes(bytes) => {
                let hash = Sha256::digest(bytes);
                format!("\"{}\"", hash[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
        })
    }

    /// Bytes of a range within the file; none where only its head was asked for.
    fn read(self, range: RangeInclusive<u64>, head: bool) -> io::Result<Bytes> {
        if head {
            return Ok(Bytes::new());
        }
        match self {
            Self::File(mut file) => {
                let mut bytes = vec![];
                file.seek(SeekFrom::Start(*range.start()))?;
                let length = range.end() - range.start() + 1;
                if file.take(length).read_to_end(&mut bytes)? as u64 != length {
                    // It was cut after its length had been told.
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(bytes.into())
            }
            Self::Bytes(bytes) => {
                let whole = Bytes::from_owner(Shared(bytes));
                Ok(whole.slice(*range.start() as usize..=*range.end() as usize))
            }
        }
    }
}

/// Bytes that several answers share.
struct Shared(Arc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The one range that a `Range` header asks for; none where it asks for several or in other units, which is answered by all of it
/// (RFC 9110, section 14.2).
///
/// # Errors
/// Where the file has no such range.
fn one_of(header: &str, length: u64) -> Result<Option<RangeInclusive<u64>>, ()> {
    let Ok(ranges) = http_range_header::parse_range_header(header) else { return Ok(None) };
    let mut ranges = ranges.validate(length).map_err(|_| ())?;
    Ok(ranges.pop().filter(|_| ranges.is_empty()))
}

fn insert(headers: &mut HeaderMap, key: header::HeaderName, value: &str) {
    // What is told here is of letters that a header may have.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(key, value);
    }
}
