//! The model that is part of the program, so that it does its main job with no network at all.

use crate::model::Embedded;

/// Name of the built-in model.
pub const ID: &str = "squeezenet1_1";

/// SqueezeNet 1.1 with the 1000 classes of ImageNet, int8 (MIT; see `models/squeezenet1_1/LICENSE`).
pub const SQUEEZENET: Embedded = Embedded(&[
    ("model.json", include_bytes!("../models/squeezenet1_1/model.json")),
    ("weights-00.bin", include_bytes!("../models/squeezenet1_1/weights-00.bin")),
]);
