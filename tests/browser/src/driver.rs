//! How Chromium is started, and what is asked of chromedriver beyond the standard.

use std::path::Path;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use serde_json::{Value, json};

use crate::Setting;

/// Whether the browser has WebGPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// On SwiftShader, an adapter made of software, which every machine has.
    Software,
    /// Turned off.
    Off,
}

/// How the browser is started.
pub(crate) fn capabilities(setting: &Setting, gpu: Gpu, profile: &Path) -> Capabilities {
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
        // A camera of the browser's own, which nobody has to allow.
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push(format!("--log-net-log={}", profile.join("net_log.json").display()));
    // Chromium asks for things of its own, which is none of the page's business and must not leave the machine.
    flags.push("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost".into());
    match gpu {
        Gpu::Software => {
            let on = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader"];
            flags.extend(on.map(str::to_owned));
        }
        Gpu::Off => flags.push("--disable-features=WebGPU,WebGPUService".into()),
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".into(), json!("chrome"));
    // Sites over TLS have certificates of the test's own.
    capabilities.insert("acceptInsecureCerts".into(), json!(true));
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    capabilities.insert("goog:chromeOptions".into(), json!({ "binary": setting.chromium, "args": flags }));
    capabilities
}

/// A command of chromedriver's own, beyond the standard's.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Below the session's own address.
    pub(crate) path: &'static str,
    /// What is sent.
    pub(crate) body: Value,
}

impl WebDriverCompatibleCommand for Driver {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
