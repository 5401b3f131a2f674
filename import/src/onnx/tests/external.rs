//! Numbers that lie in a file beside the ONNX file.

use std::path::Path;

use super::super::proto::{StringStringEntryProto, TensorProto};
use super::build::{Graph, tensor, values};
use super::{Imported, close, image, run};
use crate::Options;

/// The kernel of [`graph`] as it lies in the file `location`.
fn outside(entries: &[(&str, &str)]) -> TensorProto {
    let entry = |(key, value): &(&str, &str)| StringStringEntryProto {
        key: Some((*key).to_owned()),
        value: Some((*value).to_owned()),
    };
    TensorProto {
        raw_data: None,
        data_location: Some(1),
        external_data: entries.iter().map(entry).collect(),
        ..tensor("k", &[2, 3, 3, 3], &[])
    }
}

fn graph(kernel: TensorProto) -> Graph {
    let image = Graph::new("input", &[1, 3, 4, 4]).constant(kernel);
    image.node("Conv", "conv", &["input", "k"], "out", vec![]).output("out")
}

fn import(kernel: TensorProto, folder: &Path) -> Result<Imported, String> {
    let imported =
        super::super::read(graph(kernel).bytes(), folder.join("net.onnx").as_path().into(), &Options::default());
    imported.map_err(|fault| fault.to_string())
}

fn kernel_bytes() -> Vec<u8> {
    values(54).iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[test]
fn numbers_beside_the_file_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    std::fs::write(folder.path().join("deep/net.data"), [&[9; 8][..], &kernel_bytes(), &[9]].concat()).unwrap();
    let inside = import(tensor("k", &[2, 3, 3, 3], &values(54)), folder.path()).unwrap();
    let expected = &run(&inside, &image(3, 4, 4), [3, 4, 4])["conv"];
    for entries in [
        &[("location", "deep/net.data"), ("offset", "8")][..],
        &[("location", "./deep/net.data"), ("offset", "8"), ("length", "216")],
    ] {
        let imported = import(outside(entries), folder.path()).unwrap();
        close(&run(&imported, &image(3, 4, 4), [3, 4, 4])["conv"], expected);
    }
}

#[test]
fn a_file_of_numbers_that_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(folder.path().join("secret"), kernel_bytes()).unwrap();
    std::fs::write(inside.join("data"), kernel_bytes()).unwrap();
    let absolute = folder.path().join("secret");
    for (entries, part) in [
        (&[("location", "../secret")][..], "does not lie in the folder"),
        (&[("location", absolute.to_str().unwrap())], "does not lie in the folder"),
        (&[("location", "data/../../secret")], "does not lie in the folder"),
        (&[], "does not lie in the folder"),
        (&[("location", "none")], "cannot be read"),
        (&[("location", "data"), ("offset", "1")], "does not lie in data of 216 bytes"),
        (&[("location", "data"), ("offset", "18446744073709551615")], "does not lie in data"),
        (&[("location", "data"), ("length", "8")], "does not lie in data"),
        (&[("location", "data"), ("offset", "-1")], "wrong offset"),
    ] {
        let error = import(outside(entries), &inside).unwrap_err();
        assert!(error.contains(part) && error.contains(';'), "{part}: {error}");
    }
    let huge = TensorProto { dims: vec![1 << 40, 1 << 20, 3, 3], ..outside(&[("location", "data")]) };
    assert!(import(huge, &inside).unwrap_err().contains("impossible"));
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(folder.path().join("secret"), kernel_bytes()).unwrap();
    std::os::unix::fs::symlink("../secret", inside.join("data")).unwrap();
    let error = import(outside(&[("location", "data")]), &inside).unwrap_err();
    assert!(error.contains("does not lie in the folder"), "{error}");
}

/// The cache of the Hugging Face hub: `snapshots/REVISION/NAME` are links to `blobs/HASH`.
#[cfg(unix)]
#[test]
fn links_beside_each_other_may_lead_to_files_beside_each_other() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("snapshots/0a/onnx")).unwrap();
    std::fs::create_dir(path("blobs")).unwrap();
    std::fs::write(path("blobs/17"), graph(outside(&[("location", "net.data")])).bytes()).unwrap();
    std::fs::write(path("blobs/18"), kernel_bytes()).unwrap();
    symlink("../../../blobs/17", path("snapshots/0a/onnx/net.onnx")).unwrap();
    symlink("../../../blobs/18", path("snapshots/0a/onnx/net.data")).unwrap();
    let inside = import(tensor("k", &[2, 3, 3, 3], &values(54)), folder.path()).unwrap();
    let read = |path: &Path| crate::read(path, &Options::default()).map_err(|error| error.to_string());
    let same = |imported: &Imported| assert_eq!(imported.tensors, inside.tensors);
    same(&read(&path("snapshots/0a/onnx/net.onnx")).unwrap());

    // A link to the ONNX file alone, whose data lies where it really is.
    symlink("18", path("blobs/net.data")).unwrap();
    symlink("blobs/17", path("alone.onnx")).unwrap();
    same(&read(&path("alone.onnx")).unwrap());

    // What lies neither in the folder nor beside the file stays out of reach.
    std::fs::write(path("secret"), kernel_bytes()).unwrap();
    std::fs::remove_file(path("snapshots/0a/onnx/net.data")).unwrap();
    symlink("../../../secret", path("snapshots/0a/onnx/net.data")).unwrap();
    let error = read(&path("snapshots/0a/onnx/net.onnx")).unwrap_err();
    assert!(error.contains("does not lie in the folder"), "{error}");
    for location in ["../blobs/18", "../../blobs/18"] {
        std::fs::write(path("blobs/17"), graph(outside(&[("location", location)])).bytes()).unwrap();
        let error = read(&path("snapshots/0a/onnx/net.onnx")).unwrap_err();
        assert!(error.contains("does not lie in the folder"), "{error}");
    }
}
