//! Evidence bundles that are opened: what they hold, the view that they were made of, and whether it comes out the same.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::explain::AttributionMap;
use convscope_core::export::{Bundle, Evidence};
use convscope_core::fault;
use convscope_core::image::{Plane, array};
use convscope_core::request::{Layers, Request};
use serde_json::Value;

use super::form::same_way;
use super::link::short;
use super::{Effect, Link, LinkImage, Recovery, Shared, State, Text};

/// Bytes of a bundle's files at most, which a page has room for.
pub const LIMIT: usize = 1 << 28;
/// Difference of two maps as a share of the scale, from which they do not agree.
const TOLERANCE: f32 = 1e-3;

/// Map of a bundle.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedMap {
    /// The layer.
    pub layer: String,
    /// What was explained, as the manifest has it.
    pub target: Option<String>,
    /// Whether the numbers have their sign.
    pub signed: bool,
    /// The numbers.
    pub plane: Shared<Plane>,
}

/// Bundle that has been opened.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedBundle {
    /// Name of its file.
    pub name: String,
    /// What it says of itself.
    pub evidence: Evidence,
    /// The program that made it.
    pub program: String,
    /// The model's id, its name for people, and its SHA-256.
    pub model: [String; 3],
    /// The device that it was made on.
    pub device: String,
    /// Its maps, in their order.
    pub maps: Vec<RecordedMap>,
    /// The picture that is shown: the last result's, as a PNG file.
    pub picture: Option<Rc<[u8]>>,
    /// The layer of that result.
    pub layer: String,
}

/// The bundle that has been opened, if one has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BundleState {
    /// The bundle.
    pub opened: Option<Shared<OpenedBundle>>,
}

/// Action on bundles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleAction {
    /// A bundle has been chosen or dropped.
    Open {
        /// Name of its file.
        name: String,
        /// Bytes of the file.
        file: Rc<[u8]>,
    },
    /// It is not looked at any longer.
    Close,
}

/// Whether a map that is seen is the one of a bundle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BundleAgreement {
    /// The largest difference, as a share of the scale.
    pub largest: f32,
    /// Whether it is small enough for rounding.
    pub agrees: bool,
}

/// Bundle with the image's file, if it holds one.
type WithImage = (OpenedBundle, Option<Rc<[u8]>>);

impl OpenedBundle {
    /// The bundle in a file, with the image's file if it holds one.
    fn read(name: &str, file: &[u8]) -> Result<WithImage, Fault> {
        let (bundle, evidence) = Bundle::read(file, LIMIT).map_err(|error| {
            fault!("bundle-opened", "{name} cannot be opened as a bundle: {cause}", cause = Fault::from(&error), name)
        })?;
        let text = |place: &str| bundle.manifest.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned();
        let results = bundle.manifest["results"].as_array().map_or(&[][..], Vec::as_slice);
        // What was measured of the maps stands behind them.
        let measures =
            |entry: &&Value| evidence.asked.metrics.iter().any(|metric| entry["method"] == metric.method.as_str());
        let results: Vec<&Value> = results.iter().filter(|entry| !measures(entry)).collect();
        let picture = |entry: &&Value| {
            let names = ["overlay", "image", "chart", "sheet"].iter().filter_map(|member| entry[*member].as_str());
            names.filter_map(|name| bundle.files.get(name)).next().map(|file| Rc::from(file.as_slice()))
        };
        let image = evidence.image.as_ref().and_then(|image| bundle.files.get(&image.name));
        let opened = Self {
            name: name.into(),
            program: text("/program"),
            model: ["/model/id", "/model/name", "/model/hash"].map(text),
            device: text("/device"),
            maps: results.iter().filter_map(|entry| recorded(&bundle, entry)).collect(),
            picture: results.iter().rev().find_map(picture),
            layer: results.last().and_then(|entry| entry["layer"].as_str()).unwrap_or_default().into(),
            evidence: evidence.clone(),
        };
        Ok((opened, image.map(|file| Rc::from(file.as_slice()))))
    }

    /// The request that it was made of last.
    pub fn request(&self) -> Option<&Request> {
        self.evidence.asked.requests.last()
    }

    /// Link to the view that it was made of.
    fn link(&self) -> Option<Link> {
        let (request, style) = (self.request()?, self.evidence.asked.style);
        let layer = match &request.layers {
            Layers::Fused(fusion) => fusion.name().to_owned(),
            _ => self.layer.clone(),
        };
        let sha256 = self.evidence.image.as_ref().map(|image| short(&image.sha256));
        let percent = |share: f32| (100.0 * share.clamp(0.0, 1.0)).round() as u8;
        let [model, _, hash] = &self.model;
        let link = Link {
            model: Some(model.clone()),
            hash: Some(short(hash)),
            image: sha256.map(|sha256| LinkImage::Own(Some(sha256))),
            class: request.target.as_ref().map(ToString::to_string),
            layer: Some(layer),
            method: Some(request.method.clone()),
            convention: Some(request.convention.clone()).filter(|name| !name.is_empty()),
            map: request.map.as_ref().map(|map| map.method.clone()),
            values: request.values.iter().map(|(id, value)| (id.clone(), value.to_string())).collect(),
            signed: style.signed,
            colormap: Some(style.colormap),
            opacity: Some(percent(style.opacity)),
            blend: Some(style.blend),
            contour: style.contour.map(percent),
            ..Link::default()
        };
        // Only what any link may say is done.
        Link::parse(&link.encode()).map(|(link, _)| link)
    }
}

/// Map of a manifest's entry, if it is one.
fn recorded(bundle: &Bundle, entry: &Value) -> Option<RecordedMap> {
    let (shape, values) = array(bundle.files.get(entry["map"].as_str()?)?)?;
    let [height, width] = <[usize; 2]>::try_from(shape).ok()?;
    let class = entry.pointer("/class/index").map(Value::to_string);
    let target = entry.pointer("/target/text").and_then(Value::as_str).map(str::to_owned);
    Some(RecordedMap {
        layer: entry["layer"].as_str()?.to_owned(),
        target: class.or(target),
        signed: entry["signed"].as_bool().unwrap_or_default(),
        plane: Plane::new(width, height, values).into(),
    })
}

impl State {
    pub(super) fn change_bundle(&mut self, action: BundleAction) -> Vec<Effect> {
        let BundleAction::Open { name, file } = action else {
            self.bundle.opened = None;
            return vec![];
        };
        let (opened, image) = match OpenedBundle::read(&name, &file) {
            Ok(read) => read,
            Err(fault) => return self.fail(Text::Engine(fault), Recovery::None),
        };
        self.notice.message = None;
        if let (Some(about), Some(file)) = (&opened.evidence.image, image) {
            self.offer_known(about.name.clone(), file, &about.sha256);
        }
        let link = opened.link();
        self.bundle.opened = Some(opened.into());
        link.map_or_else(Vec::new, |link| self.follow(link, None))
    }

    /// Whether the map that is seen is the one that the open bundle holds; none where it is of something else.
    pub fn bundle_agreement(&self) -> Option<BundleAgreement> {
        let bundle = self.bundle.opened.as_ref()?;
        let shown = self.explanation.current().filter(|shown| !self.is_stale(Some(shown)))?;
        let [.., hash] = &bundle.model;
        let same_model = self.model.ready.as_ref().is_some_and(|ready| ready.hash == *hash);
        let about = bundle.evidence.image.as_ref();
        let same_image =
            about.is_none_or(|about| self.image.photo.as_ref().is_some_and(|photo| photo.is(&about.sha256)));
        let asked = bundle.evidence.asked.requests.iter().any(|request| same_way(request, &shown.request));
        if !(same_model && same_image && asked) {
            return None;
        }
        let target = shown.request.target.as_ref().map(ToString::to_string);
        let same = |map: &&RecordedMap| map.layer == shown.map.layer && (map.target.is_none() || map.target == target);
        let recorded = bundle.maps.iter().find(same)?;
        let AttributionMap { normalised, signed, .. } = &*shown.map;
        let plane = if recorded.signed { signed } else { normalised };
        Some(agreement(&recorded.plane, plane))
    }
}

/// How far two planes are apart.
fn agreement(old: &Plane, new: &Plane) -> BundleAgreement {
    if (old.width, old.height) != (new.width, new.height) {
        return BundleAgreement { largest: f32::INFINITY, agrees: false };
    }
    let largest = |values: &[f32]| values.iter().fold(0_f32, |most, value| most.max(value.abs()));
    let scale = largest(&old.values).max(largest(&new.values));
    let apart = |(one, two): (&f32, &f32)| if one == two { 0.0 } else { (one - two).abs() / scale };
    let most = old.values.iter().zip(&new.values).map(apart);
    let most = most.fold(0_f32, |most, share| if share.is_nan() { f32::INFINITY } else { most.max(share) });
    BundleAgreement { largest: most, agrees: most <= TOLERANCE }
}
