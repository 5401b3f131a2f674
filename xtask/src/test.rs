//! `cargo xtask test`: every test, the browser's included, and one closing line.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::setup::{self, browser};
use crate::tally::Tally;
use crate::{binary, native, page, paths, serve, sources, weights};

/// `cargo xtask test`.
#[derive(Args)]
pub struct Test {
    /// Leave out the page and the tests that drive a browser.
    #[arg(long)]
    no_browser: bool,
}

impl Test {
    /// Sets up, builds, tests, and prints `N passed, N failed, N skipped` last.
    ///
    /// # Errors
    /// When the set-up fails, something does not compile, or a test fails.
    pub fn run(&self) -> Result<()> {
        let mut tests = native::cargo();
        tests.args(["test", "--no-fail-fast"]).args(native::PACKAGE).args(native::TESTED);
        tests.env("CONVSCOPE_SOURCES", sources::root()?).env("CONVSCOPE_WEIGHTS", weights::folder());
        browser::software_vulkan();
        // Before the page, whose folder takes in what is packed.
        serve::or_embedded(weights::all());
        // Passing tests say that they skipped in output that is shown only if asked for.
        let mut tally = run("convscope's tests", tests.args(["--", "--show-output"]))?;
        if !self.no_browser {
            tally += run("the page's tests in a browser", &mut browser_tests()?)?;
        }
        let mut documentation = native::cargo();
        documentation.args(["test", "--doc"]).args(native::PACKAGE);
        tally += run("the examples in convscope's documentation", &mut documentation)?;
        match setup::python::with_convscope() {
            Ok(mut python) => tally += run("the Python package's tests", &mut python)?,
            Err(error) => println!("No tests of the Python package: {error:#}"),
        }
        let mut own = native::cargo();
        own.args(["test", "--package=xtask", "--locked", "--", "--show-output"]);
        tally += run("xtask's tests", &mut own)?;
        println!("{tally}");
        if tally.failed > 0 {
            bail!("{} of the tests failed; the output above names them", tally.failed);
        }
        Ok(())
    }
}

/// Builds the page and tells its tests where it, the browser and the program are. They share one machine: one at a time.
fn browser_tests() -> Result<Command> {
    setup::for_page()?;
    let mut tests = native::cargo();
    tests.args(["test", "--no-fail-fast"]).args(native::BROWSER_TESTS).args([
        "--",
        "--show-output",
        "--test-threads=1",
    ]);
    tests.env("CONVSCOPE_PROGRAM", native::convscope()?.get_program());
    tests.env("CONVSCOPE_WEIGHTS", weights::folder());
    let site = page::build(page::Build::Kept)?;
    let demo = paths::target().join(format!("release/convscope-with-page{}", std::env::consts::EXE_SUFFIX));
    binary::build(&site, &demo)?;
    tests.env("CONVSCOPE_SITE", site).env("CONVSCOPE_WITH_PAGE", demo);
    match sources::AXE.unpacked() {
        Ok(folder) => {
            tests.env("CONVSCOPE_AXE", folder.join("axe.min.js"));
        }
        Err(error) => println!("No check by axe-core: {error:#}"),
    }
    match browser::find_or_install() {
        Ok(browser) => {
            tests.env("CONVSCOPE_CHROMIUM", browser.chromium).env("CONVSCOPE_CHROMEDRIVER", browser.driver);
        }
        Err(error) => println!("No browser tests: {error:#}"),
    }
    Ok(tests)
}

/// Runs a cargo test command with its output shown, and counts.
fn run(what: &str, command: &mut Command) -> Result<Tally> {
    println!("Running {what} ...");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot start cargo for {what}"))?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            lines.push(line);
        }
    }
    let status = child.wait()?;
    let tally = Tally::of(lines.iter().map(String::as_str));
    // A failed test is counted; anything else, such as an error of the compiler or a crash, is not.
    if !status.success() && tally.failed == 0 {
        bail!("{what} did not run to their end ({status}); the output above says why");
    }
    Ok(tally)
}
