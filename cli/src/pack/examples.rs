//! What packing cost a model's explanations, measured on the example images: the packed model beside the same one in f32.

use std::path::Path;

use convscope::device::Opened;
use convscope::error::{Error, Result};
use convscope::examples;
use convscope::model::Packing;
use convscope_import::pack::Summary;

use crate::compare_codecs::{Report, measured};
use crate::files::Input;
use crate::say::{note, print, visible};

/// Correlation of maps with those in f32, median over images and layers, below which a packing is warned of. Three images are too few to
/// judge a single layer by, many of whose maps are nearly blank.
const ALIKE: f64 = 0.98;

/// Measures a packed model beside the one that `exactly` packs into a folder in f32, and warns where its answers are others. What cannot
/// be measured is said and is no error: the model is packed.
pub(super) fn say(
    summary: &Summary,
    packing: Packing,
    packed: &Path,
    exactly: impl FnOnce(&Path) -> Result<Summary>,
) -> Result<()> {
    let measure = || {
        let place = tempfile::tempdir().map_err(|error| Error::write(packed, error))?;
        let exact = place.path().join("model");
        exactly(&exact)?;
        let images = examples::ALL.iter().map(|(name, file)| Input::of(Path::new(name), file.to_vec()));
        measured(&exact, packed, &images.collect::<Result<Vec<_>>>()?, &Opened::cpu())
    };
    let report = match measure() {
        Ok(report) => report,
        Err(error) => {
            note(&format!("what packing {} cost cannot be measured: {error}", summary.id));
            return Ok(());
        }
    };
    print(&format!("  {}", words(&report)))?;
    if let Some(warning) = warning(&report) {
        let better = match packing {
            Packing::Int8 | Packing::Int4 => [Packing::Mixed, Packing::F16].map(Packing::name).join(" or "),
            _ => Packing::F32.name().into(),
        };
        note(&format!("{}: {warning}; pack it in {better} instead", visible(&summary.id)));
    }
    Ok(())
}

fn words(report: &Report) -> String {
    let images = report.images;
    let classes = report.classes.as_ref().map_or_else(String::new, |classes| {
        format!(
            "top 1 as in f32 for {:.0} %, logits {:.2} % off (root mean square), ",
            100.0 * classes.top1_agreement,
            100.0 * classes.logit_rms_relative
        )
    });
    let maps = &report.maps;
    let worst = maps.worst().map_or_else(String::new, |worst| format!(", at {} {:.3}", worst.layer, worst.median));
    format!(
        "on {images} example images: {classes}correlation of maps with f32's ({}) {:.3}{worst}",
        maps.kind, maps.median
    )
}

/// What is no longer as it was, if anything is.
fn warning(report: &Report) -> Option<String> {
    let other = report.classes.as_ref().filter(|classes| classes.top1_agreement < 1.0);
    if other.is_some() {
        return Some("the likeliest class of an example image is another than in f32".into());
    }
    let median = report.maps.median;
    (median < ALIKE).then(|| format!("its maps are not those that it has in f32: they correlate by {median:.2}"))
}
