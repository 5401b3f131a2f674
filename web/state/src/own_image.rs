//! Images of a person's own that links name. A link has their SHA-256 alone, so that they come back on the machine that keeps them and
//! nowhere else.

use std::rc::Rc;

use super::{Effect, ImageFile, LinkImage, State, Text};

/// Image of a person's own that a link asks for and that is not here; its class waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// Start of its SHA-256; none in links of before.
    sha256: Option<String>,
    /// What the link explains of it.
    class: Option<String>,
}

/// An image that the browser has kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptImage {
    /// The file's name.
    pub name: String,
    /// Bytes of the file.
    pub file: Rc<[u8]>,
}

impl State {
    /// What is done for an image of a person's own, if that is not the one that is seen.
    pub(super) fn wanted_own(&mut self, sha256: Option<String>) -> Option<Vec<Effect>> {
        let Some(sha256) = sha256 else { return self.lose_image() };
        let is_it = |photo: &&Rc<ImageFile>| photo.is(&sha256);
        if self.image.newest().filter(is_it).is_some() {
            return None;
        }
        match self.image.tray.iter().find(is_it).cloned() {
            Some(photo) => Some(self.take(photo)),
            None => Some(vec![Effect::GetKept(sha256)]),
        }
    }

    /// The image that was kept, or none, unless another one is wanted meanwhile.
    pub(super) fn kept_image(&mut self, sha256: &str, kept: Option<KeptImage>) -> Vec<Effect> {
        let is_it = |wanted: &LinkImage| matches!(wanted, LinkImage::Own(Some(wanted)) if wanted == sha256);
        if !self.link.wanted_image().is_some_and(is_it) {
            return vec![];
        }
        match kept {
            Some(KeptImage { name, file }) => {
                self.link.has_image();
                self.take_kept(name, file)
            }
            None => self.lose_image().unwrap_or_else(|| self.look()),
        }
    }

    /// Gives up the image that a link asks for: what is seen stays, or else an example is shown, and a quiet line says so. The class was
    /// one of that image, and waits for it.
    fn lose_image(&mut self) -> Option<Vec<Effect>> {
        self.link.give_up_image();
        self.notice.line = Some(Text::key("link-own-image"));
        self.image.newest().is_none().then(|| vec![Effect::GetExample])
    }

    /// Takes up what a link explained of the image that has come, if that is the one that was not here.
    pub(super) fn meet_lost(&mut self) {
        let own = self.image.photo.as_ref().filter(|photo| photo.example.is_none());
        let (Some(photo), Some(Lost { sha256, class })) = (own, self.link.lost.clone()) else { return };
        if sha256.is_some_and(|sha256| !photo.is(&sha256)) {
            self.notice.line = Some(Text::key("link-other-image"));
            return;
        }
        self.link.lost = None;
        self.notice.line = None;
        if let Some(target) = class.and_then(|class| self.target(&class).ok()) {
            self.explanation.target = Some(target);
        }
    }
}

impl super::Followed {
    /// The image that a link waits for.
    pub(super) fn wanted_image(&self) -> Option<&LinkImage> {
        self.pending.as_ref()?.link.image.as_ref()
    }

    /// The image that a link waits for has come.
    fn has_image(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.link.image = None;
        }
    }

    /// No longer waits for the image, nor for what was to be explained of it.
    pub(super) fn give_up_image(&mut self) {
        let Some(pending) = &mut self.pending else { return };
        let Some(image) = pending.link.image.take() else { return };
        let class = pending.link.class.take();
        if let LinkImage::Own(sha256) = image {
            self.lost = Some(Lost { sha256, class });
        }
    }
}
