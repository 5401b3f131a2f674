//! `units`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use convscope::image::Image;
use convscope::model::Model;
use program::{convscope, repository, standard_error, text};

#[test]
fn each_channel_has_its_images_and_places() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cat = repository("core/examples/cat.jpg");
    std::fs::create_dir(folder.path().join("more")).unwrap();
    std::fs::copy(&cat, folder.path().join("more/cat.jpg")).unwrap();
    std::fs::copy(&cat, folder.path().join("same.jpg")).unwrap();
    std::fs::write(folder.path().join("broken.png"), "no image").unwrap();
    for grey in [40, 200] {
        let image = Image::from_rgb(30, 20, vec![grey; 1800]).unwrap();
        std::fs::write(folder.path().join(format!("{grey}.png")), image.png().unwrap()).unwrap();
    }
    let asked =
        ["units", text(folder.path()), "--layer", "fire2/concat", "--channel", "5,17", "--top", "2", "--device", "cpu"];
    let output = convscope(&[&asked[..], &["--out", text(out.path())]].concat());
    assert_eq!(output.status.code(), Some(1), "one image is broken");
    let error = standard_error(&output);
    assert!(error.contains("broken.png") && error.contains("same.jpg is the same file"), "{error}");

    let table = std::fs::read_to_string(out.path().join("units.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2 * 128);
    // The library says the same of the photograph.
    let model = Model::embedded().unwrap();
    let seen = model.observe(Image::open(&cat).unwrap()).unwrap();
    let layer = model.network.graph().id("fire2/concat").unwrap();
    let maps = pollster::block_on(seen.features(layer).into_data_async()).unwrap().try_into_vec::<f32>().unwrap();
    let mut of_cat = 0;
    for row in rows.iter().filter(|row| row[2] == "more/cat.jpg") {
        let channel: usize = row[0].parse().unwrap();
        let map = &maps[channel * 55 * 55..][..55 * 55];
        let most = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert!((row[3].parse::<f32>().unwrap() - most).abs() <= 1e-4 * most.abs(), "{row:?}");
        let at = map.iter().position(|value| *value == most).unwrap();
        // Cells are four pixels apart and see 15 of 224, from four before.
        let first = |cell: usize| (4.0 * cell as f64 - 4.0).max(0.0) / 224.0;
        let [left, top] = [4, 5].map(|column| row[column].parse::<f64>().unwrap());
        assert!((left - first(at % 55)).abs() < 1e-9 && (top - first(at / 55)).abs() < 1e-9, "{row:?}");
        of_cat += 1;
    }
    assert!(of_cat > 64, "a photograph makes most channels fire more than one of two grey images: {of_cat}");
    let sheet = Image::open(out.path().join("units.png")).unwrap();
    assert!(sheet.width() > 2 * 320 && sheet.height() > sheet.width() / 2);

    let output = convscope(&[
        "units",
        text(folder.path()),
        "--layer",
        "fire2/concat",
        "--channel",
        "128",
        "--out",
        text(out.path()),
    ]);
    assert!(standard_error(&output).contains("0 to 127"), "{}", standard_error(&output));
}
