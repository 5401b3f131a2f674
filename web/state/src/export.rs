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
        let still = self.worker.busy() == Busy::No && image.photo.is_some() && image.incoming.is_none();
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
                return Some(Effect::Download { name: self.name("npy"), bytes: Rc::from(self.array()?) });
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

    /// The numbers of the map over the image, as a `.npy` file.
    fn array(&self) -> Option<Vec<u8>> {
        let explanation = &self.explanation;
        match explanation.technique {
            Technique::Classes => {
                let map = &explanation.current()?.map;
                Some(if explanation.draws_sign() { map.signed.npy() } else { map.normalised.npy() })
            }
            Technique::Activations => explanation.answer.channel.as_ref().map(|(_, _, plane)| plane.npy()),
            Technique::Filters | Technique::Deconvnet => None,
        }
    }

    /// A name for a file of what is seen, as the command line gives it to the same result: what it is of, how it was made, and
    /// the layer and the class or the channel that it is about.
    fn name(&self, ending: &str) -> String {
        let technique = self.explanation.technique;
        let made_by = match technique {
            Technique::Classes if self.explanation.draws_sign() => {
                format!("{}_signed", self.explanation.question.method)
            }
            Technique::Classes => self.explanation.question.method.clone(),
            technique => technique.name().into(),
        };
        let [layer, index] = self.place();
        // Another picture than that of the map alone.
        let compared = ending == "png" && technique == Technique::Classes && self.comparison.kept.is_some();
        let parts = [Some(self.stem()), Some(made_by), layer, index, compared.then(|| "compared".into())];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        let name: Vec<String> = parts.map(|part| plain(&part)).collect();
        format!("{}.{ending}", name.join("."))
    }

    /// What a file is of: the image, but of filters the model.
    fn stem(&self) -> String {
        let name = match (self.explanation.technique, &self.model.ready) {
            (Technique::Filters, Some(ready)) => return ready.id.clone(),
            _ => self.image.photo.as_ref().map_or("", |photo| &photo.name),
        };
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if stem.is_empty() { "picture".into() } else { stem.into() }
    }

    /// The layer that is seen, and the class or the channel if one alone is.
    fn place(&self) -> [Option<String>; 2] {
        let explanation = &self.explanation;
        let answer = &explanation.answer;
        match explanation.technique {
            Technique::Classes => {
                let shown = explanation.current();
                [shown.map(|shown| shown.map.layer.clone()), shown.map(|shown| shown.class.to_string())]
            }
            Technique::Activations => match &answer.channel {
                Some((layer, channel, _)) => [Some(layer.clone()), Some(channel.to_string())],
                None => [explanation.layer.clone(), None],
            },
            Technique::Filters | Technique::Deconvnet => [Some(answer.layer.clone()), None],
        }
    }
}
