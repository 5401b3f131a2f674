//! Evidence bundles, gathered and written: results of one image with everything that is needed to make them again.

use std::cell::RefCell;
use std::path::Path;
use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::export::{Asked, Bundle, Evidence, hidden};
use convscope::fault;
use convscope::image::Image;
use convscope::request::Request;
use serde_json::Value;

use super::ask::Ask;
use super::destination::Destination;
use super::explain;
use super::files::{Input, write_with};
use super::images::Images;
use super::open::With;
use super::say::note;
use super::stop;

/// Results that are gathered for a bundle.
#[derive(Default)]
pub(super) struct Gathered {
    /// Whether pictures show white in the place of the image.
    hides: bool,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    bundle: Bundle,
    requests: Vec<Request>,
    image: Option<(String, String, Vec<u8>)>,
}

impl Gathered {
    /// Nothing yet; pictures of what comes show white in the place of the image where it is hidden.
    pub(super) fn new(hides: bool) -> Self {
        Self { hides, found: RefCell::default() }
    }

    /// Takes up a request about an image, and gives what is to be drawn in its place, if it is hidden.
    pub(super) fn take(&self, input: &Input, image: &Image, request: &Request) -> Result<Option<Image>> {
        let mut found = self.found.borrow_mut();
        found.requests.push(request.clone());
        found.image = Some((input.name(), input.sha256(), input.file().to_vec()));
        self.hides.then(|| hidden(image)).transpose()
    }

    /// Takes up a request about the network alone.
    pub(super) fn take_network(&self, request: &Request) {
        self.found.borrow_mut().requests.push(request.clone());
    }

    /// Takes up a result file.
    pub(super) fn add(&self, name: &str, bytes: &[u8]) {
        self.found.borrow_mut().bundle.add(name, bytes.to_vec());
    }

    /// Takes up the manifest.
    pub(super) fn tell(&self, manifest: &Value) {
        self.found.borrow_mut().bundle.manifest = manifest.clone();
    }

    /// What was gathered, without the image.
    pub(super) fn into_bundle(self) -> Bundle {
        self.found.into_inner().bundle
    }
}

/// Explains one image into a bundle, and whatever else there is to be.
pub(super) fn save(
    ask: &Ask,
    with: &With,
    images: &Images,
    to: Destination<'_>,
    file: &Path,
    hides: bool,
) -> Result<ExitCode> {
    if images.one().is_none_or(Path::is_dir) {
        return Err(Error::Request(fault!(
            "bundle-of-one-image",
            "a bundle is about one image, so that it can be judged by itself; name one image, and run once for each"
        )));
    }
    let (model, gathered) = (with.model(None)?, Gathered::new(hides));
    let code = explain::run(ask, &model, images, Destination { bundle: Some(&gathered), ..to })?;
    let Found { bundle, requests, image } = gathered.found.into_inner();
    let made = bundle.manifest["results"].as_array().is_some_and(|results| !results.is_empty());
    if !made || stop::exit_code().is_some() {
        note(&format!("{} is not written, since there is no whole result to put into it", file.display()));
        return Ok(code);
    }
    let asked = Asked { requests, metrics: ask.metrics.clone(), style: ask.style, references: ask.sums.clone() };
    let about = image.as_ref().map(|(name, sha256, _)| (name.as_str(), sha256.as_str()));
    let evidence = Evidence::new(asked, ask.card, &model.manifest.id, about);
    let zip = bundle.zip(evidence, image.map(|(_, _, file)| file).filter(|_| !hides))?;
    write_with(file, |file| file.write_all(&zip))?;
    Ok(code)
}
