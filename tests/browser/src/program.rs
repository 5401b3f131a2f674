//! The program `convscope`, whose maps the page's are compared with.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};

/// A map that the program made on the CPU.
#[derive(Clone, Debug)]
pub struct NativeMap {
    /// Its layer.
    pub layer: String,
    /// Height and width.
    pub shape: [u64; 2],
    /// Its numbers, 0 to 1, row by row.
    pub values: Vec<f32>,
}

/// `$CONVSCOPE_PROGRAM`, else the one beside the test's own executable.
fn program() -> Option<PathBuf> {
    let beside =
        || Some(env::current_exe().ok()?.parent()?.parent()?.join(format!("convscope{}", env::consts::EXE_SUFFIX)));
    let given = env::var_os("CONVSCOPE_PROGRAM").filter(|path| !path.is_empty()).map(PathBuf::from);
    given.or_else(beside).filter(|path| path.is_file())
}

/// What the program prints for `arguments` with `--json`, a line each, and the folder it writes into; none where there is no
/// program, which it says. Everything is computed on the CPU, with the same packed models as the page's.
pub fn native(test: &str, arguments: &[&str], weights: &Path) -> Option<(Vec<Value>, TempDir)> {
    let Some(program) = program() else {
        println!("SKIPPED: {test}: there is no program convscope to compare with");
        return None;
    };
    let out = tempfile::tempdir().expect("a folder for the results");
    let mut command = Command::new(program);
    command.args(arguments).args(["--device", "cpu", "--json", "--weights"]).arg(weights).arg("--out").arg(out.path());
    let output = command.output().expect("convscope runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    Some((lines.map(|line| serde_json::from_slice(line).expect("a line of JSON")).collect(), out))
}

/// Every method's card, as `convscope methods --json` gives it; none where there is no program, which it says.
pub fn methods(test: &str) -> Option<Vec<Value>> {
    let Some(program) = program() else {
        println!("SKIPPED: {test}: there is no program convscope to ask for its methods");
        return None;
    };
    let output = Command::new(program).args(["methods", "--json"]).output().expect("convscope runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    Some(lines.map(|line| serde_json::from_slice(line).expect("a line of JSON")).collect())
}

/// The pixels of a PNG file, red, green, blue.
pub fn pixels(path: &Path) -> Vec<u8> {
    image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).to_rgb8().into_raw()
}

/// The program's map of the last layer for the likeliest class, on the CPU, with the same packed model as the page's; none
/// where there is no program, which it says.
pub fn native_map(test: &str, image: &Path, weights: &Path) -> Option<NativeMap> {
    let Some(program) = program() else {
        println!("SKIPPED: {test}: there is no program convscope to compare with");
        return None;
    };
    let out = tempfile::tempdir().expect("a folder for the maps");
    let mut command = Command::new(program);
    command.arg("explain").arg(image).args(["--method", "grad_cam", "--model", "squeezenet1_1", "--class", "top1"]);
    command.args(["--layer", "last", "--convention", "paper", "--device", "cpu", "--json"]);
    command.arg("--weights").arg(weights).arg("--out").arg(out.path());
    let output = command.output().expect("convscope runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    let word = |key: &str| line[key].as_str().expect("a word").to_owned();
    let file = std::fs::read(out.path().join(word("map"))).expect("the map");
    let map = npyz::NpyFile::new(&file[..]).expect("an array");
    let shape = <[u64; 2]>::try_from(map.shape()).expect("two dimensions");
    Some(NativeMap { layer: word("layer"), shape, values: map.into_vec().expect("float32") })
}

/// Runs the program to its good end; says where there is none.
pub fn run(test: &str, arguments: &[&str]) -> bool {
    let Some(program) = program() else {
        println!("SKIPPED: {test}: there is no program convscope");
        return false;
    };
    let output = Command::new(program).args(arguments).output().expect("convscope runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// Runs the program to its end: whether that was good, and what it printed; says where there is none.
pub fn attempt(test: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let Some(program) = program() else {
        println!("SKIPPED: {test}: there is no program convscope");
        return None;
    };
    let output = Command::new(program).args(arguments).output().expect("convscope runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        println!("{test}: {errors}");
    }
    Some((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// A running `convscope open`. Dropped, it ends.
#[derive(Debug)]
pub struct Opened {
    /// The page's address.
    pub address: String,
    _program: tokio::process::Child,
}

impl Opened {
    /// Starts `$CONVSCOPE_WITH_PAGE`, a program with a page in it, else the program with the page in `site`; says where there is
    /// neither.
    pub async fn start(test: &str, site: &Path) -> Option<Self> {
        Self::start_for(test, site, &[]).await
    }

    /// Starts it as [`Self::start`] does, for pages of other origins that may show it, too.
    pub async fn start_for(test: &str, site: &Path, embedders: &[&str]) -> Option<Self> {
        let packed = env::var_os("CONVSCOPE_WITH_PAGE").map(PathBuf::from).filter(|path| path.is_file());
        let Some(found) = packed.clone().or_else(program) else {
            println!("SKIPPED: {test}: there is no program convscope");
            return None;
        };
        let mut command = tokio::process::Command::new(found);
        command.args(["open", "--no-browser", "--port", "0"]).stdout(Stdio::piped()).kill_on_drop(true);
        if packed.is_none() {
            command.arg("--site").arg(site);
        }
        for embedder in embedders {
            command.args(["--embed-in", embedder]);
        }
        let mut program = command.spawn().expect("convscope starts");
        let mut line = String::new();
        let output = program.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).await.expect("a line");
        let address = line.split_whitespace().next().unwrap_or_default().to_owned();
        assert!(address.starts_with("http://127.0.0.1:"), "no address: {line}");
        Some(Self { address, _program: program })
    }
}
