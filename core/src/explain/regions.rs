//! Regions: the parts that an image is cut into.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Way of cutting an image into parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regions {
    /// Patches of like colour (Achanta et al. 2012, `SLIC`).
    #[default]
    Superpixels,
    /// Cells of a grid.
    Grid,
}

named!(Regions {
    Superpixels = "superpixels", "Patches of like colour, which follow the image's edges";
    Grid = "grid", "Cells of a grid";
});
