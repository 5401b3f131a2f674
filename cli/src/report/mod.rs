//! `explain --report`: one HTML page with all results in it. It needs no script, no network and no file beside it.

mod figure;
mod measurement;
mod page;
mod places;
mod verdict;
mod words;

use std::fs::File;
use std::io::{Seek, SeekFrom, Write, copy};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use convscope::artifact::Artifact;
use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::explain::AttributionMap;
use convscope::export::Made;
use convscope::fault;
use convscope::html::{END, start};
use convscope::image::Image;
use convscope::methods::method;
use convscope::model::Model;
use convscope::predictions::Class;
use convscope::render::draw_map;
use convscope::target::Explained;
use maud::{Markup, html};
use serde_json::Value;
use verdict::Verdict;

use super::ask::Ask;
use super::files::{make_folder, parent, write_with};
use super::images::Failure;
use super::say::note;

/// The longer side of an image on the page, in pixels: that of a screen's column.
const SIDE: u32 = 640;
/// JPEG quality of the page's images, 1 to 100: at 90 nothing of the heat is lost to the eye.
const QUALITY: u8 = 90;
/// The most bytes of sections on a page, which browsers still open at once. The first image's is there, however large.
const MOST_BYTES: u64 = 100_000_000;
/// Classes that are listed.
const CLASSES: usize = 5;

/// A page that grows by a section an image. What has come lies in a passing file, since a folder of images may be large.
pub(super) struct Report {
    file: PathBuf,
    how: How,
    /// The names of the images so far, and the files that they are in.
    contents: Vec<String>,
    sections: File,
    bytes: u64,
    /// The names of the images that came when the page was full.
    left_out: Vec<String>,
}

/// Method and convention that explain all images.
struct How {
    method: &'static Card,
    convention: &'static str,
    describes: &'static str,
    /// The method whose map is measured, of a metric.
    measured: Option<&'static Card>,
}

/// Section of the page about one image, or about the network alone.
pub(super) struct Section {
    name: String,
    /// The method's id.
    method: String,
    image: Option<Shown>,
    top: Vec<Class>,
    explained: Option<Explained>,
    figures: Vec<Markup>,
    /// The map that the next measurement is of.
    measured: Option<Markup>,
    /// What metrics say of the maps among them.
    measurements: Vec<Markup>,
    verdict: Verdict,
}

/// An image as it is shown.
struct Shown {
    /// Width and height of the file's image, in pixels.
    size: (u32, u32),
    small: Image,
    /// Address of the small image on the page.
    address: String,
    /// Whether the network saw a part of it only.
    part: bool,
}

impl Report {
    /// Makes the folder that the page will lie in.
    pub(super) fn new(file: &Path, ask: &Ask) -> Result<Self> {
        if file.is_dir() {
            return Err(Error::Request(fault!(
                "report-folder",
                "{path} is a folder; name a file for the report",
                path = file.display()
            )));
        }
        make_folder(parent(file))?;
        let sections = tempfile::tempfile().map_err(|error| Error::write(file, error))?;
        let variant = ask.card.variant(ask.convention.name).map_err(Error::Request)?;
        let measured = ask.request.map.as_ref().map(|map| method(&map.method)).transpose()?;
        let measured = measured.map(|method| method.card());
        let how = How { method: ask.card, convention: &variant.name, describes: &variant.describes, measured };
        Ok(Self { file: file.into(), how, contents: vec![], sections, bytes: 0, left_out: vec![] })
    }

    /// Adds a section that is whole.
    pub(super) fn add(&mut self, section: Section, seconds: f64) -> Result<()> {
        let html = page::section(self.contents.len(), &section, &self.how, seconds).into_string();
        let bytes = self.bytes + html.len() as u64;
        if !self.contents.is_empty() && bytes > MOST_BYTES {
            if self.left_out.is_empty() {
                note(&format!("{}: {}", self.file.display(), page::FULL));
            }
            self.left_out.push(section.name);
            return Ok(());
        }
        self.bytes = bytes;
        self.sections.write_all(html.as_bytes()).map_err(|error| Error::write(&self.file, error))?;
        self.contents.push(section.name);
        Ok(())
    }

    /// Writes the page.
    pub(super) fn finish(mut self, model: &Model, failures: &[Failure], manifest: &Value) -> Result<()> {
        let command = command_line();
        let head = page::head(model, &self.how, &self.contents, failures).into_string();
        let foot = page::left_out(&self.left_out).into_string()
            + &page::foot(&command, &places::value(manifest)).into_string();
        let sections = &mut self.sections;
        write_with(&self.file, |file| {
            file.write_all(start("Convscope report").as_bytes())?;
            file.write_all(head.as_bytes())?;
            sections.seek(SeekFrom::Start(0))?;
            copy(sections, file)?;
            file.write_all(foot.as_bytes())?;
            file.write_all(END.as_bytes())
        })
    }
}

impl Section {
    /// A section about the image that results were made of, of which the network says that it is of these `classes`, the likeliest
    /// first.
    pub(super) fn new(made: &Made<'_>, classes: &[Class]) -> Result<Self> {
        Ok(Self {
            name: places::name(made.about.map_or(made.maker.name, |about| about.name)),
            method: made.card.id.to_string(),
            image: made.about.map(|about| Shown::new(about.image, made)).transpose()?,
            top: classes.iter().take(CLASSES).cloned().collect(),
            explained: made.explained.cloned(),
            figures: vec![],
            measured: None,
            measurements: vec![],
            verdict: Verdict::default(),
        })
    }

    /// Shows a map beside the measurement of it, which comes next.
    pub(super) fn show_measured(&mut self, made: &Made<'_>, map: &AttributionMap) -> Result<()> {
        self.measured = self.map(made, map)?;
        Ok(())
    }

    /// A map over the image, where there is one.
    fn map(&self, made: &Made<'_>, map: &AttributionMap) -> Result<Option<Markup>> {
        let Some(image) = &self.image else { return Ok(None) };
        let drawn = draw_map(map, &image.small, made.preprocessing, made.convention, made.style)?;
        // Noise, as gradients are, is what JPEG is worst at.
        let address = if map.image.is_some() { png(&drawn)? } else { jpeg(&drawn)? };
        Ok(Some(figure::map(map, &address, self, made)))
    }

    /// Adds a result; nothing where there is nothing to see.
    pub(super) fn add(&mut self, made: &Made<'_>, artifact: &Artifact) -> Result<()> {
        if let Artifact::Measurement(one) = artifact {
            self.verdict.add(one);
        }
        self.figures.push(match artifact {
            Artifact::Map(map) => match self.map(made, map)? {
                Some(figure) => figure,
                None => return Ok(()),
            },
            Artifact::Panel(panel) => {
                let Some(drawing) = &panel.drawing else { return Ok(()) };
                figure::panel(panel, &png(&drawing.image()?)?, self, made)
            }
            Artifact::Sheet(sheet) => figure::sheet(sheet, &jpeg(&sheet.draw(made.style.colormap)?)?, self),
            Artifact::Measurement(one) if made.card.id == self.method => {
                let map = self.measured.take();
                html! { div.pair { @if let Some(map) = map { (map) } (measurement::measurement(one, None)) } }
            }
            Artifact::Measurement(one) => {
                self.measurements.push(measurement::measurement(one, Some(&made.card.title)));
                return Ok(());
            }
        });
        Ok(())
    }
}

impl Shown {
    fn new(image: &Image, made: &Made<'_>) -> Result<Self> {
        let (size, small) = ((image.width(), image.height()), image.within(SIDE));
        let region = made.preprocessing.region(size.0, size.1);
        let seen = (region.width.round() as u32, region.height.round() as u32);
        Ok(Self { size, address: jpeg(&small)?, small, part: seen != size })
    }
}

fn jpeg(image: &Image) -> Result<String> {
    Ok(address("jpeg", &image.jpeg(QUALITY)?))
}

fn png(image: &Image) -> Result<String> {
    Ok(address("png", &image.png()?))
}

/// A file as an address that holds it.
fn address(kind: &str, bytes: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// Command that called this program, as a shell takes it.
fn command_line() -> String {
    let words: Vec<String> = std::env::args_os().map(|word| places::word(&word.to_string_lossy())).collect();
    // It cannot be quoted where it holds a NUL, which no argument does.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

#[cfg(test)]
mod tests;
