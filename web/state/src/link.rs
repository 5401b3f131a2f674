//! A view as the fragment of the page's address, `#model=..&class=..`, and back. A fragment comes from whoever made the link: what is
//! not understood is left out with a sentence, and nothing of it is shown or asked before it has been checked.

use std::collections::BTreeMap;

use convscope_core::explain::BoundingBox;
use convscope_core::named::Named;
use convscope_core::render::{Blend, Colormap};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::axis::Side;
use super::{BesideView, Closed, Text};

/// Bytes of a fragment that no link of ours exceeds.
const MAX_FRAGMENT: usize = 4_000;
/// Bytes of a value that no link of ours exceeds, and of the link to what is kept.
const MAX_VALUE: usize = 200;
const MAX_KEPT: usize = 1_500;
/// Hexadecimal digits of a SHA-256 that tell a model or an image from any other, and those that a link has at least.
const HASH: usize = 16;
const LEAST_HASH: usize = 8;
/// Characters that are escaped; the others stay as they are, so that people can read an address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b',');

/// The image of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkImage {
    /// An example, by its id.
    Example(String),
    /// The link's maker's own, which no link carries: the start of its SHA-256, which links of before do not say.
    Own(Option<String>),
}

/// Link, as its fragment says it. What is about a method stays as it is written until the cards are there to be compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The model's id.
    pub model: Option<String>,
    /// Start of the model's SHA-256.
    pub hash: Option<String>,
    /// The image.
    pub image: Option<LinkImage>,
    /// What is explained, as people write it: a class, or a sum of classes.
    pub class: Option<String>,
    /// The layer's name.
    pub layer: Option<String>,
    /// The feature map over the image.
    pub channel: Option<usize>,
    /// The place that is looked into, as a [`BoundingBox`] is written.
    pub drill: Option<String>,
    /// The channel that was chosen there.
    pub unit: Option<usize>,
    /// Rows of the grid, where it is open: what differs, and which.
    pub rows: Option<String>,
    /// Columns of the grid.
    pub columns: Option<String>,
    /// View beside the stage.
    pub view: Option<BesideView>,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// The colour map; the usual one where it is not said.
    pub colormap: Option<Colormap>,
    /// Opacity of the heat in percent; the usual one where it is not said.
    pub opacity: Option<u8>,
    /// Dependence of the opacity on the value; the usual one where it is not said.
    pub blend: Option<Blend>,
    /// Share of the maximum, in percent, at which a contour line is drawn.
    pub contour: Option<u8>,
    /// Place of the divider of image and heat, in percent of the image's width.
    pub split: Option<u8>,
    /// Panes that are closed.
    pub panes: Option<Closed>,
    /// Link to what is kept to compare with, which itself keeps nothing.
    pub kept: Option<Box<Link>>,
    /// Whether the two are on one scale, once a person has said so.
    pub shared_scale: Option<bool>,
    /// A command or a method; links say no more than the method today.
    pub technique: Option<String>,
    /// The method's id.
    pub method: Option<String>,
    /// The convention's name.
    pub convention: Option<String>,
    /// Id of the method whose map is measured.
    pub map: Option<String>,
    /// Values of the method's parameters, and of any other key.
    pub values: BTreeMap<String, String>,
}

/// A number that a link may ask for.
fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number <= 1_000_000)
}

/// An id of a method, a convention or an example, or the beginning of a hash.
fn id(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    (plain && !text.is_empty()).then(|| text.to_owned())
}

/// Start of a SHA-256, in hexadecimal.
fn hash(text: &str) -> Option<String> {
    id(text).filter(|hash| hash.len() >= LEAST_HASH)
}

/// The part of a SHA-256 that stands in a link.
pub(super) fn short(sha256: &str) -> String {
    sha256.chars().take(HASH).collect()
}

/// A share in percent.
fn percent(text: &str) -> Option<u8> {
    text.parse().ok().filter(|percent| *percent <= 100)
}

/// Yes or no, written as 1 or 0.
fn yes(text: &str) -> Option<bool> {
    matches!(text, "0" | "1").then_some(text == "1")
}

/// A text, if there is any.
fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Link {
    /// The fragment, without its `#`.
    pub fn encode(&self) -> String {
        let image = self.image.as_ref().map(|image| match image {
            LinkImage::Example(id) => format!("example-{id}"),
            LinkImage::Own(None) => "own".into(),
            LinkImage::Own(Some(sha256)) => format!("own-{sha256}"),
        });
        let pairs = [
            ("model", self.model.clone()),
            ("hash", self.hash.as_deref().map(short)),
            ("picture", image),
            ("technique", self.technique.clone()),
            ("class", self.class.clone()),
            ("layer", self.layer.clone()),
            ("method", self.method.clone()),
            ("convention", self.convention.clone()),
            ("map", self.map.clone()),
            ("signed", self.signed.then(|| "1".into())),
            ("colormap", self.colormap.map(|colormap| colormap.name().to_owned())),
            ("opacity", self.opacity.map(|percent| percent.to_string())),
            ("blend", self.blend.map(|blend| blend.name().to_owned())),
            ("contour", self.contour.map(|percent| percent.to_string())),
            ("split", self.split.map(|percent| percent.to_string())),
            ("panes", self.panes.map(|closed| closed.to_string())),
            ("one_scale", self.shared_scale.map(|shared| u8::from(shared).to_string())),
            ("channel", self.channel.map(|channel| channel.to_string())),
            ("drill", self.drill.clone()),
            ("unit", self.unit.map(|channel| channel.to_string())),
            ("grid_rows", self.rows.clone()),
            ("grid_columns", self.columns.clone()),
            ("view", self.view.map(|view| view.name().to_owned())),
        ];
        let values = self.values.iter().map(|(key, value)| (key.as_str(), Some(value.clone())));
        let pair =
            |(key, value): (&str, Option<String>)| Some(format!("{key}={}", utf8_percent_encode(&value?, ESCAPED)));
        // Last, for it is long.
        let kept = [("beside", self.kept.as_ref().map(|kept| kept.encode()))];
        pairs.into_iter().chain(values).chain(kept).filter_map(pair).collect::<Vec<_>>().join("&")
    }

    /// Link that a fragment means, with or without its `#`, and a sentence about what of it is not understood; none of a fragment
    /// that is no link of ours at all, as that of any anchor. What it does not say is as usual.
    pub fn parse(fragment: &str) -> Option<(Self, Option<Text>)> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if !fragment.contains('=') {
            return None;
        }
        let mut link = Self::default();
        if fragment.len() > MAX_FRAGMENT {
            return Some((link, Some(Text::key("link-too-long"))));
        }
        let mut wrong: Vec<&str> = vec![];
        for pair in fragment.split('&') {
            let Some((key, value)) = pair.split_once('=') else { continue };
            let value = percent_decode_str(value).decode_utf8().ok();
            let most = if key == "beside" { MAX_KEPT } else { MAX_VALUE };
            let value = value.filter(|value| value.len() <= most && !value.contains(char::is_control));
            // A key of a newer page is none of this one's business; a value that this one does not take is.
            if value.and_then(|value| link.set(key, value.into_owned())).is_none() && KEYS.contains(&key) {
                wrong.push(key);
            }
        }
        let left_out = || Text::Own("link-not-understood", vec![("keys", wrong.join(", "))]);
        Some((link, (!wrong.is_empty()).then(left_out)))
    }

    fn set(&mut self, key: &str, value: String) -> Option<()> {
        match key {
            "model" => self.model = Some(text(&value)?),
            "hash" => self.hash = Some(hash(&value)?),
            "picture" if value == "own" => self.image = Some(LinkImage::Own(None)),
            "picture" => {
                let own = value.strip_prefix("own-").and_then(hash).map(|sha256| LinkImage::Own(Some(sha256)));
                let example = || value.strip_prefix("example-").and_then(id).map(LinkImage::Example);
                self.image = Some(own.or_else(example)?);
            }
            "class" => self.class = Some(text(&value)?),
            "layer" => self.layer = Some(text(&value)?),
            "channel" => self.channel = Some(number(&value)?),
            "drill" => self.drill = Some(value.parse::<BoundingBox>().ok()?.to_string()),
            "unit" => self.unit = Some(number(&value)?),
            "grid_rows" => self.rows = Some(Side::parse(&value)?.encode()),
            "grid_columns" => self.columns = Some(Side::parse(&value)?.encode()),
            "view" => self.view = Some(BesideView::named(&value)?),
            "signed" => self.signed = yes(&value)?,
            "one_scale" => self.shared_scale = Some(yes(&value)?),
            "beside" => {
                let (kept, problem) = Self::parse(&value)?;
                self.kept = Some(Box::new(Self { kept: None, ..kept })).filter(|_| problem.is_none());
                self.kept.as_ref()?;
            }
            "colormap" => self.colormap = Some(Colormap::named(&value)?),
            "blend" => self.blend = Some(Blend::named(&value)?),
            "opacity" => self.opacity = Some(percent(&value)?),
            "panes" => self.panes = Some(Closed::parse(&value)?),
            "contour" => self.contour = Some(percent(&value)?),
            "split" => self.split = Some(percent(&value)?),
            "technique" => self.technique = Some(id(&value)?),
            "method" => self.method = Some(id(&value)?),
            // Filters once had a convention under a name of its own, which comes behind that of the maps.
            "convention" | "way" => self.convention = Some(id(&value)?),
            "map" => self.map = Some(id(&value)?),
            key => {
                self.values.insert(id(key)?, value);
            }
        }
        Some(())
    }
}

/// All keys of a link but the parameters of its method.
const KEYS: [&str; 25] = [
    "model",
    "hash",
    "picture",
    "technique",
    "class",
    "layer",
    "signed",
    "colormap",
    "blend",
    "opacity",
    "contour",
    "split",
    "panes",
    "one_scale",
    "beside",
    "channel",
    "drill",
    "unit",
    "grid_rows",
    "grid_columns",
    "view",
    "method",
    "convention",
    "way",
    "map",
];
