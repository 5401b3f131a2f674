//! Images that were given, to choose from.

use std::rc::Rc;

use super::{Content, Effect, ImageFile, ImageState, State};

impl State {
    /// Several images; the first of them is looked at. One that is there already is not there twice.
    pub(super) fn files(&mut self, files: Vec<(String, Content)>) -> Vec<Effect> {
        let mut first = None;
        for (name, file) in files {
            let photo = self.offer(name, file);
            first = first.or(Some(photo));
        }
        self.survey_follows();
        first.map_or_else(Vec::new, |photo| self.choose(photo))
    }

    /// An image of the person's own that was kept, which can be chosen again.
    pub(super) fn take_kept(&mut self, name: String, file: Rc<[u8]>) -> Vec<Effect> {
        let photo = self.offer(name, file.into());
        self.take(photo)
    }

    /// An image whose SHA-256 is known before it has been looked at, to be chosen from.
    pub(super) fn offer_known(&mut self, name: String, file: Rc<[u8]>, sha256: &str) {
        self.offer(name, file.into()).know(sha256);
    }

    /// The image of that content among those to choose from, where it is put if it is not there.
    fn offer(&mut self, name: String, file: Content) -> Rc<ImageFile> {
        if let Some(photo) = self.image.tray.iter().find(|photo| photo.file == file) {
            return photo.clone();
        }
        let photo = Rc::new(self.image.add(None, name, file));
        self.image.tray.push(photo.clone());
        photo
    }

    /// Takes images away from those to choose from, and from what is kept on this machine. One that is seen stays in sight.
    pub(super) fn remove(&mut self, removed: impl Fn(&ImageFile) -> bool) -> Vec<Effect> {
        let (removed, tray) = std::mem::take(&mut self.image.tray).into_iter().partition(|photo| removed(photo));
        self.image.tray = tray;
        let removed: Vec<Rc<ImageFile>> = removed;
        let kept = removed.iter().filter_map(|photo| photo.sha256());
        let mut effects: Vec<Effect> = kept.map(|sha256| Effect::ForgetKept(sha256.to_owned())).collect();
        let ImageState { photo, incoming, .. } = &self.image;
        let in_sight = |one: &Rc<ImageFile>| [photo, incoming].contains(&&Some(one.clone()));
        let gone = |one: &Rc<ImageFile>| removed.contains(one) && !in_sight(one);
        self.drill.trail.retain(|step| !gone(&step.photo));
        self.aside.forget_images(gone);
        effects.extend(self.follow_asides());
        self.survey_follows();
        effects
    }
}
