//! `survey`: folders of images, shared, broken off and put together.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::{Path, PathBuf};
use std::process::Output;

use convscope::image::Image;
use program::{convscope, repository, standard_error, text};
use tempfile::TempDir;

/// A folder of two classes, with a folder in one of them, a name that is not ASCII, a file twice, and one that is no image.
fn photographs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("tabby/more")).unwrap();
    std::fs::create_dir_all(at("volcano")).unwrap();
    let cat = std::fs::read(repository("core/examples/cat.jpg")).unwrap();
    for name in ["tabby/cat.jpg", "tabby/more/same.jpg", "volcano/chïna.jpg"] {
        std::fs::write(at(name), &cat).unwrap();
    }
    for index in 0_u32..5 {
        let side = 40 + index;
        let rgb = (0..side * side * 3).map(|at| (at * (index + 3) % 251) as u8).collect();
        let image = Image::from_rgb(side, side, rgb).unwrap();
        std::fs::write(at(&format!("volcano/{index}.png")), image.png().unwrap()).unwrap();
    }
    std::fs::write(at("volcano/broken.png"), "no image").unwrap();
    folder
}

fn survey(photographs: &Path, out: &Path, more: &[&str]) -> Output {
    let asked = ["survey", text(photographs), "--out", text(out), "--labels", "folders", "--device", "cpu"];
    convscope(&[&asked[..], more].concat())
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

const RESULTS: [&str; 4] = ["results.csv", "results.parquet", "maps.npy", "index.html"];

#[test]
fn a_folder_becomes_a_table_maps_and_a_page() {
    let (photographs, results) = (photographs(), tempfile::tempdir().unwrap());
    let output = survey(photographs.path(), results.path(), &["--metric", "average_drop"]);
    assert_eq!(output.status.code(), Some(1), "one image is broken");
    assert!(standard_error(&output).contains("broken.png"), "{}", standard_error(&output));
    let table = String::from_utf8(read(results.path(), "results.csv")).unwrap();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 10);
    let column = |name: &str| lines[0].iter().position(|cell| *cell == name).unwrap();
    let row = |name: &str| lines.iter().find(|line| line[0] == name).unwrap();
    let cat = row("tabby/cat.jpg");
    // What `classify` says of the example.
    assert_eq!((cat[column("truth")], cat[column("predicted")]), ("tabby", "Egyptian_cat"));
    assert_eq!(cat[column("right")], "false");
    assert!(cat[column("average_drop")].parse::<f64>().is_ok(), "{cat:?}");
    let peak: f64 = cat[column("peak_x")].parse().unwrap();
    assert!((0.0..1.0).contains(&peak));
    // The folder that an image lies in is its label; `more` is no class.
    assert_eq!(
        (row("tabby/more/same.jpg")[column("truth")], row("tabby/more/same.jpg")[column("right")]),
        ("more", "")
    );
    assert_eq!(row("volcano/chïna.jpg")[column("map_sha256")], cat[column("map_sha256")], "the same file");
    assert!(row("volcano/broken.png")[column("error")].contains("no image"));
    assert!(!table.contains(text(photographs.path())), "the same table, wherever the folder lies");
    let maps = read(results.path(), "maps.npy");
    let file = npyz::NpyFile::new(&maps[..]).unwrap();
    assert_eq!((file.shape(), file.dtype().descr()), (&[9, 16, 16][..], "'<f2'".to_owned()));
    let page = String::from_utf8(read(results.path(), "index.html")).unwrap();
    for said in
        ["The same file, byte for byte", "under different labels", "Where each class is seen", "data:image/jpeg"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("http://") && !page.contains("<script"));
}

#[test]
fn parts_that_are_broken_off_and_put_together_are_the_whole() {
    let photographs = photographs();
    let folders: Vec<TempDir> = (0..6).map(|_| tempfile::tempdir().unwrap()).collect();
    let at = |index: usize| folders[index].path();
    const METRIC: [&str; 2] = ["--metric", "average_drop"];
    survey(photographs.path(), at(0), &[&METRIC[..], &["--jobs", "2"]].concat());
    for part in 1..=4 {
        survey(photographs.path(), at(part), &[&METRIC[..], &["--shard", &format!("{part}/4")]].concat());
    }
    // A run that was killed while it wrote a line.
    let largest = (1..=4).max_by_key(|&part| read(at(part), "journal.jsonl").len()).unwrap();
    let journal = read(at(largest), "journal.jsonl");
    std::fs::write(at(largest).join("journal.jsonl"), &journal[..journal.len() - 50]).unwrap();
    survey(photographs.path(), at(largest), &[&METRIC[..], &["--shard", &format!("{largest}/4"), "--resume"]].concat());
    assert_eq!(read(at(largest), "journal.jsonl"), journal);
    let parts: Vec<&str> = (1..=4).map(|part| text(at(part))).collect();
    let merged = survey(photographs.path(), at(5), &[&METRIC[..], &["--merge"], &parts[..]].concat());
    assert_eq!(merged.status.code(), Some(1), "{}", standard_error(&merged));
    for name in RESULTS {
        assert_eq!(read(at(5), name), read(at(0), name), "{name}");
    }
}

#[test]
fn what_was_broken_is_looked_at_again_and_labels_may_come_later() {
    let photographs = photographs();
    let folders: Vec<TempDir> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let [first, merged] = [folders[0].path(), folders[1].path()];
    let place = ["--out", text(first), "--device", "cpu"];
    let without_labels = [&["survey", text(photographs.path())][..], &place].concat();
    assert_eq!(convscope(&without_labels).status.code(), Some(1));
    let cat = std::fs::read(photographs.path().join("tabby/cat.jpg")).unwrap();
    std::fs::write(photographs.path().join("volcano/broken.png"), cat).unwrap();
    let output = survey(photographs.path(), first, &["--resume"]);
    assert!(output.status.success(), "{}", standard_error(&output));
    assert!(standard_error(&output).contains("1 images in"), "the rest is done: {}", standard_error(&output));
    let table = String::from_utf8(read(first, "results.csv")).unwrap();
    assert!(table.lines().any(|line| line.starts_with("tabby/cat.jpg,") && line.contains(",tabby,")), "{table}");
    assert!(table.lines().all(|line| line.ends_with(',') || line.ends_with("error")), "{table}");
    // The journal has two rows of one image; the last is that of today.
    let output = survey(photographs.path(), merged, &["--merge", text(first)]);
    assert!(output.status.success(), "{}", standard_error(&output));
    for name in RESULTS {
        assert_eq!(read(merged, name), read(first, name), "{name}");
    }
}

#[test]
fn another_model_is_asked_about_the_same_images() {
    let (photographs, results) = (photographs(), tempfile::tempdir().unwrap());
    let output = survey(photographs.path(), results.path(), &["--against", "squeezenet1_1"]);
    assert_eq!(output.status.code(), Some(1), "one image is broken");
    let table = String::from_utf8(read(results.path(), "results.csv")).unwrap();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| lines[0].iter().position(|cell| *cell == name).unwrap();
    for line in lines[1..].iter().filter(|line| !line[column("predicted")].is_empty()) {
        assert_eq!(line[column("other_predicted")], line[column("predicted")]);
        assert_eq!(line[column("other_logit")], line[column("logit")]);
        let correlation = line[column("map_correlation")];
        assert!(correlation.is_empty() || correlation.parse::<f64>().unwrap() > 0.999_999, "{line:?}");
    }
    let page = String::from_utf8(read(results.path(), "index.html")).unwrap();
    assert!(
        page.contains("Both take <strong>100.0 %</strong> of the images (8 of 8)") && !page.contains("Where they part")
    );
    let refused = survey(photographs.path(), results.path(), &["--resume"]);
    assert!(standard_error(&refused).contains("another against"), "{}", standard_error(&refused));
}

/// The program in a shell that lets no file grow further than this many bytes, as a full disk does, and ends it after a minute.
#[cfg(unix)]
fn limited(bytes: usize, arguments: &[&str]) -> Output {
    // Blocks of 512 bytes; the signal that a file is too large would end the program, where a full disk is an error.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec timeout 60 \"$@\"", bytes / 512);
    let program = env!("CARGO_BIN_EXE_convscope");
    std::process::Command::new("sh").args(["-c", &script, "sh", program]).args(arguments).output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_ends_it_with_one_error_and_it_goes_on_later() {
    let (photographs, folders) = (photographs(), [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]);
    let [first, whole] = [folders[0].path(), folders[1].path()];
    let place = ["survey", text(photographs.path()), "--device", "cpu", "--labels", "folders", "--out", text(first)];
    let output = limited(4096, &place);
    let error = standard_error(&output);
    assert_eq!(output.status.code(), Some(1), "124 is a program that never ends: {error}");
    assert_eq!(error.matches("journal.jsonl").count(), 1, "{error}");
    // Whole lines alone, and not all of them.
    let journal = String::from_utf8(read(first, "journal.jsonl")).unwrap();
    assert!(journal.ends_with('\n') && (2..9).contains(&journal.lines().count()), "{journal}");
    survey(photographs.path(), first, &["--resume"]);
    survey(photographs.path(), whole, &[]);
    for name in RESULTS {
        assert_eq!(read(first, name), read(whole, name), "{name}");
    }
}

#[test]
fn what_does_not_fit_is_refused_in_a_sentence() {
    let (photographs, results) = (photographs(), tempfile::tempdir().unwrap());
    let (photographs, results) = (photographs.path(), results.path());
    let refused = |out: &Path, more: &[&str], said: &str| {
        let output = survey(photographs, out, more);
        let error = standard_error(&output);
        assert!(!output.status.success() && error.contains(said), "{more:?}: {error}");
    };
    let other: PathBuf = results.join("other");
    refused(&other, &["--layer", "all"], "one map an image");
    refused(&other, &["--shard", "5/4"], "1/4");
    refused(&other, &["--set", "targets"], "KEY=VALUE");
    refused(&other, &["--merge", text(results)], "holds no survey");
    assert!(!other.join("journal.jsonl").exists());
    survey(photographs, results, &[]);
    refused(results, &[], "--resume");
    refused(results, &["--resume", "--method", "layer_cam"], "another method (\"grad_cam\", here \"layer_cam\")");
    refused(results, &["--resume", "--metric", "average_drop"], "another metrics");
    refused(&other, &["--merge", text(results), "--method", "layer_cam"], "another method");
}
