//! What came back about a layer's channels.

use convscope_core::numbers::Activation;
use convscope_core::picture::Plane;
use convscope_core::protocol::{Drawing, Panel};

use super::Shared;

/// What came back about a layer's channels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// A layer's numbers.
    pub activation: Option<Shared<Activation>>,
    /// Its sheet, and how many tiles it has a row.
    pub sheet: Option<(Shared<Drawing>, usize)>,
    /// The layer, the channel and the numbers, -1 to 1, of the feature map over the image.
    pub channel: Option<(String, usize, Shared<Plane>)>,
    /// The layer that the panels are of.
    pub layer: String,
    /// One a channel, in the order in which they came.
    pub panels: Vec<Shared<Panel>>,
    /// Steps taken and steps in all.
    pub progress: Option<(usize, usize)>,
}

impl Answer {
    pub(super) fn take_sheet(&mut self, activation: Activation, drawing: Drawing, columns: usize) {
        if self.channel.as_ref().is_some_and(|(layer, ..)| *layer != activation.layer) {
            self.channel = None;
        }
        self.activation = Some(activation.into());
        self.sheet = Some((drawing.into(), columns));
    }

    pub(super) fn take_panel(&mut self, panel: Panel) {
        match self.panels.iter_mut().find(|old| old.channel == panel.channel) {
            Some(old) => *old = panel.into(),
            None => self.panels.push(panel.into()),
        }
    }

    pub(super) fn new_panels(&mut self, layer: &str) {
        self.panels.clear();
        self.layer = layer.into();
        self.progress = None;
    }
}
