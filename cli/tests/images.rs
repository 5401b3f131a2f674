//! Images that are not like others, on the command line.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::process::{Command, Output};

use convscope::image::Image;
use program::{convscope, standard_error, standard_output, text};

#[test]
fn a_note_about_an_image_stands_beside_its_results() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.png");
    let whole = Image::from_rgb(9, 7, (0..189).collect()).unwrap().png().unwrap();
    std::fs::write(&path, &whole[..whole.len() - 12]).unwrap();
    let output = convscope(&["classify", text(&path), "--device", "cpu", "--json"]);
    let errors = standard_error(&output);
    assert!(output.status.success(), "{errors}");
    assert_eq!(standard_output(&output).len(), 1);
    assert!(errors.lines().any(|line| line.contains("cut.png: the PNG file lacks its end chunk")), "{errors}");
}

#[test]
fn tiff_files_of_a_folder_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    for (file, name) in [("lzw.tif", "one.tif"), ("grey.tif", "two.TIFF")] {
        let from = program::repository("tests/data/images").join(file);
        std::fs::copy(from, folder.path().join(name)).unwrap();
    }
    let output = convscope(&["classify", text(folder.path()), "--device", "cpu", "--json"]);
    assert!(output.status.success(), "{}", standard_error(&output));
    assert_eq!(standard_output(&output).len(), 2);
}

/// Runs the program with so many KiB of address space.
#[cfg(target_os = "linux")]
fn limited(kib: u32, arguments: &[&str]) -> Output {
    let script = format!("ulimit -v {kib}; exec \"$@\"");
    let program = env!("CARGO_BIN_EXE_convscope");
    Command::new("sh").args(["-c", &script, "sh", program]).args(arguments).output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn an_image_that_does_not_fit_in_memory_is_a_sentence() {
    // 9,900 x 9,900 grey pixels: 98 MB to decode, 294 MB as colours, and as much again for each overlay and its file.
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("large.png"), folder.path().join("out"));
    image::GrayImage::new(9_900, 9_900).save(&path).unwrap();
    for kib in [600_000, 1_200_000] {
        let output = limited(kib, &["explain", text(&path), "--out", text(&out), "--device", "cpu"]);
        let errors = standard_error(&output);
        assert_eq!(output.status.code(), Some(1), "{kib} KiB: {errors}");
        assert!(errors.contains("not enough memory for an image of 9900 x 9900 pixels"), "{kib} KiB: {errors}");
    }
}
