//! Model that another one was taught on.

use serde::{Deserialize, Serialize};

/// Origin of a taught model: the network whose features it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Its id.
    pub id: String,
    /// SHA-256 of its `model.json`.
    pub sha256: String,
    /// Layer whose features, averaged over space, are classified.
    pub layer: String,
}
