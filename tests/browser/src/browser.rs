//! Chromium, driven through chromedriver, and what the tests do with the page in it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fantoccini::elements::Element;
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::Setting;
use crate::driver::{Driver, Gpu, capabilities};

/// A browser with a fresh profile. Dropped, it ends with its driver.
#[derive(Debug)]
pub struct Browser {
    pub(crate) client: Client,
    driver: Child,
    profile: TempDir,
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
        let browser = Self { client, driver, profile };
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

    /// Goes on in the frame that a script `return`s.
    pub async fn enter(&self, script: &str) {
        let found = self.run(script).await;
        let id = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str).expect("a frame");
        let frame = Element::from_element_id(self.client.clone(), id.to_owned().into());
        frame.enter_frame().await.expect("the frame is entered");
    }

    /// Goes on in the page around the frame.
    pub async fn leave(&self) {
        self.client.clone().enter_parent_frame().await.expect("the frame is left");
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

    /// Waits until a script `return`s something that is neither null, false nor 0, and gives it.
    pub async fn until(&self, what: &str, script: &str) -> Value {
        let start = Instant::now();
        loop {
            let found = self.run(script).await;
            if !(found.is_null() || found == json!(false) || found == json!(0)) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an image has been explained and nothing is going on.
    pub async fn settle(&self, image: &str) -> Value {
        let what = format!("an explanation of {image}");
        let state = self
            .wait(&what, |state| {
                let done =
                    state["busy"] == "no" && state["picture"] == image && state["seconds"]["explain"].is_number();
                done || state["engine"] == "crashed"
            })
            .await;
        assert_eq!(state["engine"], "running", "{state:#}");
        state
    }

    /// Waits until the browser keeps the page, so that it can be opened without its server.
    pub async fn kept(&self) {
        let start = Instant::now();
        while self.run("return navigator.serviceWorker.controller?.state ?? null").await != "activated" {
            assert!(start.elapsed() < PATIENCE, "the browser does not keep the page");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The text of the element with that `data-testid`, if it is there.
    pub async fn text(&self, id: &str) -> Option<String> {
        let element = self.client.find(Locator::Css(&selector(id))).await.ok()?;
        element.text().await.ok()
    }

    /// Waits for the element with that `data-testid`, and gives its text.
    pub async fn appears(&self, id: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(text) = self.text(id).await {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {id}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until there is no element with that `data-testid`.
    pub async fn vanishes(&self, id: &str) {
        let start = Instant::now();
        while self.text(id).await.is_some() {
            assert!(start.elapsed() < PATIENCE, "{id} stays");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sets the page's size in CSS pixels; a narrow one is a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers a language from the next page on.
    pub async fn prefer(&self, language: &str) {
        self.cdp("Emulation.setLocaleOverride", json!({ "locale": language })).await;
        let script = format!("Object.defineProperty(navigator, 'languages', {{ get: () => ['{language}'] }})");
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// Makes the page light or dark.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// Writes what is seen to `NAME.webp`, which is small enough for the documentation.
    pub async fn screenshot(&self, name: &str) {
        let folder = crate::screenshots();
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        let seen = self.cdp("Page.captureScreenshot", json!({ "format": "webp", "quality": 80 })).await;
        let bytes = BASE64_STANDARD.decode(seen["data"].as_str().unwrap_or_default()).expect("a screenshot");
        std::fs::write(folder.join(format!("{name}.webp")), bytes).expect("the screenshot is written");
    }

    /// What the page, its worker and the browser about them have said in the console as errors.
    pub async fn errors(&self) -> Vec<String> {
        let command = Driver { path: "se/log", body: json!({ "type": "browser" }) };
        let log = self.client.issue_cmd(command).await.expect("the browser's log");
        let entries = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        entries.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Ends it, and gives every address that anything in it has asked the network for, with who asked.
    pub async fn close_and_tell(mut self) -> Vec<(String, String)> {
        let log = self.net_log();
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill().await;
        // The browser writes the end of its log when it ends.
        let mut events = Value::Null;
        for _ in 0..100 {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            events = serde_json::from_str(&text).unwrap_or(Value::Null);
            if !events.is_null() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(!events.is_null(), "the browser has written no log of the network");
        let events = events["events"].as_array().into_iter().flatten();
        let starts =
            events.filter(|event| event["params"]["url"].is_string() && event["params"]["initiator"].is_string());
        let word = |event: &Value, key: &str| event["params"][key].as_str().unwrap_or_default().to_owned();
        starts.map(|event| (word(event, "initiator"), word(event, "url"))).collect()
    }

    fn net_log(&self) -> PathBuf {
        self.profile.path().join("net_log.json")
    }

    /// The most bytes that one of its renderers, in which a page lives with its workers, has held; `None` where the system
    /// does not tell.
    pub fn peak(&self) -> Option<u64> {
        crate::memory::renderers(self.driver.id()?, "VmHWM:")
    }

    /// Bytes that its renderers hold now, the largest of them; `None` where the system does not tell.
    pub fn held(&self) -> Option<u64> {
        crate::memory::renderers(self.driver.id()?, "VmRSS:")
    }

    /// Ends it.
    pub async fn close(mut self) {
        let _ = self.client.close().await;
        let _ = self.driver.kill().await;
    }

    /// Gives a command of the Chrome DevTools Protocol.
    pub async fn cdp(&self, method: &str, params: Value) -> Value {
        let command = Driver { path: "goog/cdp/execute", body: json!({ "cmd": method, "params": params }) };
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

pub(crate) fn selector(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("its number").port()
}
