//! Evidence bundles: results of one image in a zip archive, with everything that is needed to make them again and to see whether
//! they are the same.
//!
//! A bundle is the files of a run with its manifest, which has one member more, `bundle`: the requests, the image by its SHA-256, the
//! command line that repeats it, and the SHA-256 of every file. Nothing is signed: whoever changes a file can change its hash too,
//! but not what comes out when the run is made again.
//!
//! ```
//! use convscope_core::card;
//! use convscope_core::card::{Asks, Card, Gives};
//! use convscope_core::export::{Asked, Bundle, Evidence};
//! use serde_json::json;
//!
//! const CARD: Card = card! {
//!     id: "my_cam", title: "My CAM", family: Cam, paper: ("Somebody 2026", ""), shows: "", limits: "",
//!     asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false },
//! };
//!
//! let mut bundle = Bundle::new(json!({ "program": "convscope 1", "results": [], "failures": [] }));
//! bundle.add("map.npy", b"numbers".to_vec());
//! let evidence = Evidence::new(Asked::default(), &CARD, "vgg16", Some(("cat.jpg", "00")));
//! let zip = bundle.zip(evidence, None)?;
//! let (bundle, evidence) = Bundle::read(&zip, 1 << 20)?;
//! assert_eq!((&bundle.files["map.npy"][..], evidence.files.len()), (&b"numbers"[..], 1));
//! # Ok::<(), convscope_core::Error>(())
//! ```

mod agreement;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Zip, command_line, joined, manifest_file, sha256};
use crate::card::Card;
use crate::error::Result;
use crate::image::Image;
use crate::render::MapStyle;
use crate::request::Request;

pub use agreement::Agreement;

/// Name of the file about all others.
pub const MANIFEST: &str = "manifest.json";
/// Form of bundles that this program writes, and the newest that it reads.
const FORM: u32 = 1;
/// Bytes of a file's name at most, which every file system takes.
const LONGEST: usize = 120;

/// Everything that a run was asked, enough to do it again with a model and an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Requests, each with its target.
    pub requests: Vec<Request>,
    /// Metrics of the maps that came with them, without target and map: of those of the layers that one names, and otherwise of all.
    #[serde(default)]
    pub metrics: Vec<Request>,
    /// Drawing style of maps and sheets.
    pub style: MapStyle,
    /// SHA-256 of the files of other images that methods could draw on.
    #[serde(default)]
    pub references: Vec<String>,
}

/// Image that a bundle is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledImage {
    /// Name of its file, which lies in the bundle where it is `included`.
    pub name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Whether the bundle holds it. Without it, pictures show white in its place.
    pub included: bool,
}

/// Length and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Bytes.
    pub bytes: usize,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Part of a manifest that makes it that of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Number that grows with every form of bundles that older programs cannot read.
    pub form: u32,
    /// Everything that was asked.
    pub asked: Asked,
    /// The image, of methods that ask for one.
    pub image: Option<BundledImage>,
    /// Command line that repeats it.
    pub command: String,
    /// System and processor that the program was built for.
    pub platform: String,
    /// All files but the manifest, by their names.
    pub files: BTreeMap<String, FileSum>,
}

impl Evidence {
    /// Evidence of what was asked of a model, about the image of a name and a SHA-256 where the method takes one.
    pub fn new(asked: Asked, card: &Card, model: &str, image: Option<(&str, &str)>) -> Self {
        let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
            ("", arch) => arch.to_owned(),
            (system, arch) => format!("{system} {arch}"),
        };
        let about = |(name, sha256): (&str, &str)| BundledImage {
            name: file_name(name),
            sha256: sha256.into(),
            included: false,
        };
        let image = image.map(about);
        let command = command_line(&asked, card, model, image.as_ref().map(|image| image.name.as_str()));
        Self { form: FORM, asked, image, command, platform, files: BTreeMap::new() }
    }
}

/// Results with their manifest, before they are packed or after they have been unpacked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundle {
    /// The manifest.
    pub manifest: Value,
    /// All files but the manifest, by their names.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// A bundle with a manifest and no file.
    pub fn new(manifest: Value) -> Self {
        Self { manifest, files: BTreeMap::new() }
    }

    /// Adds a file, in the place of one of that name.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.insert(name.into(), bytes);
    }

    /// The zip archive, with the image's file if that is given. Paths of this machine are no part of it: the image goes by its file's
    /// name.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where a zip archive cannot hold it.
    pub fn zip(mut self, mut evidence: Evidence, file: Option<Vec<u8>>) -> Result<Vec<u8>> {
        if let (Some(image), Some(file)) = (&mut evidence.image, file) {
            image.included = true;
            self.files.insert(image.name.clone(), file);
        }
        if let (Some(image), Some(Value::Array(results))) = (&evidence.image, self.manifest.get_mut("results")) {
            results.iter_mut().for_each(|entry| entry["picture"] = json!(image.name));
        }
        let sum = |bytes: &Vec<u8>| FileSum { bytes: bytes.len(), sha256: sha256(bytes) };
        evidence.files = self.files.iter().map(|(name, bytes)| (name.clone(), sum(bytes))).collect();
        let mut zip = Zip::default();
        zip.add(MANIFEST, &manifest_file(&joined(self.manifest, json!({ "bundle": evidence }))))?;
        self.files.iter().try_for_each(|(name, bytes)| zip.add(name, bytes))?;
        zip.finish()
    }
}

/// White in the size of an image, which stands in pictures for one that is not given away.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where memory is short.
pub fn hidden(image: &Image) -> Result<Image> {
    let mut white = image.canvas()?;
    white.rgb_mut().fill(255);
    Ok(white)
}

/// The last part of a path as a name that every system takes.
fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| if c.is_control() || r#"<>:"|?*"#.contains(c) { '_' } else { c };
    let name: String = name.trim_start_matches(['.', '-', ' ']).chars().map(plain).collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let ending = &ending[..ending.floor_char_boundary(8)];
    let stem = &stem[..stem.floor_char_boundary(LONGEST - 9)];
    match (stem.trim_end_matches([' ', '.']), ending) {
        ("", "") => "picture".into(),
        ("", ending) => format!("picture.{ending}"),
        (stem, "") => stem.into(),
        (stem, ending) => format!("{stem}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card;
    use crate::card::{Asks, Gives};

    const CARD: Card = card! {
        id: "a_cam", title: "A CAM", family: Cam, paper: ("Somebody 2026", ""), shows: "", limits: "",
        asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false },
    };

    #[test]
    fn names_are_the_last_part_of_a_path_and_plain() {
        let long = format!("{}.jpeg", "猫".repeat(90));
        let cases = [
            ("web/cat.jpg", "cat.jpg"),
            (r"C:\me\my cat.PNG", "my cat.PNG"),
            ("../../..", "picture"),
            ("-rf.png", "rf.png"),
            (".png", "png"),
            ("a\u{1b}?b.png", "a__b.png"),
            ("", "picture"),
        ];
        for (path, expected) in cases {
            assert_eq!(file_name(path), expected, "{path}");
        }
        let cut = file_name(&long);
        assert!(cut.len() <= LONGEST && cut.ends_with("猫.jpeg"), "{cut}");
    }

    #[test]
    fn no_path_of_the_machine_is_in_a_bundle() {
        let results = json!([{ "picture": "private folder/cat.jpg", "layer": "conv" }]);
        let bundle = Bundle::new(json!({ "program": "convscope 1", "results": results, "failures": [] }));
        let evidence = Evidence::new(Asked::default(), &CARD, "vgg16", Some(("private folder/cat.jpg", "00")));
        let zip = bundle.zip(evidence, None).unwrap();
        assert!(!String::from_utf8_lossy(&zip).contains("private folder"));
        let (read, evidence) = Bundle::read(&zip, 1 << 20).unwrap();
        assert_eq!(read.manifest["results"][0]["picture"], "cat.jpg");
        assert_eq!(evidence.image.map(|image| (image.name, image.included)), Some(("cat.jpg".into(), false)));
    }

    #[test]
    fn hidden_images_are_white() {
        let white = hidden(&Image::from_rgb(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap()).unwrap();
        assert_eq!((white.width(), white.rgb()), (2, &[255; 6][..]));
    }
}
