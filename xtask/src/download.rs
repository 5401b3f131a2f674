//! Large files from the web: a broken download goes on where it stopped, and nothing is used that is not the published file.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use md5::{Digest, Md5};
use ureq::Agent;

/// Tries of a download, each of which goes on where the last broke off, before the user is asked to.
const TRIES: usize = 5;

/// A published file.
pub struct Remote<'a> {
    /// Address where it is published.
    pub url: &'a str,
    /// Name of the file.
    pub file: &'a str,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// MD5 as published; guards against mistakes, not against forgery, which is up to the address's TLS.
    pub md5: &'a str,
}

impl Remote<'_> {
    /// The file in `folder`, downloaded if it is not there.
    ///
    /// # Errors
    /// When it cannot be downloaded, with what came so far kept for the next time, or is not the published file.
    pub fn fetch(&self, folder: &Path) -> Result<PathBuf> {
        let place = folder.join(self.file);
        // The file has this name only when it has been checked.
        if place.is_file() {
            return Ok(place);
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
        let part = folder.join(format!("{}.part", self.file));
        self.download(&part)?;
        if let Err(error) = self.check(&part) {
            let _ = fs::remove_file(&part);
            return Err(error.context("the download was thrown away"));
        }
        fs::rename(&part, &place).with_context(|| format!("cannot write {}", place.display()))?;
        Ok(place)
    }

    /// Refuses a file that is not the published one.
    ///
    /// # Errors
    /// When it cannot be read or its length or MD5 is another.
    pub fn check(&self, path: &Path) -> Result<()> {
        let read = || format!("cannot read {}", path.display());
        let bytes = fs::metadata(path).with_context(read)?.len();
        if bytes != self.bytes {
            bail!("{} is not {}: it has {bytes} bytes, not {}", path.display(), self.file, self.bytes);
        }
        let mut hash = Md5::new();
        std::io::copy(&mut BufReader::with_capacity(1 << 20, File::open(path).with_context(read)?), &mut hash)
            .with_context(read)?;
        let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if found != self.md5 {
            bail!("{} is not {}: its MD5 is {found}, not {}", path.display(), self.file, self.md5);
        }
        Ok(())
    }

    /// Brings `part` to its full length.
    fn download(&self, part: &Path) -> Result<()> {
        let agent: Agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(30)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            .build()
            .into();
        let bar = bar(self.bytes);
        println!("Downloading {} ({} MB) ...", self.file, (self.bytes + 500_000) / 1_000_000);
        for attempt in 1.. {
            let failed = match self.go_on(&agent, part, &bar) {
                Ok(()) => break,
                Err(error) => error,
            };
            if attempt == TRIES || !has_some(part) {
                return Err(failed.context(format!("cannot download {}", self.url)));
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// One request for what `part` lacks.
    fn go_on(&self, agent: &Agent, part: &Path, bar: &ProgressBar) -> Result<()> {
        let mut have = fs::metadata(part).map_or(0, |meta| meta.len());
        if have == self.bytes {
            return Ok(());
        }
        let mut request = agent.get(self.url);
        if have > 0 && have < self.bytes {
            request = request.header("Range", format!("bytes={have}-"));
        }
        let response = request.call()?;
        let range = response.headers().get("Content-Range").and_then(|range| range.to_str().ok());
        let continues = range.is_some_and(|range| range.starts_with(&format!("bytes {have}-")));
        let file = match response.status().as_u16() {
            206 if continues => OpenOptions::new().append(true).open(part),
            // A server that knows no ranges begins anew.
            200 => {
                have = 0;
                File::create(part)
            }
            status => bail!("the server answers {status}"),
        };
        let mut file = file.with_context(|| format!("cannot write {}", part.display()))?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            bar.set_position(have);
            match body.read(&mut buffer)? {
                0 if have == self.bytes => return Ok(()),
                0 => bail!("the server sent {have} bytes of {}", self.bytes),
                count => {
                    have += count as u64;
                    if have > self.bytes {
                        drop(file);
                        let _ = fs::remove_file(part);
                        bail!("the server sends more than the {} bytes of {}", self.bytes, self.file);
                    }
                    file.write_all(&buffer[..count]).with_context(|| format!("cannot write {}", part.display()))?;
                }
            }
        }
    }
}

fn has_some(part: &Path) -> bool {
    fs::metadata(part).is_ok_and(|meta| meta.len() > 0)
}

fn bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    match ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {binary_bytes_per_sec}, {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;
    use std::net::{TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use super::*;

    const BODY: &[u8] = b"weights, weights, weights and weights";
    const MD5: &str = "4c906eeaec3350c4edac4e3f9a568648";

    /// Answers as many requests as there are `answers`, each made from the first byte that was asked for; gives those bytes' places.
    fn server(answers: Vec<fn(usize) -> Vec<u8>>) -> (String, JoinHandle<Vec<usize>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/weights.bin", listener.local_addr().expect("an address"));
        let answer_all = move || {
            let answer = |answer: fn(usize) -> Vec<u8>| {
                let (stream, _) = listener.accept().expect("a request");
                let start = asked(&stream);
                (&stream).write_all(&answer(start)).expect("answered");
                start
            };
            answers.into_iter().map(answer).collect()
        };
        (url, thread::spawn(answer_all))
    }

    fn asked(stream: &TcpStream) -> usize {
        let lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
        let header: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let range = header.iter().find_map(|line| line.to_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
        range.map_or(0, |range| range.trim_end_matches('-').parse().expect("a place"))
    }

    fn head(status: &str, length: usize, more: &str) -> Vec<u8> {
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n").into_bytes()
    }

    /// The whole, of which nothing comes after the tenth byte.
    fn broken(_: usize) -> Vec<u8> {
        [head("200 OK", BODY.len(), ""), BODY[..10].to_vec()].concat()
    }

    fn rest(start: usize) -> Vec<u8> {
        let range = format!("Content-Range: bytes {start}-{}/{}\r\n", BODY.len() - 1, BODY.len());
        [head("206 Partial Content", BODY.len() - start, &range), BODY[start..].to_vec()].concat()
    }

    fn whole(_: usize) -> Vec<u8> {
        [head("200 OK", BODY.len(), ""), BODY.to_vec()].concat()
    }

    fn missing(_: usize) -> Vec<u8> {
        head("404 Not Found", 0, "")
    }

    fn remote(url: &str) -> Remote<'_> {
        Remote { url, file: "weights.bin", bytes: BODY.len() as u64, md5: MD5 }
    }

    #[test]
    fn a_broken_download_goes_on_where_it_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, asked) = server(vec![broken, rest]);
        let place = remote(&url).fetch(&folder.path().join("new")).expect("fetched");
        assert_eq!(fs::read(&place).expect("there"), BODY);
        assert_eq!(asked.join().expect("served"), [0, 10]);
        // The server is gone: what is there is not fetched again.
        assert_eq!(remote(&url).fetch(&folder.path().join("new")).expect("kept"), place);
    }

    #[test]
    fn a_server_without_ranges_begins_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("weights.bin.part"), "other").expect("written");
        let (url, asked) = server(vec![whole]);
        let place = remote(&url).fetch(folder.path()).expect("fetched");
        assert_eq!(fs::read(place).expect("there"), BODY);
        assert_eq!(asked.join().expect("served"), [5]);
    }

    #[test]
    fn a_download_that_is_not_the_published_file_is_thrown_away() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("weights.bin.part"), "other").expect("written");
        let (url, _asked) = server(vec![rest]);
        let error = format!("{:#}", remote(&url).fetch(folder.path()).expect_err("another file"));
        assert!(error.contains("MD5") && error.contains(MD5), "{error}");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
    }

    #[test]
    fn part_of_a_download_is_kept_for_the_next_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, _asked) = server(vec![broken, missing, missing, missing, missing]);
        let error = format!("{:#}", remote(&url).fetch(folder.path()).expect_err("no file"));
        assert!(error.contains(&url) && error.contains("404"), "{error}");
        assert_eq!(fs::read(folder.path().join("weights.bin.part")).expect("kept"), &BODY[..10]);
    }
}
