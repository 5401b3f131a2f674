//! `convscope._convscope`: the engine as Python sees it. What is pleasant to use, `package/convscope` makes of it.
//!
//! Arrays go both ways as bytes with a shape, so that nothing here depends on numpy's own interface.

mod choice;
mod error;
mod image;
mod map;
mod model;
mod observation;

use convscope::methods::methods as all;
use pyo3::prelude::*;

use self::error::{Wrong, raise};

/// The cards of all methods, as JSON.
#[pyfunction]
fn methods() -> PyResult<String> {
    let cards: Vec<_> = all().map(|method| method.card()).collect();
    serde_json::to_string(&cards).map_err(|error| Wrong::new_err(error.to_string()))
}

/// The names of the models that can be loaded, with those in a folder.
#[pyfunction]
fn models(weights: Option<std::path::PathBuf>) -> PyResult<Vec<String>> {
    let models = convscope::installed::Installed { asked: weights }.all().map_err(raise)?;
    Ok(models.into_iter().map(|(name, _)| name).collect())
}

#[pymodule]
fn _convscope(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    error::add(module)?;
    module.add_class::<image::Image>()?;
    module.add_class::<map::Map>()?;
    module.add_class::<model::Model>()?;
    module.add_class::<observation::Observation>()?;
    module.add_function(wrap_pyfunction!(methods, module)?)?;
    module.add_function(wrap_pyfunction!(models, module)?)
}
