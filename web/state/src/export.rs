//! What can be saved of what is seen, and how.

use std::rc::Rc;

use convscope_core::protocol::{Command, Drawing, Form, Panel, Save};
use convscope_core::record::plain;
use convscope_core::render::MapStyle;

use super::{Busy, Effect, Layered, Shared, State, Technique};

/// Something to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// What is seen.
    Picture,
    /// The numbers of the map over the image.
    Array,
    /// All layers, as pictures and numbers, with the manifest.
    Layers,
    /// The manifest alone.
    Manifest,
}

/// The images that a saved picture is composed of.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Images with what lies over them.
    Layered(Vec<Layered>),
    /// Images of channels.
    Panels(Vec<Shared<Panel>>),
    /// A sheet of feature maps.
    Sheet(Shared<Drawing>),
}

/// How things are saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportState {
    /// Whether a picture is saved with a line that says what it is.
    pub caption: bool,
}

impl Default for ExportState {
    fn default() -> Self {
        Self { caption: true }
    }
}

/// What happens to what is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportAction {
    /// Save what is seen, or the numbers behind it.
    Save(Saving),
    /// Save pictures with a line that says what they are, or without.
    ChooseCaption(bool),
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
        }
    }

    /// Whether that can be saved now.
    pub fn can_save(&self, saving: Saving) -> bool {
        let image = &self.image;
        let still = self.worker.busy() == Busy::No && image.photo.is_some() && image.coming.is_none();
        let maps = self.explanation.technique == Technique::Classes && self.explanation.seconds.is_some();
        still
            && match saving {
                Saving::Picture => self.explanation.technique != Technique::Filters || self.has_panels(),
                Saving::Array => self.array().is_some(),
                Saving::Layers | Saving::Manifest => maps && self.worker.loaded,
            }
    }

    fn has_panels(&self) -> bool {
        self.explanation.answer.panels.iter().any(|panel| panel.drawing.is_some())
    }

    /// What is seen: images of channels, else the sheet unless a feature map of it lies over the image, else the image with what
    /// lies over it, beside an explanation that is kept.
    pub fn scene(&self) -> Scene {
        if let Some(compared) = self.compared() {
            let explanation = &self.explanation;
            return Scene::Layered(compared.panes(explanation.colormap, explanation.opacity).into());
        }
        let answer = &self.explanation.answer;
        if self.has_panels() {
            return Scene::Panels(answer.panels.iter().filter(|panel| panel.drawing.is_some()).cloned().collect());
        }
        let layered = self.layered();
        match &answer.sheet {
            Some((sheet, _)) if layered.overlay.is_none() => Scene::Sheet(sheet.clone()),
            _ => Scene::Layered(vec![layered]),
        }
    }

    fn save(&mut self, saving: Saving) -> Option<Effect> {
        let form = match saving {
            Saving::Picture => {
                return Some(Effect::SavePicture { name: self.name("png"), caption: self.export.caption });
            }
            Saving::Array => {
                let (layer, bytes) = self.array()?;
                return Some(Effect::Download { name: self.name(&format!("{layer}.npy")), bytes: Rc::from(bytes) });
            }
            Saving::Layers => Form::Zip,
            Saving::Manifest => Form::Manifest,
        };
        let photo = self.image.photo.clone()?;
        let explanation = &self.explanation;
        let (colormap, opacity) = (explanation.colormap, explanation.opacity);
        let style = MapStyle { colormap, opacity, signed: explanation.draws_sign() };
        let save = Save { picture: photo.name.clone(), file: photo.file.to_vec(), style, form };
        // What is seen stays, and stays whole: a save is no question.
        Some(Effect::Send(self.worker.asking(), Command::Save(save)))
    }

    /// The numbers of the map over the image, as a `.npy` file, and the layer that they are of.
    fn array(&self) -> Option<(String, Vec<u8>)> {
        let explanation = &self.explanation;
        match explanation.technique {
            Technique::Classes => {
                let map = &explanation.current()?.map;
                let plane = if explanation.draws_sign() { &map.signed } else { &map.normalised };
                Some((map.layer.clone(), plane.npy()))
            }
            Technique::Activations => {
                let (layer, channel, plane) = explanation.answer.channel.as_ref()?;
                Some((format!("{layer}.{channel}"), plane.npy()))
            }
            Technique::Filters | Technique::Deconvnet => None,
        }
    }

    /// A name for a file of what is seen, as the command line would give it.
    fn name(&self, ending: &str) -> String {
        let explanation = &self.explanation;
        let picture = self.image.photo.as_ref().map_or("picture", |photo| photo.name.as_str());
        let stem = picture.rsplit_once('.').map_or(picture, |(stem, _)| stem);
        let technique = match explanation.technique {
            Technique::Classes => &explanation.question.method,
            technique => technique.name(),
        };
        let sign = if explanation.draws_sign() { "_signed" } else { "" };
        match ending.rsplit_once('.') {
            Some((layer, ending)) => format!("{}.{technique}{sign}.{}.{ending}", plain(stem), plain(layer)),
            None => format!("{}.{technique}{sign}.{ending}", plain(stem)),
        }
    }
}
