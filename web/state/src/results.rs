//! Results of a method.

use std::rc::Rc;

use convscope_core::artifact::{Artifact, Panel, Sheet};
use convscope_core::explain::AttributionMap;
use convscope_core::image::Plane;
use convscope_core::measurement::Measurement;
use convscope_core::request::Request;

use super::Shared;
use super::form::same_way;

/// A map on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The request that it answers.
    pub request: Rc<Request>,
    /// The map.
    pub map: Shared<AttributionMap>,
}

/// A feature map that lies over the image.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMap {
    /// The layer.
    pub layer: String,
    /// The channel.
    pub channel: usize,
    /// Numbers of the channel, divided by their largest magnitude: -1 to 1.
    pub plane: Shared<Plane>,
}

/// Results of a method: the newest of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The request that was made last.
    pub request: Option<Rc<Request>>,
    /// Maps, at most one a layer; those of an older class are replaced as the new ones come.
    pub maps: Vec<Shown>,
    /// Panels, one a channel, in the order in which they came.
    pub panels: Vec<Shared<Panel>>,
    /// All feature maps of a layer.
    pub sheet: Option<Shared<Sheet>>,
    /// The one of them that lies over the image.
    pub channel: Option<FeatureMap>,
    /// What metrics say, at most one a metric and layer.
    pub measurements: Vec<Shared<Measurement>>,
    /// Whether some of them are of the image before, as long as those of the next have not come.
    pub(super) before: bool,
    /// Steps taken and steps in all, while it goes on.
    pub progress: Option<(usize, usize)>,
    /// Seconds that the last request took, once all of its results have come.
    pub seconds: Option<f64>,
}

impl Results {
    /// The map of a layer, if it has come.
    pub fn map(&self, layer: &str) -> Option<&Shown> {
        self.maps.iter().find(|shown| shown.map.layer == layer)
    }

    /// Whether there is an image of a channel to see.
    pub fn has_panels(&self) -> bool {
        self.panels.iter().any(|panel| panel.drawing.is_some())
    }

    /// Begins another request, whose results come from now on. Maps of another class stay until then.
    pub(super) fn begin(&mut self, request: Rc<Request>) {
        self.maps.retain(|shown| same_way(&shown.request, &request));
        self.panels.clear();
        self.measurements.clear();
        self.progress = None;
        self.seconds = None;
        self.request = Some(request);
    }

    /// Takes up a result; a sheet has `columns` feature maps in a row at most.
    pub(super) fn take(&mut self, artifact: Artifact, columns: usize) {
        match artifact {
            Artifact::Map(map) => {
                let shown = Shown { request: self.request.clone().unwrap_or_default(), map: map.into() };
                replace(&mut self.maps, shown, |old, new| old.map.layer == new.map.layer);
            }
            Artifact::Panel(panel) => replace(&mut self.panels, panel.into(), |old: &Shared<Panel>, new| {
                (&old.layer, old.channel) == (&new.layer, new.channel)
            }),
            Artifact::Sheet(mut sheet) => {
                if self.channel.as_ref().is_some_and(|channel| channel.layer != sheet.activation.layer) {
                    self.channel = None;
                }
                sheet.columns = sheet.columns.min(columns);
                self.sheet = Some(sheet.into());
                let over = self.channel.as_ref().map(|map| map.channel);
                // It was one of this layer's before.
                let _ = self.choose_channel(over);
            }
            Artifact::Measurement(one) => {
                replace(&mut self.measurements, one.into(), |old: &Shared<Measurement>, new| {
                    (&old.metric, &old.layer) == (&new.metric, &new.layer)
                })
            }
        }
    }

    /// Lays a feature map of the sheet over the image, or none.
    pub(super) fn choose_channel(&mut self, channel: Option<usize>) -> convscope_core::Result<()> {
        self.channel = None;
        if let (Some(channel), Some(sheet)) = (channel, &self.sheet) {
            let (plane, _) = sheet.channel(channel)?;
            let layer = sheet.activation.layer.clone();
            self.channel = Some(FeatureMap { layer, channel, plane: plane.into() });
        }
        Ok(())
    }
}

/// Puts a result into the place of the one that it is the newer version of.
fn replace<T>(results: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match results.iter_mut().find(|old| same(old, &new)) {
        Some(old) => *old = new,
        None => results.push(new),
    }
}

/// The channel under a place of a sheet, which is given in shares of the sheet's width and height. A line of one pixel is between
/// two feature maps.
pub fn channel_at(sheet: &Sheet, (across, down): (f64, f64)) -> Option<usize> {
    let [channels, height, width] = sheet.activation.shape;
    let columns = sheet.columns.clamp(1, channels.max(1));
    let at = |share: f64, count: usize, length: usize| {
        let whole = (count * (length + 1)).saturating_sub(1);
        ((share.max(0.0) * whole as f64) as usize / (length + 1)).min(count.saturating_sub(1))
    };
    let channel = at(down, channels.div_ceil(columns), height) * columns + at(across, columns, width);
    (channel < channels).then_some(channel)
}
