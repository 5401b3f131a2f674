//! What is seen of one explanation, so that it can be kept beside another, and the pictures that were given.

use std::rc::Rc;

use convscope_core::explain::Map;
use convscope_core::numbers::Class;

use super::{Effect, Looked, Photo, State, Technique};

/// One explanation with all that it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The picture.
    pub photo: Photo,
    /// What the network made of it.
    pub looked: Rc<Looked>,
    /// The class.
    pub class: Class,
    /// The map.
    pub map: Rc<Map>,
    /// The method's id.
    pub method: String,
    /// The convention's name.
    pub convention: String,
    /// The model's name.
    pub model: String,
}

impl View {
    /// Whether the maps of two views are in the same units, so that one scale for both has a meaning.
    pub fn same_units(&self, other: &Self) -> bool {
        (&self.method, &self.convention, &self.model) == (&other.method, &other.convention, &other.model)
    }
}

impl State {
    /// The explanation that is seen, if it is there and no older one's.
    pub fn view(&self) -> Option<View> {
        let shown =
            self.current().filter(|shown| self.technique == Technique::Classes && Some(shown.class) == self.class)?;
        let class = self.class(shown.class)?;
        Some(View {
            photo: self.photo.clone()?,
            looked: self.looked.clone()?,
            class: class.clone(),
            map: shown.map.clone(),
            method: self.question.method.clone(),
            convention: self.question.convention.clone(),
            model: self.ready.as_ref()?.name.clone(),
        })
    }

    /// Keeps the explanation that is seen, or lets go of the one that was kept.
    pub(super) fn keep(&mut self) {
        self.kept = if self.kept.is_some() { None } else { self.view() };
    }

    /// Several pictures; the first of them is looked at.
    pub(super) fn files(&mut self, files: Vec<(String, Rc<[u8]>)>) -> Vec<Effect> {
        let photos = files.into_iter().map(|(name, file)| {
            self.serial += 1;
            Photo { name, file, serial: self.serial, example: None }
        });
        let photos: Vec<Photo> = photos.collect();
        self.tray.extend(photos.iter().cloned());
        photos.into_iter().next().map_or_else(Vec::new, |first| self.choose(first))
    }

    /// One of the pictures that were given before.
    pub(super) fn choose_photo(&mut self, serial: u64) -> Vec<Effect> {
        let photo = self.tray.iter().find(|photo| photo.serial == serial).cloned();
        photo.map_or_else(Vec::new, |photo| self.choose(photo))
    }

    fn choose(&mut self, photo: Photo) -> Vec<Effect> {
        self.message = None;
        self.forget_wanted_picture();
        self.take(photo)
    }
}
