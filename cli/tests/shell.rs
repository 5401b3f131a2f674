//! The command line in a shell: standard input, folders in folders, silence, and what completions and manuals are told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use program::schema::{SCHEMA, misfits};
use program::{convscope, repository, standard_error, text};
use serde_json::{Value, json};

const CAT: &str = "core/examples/cat.jpg";

/// The program with these bytes on its standard input.
fn given(bytes: &[u8], arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_convscope"));
    program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

fn standard_output(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn an_image_may_come_on_standard_input() {
    let cat = std::fs::read(repository(CAT)).unwrap();
    let asked = ["classify", "--json", "--device", "cpu"];
    let piped = given(&cat, &[&asked[..], &["-"]].concat());
    let named = convscope(&[&asked[..], &[text(&repository(CAT))]].concat());
    let line = |output: &Output| serde_json::from_str::<Value>(&standard_output(output)).unwrap();
    let (piped, named) = (line(&piped), line(&named));
    assert_eq!(piped["picture"], "-");
    assert_eq!(piped["classes"], named["classes"]);
    assert!(piped["classes"].as_array().is_some_and(|classes| classes.len() == 5), "{piped}");

    let folder = tempfile::tempdir().unwrap();
    let made = given(&cat, &["explain", "-", "--class", "285", "--device", "cpu", "--out", text(folder.path())]);
    assert!(made.status.success(), "{}", standard_error(&made));
    assert!(folder.path().join("picture.grad_cam.conv10.285.png").is_file(), "{:?}", folder.path().read_dir());

    for (bytes, said) in [(&b""[..], "-: "), (b"no image", "-: ")] {
        let wrong = given(bytes, &["classify", "-", "--device", "cpu"]);
        let error = standard_error(&wrong);
        assert!(wrong.status.code() == Some(1) && error.contains(said), "{error}");
    }
}

#[test]
fn a_report_and_a_bundle_may_go_to_standard_output() {
    let asked = ["explain", CAT, "--class", "285", "--device", "cpu"];
    let report = convscope(&[&asked[..], &["--report", "-"]].concat());
    assert!(report.status.success(), "{}", standard_error(&report));
    let page = standard_output(&report);
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{}", &page[..200]);
    assert!(!repository("-").exists(), "no file is called so");

    let bundle = convscope(&[&asked[..], &["--bundle", "-"]].concat());
    assert!(bundle.stdout.starts_with(b"PK"), "{}", standard_error(&bundle));
    let verified = given(&bundle.stdout, &["verify", "-", "--device", "cpu"]);
    assert!(verified.status.success(), "{}{}", standard_output(&verified), standard_error(&verified));

    for more in [["--report", "-", "--json"], ["--bundle", "-", "--report=-"]] {
        let wrong = convscope(&[&asked[..], &more].concat());
        assert_eq!(wrong.status.code(), Some(1), "{more:?}");
        assert!(standard_error(&wrong).contains("only one of"), "{more:?}");
    }
}

#[test]
fn the_schema_describes_no_other_lines() {
    let output = convscope(&["methods", "grad_cam", "--json"]);
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let wrong = |member: &str, value: Value| {
        let mut line = line.clone();
        line[member] = value;
        misfits(&SCHEMA, &line, "")
    };
    assert_eq!(misfits(&SCHEMA, &line, ""), [""; 0]);
    for (member, value) in
        [("version", json!(2)), ("schema", json!("other")), ("more", json!(1)), ("signed", json!("yes"))]
    {
        assert!(!wrong(member, value).is_empty(), "{member}");
    }
}

#[test]
fn folders_in_folders_are_looked_into_where_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("a/b")).unwrap();
    std::fs::create_dir_all(at(".hidden")).unwrap();
    for name in ["a/b/deep.jpg", "a/cat.jpg", "top.jpg", ".hidden/not.jpg"] {
        std::fs::copy(repository(CAT), at(name)).unwrap();
    }
    // A link that leads back to where it lies ends nothing.
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), at("a/back")).unwrap();
    let seen = |more: &[&str]| {
        let asked = ["classify", "--json", "--top", "1", "--device", "cpu", text(folder.path())];
        let output = convscope(&[&asked[..], more].concat());
        assert!(output.status.success(), "{}", standard_error(&output));
        (standard_output(&output).lines().count(), standard_error(&output).contains("--recursive"))
    };
    assert_eq!(seen(&[]), (1, true));
    assert_eq!(seen(&["--recursive"]), (3, false));
}

#[test]
fn quiet_is_all_but_what_went_wrong() {
    let asked = ["classify", "--quiet", "--device", "cpu", text(&repository(CAT))].map(str::to_owned);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let output = convscope(&asked);
    assert_eq!((standard_error(&output).as_str(), output.status.code()), ("", Some(0)));
    assert!(standard_output(&output).contains("Egyptian_cat"));
    let output = convscope(&[&asked[..], &["not/there.jpg"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(standard_error(&output).lines().count(), 1, "{}", standard_error(&output));
}

#[test]
fn shells_and_manuals_know_every_command() {
    let help = standard_output(&convscope(&["--help"]));
    let behind = help.split_once("Commands:").unwrap().1.split_once("Options:").unwrap().0;
    let commands: Vec<&str> =
        behind.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(commands.contains(&"explain") && commands.contains(&"survey"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = standard_output(&convscope(&["completions", shell]));
        for command in commands.iter().filter(|command| **command != "help") {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
        assert!(script.contains("--layer") || script.contains("-l layer"), "{shell} does not know the options");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(convscope(&["man", "--out", text(folder.path())]).status.success());
    for command in commands.iter().filter(|command| **command != "help") {
        let page = std::fs::read_to_string(folder.path().join(format!("convscope-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH convscope-{command} 1")) && page.contains("SYNOPSIS"), "{page}");
    }
    let explain = std::fs::read_to_string(folder.path().join("convscope-explain.1")).unwrap();
    assert!(explain.contains("layer_cam") && explain.contains("class"), "{explain}");
    assert!(folder.path().join("convscope.1").is_file());
}
