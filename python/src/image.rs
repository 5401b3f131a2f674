//! Images, decoded as everywhere in the program.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::raise;

/// Image in 8 bits.
#[pyclass(frozen, module = "convscope._convscope")]
#[derive(Clone)]
pub(crate) struct Image(pub(crate) Arc<convscope::image::Image>);

#[pymethods]
impl Image {
    /// The image in a file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| convscope::image::Image::open(path)).map(Self::from).map_err(raise)
    }

    /// The image of a file's bytes.
    #[staticmethod]
    fn decode(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        py.detach(|| convscope::image::Image::decode(bytes)).map(Self::from).map_err(raise)
    }

    /// The image of pixels, `[height, width, 3]`.
    #[staticmethod]
    fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> PyResult<Self> {
        convscope::image::Image::from_rgb(width, height, rgb).map(Self::from).map_err(raise)
    }

    /// Height and width in pixels.
    #[getter]
    fn shape(&self) -> (u32, u32) {
        (self.0.height(), self.0.width())
    }

    /// Pixels, `[height, width, 3]`.
    fn rgb<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.rgb())
    }

    /// The image as a PNG file.
    fn png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let png = py.detach(|| self.0.png()).map_err(raise)?;
        Ok(PyBytes::new(py, &png))
    }

    /// Writes the image to a PNG file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(path)).map_err(raise)
    }
}

impl From<convscope::image::Image> for Image {
    fn from(image: convscope::image::Image) -> Self {
        Self(Arc::new(image))
    }
}
