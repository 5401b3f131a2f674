//! Gathering of images by class.

use std::rc::Rc;

use super::super::{Content, Effect, ImageFile, State};
use super::{TeachAction, TeachClass, TeachStep};

impl State {
    /// Shows teaching: as it was left, or with the images that were given, by the folders that they lie in.
    pub(super) fn open_teach(&mut self, labelled: &[(String, u64)]) -> Vec<Effect> {
        self.teach.open = true;
        // What is taught next is no pupil of the last one.
        if self.teach.made.as_ref() != Some(&self.model.chosen) && self.teach.base != self.model.chosen {
            self.teach.base.clone_from(&self.model.chosen);
            self.teach.layer = None;
        }
        if self.teach.classes.iter().any(|class| !class.images.is_empty()) {
            return vec![];
        }
        self.teach.classes = vec![];
        for (label, serial) in labelled {
            let photo = self.image.tray.iter().find(|photo| photo.serial == *serial).cloned();
            if let Some(photo) = photo {
                self.class_called(label).images.push(photo);
            }
        }
        // One class that is known is a folder of anything.
        if self.teach.classes.len() < 2 {
            self.teach.classes = vec![TeachClass::default(); 2];
        }
        vec![]
    }

    /// The class of that name, which is added if there is none.
    fn class_called(&mut self, name: &str) -> &mut TeachClass {
        let classes = &mut self.teach.classes;
        let at = classes.iter().position(|class| class.name == name).unwrap_or_else(|| {
            classes.push(TeachClass { name: name.to_owned(), images: vec![] });
            classes.len() - 1
        });
        &mut classes[at]
    }

    /// Changes what is gathered, unless the worker is at it already.
    pub(super) fn gather(&mut self, action: TeachAction) {
        if self.teach.step != TeachStep::Gathering {
            return;
        }
        self.teach.problem = None;
        match action {
            TeachAction::AddClass => self.teach.classes.push(TeachClass::default()),
            TeachAction::NameClass(index, name) => {
                if let Some(class) = self.teach.classes.get_mut(index) {
                    class.name = name;
                }
            }
            TeachAction::RemoveClass(index) if index < self.teach.classes.len() => {
                self.teach.classes.remove(index);
            }
            TeachAction::Add(index, files) => {
                let photos = self.photos(files);
                if let Some(class) = self.teach.classes.get_mut(index) {
                    class.take(photos);
                }
            }
            TeachAction::AddFolder(files) => {
                self.teach.classes.retain(|class| !class.images.is_empty() || !class.name.is_empty());
                for (label, name, file) in files {
                    let photos = self.photos(vec![(name, file)]);
                    self.class_called(&label).take(photos);
                }
            }
            TeachAction::Remove(index, serial) => {
                if let Some(class) = self.teach.classes.get_mut(index) {
                    class.images.retain(|photo| photo.serial != serial);
                }
            }
            TeachAction::Name(name) => self.teach.name = name,
            TeachAction::Layer(layer) => {
                let usual = self.model.ready.as_ref().and_then(|ready| ready.features.clone());
                self.teach.layer = Some(layer).filter(|layer| Some(layer) != usual.as_ref());
            }
            _ => {}
        }
    }

    fn photos(&mut self, files: Vec<(String, Content)>) -> Vec<Rc<ImageFile>> {
        files.into_iter().map(|(name, file)| Rc::new(self.image.add(None, name, file))).collect()
    }
}

impl TeachClass {
    /// Takes up images; one that is there already is not there twice.
    fn take(&mut self, photos: Vec<Rc<ImageFile>>) {
        for photo in photos {
            if self.images.iter().all(|known| known.file != photo.file) {
                self.images.push(photo);
            }
        }
    }
}
