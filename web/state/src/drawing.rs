//! How maps are drawn, as links say it.

use super::{ExplanationState, Link};

impl ExplanationState {
    /// Draws as a link says; what it does not say is as usual.
    pub(super) fn draw_as(&mut self, link: &Link) {
        let usual = Self::default();
        self.signed = link.signed;
        self.colormap = link.colormap.unwrap_or(usual.colormap);
        self.blend = link.blend.unwrap_or(usual.blend);
        let share = |percent: u8| f32::from(percent) / 100.0;
        (self.contour, self.split) = (link.contour.map(share), link.split.map(share));
        self.opacity = link.opacity.map_or(usual.opacity, |percent| f32::from(percent) / 100.0);
    }

    /// Adds to a link how it is drawn, where that is not as usual.
    pub(super) fn drawn_as(&self, link: Link) -> Link {
        let (usual, percent) = (Self::default(), |opacity: f32| (100.0 * opacity).round() as u8);
        Link {
            signed: self.signed,
            colormap: Some(self.colormap).filter(|colormap| *colormap != usual.colormap),
            blend: Some(self.blend).filter(|blend| *blend != usual.blend),
            contour: self.contour.map(percent),
            split: self.split.map(percent),
            opacity: Some(percent(self.opacity)).filter(|opacity| *opacity != percent(usual.opacity)),
            ..link
        }
    }
}
