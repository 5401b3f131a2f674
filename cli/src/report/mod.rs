//! `explain --report`: one HTML page with all results in it. It needs no script, no network and no file beside it.

mod page;
mod words;

use std::fs::File;
use std::io::{Seek, SeekFrom, Write, copy};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::explain::Convention;
use convscope::fault;
use convscope::numbers::Class;
use convscope::picture::Picture;
use convscope::record::MapRecord;
use convscope::render::{MapStyle, draw_map};
use convscope::session::Session;
use serde_json::Value;

use super::files::{Failure, make_folder, parent, write_with};

/// The longer side of a picture on the page, in pixels: that of a screen's column.
const SIDE: u32 = 640;
/// Of the page's JPEG files: at 90 nothing of the heat is lost to the eye.
const QUALITY: u8 = 90;
/// How many classes are listed.
const CLASSES: usize = 5;

/// A page that grows by a section a picture. What has come lies in a passing file, since a folder of pictures may be large.
pub(super) struct Report {
    file: PathBuf,
    how: How,
    /// The names of the pictures so far, and the files that they are in.
    contents: Vec<String>,
    sections: File,
}

/// How all pictures are explained.
#[derive(Clone, Copy)]
pub(super) struct How {
    method: &'static Card,
    convention: Convention,
    style: MapStyle,
}

/// What the page says of one picture.
pub(super) struct Section {
    name: String,
    size: (u32, u32),
    /// As it is shown, and the picture's own address on the page.
    small: Picture,
    address: String,
    top: Vec<Class>,
    class: Class,
    /// Whether the network saw a part of it only.
    part: bool,
    figures: Vec<Figure>,
}

/// One map.
struct Figure {
    layer: String,
    /// Width and height of the map.
    shape: (usize, usize),
    address: String,
    /// What the heat covers.
    words: String,
    maximum: f32,
    blank: Option<String>,
    /// Whether it is an image in the space of the input.
    image: bool,
}

impl Report {
    /// Makes the folder that the page will lie in.
    pub(super) fn new(file: &Path, method: &'static Card, convention: Convention, style: MapStyle) -> Result<Self> {
        if file.is_dir() {
            return Err(Error::Request(fault!(
                "report-folder",
                "{path} is a folder; name a file for the report",
                path = file.display()
            )));
        }
        make_folder(parent(file))?;
        let sections = tempfile::tempfile().map_err(|error| Error::write(file, error))?;
        Ok(Self { file: file.into(), how: How { method, convention, style }, contents: vec![], sections })
    }

    /// A section about the picture that the session has looked at.
    pub(super) fn section(&self, session: &Session, name: &str, picture: &Picture, class: usize) -> Result<Section> {
        let small = picture.within(SIDE);
        let region = session.model().manifest.preprocessing.region(picture.width(), picture.height());
        let seen = (region.width.round() as u32, region.height.round() as u32);
        Ok(Section {
            name: name.into(),
            size: (picture.width(), picture.height()),
            address: address("jpeg", &small.jpeg(QUALITY)?),
            small,
            top: session.classes()?.iter().take(CLASSES).cloned().collect(),
            class: session.class_numbers(class)?.clone(),
            part: seen != (picture.width(), picture.height()),
            figures: vec![],
        })
    }

    /// Adds a section that is whole.
    pub(super) fn add(&mut self, section: Section, seconds: f64) -> Result<()> {
        let html = page::section(self.contents.len(), &section, self.how, seconds);
        self.sections.write_all(html.into_string().as_bytes()).map_err(|error| Error::write(&self.file, error))?;
        self.contents.push(section.name);
        Ok(())
    }

    /// Writes the page.
    pub(super) fn finish(mut self, session: &Session, failures: &[Failure], manifest: &Value) -> Result<()> {
        let command = command_line();
        let head = page::head(session, self.how, &self.contents, failures).into_string();
        let foot = page::foot(&command, manifest).into_string();
        let sections = &mut self.sections;
        write_with(&self.file, |file| {
            file.write_all(page::start().as_bytes())?;
            file.write_all(head.as_bytes())?;
            sections.seek(SeekFrom::Start(0))?;
            copy(sections, file)?;
            file.write_all(foot.as_bytes())?;
            file.write_all(page::END.as_bytes())
        })
    }
}

impl Section {
    /// Adds a map.
    pub(super) fn map(
        &mut self,
        session: &Session,
        record: &MapRecord<'_>,
        convention: Convention,
        style: MapStyle,
    ) -> Result<()> {
        let map = record.map;
        let drawn = draw_map(map, &self.small, &session.model().manifest.preprocessing, convention, style)?;
        // Noise, as gradients are, is what JPEG is worst at.
        let image = map.image.is_some();
        let address = if image { address("png", &drawn.png()?) } else { address("jpeg", &drawn.jpeg(QUALITY)?) };
        self.figures.push(Figure {
            layer: map.layer.clone(),
            shape: (map.normalised.width, map.normalised.height),
            address,
            words: words::covers(map, style.signed),
            maximum: map.raw_maximum,
            blank: map.blank.map(|blank| blank.to_string()),
            image,
        });
        Ok(())
    }
}

/// A file as an address that holds it.
fn address(kind: &str, bytes: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// How this program was called, as a shell takes it.
fn command_line() -> String {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    // It cannot be quoted where it holds a NUL, which no argument does.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}
