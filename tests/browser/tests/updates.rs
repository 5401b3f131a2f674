//! New versions of the page that do not take over, and other copies of it on the same origin.

use std::time::Duration;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, sha256};
use serde_json::json;

/// Which version is seen.
const SEEN: &str = "return document.documentElement?.dataset.version ?? 'First'";
/// Has the browser look for a new version, and waits until it is installed.
const UPDATE: &str =
    "return navigator.serviceWorker.getRegistration().then(registration => registration.update()).then(
    registration => new Promise(done => {
        const worker = registration.installing ?? registration.waiting;
        if (!worker || worker.state === 'installed') return done(worker?.state ?? 'none');
        worker.onstatechange = () => done(worker.state);
    }))";

/// A page that the browser keeps.
async fn kept(test: &str) -> Option<(Setting, Server, Browser)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    browser.kept().await;
    Some((setting, server, browser))
}

/// Serves a later version, with a change of its service worker, and has it installed.
async fn update(setting: &Setting, server: &Server, browser: &Browser, change: impl Fn(&str) -> String) {
    let read = |name: &str| std::fs::read_to_string(setting.site.join(name)).expect("a file of the site");
    let (old, script) = (read("index.html"), read("service_worker.js"));
    let new = old.replace("<html", "<html data-version=\"Second\"");
    let script = script.replace(&sha256(old.as_bytes()), &sha256(new.as_bytes()));
    let script = script.replacen("const VERSION = \"", "const VERSION = \"Second", 1);
    server.replace("index.html", new.into());
    server.replace("service_worker.js", change(&script).into());
    assert_eq!(browser.run(UPDATE).await, "installed");
}

/// Opens the page again, and waits for a version of it to be seen; a page that loads itself for ever is none.
async fn open(server: &Server, browser: &Browser, version: &str) {
    browser.go(&server.address).await;
    for _ in 0..1200 {
        // Between two looks the page may be loaded anew.
        let seen = browser.attempt(&format!("if (!window.convscope) return null; {SEEN}")).await;
        if seen == Ok(json!(version)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    browser.settle("Cat").await;
    assert_eq!(browser.run(SEEN).await, version);
}

#[tokio::test]
async fn a_version_that_never_takes_over_leaves_the_one_before() {
    let Some((setting, server, browser)) = kept("a version that never takes over").await else { return };
    let deaf = |script: &str| {
        let deaf = script.replace("self.skipWaiting()", "undefined");
        assert_ne!(deaf, script);
        deaf
    };
    update(&setting, &server, &browser, deaf).await;
    for _ in 0..2 {
        open(&server, &browser, "First").await;
    }
    let waiting = "return navigator.serviceWorker.getRegistration().then(it => it.waiting?.state ?? null)";
    assert_eq!(browser.run(waiting).await, "installed");
    browser.close().await;
}

#[tokio::test]
async fn a_window_of_a_copy_in_a_folder_below_holds_up_no_new_version() {
    let Some((setting, server, browser)) = kept("a copy in a folder below").await else { return };
    server.replace("below/index.html", b"<title>another copy</title>".to_vec());
    let window = json!({ "url": format!("{}below/index.html", server.address), "background": true });
    let target = browser.cdp("Target.createTarget", window).await;
    assert!(target["targetId"].is_string(), "{target}");
    update(&setting, &server, &browser, str::to_owned).await;
    open(&server, &browser, "Second").await;
    browser.close().await;
}
