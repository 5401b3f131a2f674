//! Overlay over the image: numbers, and how they become colours.

use std::borrow::Cow;
use std::rc::Rc;

use convscope_core::explain::{AttributionMap, Blank, Convention, Mix};
use convscope_core::image::Plane;
use convscope_core::preprocess::Region;
use convscope_core::render::{Blend, Colormap};

use super::{FeatureMap, ImageFile, Shared, Shown, State};

/// Side of a usual input, in pixels.
const INPUT: usize = 224;

/// Way in which numbers become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// 0 to 1.
    Heat(Colormap),
    /// -1 to 1, red to blue.
    Signed,
}

/// Numbers that are painted: a map's own, or a plane of their own.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// A map, rectified and divided by its maximum: 0 to 1.
    Rectified(Shared<AttributionMap>),
    /// A map as its convention shows it, at a multiple of its size: 0 to 1, or -1 to 1 where the convention leaves in what speaks
    /// against the class.
    Finished(Shared<AttributionMap>, Convention),
    /// A map with its sign, divided by its largest magnitude: -1 to 1.
    Signed(Shared<AttributionMap>),
    /// Any other numbers.
    Plane(Shared<Plane>),
}

impl Numbers {
    /// The numbers, `[h, w]`.
    pub fn plane(&self) -> Cow<'_, Plane> {
        match self {
            Self::Rectified(map) => Cow::Borrowed(&map.normalised),
            Self::Signed(map) => map.signed_normalised().map_or(Cow::Borrowed(&map.normalised), Cow::Owned),
            Self::Finished(map, convention) => Cow::Owned(finished(map, convention)),
            Self::Plane(plane) => Cow::Borrowed(plane),
        }
    }
}

/// The map as a convention shows it, at the multiple of its size that is as large as a usual input.
fn finished(map: &AttributionMap, convention: &Convention) -> Plane {
    let Plane { width, height, .. } = map.signed;
    let times = INPUT.div_ceil(width.max(height).max(1));
    convention.show(map, [times * width, times * height])
}

/// Numbers over an image, with their colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// The numbers.
    pub numbers: Numbers,
    /// Colours of the numbers.
    pub paint: Paint,
}

/// An image with what lies over it, as it is seen and saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Layered {
    /// The image; nothing but white without one.
    pub photo: Option<Rc<ImageFile>>,
    /// Size of the image in pixels.
    pub size: (u32, u32),
    /// The part of it that the network saw.
    pub region: Region,
    /// Overlay over that part, if there is anything to see.
    pub overlay: Option<Overlay>,
    /// Opacity of the overlay, 0 to 1.
    pub opacity: f32,
    /// Dependence of the opacity on the value.
    pub blend: Blend,
    /// Share of the maximum at which a contour line is drawn.
    pub contour: Option<f32>,
    /// Place of the divider, at the right of which alone the overlay is seen, as a share of the image's width.
    pub split: Option<f32>,
}

impl Layered {
    /// The image without anything over it. Outlines and the divider are the stage's.
    pub fn bare(self) -> Self {
        Self { overlay: None, contour: None, split: None, ..self }
    }
}

impl State {
    /// Whether one map alone is on the stage: neither a grid nor what is compared.
    pub fn is_alone(&self) -> bool {
        self.kept().is_none() && !self.shows_grid()
    }

    /// The image with what lies over it.
    pub fn layered(&self) -> Layered {
        Layered {
            photo: self.image.photo.clone(),
            size: self.image.size(),
            region: self.image.region(),
            overlay: self.overlay(),
            opacity: self.explanation.opacity,
            blend: self.blend(),
            contour: self.explanation.contour,
            split: self.explanation.split,
        }
    }

    /// The map of a layer that is looked at in passing, where it is another than the one that is seen.
    pub fn previewed(&self) -> Option<&Shown> {
        let shown = self.explanation.results.map(self.explanation.preview.as_deref()?)?;
        let seen = self.explanation.current()?;
        (seen.map != shown.map).then_some(shown)
    }

    /// The image with what lies over it, or in passing another layer's map.
    pub fn staged(&self) -> Layered {
        let layered = self.layered();
        match self.previewed() {
            Some(shown) => Layered { overlay: self.heat(&shown.map), ..layered },
            None => layered,
        }
    }

    /// The last layer's map that belongs to a map, which the strip compares it with.
    pub fn last_beside(&self, shown: &Shown) -> Option<&Shared<AttributionMap>> {
        let last = self.layers().into_iter().rev().find_map(|tap| self.explanation.results.map(&tap.name))?;
        (last.request == shown.request).then_some(&last.map)
    }

    /// Whether maps are drawn with their sign: it is wanted, and they have one.
    pub fn draws_sign(&self) -> bool {
        self.explanation.signed && self.card().is_some_and(|card| card.gives.signed())
    }

    /// Whether a map answers another request than the one that would be made now.
    pub fn is_stale(&self, shown: Option<&Shown>) -> bool {
        shown.is_some_and(|shown| self.is_outdated(&shown.request))
    }

    /// Dependence of the opacity on the value: the chosen one, but where the map's convention has a fixed mix of its own, which is the
    /// same everywhere.
    pub fn blend(&self) -> Blend {
        let fixed = self.explanation.convention().overlay.mix != Mix::Chosen && !self.draws_sign();
        if fixed { Blend::Plain } else { self.explanation.blend }
    }

    /// Reason why nothing is seen of the map of the chosen layer; none where something is, such as that which speaks against the class.
    pub fn blank(&self) -> Option<Blank> {
        let map = &self.explanation.current()?.map;
        map.blank.filter(|_| self.heat(map).is_none())
    }

    /// Whether what is seen of the map of the chosen layer is for and against the class.
    pub fn shows_signs(&self) -> bool {
        let map = self.explanation.current().and_then(|shown| self.heat(&shown.map));
        map.is_some_and(|overlay| overlay.paint == Paint::Signed)
    }

    /// A map of any layer, small: with its sign, where the chosen layer's is drawn so.
    pub fn thumbnail(&self, map: &Shared<AttributionMap>) -> Option<Overlay> {
        let signed = self.draws_sign() || !self.explanation.convention().rectifies;
        if signed {
            map.signed_normalised()?;
            return Some(Overlay { numbers: Numbers::Signed(map.clone()), paint: Paint::Signed });
        }
        let heat = Overlay { numbers: Numbers::Rectified(map.clone()), paint: Paint::Heat(self.explanation.colormap) };
        map.blank.is_none().then_some(heat)
    }

    /// Overlay over the image: a feature map, or else a map. A blank map would dye it in the colour of nothing.
    fn overlay(&self) -> Option<Overlay> {
        let explanation = &self.explanation;
        let heat = Paint::Heat(explanation.colormap);
        if let Some(FeatureMap { layer, plane, .. }) = &explanation.results.channel {
            let paint = if plane.min() < 0.0 { Paint::Signed } else { heat };
            let overlay = Overlay { numbers: Numbers::Plane(plane.clone()), paint };
            return (Some(layer) == explanation.layer.as_ref()).then_some(overlay);
        }
        self.heat(&self.seen_map()?.map)
    }

    /// Colours of a map, if there is anything of it to see.
    fn heat(&self, map: &Shared<AttributionMap>) -> Option<Overlay> {
        let (explanation, map) = (&self.explanation, map.clone());
        let heat = Paint::Heat(explanation.colormap);
        if self.draws_sign() {
            map.signed_normalised()?;
            return Some(Overlay { numbers: Numbers::Signed(map), paint: Paint::Signed });
        }
        let convention = explanation.convention();
        if map.blank.is_some_and(|blank| convention.rectifies || blank != Blank::AllNegative) {
            return None;
        }
        let paint = if convention.rectifies { heat } else { Paint::Signed };
        let usual = map.image.is_some() || convention.finishes_as(&Convention::PAPER);
        let numbers = if usual { Numbers::Rectified(map) } else { Numbers::Finished(map, convention) };
        Some(Overlay { numbers, paint })
    }
}
