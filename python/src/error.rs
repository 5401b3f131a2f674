//! Exceptions: one for each kind of error, below one of all.

use convscope::Error;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::prelude::*;

create_exception!(
    convscope,
    Wrong,
    PyException,
    "What went wrong, where, and what to do; `code` names it for programs."
);
create_exception!(
    convscope,
    WeightsError,
    Wrong,
    "A model's file is damaged, incomplete, or of a kind that is not read."
);
create_exception!(convscope, ImageError, Wrong, "A file that should be an image is none, or too large.");
create_exception!(convscope, DeviceError, Wrong, "The device is not there, or stopped working.");
create_exception!(convscope, RequestError, Wrong, "What is asked for does not exist or does not fit.");
create_exception!(convscope, NothingError, Wrong, "The request can be carried out, but nothing comes of it.");
create_exception!(convscope, FileError, Wrong, "A file could not be read or written.");

/// The exception of an error.
pub(crate) fn raise(error: Error) -> PyErr {
    let text = error.to_string();
    let raised = match &error {
        Error::Weights(_) => WeightsError::new_err(text),
        Error::Image(_) => ImageError::new_err(text),
        Error::Device(_) => DeviceError::new_err(text),
        Error::Request(_) => RequestError::new_err(text),
        Error::Nothing(_) => NothingError::new_err(text),
        Error::File(_) => FileError::new_err(text),
        Error::Cancelled => return PyKeyboardInterrupt::new_err(text),
    };
    // An exception without its code is still the exception.
    let _ = Python::attach(|py| raised.value(py).setattr("code", error.code()));
    raised
}

/// Puts the exceptions into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("Error", py.get_type::<Wrong>())?;
    module.add("WeightsError", py.get_type::<WeightsError>())?;
    module.add("ImageError", py.get_type::<ImageError>())?;
    module.add("DeviceError", py.get_type::<DeviceError>())?;
    module.add("RequestError", py.get_type::<RequestError>())?;
    module.add("NothingError", py.get_type::<NothingError>())?;
    module.add("FileError", py.get_type::<FileError>())
}
