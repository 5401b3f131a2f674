//! The page as a visitor uses it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use convscope_browser_tests::{Browser, FOLDER, Gpu, Server, Setting, elephant, native_map, of_worker};
use serde_json::Value;

/// The index of `African_elephant` in ImageNet.
const AFRICAN_ELEPHANT: u64 = 386;

fn unchanged(_: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    Some(content)
}

/// One byte of every shard is wrong.
fn damaged(name: &str, mut content: Vec<u8>) -> Option<Vec<u8>> {
    if name.ends_with(".bin") {
        content[100] ^= 1;
    }
    Some(content)
}

/// No shard is there.
fn without_shards(name: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    (!name.ends_with(".bin")).then_some(content)
}

/// The worker's program is cut short, the first time.
fn cut_once(name: &str, mut content: Vec<u8>) -> Option<Vec<u8>> {
    static WHOLE: AtomicBool = AtomicBool::new(false);
    if of_worker(name, "-") && name.ends_with("_bg.wasm") && !WHOLE.swap(true, Ordering::SeqCst) {
        content.truncate(1000);
    }
    Some(content)
}

fn values(map: &Value) -> Vec<f64> {
    map.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// The largest difference between the page's map of the last layer and the program's on the CPU.
async fn difference(browser: &Browser, test: &str, image: &Path, weights: &Path) -> Option<f64> {
    let native = native_map(test, image, weights)?;
    let map = browser.run("const m = convscope.map(); return { ...m, values: Array.from(m.values) }").await;
    assert_eq!(map["layer"], Value::from(native.layer));
    assert_eq!([&map["height"], &map["width"]].map(Value::as_u64), native.shape.map(Some));
    let values = values(&map["values"]);
    assert_eq!(values.len(), native.values.len());
    let differences = values.iter().zip(&native.values).map(|(page, native)| (page - f64::from(*native)).abs());
    differences.reduce(f64::max)
}

/// Classifies and explains the elephant with `program`; then looks at it in both sizes and colour schemes.
async fn explains_the_elephant(test: &str, device: &str, gpu: Gpu, named: &str, program: &str) {
    let Some(setting) = Setting::find(test) else { return };
    let Some(image) = elephant(test) else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, gpu).await;
    browser.go(&format!("{}?device={device}", server.address)).await;
    let first = browser.settle("Cat").await;
    browser.run(LATENESS).await;
    browser.upload(&image).await;
    let state = browser.settle("seed_elephant.jpg").await;
    let late = browser.run("return window.lateness").await;
    let longest = browser.run("return window.longest").await;

    assert_eq!(state["class"], AFRICAN_ELEPHANT, "{state:#}");
    assert!(state["device"].as_str().is_some_and(|name| name.starts_with(named)), "{state:#}");
    assert_eq!(browser.text("device-name").await.as_deref(), state["device"].as_str());
    assert!(
        browser
            .text(&format!("class-{AFRICAN_ELEPHANT}"))
            .await
            .is_some_and(|text| text.to_lowercase().contains("african elephant"))
    );
    assert!(state["layers"].as_array().is_some_and(|layers| layers.len() > 5), "{state:#}");
    println!(
        "{test}: {}; seconds: load {}, first look {}, first explanation {}; then look {}, explanation {} of {} layers",
        state["device"],
        first["seconds"]["load"],
        first["seconds"]["look"],
        first["seconds"]["explain"],
        state["seconds"]["look"],
        state["seconds"]["explain"],
        state["layers"].as_array().map_or(0, Vec::len)
    );
    println!("{test}: while it worked, a timer of the page was at most {late} ms late");
    println!("{test}: its main thread was busy for {longest} ms at a stretch (0 is less than 50)");
    // A machine whose cores are all taken makes timers late without the page's doing; its own work is what counts.
    assert!(longest.as_f64().is_some_and(|longest| longest < 200.0), "the page froze for {longest} ms");

    if let Some(difference) = difference(&browser, test, &image, &setting.site.join("weights")).await {
        println!("{test}: the map differs from the program's on the CPU by at most {difference:.1e}");
        assert!(difference < 1e-3, "{difference}");
    }
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        for scheme in ["light", "dark"] {
            browser.scheme(scheme).await;
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            browser.screenshot(&format!("elephant-{device}-{width}x{height}-{scheme}")).await;
        }
        let wide =
            browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(wide, 0, "the page is wider than the window of {width}");
    }
    stays_at_home(&server);
    // No visitor loads two programs before the first result.
    let loaded = server.asked().into_iter().find(|path| path.contains("_loader-")).expect("a program");
    assert!(loaded.contains(&format!("/{program}_loader-")), "{loaded}");
    browser.close().await;
}

/// From now on: how late a timer of 10 ms is at most, and how long the longest of the main thread's tasks takes.
const LATENESS: &str = "
    window.lateness = 0; let last = performance.now();
    setInterval(() => {
        const now = performance.now(); window.lateness = Math.max(window.lateness, Math.round(now - last - 10)); last = now;
    }, 10);
    window.longest = 0;
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, Math.round(task.duration));
    }).observe({ type: 'longtask' });
    return null";

/// Every request stayed in the page's folder of its own origin, and nothing was tried that the policy forbids.
fn stays_at_home(server: &Server) {
    let asked = server.asked();
    assert!(asked.iter().any(|path| path.ends_with(".bin")), "{asked:?}");
    let outside: Vec<&String> = asked.iter().filter(|path| !path.starts_with(FOLDER)).collect();
    assert!(outside.is_empty(), "outside of the page's folder: {outside:?}");
    let forbidden = asked.iter().filter(|path| path.ends_with("/violation")).count();
    assert_eq!(forbidden, 0, "the page tried what its Content-Security-Policy forbids");
}

#[tokio::test]
async fn explains_on_webgpu() {
    explains_the_elephant("WebGPU", "gpu", Gpu::Software, "GPU: ", "gpu").await;
}

#[tokio::test]
async fn explains_without_webgpu() {
    explains_the_elephant("without WebGPU", "auto", Gpu::Off, "CPU", "worker").await;
}

#[tokio::test]
async fn a_device_that_is_not_there_is_said_and_another_can_be_chosen() {
    let Some(setting) = Setting::find("a missing GPU") else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?device=gpu", server.address)).await;
    browser.wait("a message", |state| state["message"].is_string()).await;
    let text = browser.text("alert").await.unwrap_or_default();
    assert!(text.contains("GPU") && text.contains("CPU"), "{text}");
    browser.run("const s = document.querySelector('[data-testid=device-select]'); s.value = 'cpu'; s.dispatchEvent(new Event('change', { bubbles: true })); return null").await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["device"], &state["message"]), (&Value::from("CPU"), &Value::Null));
    browser.close().await;
}

#[tokio::test]
async fn classes_layers_and_bad_files() {
    let Some(setting) = Setting::find("classes, layers and bad files") else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    let first = browser.settle("Cat").await;

    // Another class, found by its name; another layer, by keyboard.
    browser.keys("search", "zebra").await;
    browser.click("class-340").await;
    let zebra = browser.wait("the zebra", |state| state["class"] == 340 && state["busy"] == "no").await;
    assert_ne!(zebra["class"], first["class"]);
    assert_eq!(browser.run("return convscope.map().class").await, 340);
    let layer = first["layer"].as_str().expect("a layer").to_owned();
    browser.keys(&format!("layer-{layer}"), "\u{e012}").await;
    let state = browser.wait("the layer before", |state| state["layer"] != layer.as_str()).await;
    assert_eq!(browser.run("return convscope.map().layer").await, state["layer"]);
    assert_eq!(browser.run("return document.activeElement.getAttribute('aria-checked')").await, "true");

    // Something that is no image: a message, and everything stays.
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no image at all").expect("written");
    browser.upload(&text).await;
    let state = browser.wait("a message", |state| state["message"].is_string() && state["busy"] == "no").await;
    assert_eq!((&state["picture"], &state["class"]), (&Value::from("Cat"), &Value::from(340)));
    assert!(browser.text("alert").await.is_some_and(|text| text.contains("image") && text.contains("PNG")));
    browser.screenshot("bad-image").await;
    browser.click("dismiss").await;
    browser.wait("no message", |state| state["message"].is_null()).await;
    browser.click("class-281").await;
    browser.wait("another class of the same image", |state| state["class"] == 281 && state["busy"] == "no").await;
    browser.click("example-2").await;
    browser.settle("Rocket").await;
    browser.screenshot("rocket").await;
    stays_at_home(&server);
    // That check would notice a request to another host.
    browser.run("return fetch('http://192.0.2.1/').catch(() => null)").await;
    let noticed = || server.asked().iter().any(|path| path.ends_with("/violation"));
    for _ in 0..2400 {
        if !noticed() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    assert!(noticed());
    browser.close().await;
}

#[tokio::test]
async fn damaged_and_missing_weights_are_said() {
    let Some(setting) = Setting::find("damaged weights") else { return };
    let cases: [(convscope_browser_tests::Change, &[&str]); 2] =
        [(damaged, &["SHA-256", ".bin", "damaged"]), (without_shards, &[".bin", "404"])];
    for (change, words) in cases {
        let server = Server::start(&setting.site, change).await.expect("a server");
        let browser = Browser::start(&setting, Gpu::Off).await;
        browser.go(&server.address).await;
        let state = browser.wait("a message", |state| state["message"].is_string()).await;
        let text = browser.text("alert").await.unwrap_or_default();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert_eq!((&state["busy"], &state["engine"]), (&Value::from("no"), &Value::from("running")));
        assert!(browser.text("mend").await.is_some_and(|text| text.contains("again")));
        browser.close().await;
    }
}

#[tokio::test]
async fn a_dead_worker_is_said_and_another_one_started() {
    let Some(setting) = Setting::find("a dead worker") else { return };
    let server = Server::start(&setting.site, cut_once).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&server.address).await;
    browser.wait("the crash", |state| state["engine"] == "crashed").await;
    assert!(browser.text("alert").await.is_some_and(|text| text.contains("engine stopped")));
    browser.screenshot("dead-worker").await;
    browser.click("mend").await;
    let state = browser.settle("Cat").await;
    assert_eq!(state["message"], Value::Null);
    browser.close().await;
}

#[tokio::test]
async fn a_model_without_classifier_shows_its_activations() {
    let test = "a model without classifier";
    let Some(setting) = Setting::find(test) else { return };
    if !setting.site.join("weights/vgg16_base/model.json").is_file() {
        println!("SKIPPED: {test}: the site has no vgg16_base");
        return;
    }
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=vgg16_base", server.address)).await;
    let state = browser.wait("an image", |state| state["picture"] == "Cat" && state["busy"] == "no").await;
    assert_eq!((&state["class"], &state["message"]), (&Value::Null, &Value::Null));
    let text = browser.text("activation").await.unwrap_or_default();
    assert!(text.contains(state["layer"].as_str().unwrap_or_default()) && text.contains("zeros"), "{text}");
    println!("{test}: on the CPU, seconds: load {}, look {}", state["seconds"]["load"], state["seconds"]["look"]);
    browser.screenshot("vgg16_base").await;
    browser.close().await;
}
