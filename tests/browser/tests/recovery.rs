//! Workers that die, hang or lose their GPU while something is seen. The harm is done to them by a few lines that the server
//! puts into the worker's script.

use std::time::Instant;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, of_worker};
use serde_json::{Value, json};

/// A worker that obeys the page's `new BroadcastChannel('harm').postMessage(..)`.
fn harmful(name: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    const HARM: &[u8] = b"
        const devices = [];
        const request = self.GPUAdapter?.prototype.requestDevice;
        if (request) GPUAdapter.prototype.requestDevice = async function (...wishes) {
            const device = await request.apply(this, wishes);
            devices.push(device);
            return device;
        };
        new BroadcastChannel('harm').onmessage = ({ data }) => {
            if (data === 'lose') devices.forEach(device => device.destroy());
            if (data === 'throw') throw new Error('harm was done');
            if (data === 'close') self.close();
            if (data === 'hang') for (;;);
        };\n";
    Some(if of_worker(name, "_loader-") { [HARM, &content].concat() } else { content })
}

async fn harm(browser: &Browser, what: &str) {
    browser.run(&format!("new BroadcastChannel('harm').postMessage('{what}'); return null")).await;
}

/// The last map is still there and drawn.
async fn still_seen(browser: &Browser, class: &Value) {
    assert_eq!(browser.run("return convscope.map()?.class ?? null").await, *class);
    let drawn = "const heat = document.querySelector('[data-testid=heat]'); return !heat.hidden && heat.width > 1";
    assert_eq!(browser.run(drawn).await, true);
}

async fn page(test: &str, device: &str, gpu: Gpu) -> Option<(Server, Browser, Value)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, harmful).await.expect("a server");
    let browser = Browser::start(&setting, gpu).await;
    browser.go(&format!("{}?device={device}", server.address)).await;
    let class = browser.settle("Cat").await["class"].clone();
    Some((server, browser, class))
}

#[tokio::test]
async fn a_worker_that_dies_leaves_the_last_result_and_a_button() {
    let Some((_server, browser, class)) = page("a dying worker", "cpu", Gpu::Off).await else { return };
    harm(&browser, "throw").await;
    browser.wait("the crash", |state| state["engine"] == "crashed").await;
    assert!(browser.text("alert").await.is_some_and(|text| text.contains("harm was done")));
    still_seen(&browser, &class).await;
    browser.click("mend").await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], &state["class"]), (&Value::Null, &class));
    browser.close().await;
}

#[tokio::test]
async fn a_worker_that_is_killed_is_noticed_at_once() {
    let Some((_server, browser, class)) = page("a killed worker", "cpu", Gpu::Off).await else { return };
    let start = Instant::now();
    harm(&browser, "close").await;
    let state = browser.wait("a message", |state| state["message"].is_string()).await;
    let noticed = start.elapsed().as_secs_f32();
    println!("a killed worker: noticed after {noticed:.1} s");
    assert!(noticed < 3.0, "{noticed:.1} s");
    assert_eq!((&state["message"], &state["engine"]), (&json!("crashed-gone"), &json!("crashed")));
    still_seen(&browser, &class).await;
    browser.click("mend").await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], &state["class"]), (&Value::Null, &class));
    browser.close().await;
}

#[tokio::test]
async fn a_worker_that_hangs_is_noticed_and_replaced() {
    let Some((_server, browser, class)) = page("a hanging worker", "cpu", Gpu::Off).await else { return };
    harm(&browser, "hang").await;
    let start = Instant::now();
    browser.click("example-1").await;
    let state = browser.wait("silence", |state| state["silence"].is_number()).await;
    let noticed = start.elapsed().as_secs_f32();
    println!("a hanging worker: noticed after {noticed:.1} s");
    // A click and a look at the page are in it.
    assert!(noticed < 3.5, "{noticed:.1} s");
    assert_eq!((&state["message"], &state["engine"]), (&Value::Null, &json!("running")));
    assert!(browser.text("silence").await.is_some_and(|text| text.contains(" s")));
    still_seen(&browser, &class).await;
    browser.screenshot("hanging-worker").await;
    browser.click("silent-restart").await;
    // The image that was asked for, at last.
    let state = browser.settle("Coffee").await;
    assert_eq!(state["message"], Value::Null);
    browser.close().await;
}

#[tokio::test]
async fn a_lost_gpu_is_replaced_and_the_second_time_by_the_cpu() {
    let Some((_server, browser, class)) = page("a lost GPU", "gpu", Gpu::Software).await else { return };
    for (key, words, device) in [("gpu-lost", "started again", "GPU: "), ("gpu-lost-again", "CPU", "CPU")] {
        harm(&browser, "lose").await;
        browser.wait("the loss", |state| state["message"].is_string()).await;
        still_seen(&browser, &class).await;
        let state = browser.settle("Cat").await;
        assert!(state["device"].as_str().is_some_and(|name| name.starts_with(device)), "{state:#}");
        assert_eq!((&state["message"], &state["class"]), (&json!(key), &class));
        assert!(browser.text("alert").await.is_some_and(|text| text.contains(words)));
        browser.click("dismiss").await;
        browser.wait("no message", |state| state["message"] == json!(null)).await;
    }
    browser.close().await;
}
