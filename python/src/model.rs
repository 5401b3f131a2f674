//! Models: packed ones, and files of other frameworks, which are packed on the way.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use convscope::device::{Choice, open};
use convscope::error::{Error, Result};
use convscope::installed::{Found, Installed};
use convscope::model::{JSON, Packing};
use convscope::preprocess::Fit;
use convscope_import::pack::{Answers, ClassNames, run_with};
use pollster::block_on;
use pyo3::prelude::*;

use crate::choice::choice;
use crate::error::raise;
use crate::image::Image;
use crate::observation::Observation;

/// Network with everything that is known about it, on a device.
#[pyclass(frozen, module = "convscope._convscope")]
pub(crate) struct Model {
    model: Arc<convscope::model::Model>,
    /// Assumptions that were made of a file that did not say.
    notes: Vec<String>,
}

/// Names of classes.
#[derive(FromPyObject)]
enum Labels {
    /// `imagenet`, `numbers`, or the path of a file with one a line.
    Text(PathBuf),
    /// One a class.
    Names(Vec<String>),
}

impl Labels {
    fn names(self) -> Result<ClassNames> {
        match self {
            Self::Text(text) => ClassNames::read(&text),
            Self::Names(names) => Ok(ClassNames::Names(names)),
        }
    }
}

/// A folder with a packed model, or what goes by a name.
fn found(name: &str, weights: Option<PathBuf>) -> Result<Found> {
    let folder = Path::new(name);
    if folder.join(JSON).is_file() { Ok(Found::folder(folder)) } else { Installed { asked: weights }.find(name) }
}

/// The model on a device.
fn load(found: &Found, device: &str) -> Result<Arc<convscope::model::Model>> {
    let opened = block_on(open(choice::<Choice>("device", Some(device))?.unwrap_or_default()))?;
    Ok(Arc::new(found.load(&opened)?))
}

#[pymethods]
impl Model {
    /// The packed model of that name, or of that folder.
    #[staticmethod]
    fn load(py: Python<'_>, name: &str, weights: Option<PathBuf>, device: &str) -> PyResult<Self> {
        let model = py.detach(|| load(&found(name, weights)?, device)).map_err(raise)?;
        Ok(Self { model, notes: vec![] })
    }

    /// The model in a file of another framework; what it does not say is given, or guessed.
    #[staticmethod]
    #[pyo3(signature = (file, device, *, architecture=None, preset=None, channels=None, scale=None, mean=None, std=None, short_side=None, resize=None, input=None, labels=None, logits=None, outputs=None, taps=None, until=None))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    fn read(
        py: Python<'_>,
        file: PathBuf,
        device: &str,
        architecture: Option<String>,
        preset: Option<&str>,
        channels: Option<&str>,
        scale: Option<f32>,
        mean: Option<[f32; 3]>,
        std: Option<[f32; 3]>,
        short_side: Option<u32>,
        resize: Option<&str>,
        input: Option<[u32; 2]>,
        labels: Option<Labels>,
        logits: Option<String>,
        outputs: Option<&str>,
        taps: Option<Vec<String>>,
        until: Option<String>,
    ) -> PyResult<Self> {
        let read = || {
            let answers = Answers {
                id: None,
                architecture,
                preset: choice("preset", preset)?,
                channels: choice("channels", channels)?,
                scale,
                mean,
                std,
                fit: short_side.map(|side| if side == 0 { Fit::Squash } else { Fit::CentreCrop { short_side: side } }),
                interpolation: choice("resize", resize)?,
                input,
                labels: labels.map(Labels::names).transpose()?,
                logits,
                outputs: choice("outputs", outputs)?,
                taps,
                until,
            };
            let place = tempfile::tempdir().map_err(|error| Error::write(&std::env::temp_dir(), error))?;
            let folder = place.path().join("model");
            // Nothing is lost on the way: what is explained is the file's own network.
            let summary = run_with(&file, &answers, &folder, Packing::F32)?;
            Ok((load(&Found::folder(&folder), device)?, summary.notes.iter().map(ToString::to_string).collect()))
        };
        let (model, notes) = py.detach(read).map_err(raise)?;
        Ok(Self { model, notes })
    }

    /// Has the network see an image.
    fn observe(&self, py: Python<'_>, image: &Image) -> PyResult<Observation> {
        let seen = py.detach(|| self.model.observe(image.0.clone())).map_err(raise)?;
        Ok(Observation::new(seen))
    }

    /// The model's id.
    #[getter]
    fn id(&self) -> &str {
        &self.model.manifest.id
    }

    /// The model's name for people.
    #[getter]
    fn name(&self) -> &str {
        &self.model.manifest.name
    }

    /// The device that it runs on.
    #[getter]
    fn device(&self) -> &str {
        &self.model.device
    }

    /// The classes' names; none where it classifies nothing.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.model.manifest.labels.clone()
    }

    /// The layers worth showing.
    #[getter]
    fn layers(&self) -> Vec<String> {
        self.model.manifest.taps.clone()
    }

    /// Assumptions that were made of a file that did not say.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}
