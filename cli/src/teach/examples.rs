//! Images that a classifier is taught with, read from folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use convscope::error::{Error, Result};
use convscope::model::Model;
use convscope::nn::NodeId;
use convscope::teach::Examples;
use pollster::block_on;

use crate::bars::Steps;
use crate::files::Input;
use crate::say::{complain, note};
use crate::stop;
use crate::survey::labels::Labels;
use crate::survey::walk;

/// What has been read.
pub(super) struct Read {
    pub(super) examples: Examples,
    /// Images that nothing could be made of.
    pub(super) failed: usize,
}

/// Looks at all images in folders that have a label.
///
/// # Errors
/// [`Error::Request`] where there are too few classes, or too few images of one; [`Error::Cancelled`] where the program is to stop.
pub(super) fn read(model: &Arc<Model>, layer: NodeId, folders: &[PathBuf], labels: &str, out: &Path) -> Result<Read> {
    let labels = Labels::read(Some(labels))?;
    let images = walk::images(folders, out)?;
    let all = images.len();
    let labelled: Vec<(walk::Found, String)> = images
        .into_iter()
        .filter_map(|image| labels.of(&image.name, Some(&image.path)).map(|label| (image, label)))
        .collect();
    if labelled.len() < all {
        note(&format!("{} of {all} images have no label and are left out", all - labelled.len()));
    }
    let labels: Vec<&str> = labelled.iter().map(|(_, label)| label.as_str()).collect();
    let (mut examples, mut failed) = (Examples::of_labels(&labels)?, 0);
    let steps = Steps::new(labelled.len());
    for (image, label) in &labelled {
        if stop::asked() {
            return Err(Error::Cancelled);
        }
        let input = match steps.step(image.name.clone(), || Input::read(&image.path)) {
            Ok(input) => input,
            Err(error) => {
                complain(&error);
                failed += 1;
                continue;
            }
        };
        if let Some(other) = examples.meet(&image.name, label, input.sha256())? {
            note(&format!("{} is the same file as {other}, and left out", image.name));
            continue;
        }
        if let Some(text) = input.image.note() {
            note(&format!("{}: {text}", input.name()));
        }
        let features = block_on(async { model.observe_async(input.image.clone()).await?.averages_async(layer).await })?;
        examples.add(&image.name, label, features);
    }
    Ok(Read { examples, failed })
}
