//! What can be saved of what is seen, and how.

use std::rc::Rc;

use convscope_core::protocol::{Command, Form, Save};
use convscope_core::render::MapStyle;

use super::{Busy, Effect, State, Technique};

/// Something to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// What is seen, with or without a line that says what it is.
    Picture {
        /// With the line.
        caption: bool,
    },
    /// The numbers of the map over the picture.
    Array,
    /// All layers, as pictures and numbers, with the manifest.
    Layers,
    /// The manifest alone.
    Manifest,
}

impl State {
    /// Whether that can be saved now.
    pub fn can_save(&self, saving: Saving) -> bool {
        let still = self.busy() == Busy::No && self.photo.is_some() && self.coming.is_none();
        let maps = self.technique == Technique::Classes && self.explained.is_some();
        still
            && match saving {
                Saving::Picture { .. } => true,
                Saving::Array => self.array().is_some(),
                Saving::Layers | Saving::Manifest => maps && self.loaded,
            }
    }

    pub(super) fn save(&mut self, saving: Saving) -> Vec<Effect> {
        if !self.can_save(saving) {
            return vec![];
        }
        let form = match saving {
            Saving::Picture { caption } => return vec![Effect::SavePicture { name: self.name("png"), caption }],
            Saving::Array => {
                let array = self.array().map(|(layer, bytes)| (self.name(&format!("{layer}.npy")), bytes));
                return array
                    .map(|(name, bytes)| Effect::Download { name, bytes: Rc::from(bytes) })
                    .into_iter()
                    .collect();
            }
            Saving::Layers => Form::Zip,
            Saving::Manifest => Form::Manifest,
        };
        let Some(photo) = self.photo.clone() else { return vec![] };
        let style = MapStyle { colormap: self.colormap, opacity: self.opacity, signed: self.signs() };
        let save = Save { picture: photo.name, file: photo.file.to_vec(), style, form };
        // What is seen stays, and stays whole: a save is no question.
        let ticket = self.ticket();
        self.tickets.ask = Some(ticket);
        vec![Effect::Send(ticket, Command::Save(save))]
    }

    /// The numbers of the map over the picture, as a `.npy` file, and the layer that they are of.
    fn array(&self) -> Option<(String, Vec<u8>)> {
        match self.technique {
            Technique::Classes => {
                let map = &self.current()?.map;
                let plane = if self.signs() { &map.signed } else { &map.normalised };
                Some((map.layer.clone(), plane.npy()))
            }
            Technique::Activations => {
                let (layer, channel, plane) = self.answer.channel.as_ref()?;
                Some((format!("{layer}.{channel}"), plane.npy()))
            }
            Technique::Filters | Technique::Deconvnet => None,
        }
    }

    /// Only Grad-CAM's maps have a sign.
    fn signs(&self) -> bool {
        self.signed && self.question.method == "grad_cam"
    }

    /// A name for a file of what is seen, as the command line would give it.
    fn name(&self, ending: &str) -> String {
        let picture = self.photo.as_ref().map_or("picture", |photo| photo.name.as_str());
        let stem = picture.rsplit_once('.').map_or(picture, |(stem, _)| stem);
        let technique =
            if self.technique == Technique::Classes { &self.question.method } else { self.technique.name() };
        let sign = if self.technique == Technique::Classes && self.signs() { "_signed" } else { "" };
        let plain = |text: &str| convscope_core::record::plain(text);
        match ending.rsplit_once('.') {
            Some((layer, ending)) => format!("{}.{technique}{sign}.{}.{ending}", plain(stem), plain(layer)),
            None => format!("{}.{technique}{sign}.{ending}", plain(stem)),
        }
    }
}
