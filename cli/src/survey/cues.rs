//! Cues: the images of suspects are opened, and a part of each is covered.

use std::path::Path;
use std::sync::Arc;

use convscope::error::Result;
use convscope::export::sha256;
use convscope::image::Image;
use convscope::survey::{Cue, Row, mean, suspects};
use pollster::block_on;

use super::Survey;

/// All cues, by class.
pub(super) fn find(survey: &Survey<'_>) -> Result<Vec<Cue>> {
    let found: Vec<_> = survey.rows.iter().map(|row| row.found.clone()).collect();
    let model = survey.model;
    let mut cues = vec![];
    for suspect in suspects(&found) {
        if suspect.is_known(&cues) {
            continue;
        }
        let opened = suspect.opened().map(|at| &survey.rows[at]);
        let images: Vec<Arc<Image>> =
            opened.filter_map(|row| image(row, survey.files.get(&row.path)?)).map(Arc::new).collect();
        let patches = |image: &Arc<Image>| suspect.patches(&model.manifest.preprocessing.view(image));
        let Some(sameness) = suspect.sameness(images.iter().map(patches).collect()) else { continue };
        let covered = |image: &Arc<Image>| {
            let seen = block_on(model.observe_async(image.clone()))?;
            block_on(seen.hangs_on_async(suspect.class, &suspect.place))
        };
        let covered = images.iter().map(covered).collect::<Result<Vec<_>>>()?;
        cues.extend(suspect.cue(sameness, mean(&covered)));
    }
    Ok(cues)
}

/// The image of a row; none where it is gone or another.
fn image(row: &Row, path: &Path) -> Option<Image> {
    let file = std::fs::read(path).ok().filter(|file| sha256(file) == row.sha256)?;
    Image::decode(&file).ok()
}
