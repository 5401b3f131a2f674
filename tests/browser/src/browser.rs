//! Chromium, driven through chromedriver, and what the tests do with the page in it.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use fantoccini::wd::{Capabilities, TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::Setting;

/// Whether the browser has WebGPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// On SwiftShader, an adapter made of software, which every machine has.
    Software,
    /// Turned off.
    Off,
}

/// A browser with a fresh profile. Dropped, it ends with its driver.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

/// An explanation on software WebGPU is slow on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

impl Browser {
    /// Starts a browser.
    pub async fn start(setting: &Setting, gpu: Gpu) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let port = free_port().await;
        let driver = Command::new(&setting.driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver starts");
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let capabilities = capabilities(setting, gpu, profile.path());
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser starts");
        let browser = Self { client, driver, _profile: profile };
        browser.resize(1440, 900).await;
        browser
    }

    /// Goes to an address.
    pub async fn go(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
    }

    /// Runs a script, which `return`s something.
    pub async fn run(&self, script: &str) -> Value {
        self.attempt(script).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script, which `return`s something or a promise of something.
    ///
    /// # Errors
    /// What went wrong in the script or with the browser.
    pub async fn attempt(&self, script: &str) -> Result<Value, String> {
        self.client.execute(script, vec![]).await.map_err(|error| error.to_string())
    }

    /// How long a script may take; half a minute unless this says otherwise.
    pub async fn allow_scripts(&self, time: Duration) {
        let timeouts = TimeoutConfiguration::new(Some(time), None, None);
        self.client.update_timeouts(timeouts).await.expect("the browser takes the time limit");
    }

    /// What `window.convscope.state()` says; null before the page has started.
    pub async fn state(&self) -> Value {
        self.run("return window.convscope ? convscope.state() : null").await
    }

    /// Waits until the state is as it should be, and gives it.
    pub async fn wait(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let state = self.state().await;
            if is(&state) {
                return state;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}: {state:#}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a picture has been explained and nothing is going on.
    pub async fn settle(&self, picture: &str) -> Value {
        let what = format!("an explanation of {picture}");
        let state = self
            .wait(&what, |state| {
                let done =
                    state["busy"] == "no" && state["picture"] == picture && state["seconds"]["explain"].is_number();
                done || state["engine"] == "crashed"
            })
            .await;
        assert_eq!(state["engine"], "running", "{state:#}");
        state
    }

    /// Clicks on the element with that `data-testid`.
    pub async fn click(&self, id: &str) {
        let element =
            self.client.find(Locator::Css(&selector(id))).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// Types into the element with that `data-testid`.
    pub async fn keys(&self, id: &str, keys: &str) {
        let element =
            self.client.find(Locator::Css(&selector(id))).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        element.send_keys(keys).await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// Chooses a file of this machine as the picture.
    pub async fn upload(&self, file: &Path) {
        self.keys("file-input", &file.display().to_string()).await;
    }

    /// The text of the element with that `data-testid`, if it is there.
    pub async fn text(&self, id: &str) -> Option<String> {
        let element = self.client.find(Locator::Css(&selector(id))).await.ok()?;
        element.text().await.ok()
    }

    /// Sets the page's size in CSS pixels; a narrow one is a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Makes the page light or dark.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// Writes what is seen to `NAME.png`.
    pub async fn screenshot(&self, name: &str) {
        let folder = crate::screenshots();
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        let png = self.client.screenshot().await.expect("a screenshot");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the screenshot is written");
    }

    /// The most bytes that one of its renderers, in which a page lives with its workers, has held; `None` where the system
    /// does not tell.
    pub fn peak(&self) -> Option<u64> {
        crate::memory::renderers_peak(self.driver.id()?)
    }

    /// Ends it.
    pub async fn close(mut self) {
        let _ = self.client.close().await;
        let _ = self.driver.kill().await;
    }

    async fn cdp(&self, method: &str, params: Value) {
        let command = Cdp(json!({ "cmd": method, "params": params }));
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{method}: {error}"));
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("its number").port()
}

fn capabilities(setting: &Setting, gpu: Gpu, profile: &Path) -> Capabilities {
    let mut flags: Vec<String> = [
        "--headless=new",
        // Containers run as root, where Chromium's own sandbox does not work.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-client-side-phishing-detection",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.display()));
    // Chromium asks for things of its own, which is none of the page's business and must not leave the machine.
    flags.push("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".into());
    match gpu {
        Gpu::Software => {
            let on = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader"];
            flags.extend(on.map(str::to_owned));
        }
        Gpu::Off => flags.push("--disable-features=WebGPU,WebGPUService".into()),
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".into(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".into(), json!({ "binary": setting.chromium, "args": flags }));
    capabilities
}

/// A command of the Chrome DevTools Protocol, which chromedriver passes on.
#[derive(Debug)]
struct Cdp(Value);

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
