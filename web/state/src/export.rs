//! Saving of what is seen.

use std::rc::Rc;

use convscope_core::artifact::{Panel, Sheet};
use convscope_core::export::plain;
use convscope_core::protocol::{Command, Export, Form};
use convscope_core::render::{Colormap, MapStyle};
use convscope_core::request::Request;
use convscope_core::target::Target;

use super::image::send_with;
use super::tickets::Kind;
use super::{Busy, Effect, ExplanationState, FeatureMap, ImageFile, Layered, Shared, State};

/// Something to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Image of what is seen.
    Image,
    /// The numbers of the map over the image.
    Array,
    /// All results, as images and numbers, with the manifest.
    Results,
    /// The manifest alone.
    Manifest,
}

/// The images that a saved image is composed of.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Cells of a grid, row by row, and how many are in a row.
    Grid(usize, Vec<Layered>),
    /// Images with what lies over them.
    Layered(Vec<Layered>),
    /// Images of channels.
    Panels(Vec<Shared<Panel>>),
    /// A sheet of feature maps, and their colours.
    Sheet(Shared<Sheet>, Colormap),
}

/// Choices of how things are saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportState {
    /// Whether an image is saved with a line that says what it is.
    pub caption: bool,
    /// Whether the image is part of an evidence bundle.
    pub with_image: bool,
}

impl Default for ExportState {
    fn default() -> Self {
        Self { caption: true, with_image: true }
    }
}

/// Action on what is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportAction {
    /// Save what is seen, or the numbers behind it.
    Save(Saving),
    /// Save images with a line that says what they are, or without.
    ChooseCaption(bool),
    /// Put the image into evidence bundles, or white in its place.
    ChooseImage(bool),
}

/// What a request explains, as a part of a file's name.
fn file_word(request: &Request) -> Option<String> {
    request.target.as_ref().map(Target::file_word)
}

impl State {
    pub(super) fn change_export(&mut self, action: ExportAction) -> Vec<Effect> {
        match action {
            ExportAction::Save(saving) if self.can_save(saving) => self.save(saving).into_iter().collect(),
            ExportAction::Save(_) => vec![],
            ExportAction::ChooseCaption(caption) => {
                self.export.caption = caption;
                vec![]
            }
            ExportAction::ChooseImage(with_image) => {
                self.export.with_image = with_image;
                vec![]
            }
        }
    }

    /// Whether something can be saved now.
    pub fn can_save(&self, saving: Saving) -> bool {
        let (image, explanation) = (&self.image, &self.explanation);
        let of_image = self.card().is_none_or(|card| card.asks.image);
        let still = self.worker.busy() == Busy::No && image.incoming.is_none() && (image.photo.is_some() || !of_image);
        still
            && match saving {
                Saving::Image => of_image || explanation.results.has_panels(),
                Saving::Array => self.array().is_some(),
                Saving::Results | Saving::Manifest => explanation.is_finished() && self.worker.loaded,
            }
    }

    /// Scene that is seen: images of channels, else the sheet unless a feature map of it lies over the image, else the image with
    /// what lies over it, beside an explanation that is kept.
    pub fn scene(&self) -> Scene {
        let explanation = &self.explanation;
        if let Some((columns, cells)) = self.grid_scene() {
            return Scene::Grid(columns, cells);
        }
        if let Some(compared) = self.compared() {
            return Scene::Layered(compared.panes(explanation.colormap, explanation.opacity, explanation.blend).into());
        }
        let results = &explanation.results;
        if results.has_panels() {
            return Scene::Panels(results.panels.iter().filter(|panel| panel.drawing.is_some()).cloned().collect());
        }
        let layered = self.layered();
        match &results.sheet {
            Some(sheet) if layered.overlay.is_none() => Scene::Sheet(sheet.clone(), explanation.colormap),
            _ => Scene::Layered(vec![layered]),
        }
    }

    fn save(&mut self, saving: Saving) -> Option<Effect> {
        let form = match saving {
            Saving::Image => {
                return Some(Effect::SaveImage { name: self.name("png"), caption: self.export.caption });
            }
            Saving::Array => {
                return Some(Effect::Download { name: self.name("npy"), bytes: Rc::from(self.array()?) });
            }
            Saving::Results => Form::Bundle { image: None },
            Saving::Manifest => Form::Manifest,
        };
        let ExplanationState { colormap, opacity, blend, contour, .. } = self.explanation;
        let style = MapStyle { colormap, opacity, blend, signed: self.draws_sign(), contour };
        let photo = self.bundled_image().filter(|_| saving == Saving::Results).cloned();
        let command = Command::Export(Export { style, form });
        // What is seen stays, and stays whole.
        let ticket = self.worker.begin(Kind::Run);
        Some(
            photo.map_or_else(
                || Effect::Send(ticket, command.clone()),
                |photo| send_with(ticket, command.clone(), &photo),
            ),
        )
    }

    /// The image, where it is to be part of a bundle.
    fn bundled_image(&self) -> Option<&Rc<ImageFile>> {
        let of_image = self.card().is_some_and(|card| card.asks.image);
        self.image.photo.as_ref().filter(|_| self.export.with_image && of_image)
    }

    /// The numbers of what lies over the image, as a `.npy` file.
    fn array(&self) -> Option<Vec<u8>> {
        if let Some(FeatureMap { plane, .. }) = &self.explanation.results.channel {
            return Some(plane.npy());
        }
        let map = &self.explanation.current()?.map;
        Some(if self.draws_sign() { map.signed.npy() } else { map.normalised.npy() })
    }

    /// A name for a file of what is seen, as the command line gives it to the same result: what it is of, how it was made, and
    /// the layer and the class or the channel that it is about.
    pub(super) fn name(&self, ending: &str) -> String {
        let word = self.card().map_or("", |card| card.word());
        let made_by = if self.draws_sign() { format!("{word}_signed") } else { word.to_owned() };
        let [layer, index] = self.place();
        // Another image than that of the map alone.
        let compared = ending == "png" && self.kept().is_some();
        let view =
            if ending == "png" && self.gridded().is_some() { Some("grid") } else { compared.then_some("compared") };
        let parts = [Some(self.stem()), Some(made_by), layer, index, view.map(Into::into)];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        let name: Vec<String> = parts.map(|part| plain(&part)).collect();
        format!("{}.{ending}", name.join("."))
    }

    /// Name of what a file is of: the image, but of a method that takes none the model.
    fn stem(&self) -> String {
        let name = match (self.card(), &self.model.ready) {
            (Some(card), Some(ready)) if !card.asks.image => return ready.id.clone(),
            _ => self.image.photo.as_ref().map_or("", |photo| &photo.name),
        };
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if stem.is_empty() { "picture".into() } else { stem.into() }
    }

    /// The layer that is seen, and the class or the channel if one alone is.
    fn place(&self) -> [Option<String>; 2] {
        let explanation = &self.explanation;
        let results = &explanation.results;
        if let Some(FeatureMap { layer, channel, .. }) = &results.channel {
            return [Some(layer.clone()), Some(channel.to_string())];
        }
        if let Some(shown) = explanation.current() {
            return [Some(shown.map.layer.clone()), file_word(&shown.request)];
        }
        let panels = results.panels.first().map(|panel| panel.layer.clone());
        let sheet = results.sheet.as_ref().map(|sheet| sheet.activation.layer.clone());
        let measured = results.measurements.first().map(|one| one.layer.clone());
        [panels.or(sheet).or(measured), results.request.as_deref().and_then(file_word)]
    }
}
