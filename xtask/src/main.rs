//! Everything around the program: the tools it needs, the weights, the page, the tests.
//!
//! Only set-up and orchestration live here; what Convscope computes is in the root package and `web/`.

mod atomic;
mod bench;
mod binary;
mod download;
mod lint;
mod native;
mod optimise;
mod packages;
mod page;
mod paths;
mod run;
mod seal;
mod serve;
mod setup;
mod site;
mod sizes;
mod sources;
mod tally;
mod test;
mod weights;

use anyhow::Result;
use clap::{Parser, Subcommand};
use page::Build;

/// Set-up and orchestration of Convscope.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the page and its tests need: the wasm target, trunk, wasm-bindgen, a browser.
    Setup,
    /// Fetch the published models and pack them into `weights/`.
    Weights(weights::Weights),
    /// Build the page into `dist/`, models and all.
    Page,
    /// Build the page and serve it on this machine.
    Serve(serve::Serve),
    /// Build the static site, optimised, for any web server; or the program with the page in it.
    Site(site::Site),
    /// Put a site that is built already into the program.
    Binary(binary::Binary),
    /// Run every test, the browser's included.
    Test(test::Test),
    /// Time Convscope, and its peers beside it.
    Bench(bench::Bench),
    /// Run clippy for the host and for wasm.
    Lint,
}

fn main() {
    if let Err(error) = dispatch(Cli::parse().task) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch(task: Task) -> Result<()> {
    match task {
        Task::Setup => setup::everything(),
        Task::Weights(weights) => weights.run(),
        Task::Page => {
            setup::for_page()?;
            page::build(Build::Kept).map(|dist| println!("The page is in {}", dist.display()))
        }
        Task::Serve(serve) => serve.run(),
        Task::Site(site) => site.run(),
        Task::Binary(binary) => binary.run(),
        Task::Test(test) => test.run(),
        Task::Bench(bench) => bench.run(),
        Task::Lint => lint::run(),
    }
}
