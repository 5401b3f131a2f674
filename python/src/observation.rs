//! Observations: what a network has seen of an image, and all that can be asked of it.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use convscope::artifact::Artifact;
use convscope::error::Error;
use convscope::explain::Convention;
use convscope::explanation::Explanation;
use convscope::methods::method;
use convscope::run::{Heard, Listener};
use pollster::block_on;
use pyo3::prelude::*;

use crate::error::{Wrong, raise};
use crate::image::Image;
use crate::map::Map;

/// Class with its index, name, probability and logit.
type Class = (usize, String, Option<f32>, f32);

/// Image that a network has seen.
#[pyclass(frozen, module = "convscope._convscope")]
pub(crate) struct Observation(Mutex<convscope::observation::Observation>);

/// What is asked of a method.
#[derive(FromPyObject)]
struct Asked {
    #[pyo3(item)]
    method: String,
    #[pyo3(item)]
    target: Option<String>,
    #[pyo3(item)]
    layers: Vec<String>,
    #[pyo3(item)]
    convention: Option<String>,
    /// Values as people write them.
    #[pyo3(item)]
    parameters: Vec<(String, String)>,
}

impl Asked {
    fn of<'a>(&self, seen: &'a convscope::observation::Observation) -> convscope::Result<Explanation<'a>> {
        let mut asked = seen.explain(&self.method)?;
        if let Some(target) = &self.target {
            asked = asked.target(seen.target(target)?);
        }
        asked = match &self.layers[..] {
            [one] => asked.layer(one),
            several => asked.layers(convscope::request::Layers::Named(several.to_vec())),
        };
        if let Some(convention) = &self.convention {
            asked = asked.convention(convention);
        }
        for (name, value) in &self.parameters {
            asked = asked.set(name, value)?;
        }
        Ok(asked)
    }
}

/// Listener that keeps what comes, tells a Python function of the progress, and stops where Python wants that.
struct Keep {
    artifacts: RefCell<Vec<Artifact>>,
    tell: Option<Py<PyAny>>,
    raised: RefCell<Option<PyErr>>,
}

impl Keep {
    fn new(tell: Option<Py<PyAny>>) -> Self {
        Self { artifacts: RefCell::default(), tell, raised: RefCell::default() }
    }

    /// The artifacts of a run; what Python raised meanwhile comes first.
    fn done(self, run: convscope::Result<()>) -> PyResult<Vec<Artifact>> {
        match (self.raised.into_inner(), run) {
            (Some(raised), _) => Err(raised),
            (None, run) => run.map(|()| self.artifacts.into_inner()).map_err(raise),
        }
    }
}

impl Listener for Keep {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        let heard = match heard {
            Heard::Artifact(artifact) => {
                self.artifacts.borrow_mut().push(artifact);
                Ok(())
            }
            Heard::Progress { done, total } => Python::attach(|py| {
                // Ctrl-C, which Python hears only when it is asked.
                py.check_signals()?;
                self.tell.as_ref().map_or(Ok(()), |tell| tell.call1(py, (done, total)).map(|_| ()))
            }),
        };
        let goes_on = heard.is_ok();
        *self.raised.borrow_mut() = heard.err();
        Box::pin(std::future::ready(goes_on))
    }
}

impl Observation {
    pub(crate) fn new(seen: convscope::observation::Observation) -> Self {
        Self(Mutex::new(seen))
    }

    /// What was seen. A thread that panicked has changed nothing of it that counts.
    fn seen(&self) -> MutexGuard<'_, convscope::observation::Observation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Observation {
    /// All classes, the likeliest first.
    fn classes(&self, py: Python<'_>) -> Vec<Class> {
        let class =
            |class: &convscope::predictions::Class| (class.index, class.name.clone(), class.probability, class.logit);
        py.detach(|| self.seen().classes().iter().map(class).collect())
    }

    /// The maps of a method, one a layer.
    fn maps(&self, py: Python<'_>, asked: Asked, tell: Option<Py<PyAny>>) -> PyResult<Vec<Map>> {
        py.detach(|| {
            let seen = self.seen();
            let explanation = asked.of(&seen).map_err(raise)?;
            let keep = Keep::new(tell);
            let run = block_on(explanation.run(&keep));
            let maps = keep.done(run)?.into_iter().filter_map(Artifact::into_map);
            let variant = method(&asked.method)
                .and_then(|method| method.card().variant(&explanation.request().convention).map_err(Error::Request));
            let convention = variant.and_then(|variant| Convention::named(&variant.name)).map_err(raise)?;
            let (image, manifest) = (Image::from(seen.image().clone()), &seen.model().manifest);
            let made = |map| Map { map, image: image.clone(), manifest: manifest.clone(), convention };
            Ok(maps.map(made).collect())
        })
    }

    /// What a metric says of the maps of a method, as JSON: a list, one entry a map.
    fn measure(
        &self,
        py: Python<'_>,
        metric: &str,
        parameters: Vec<(String, String)>,
        asked: Asked,
        tell: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        py.detach(|| {
            let seen = self.seen();
            let measured = asked.of(&seen).map_err(raise)?;
            let mut metric = seen.explain(metric).map_err(raise)?;
            for (name, value) in &parameters {
                metric = metric.set(name, value).map_err(raise)?;
            }
            if let Some(target) = measured.request().target.clone() {
                metric = metric.target(target);
            }
            let (metric, keep) = (metric.of(measured), Keep::new(tell));
            let run = block_on(metric.run(&keep));
            let measurements: Vec<_> = keep
                .done(run)?
                .into_iter()
                .filter_map(|artifact| match artifact {
                    Artifact::Measurement(measurement) => Some(measurement),
                    _ => None,
                })
                .collect();
            serde_json::to_string(&measurements).map_err(|error| Wrong::new_err(error.to_string()))
        })
    }
}
