//! `survey --boxes`: how much of the heat lies in boxes around objects.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use convscope::image::Image;
use program::{convscope as run, repository, standard_error, text};

/// A box in shares of the image's sides, which is not where the cat's heat is alone.
const SHARES: [f64; 4] = [0.5, 0.25, 0.25, 0.5];

/// The column of that name, by the images' names.
fn column(out: &Path, name: &str) -> Vec<(String, String)> {
    let table = convscope::csv::read(&std::fs::read(out.join("results.csv")).unwrap());
    let at = table[0].iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name} in {:?}", table[0]));
    table[1..].iter().map(|line| (line[0].clone(), line[at].clone())).collect()
}

#[test]
fn boxes_in_pixels_are_measured_as_the_metrics_measure_one_in_shares() {
    let place = tempfile::tempdir().unwrap();
    let [photographs, out] = ["photographs", "out"].map(|name| place.path().join(name));
    std::fs::create_dir(&photographs).unwrap();
    let cat = repository("core/examples/cat.jpg");
    for name in ["cat.jpg", "same.jpg", "without.jpg"] {
        std::fs::copy(&cat, photographs.join(name)).unwrap();
    }
    let image = Image::open(&cat).unwrap();
    let size = [image.width(), image.height()].map(f64::from);
    let [x, y, width, height] = [0, 1, 2, 3].map(|at| SHARES[at] * size[at % 2]);
    let table = place.path().join("boxes.csv");
    // The same file under another name has another box: all that the network sees.
    let lines =
        format!("path,x,y,width,height\ncat.jpg,{x},{y},{width},{height}\nsame.jpg,0,0,{},{}\n", size[0], size[1]);
    std::fs::write(&table, lines).unwrap();
    let shares = SHARES.map(|share| share.to_string()).join(",");
    let sets = ["energy_inside", "pointing_game"].map(|metric| format!("{metric}.box={shares}"));
    let asked = ["survey", text(&photographs), "--out", text(&out), "--device", "cpu", "--boxes", text(&table)];
    let metrics = ["--metric", "energy_inside,pointing_game", "--set", &sets[0], "--set", &sets[1]];
    let output = run(&[&asked[..], &metrics].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let of = |name: &str| column(&out, name).into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    let (heat, hit, metric) = (of("box_heat"), of("box_hit"), of("energy_inside"));
    let [own, by_metric] = [&heat[0], &metric[0]].map(|value| value.parse::<f64>().unwrap());
    assert!((own - by_metric).abs() < 1e-5 && (0.01..0.99).contains(&own), "{own} is not {by_metric}");
    assert_eq!(hit[0], of("pointing_game")[0]);
    assert_eq!((&*heat[1], &*hit[1]), ("1", "1"), "another box around the same file");
    assert_eq!((&*heat[2], &*hit[2]), ("", ""), "an image without a box");
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("Heat in the boxes") && page.contains("of 2; 95 % interval"), "the page tells of both");

    // Other boxes are another survey, and those of other images are none.
    std::fs::write(&table, "else.jpg,0,0,10,10\n").unwrap();
    let output = run(&[&asked[..], &metrics, &["--resume"]].concat());
    assert!(standard_error(&output).contains("another boxes"), "{}", standard_error(&output));
    let other = place.path().join("other");
    let output =
        run(&["survey", text(&photographs), "--out", text(&other), "--device", "cpu", "--boxes", text(&table)]);
    assert!(
        output.status.success() && standard_error(&output).contains("none of the 1 names"),
        "{}",
        standard_error(&output)
    );
    assert!(!std::fs::read_to_string(other.join("results.csv")).unwrap().contains("box_heat"));
}
