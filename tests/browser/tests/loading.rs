//! Models that are given up while they are loaded: by a person, or since nothing comes.

use std::time::{Duration, Instant};

use convscope_browser_tests::{Browser, Gpu, Server, Setting};

const SHARD: &str = "weights/squeezenet1_1/weights-00000.bin";

/// The first file of weights of the model.
fn shard(setting: &Setting) -> String {
    let json = std::fs::read(setting.site.join("weights/squeezenet1_1/model.json")).expect("a model");
    let manifest: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    manifest["shards"][0]["file"].as_str().map_or_else(|| SHARD.into(), |file| format!("weights/squeezenet1_1/{file}"))
}

async fn open(setting: &Setting) -> (Browser, Server) {
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    server.hang(Some(&shard(setting)));
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.wait("loading", |state| state["busy"] == "loading").await;
    (browser, server)
}

#[tokio::test]
async fn loading_is_cancelled_and_tried_again() {
    let Some(setting) = Setting::find("cancelled loading") else { return };
    let (browser, server) = open(&setting).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    browser.screenshot("loading").await;
    browser.click("load-cancel").await;
    let start = Instant::now();
    let state = browser.wait("a pause", |state| state["busy"] == "no").await;
    assert_eq!(state["engine"], "running", "{state:#}");
    assert!(browser.appears("alert").await.contains("cancelled"));
    browser.screenshot("loading-cancelled").await;
    server.hang(None);
    browser.click("mend").await;
    browser.settle("Cat").await;
    // The network that hung was left, and not waited for.
    println!("cancelled loading: the model was there {:.1} s after it was cancelled", start.elapsed().as_secs_f64());
    assert!(start.elapsed() < Duration::from_secs(15));
    browser.close().await;
}

#[tokio::test]
async fn a_network_that_hangs_is_given_up_and_can_be_tried_again() {
    let Some(setting) = Setting::find("a network that hangs") else { return };
    let (browser, server) = open(&setting).await;
    let start = Instant::now();
    let state = browser.wait("the end of it", |state| state["busy"] == "no").await;
    let waited = start.elapsed().as_secs_f64();
    println!("a network that hangs: given up after {waited:.1} s");
    assert!((15.0..30.0).contains(&waited), "{waited} s");
    let said = browser.appears("alert").await;
    assert!(said.contains("nothing has come for 20 seconds"), "{said}: {state:#}");
    server.hang(None);
    browser.click("mend").await;
    browser.settle("Cat").await;
    browser.close().await;
}
