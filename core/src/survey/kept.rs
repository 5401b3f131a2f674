//! Finding of a survey as it is kept between visits of a page.

use serde::{Deserialize, Serialize};

use super::Found;

/// Finding about an image, and its small picture under its map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptFinding {
    /// The finding.
    pub found: Found,
    /// JPEG file.
    #[serde(with = "crate::bytes")]
    pub picture: Vec<u8>,
}
