//! Attribution maps, and how they are drawn.

use convscope::explain::{AttributionMap, Convention};
use convscope::model::Manifest;
use convscope::render::{MapStyle, draw_map};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::choice::{choice, share};
use crate::error::raise;
use crate::image::Image;

/// Attribution map with the image that it is of.
#[pyclass(frozen, module = "convscope._convscope")]
pub(crate) struct Map {
    pub(crate) map: AttributionMap,
    pub(crate) image: Image,
    pub(crate) manifest: Manifest,
    pub(crate) convention: Convention,
}

/// Little-endian numbers, as numpy reads them.
fn bytes<'py>(py: Python<'py>, values: &[f32]) -> Bound<'py, PyBytes> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    PyBytes::new(py, &bytes)
}

#[pymethods]
impl Map {
    /// The layer's name.
    #[getter]
    fn layer(&self) -> &str {
        &self.map.layer
    }

    /// Height and width of the map.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.map.normalised.height, self.map.normalised.width)
    }

    /// Numbers from 0 to 1, float32.
    fn normalised<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        bytes(py, &self.map.normalised.values)
    }

    /// Numbers as they were computed, float32.
    fn signed<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        bytes(py, &self.map.signed.values)
    }

    /// Why the map shows nothing.
    #[getter]
    fn blank(&self) -> Option<String> {
        self.map.blank.map(|blank| blank.to_string())
    }

    /// What is to be known about the map before it is believed.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.map.diagnoses.iter().map(|diagnosis| format!("{diagnosis}: {}", diagnosis.advice())).collect()
    }

    /// The map over its image.
    fn overlay(
        &self,
        py: Python<'_>,
        colormap: Option<&str>,
        opacity: Option<f32>,
        blend: Option<&str>,
        signed: bool,
        contour: Option<f32>,
    ) -> PyResult<Image> {
        let draw = || {
            let usual = MapStyle::default();
            let style = MapStyle {
                colormap: choice("colormap", colormap)?.unwrap_or(usual.colormap),
                opacity: share("opacity", opacity)?.unwrap_or(usual.opacity),
                blend: choice("blend", blend)?.unwrap_or(usual.blend),
                signed,
                contour: share("contour", contour)?,
            };
            draw_map(&self.map, &self.image.0, &self.manifest.preprocessing, self.convention, style)
        };
        py.detach(draw).map(Image::from).map_err(raise)
    }
}
