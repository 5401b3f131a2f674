//! What the end-to-end tests share: where everything is, a static server, a browser, and the program to compare with.

mod accessibility;
mod browser;
mod downloads;
mod driver;
mod memory;
mod packings;
mod person;
mod program;
mod secure;
mod server;
mod sizes;
mod surveys;

use std::env;
use std::path::{Path, PathBuf};

pub use accessibility::axe;
pub use browser::Browser;
pub use downloads::{save_into, saved};
pub use driver::Gpu;
pub use packings::{packed, served};
pub use program::{NativeMap, Opened, attempt, methods, native, native_map, pixels, run};
pub use secure::secure;
pub use server::{Change, FOLDER, Server};
use sha2::{Digest, Sha256};

/// What the tests need and do not make themselves.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The built page with its models: `$CONVSCOPE_SITE`, else `dist` in the checkout.
    pub site: PathBuf,
    /// The browser: `$CONVSCOPE_CHROMIUM`, else one in `PATH`.
    pub chromium: PathBuf,
    /// Its driver: `$CONVSCOPE_CHROMEDRIVER`, else one in `PATH`.
    pub driver: PathBuf,
}

impl Setting {
    /// Finds everything; where something is missing, says which test is skipped and why.
    pub fn find(test: &str) -> Option<Self> {
        let skip = |what: &str| println!("SKIPPED: {test}: {what}");
        let site = given("CONVSCOPE_SITE").unwrap_or_else(|| checkout().join("dist"));
        if !site.join("index.html").is_file() {
            skip(&format!("there is no built page in {}", site.display()));
            return None;
        }
        let chromium =
            given("CONVSCOPE_CHROMIUM").or_else(|| in_path(&["chromium", "chromium-browser", "google-chrome"]));
        let driver = given("CONVSCOPE_CHROMEDRIVER").or_else(|| in_path(&["chromedriver"]));
        let (Some(chromium), Some(driver)) = (chromium, driver) else {
            skip("there is no Chromium with chromedriver");
            return None;
        };
        Some(Self { site, chromium, driver })
    }
}

/// Whether a file of the page belongs to a worker that computes: its program's name comes first, then `rest`.
pub fn of_worker(name: &str, rest: &str) -> bool {
    const PROGRAMS: [&str; 2] = ["worker", "gpu"];
    PROGRAMS.iter().any(|program| name.strip_prefix(program).is_some_and(|after| after.starts_with(rest)))
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The checkout that the tests are part of.
pub fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The elephant of the seed, which is shared beside the checkout and not part of it.
pub fn elephant(test: &str) -> Option<PathBuf> {
    let path = checkout().join("../shared/data/seed/seed_elephant.jpg");
    if !path.is_file() {
        println!("SKIPPED: {test}: there is no {}", path.display());
        return None;
    }
    path.canonicalize().ok()
}

/// The page with SqueezeNet on the CPU and its first example explained, and the server that it comes from.
///
/// # Panics
/// Where no server can be started.
pub async fn example_page(setting: &Setting) -> (Browser, Server) {
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    (browser, server)
}

/// Where screenshots go: `$CONVSCOPE_SCREENSHOTS`, else `target/screenshots` in the checkout.
pub fn screenshots() -> PathBuf {
    given("CONVSCOPE_SCREENSHOTS").unwrap_or_else(|| checkout().join("target/screenshots"))
}

fn given(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}
