//! Check that a large image fits in memory, before it is taken: an allocation that fails inside a library ends the program.

use crate::error::{Error, Result};
use crate::fault;

/// Checks that so many bytes can be had for an image of this size.
///
/// # Errors
/// [`Error::Image`] where they cannot.
pub(super) fn room(bytes: u64, width: u32, height: u32) -> Result<()> {
    let bytes = usize::try_from(bytes).map_err(|_| too_little(width, height))?;
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| too_little(width, height))
}

/// The sentence for an image that does not fit.
pub(super) fn too_little(width: u32, height: u32) -> Error {
    Error::Image(fault!(
        "image-memory",
        "there is not enough memory for an image of {width} x {height} pixels; make it smaller, or give the program more memory",
        width,
        height
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_cannot_be_had_is_a_sentence() {
        assert!(room(1000, 10, 10).is_ok());
        let error = room(1 << 62, 9_900, 9_900).unwrap_err().to_string();
        assert!(error.contains("not enough memory") && error.contains("9900 x 9900"), "{error}");
    }
}
