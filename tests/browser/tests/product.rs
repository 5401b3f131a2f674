//! The page as something that people open, understand and share: languages, help, comparison, numbers under the cursor,
//! several images, the camera, and what axe-core says about it. It leaves the screenshots of the documentation.

use convscope_browser_tests::{Browser, Gpu, Server, Setting, axe, checkout};
use serde_json::Value;

fn unchanged(_: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    Some(content)
}

async fn open(test: &str) -> Option<(Server, Browser, Value)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    let state = browser.settle("Cat").await;
    Some((server, browser, state))
}

/// An image of the page's own origin can be named in its address; another origin's is not asked for.
#[tokio::test]
async fn an_image_of_the_same_origin_is_loaded_and_no_other() {
    let Some((server, browser, _)) = open("an image in the address").await else { return };
    browser.go(&format!("{}?device=cpu&picture=examples/rocket.jpg", server.address)).await;
    browser.settle("rocket.jpg").await;
    browser.go(&format!("{}?device=cpu&picture=http://192.0.2.1/a.png", server.address)).await;
    let state = browser.wait("a message", |state| state["message"].is_string() && state["picture"] == "Cat").await;
    assert_eq!(state["message"], "image-elsewhere");
    assert!(!server.asked().iter().any(|path| path.ends_with("/violation")), "it was not even tried");
    browser.close().await;
}

/// Screenshots of the present state, desktop and phone, light and dark, and axe-core on each; nothing is wider than the window.
async fn look(browser: &Browser, script: Option<&str>, name: &str) {
    for (size, width, height) in [("desktop", 1440, 900), ("phone", 390, 844)] {
        browser.resize(width, height).await;
        for scheme in ["light", "dark"] {
            browser.scheme(scheme).await;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            browser.screenshot(&format!("{name}-{size}-{scheme}")).await;
            if let Some(script) = script {
                let found = browser.violations(script).await;
                assert!(found.is_empty(), "{name}, {size}, {scheme}: {found:#?}");
            }
        }
        let wide =
            browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(wide, 0, "{name}: the page is wider than the window of {width}");
    }
    browser.resize(1440, 900).await;
    browser.scheme("light").await;
}

#[tokio::test]
async fn every_technique_and_the_help_are_open_to_everybody() {
    let Some((_server, browser, _)) = open("axe-core").await else { return };
    let script = axe("axe-core");
    look(&browser, script.as_deref(), "grad_cam").await;
    let methods = [
        ("channel", "activations", "activations"),
        ("channel", "channel_reconstruction", "deconvnet"),
        ("synthesis", "filters", "filters"),
    ];
    for (family, method, technique) in methods {
        browser.method(family, method).await;
        browser.wait(technique, |state| state["technique"] == technique && state["busy"] == "no").await;
        if technique == "filters" {
            browser.click("run").await;
            browser.wait("patterns", |state| state["busy"] == "no" && state["panels"] == 6).await;
        }
        look(&browser, script.as_deref(), technique).await;
    }
    browser.press("?").await;
    assert_eq!(browser.run("return document.getElementById('help').open").await, true);
    look(&browser, script.as_deref(), "help").await;
    browser.press("1").await;
    assert_eq!(browser.state().await["technique"], "filters", "keys belong to the dialog while it is open");
    browser.click("help-close").await;
    assert_eq!(browser.run("return document.getElementById('help').open").await, false);
    // axe-core would notice an image without words and a pale text.
    if let Some(script) = script {
        browser.run("const image = document.createElement('img'); image.src = 'examples/cat.jpg'; document.body.append(image, document.createElement('button')); return null").await;
        assert_eq!(browser.violations(&script).await.len(), 2);
    }
    browser.close().await;
}

#[tokio::test]
async fn the_page_speaks_the_browsers_language_and_can_be_switched() {
    let test = "languages";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.prefer("zh-CN").await;
    browser.go(&format!("{}?device=cpu", server.address)).await;
    let state = browser.settle("Cat").await;
    let lang = "return [document.documentElement.lang, document.title, document.body.innerText]";
    let said = browser.run(lang).await;
    assert_eq!((&state["language"], &said[0]), (&Value::from("zh-Hans"), &Value::from("zh-Hans")));
    let text = said[2].as_str().unwrap_or_default();
    assert!(
        ["任何数据都不会离开您的电脑", "网络看到了什么", "热区"].iter().all(|words| text.contains(words)),
        "{text}"
    );
    assert!(
        !text.contains("Choose an image") && said[1].as_str().is_some_and(|title| title.contains("分类器")),
        "{said}"
    );
    // What the method says of itself is translated too, and one key away.
    browser.press("i").await;
    let said = browser.run(lang).await;
    let text = said[2].as_str().unwrap_or_default();
    assert!(text.contains("亮的地方支持该类别") && !text.contains("Bright places"), "{text}");
    look(&browser, axe(test).as_deref(), "zh").await;
    browser.run("const s = document.querySelector('[data-testid=language]'); s.value = 'en'; s.dispatchEvent(new Event('change', { bubbles: true })); return null").await;
    let said = browser.run(lang).await;
    assert_eq!(said[0], "en");
    assert!(
        said[2].as_str().is_some_and(|text| text.contains("Choose an image") && !text.contains("选择图片")),
        "{said}"
    );
    // The choice stays, whatever the browser prefers.
    browser.go(&format!("{}?device=cpu", server.address)).await;
    assert_eq!(browser.settle("Cat").await["language"], "en");
    browser.close().await;
}

#[tokio::test]
async fn two_explanations_are_compared_on_one_scale() {
    let Some((_server, browser, state)) = open("comparison").await else { return };
    let script = axe("comparison");
    browser.press("k").await;
    assert!(browser.text("correlation").await.is_some_and(|text| text.contains("1.00")), "with itself");
    let other = browser.run("return convscope.classes()[1].index").await;
    browser.click(&format!("class-{other}")).await;
    browser.wait("the other class", |now| now["class"] == other && now["busy"] == "no").await;
    let words = browser.text("correlation").await.unwrap_or_default();
    // The same from the maps themselves, by another way.
    let expected = browser
        .run(
            "const b = convscope.map().values, done = a => {
                const n = a.length, m = v => v.reduce((s, x) => s + x, 0) / n, p = m(a), q = m(b);
                let c = 0, d = 0, e = 0;
                for (let i = 0; i < n; i++) { c += (a[i]-p)*(b[i]-q); d += (a[i]-p)**2; e += (b[i]-q)**2; }
                return (c / Math.sqrt(d * e)).toFixed(2);
            };
            return done(convscope.kept().values)",
        )
        .await;
    assert!(words.contains(expected.as_str().unwrap_or("?")), "{words} against {expected}");
    assert_ne!(expected, "1.00");
    look(&browser, script.as_deref(), "compare").await;

    // One cursor on all of them, with both numbers.
    browser.point("picture", (0.5, 0.5)).await;
    let crosses = browser.run("return document.querySelectorAll('.compare .cross:not([hidden])').length").await;
    assert_eq!(crosses, 3);
    let read = browser.text("readout").await.unwrap_or_default();
    assert_eq!(read.matches("cell").count(), 2, "{read}");

    // Another image stands beside the kept one, each in its own pane; the difference then lies on neither.
    browser.click("example-1").await;
    browser.settle("Coffee").await;
    let panes = browser.text("compare").await.unwrap_or_default();
    assert!(panes.contains("Cat") && panes.contains("Coffee"), "{panes}");
    let width = |id: &str| format!("return document.querySelector('[data-testid={id}]').getBoundingClientRect().width");
    assert!(browser.run(&width("kept-image")).await.as_f64().is_some_and(|width| width > 100.0));
    let hidden = "return getComputedStyle(document.querySelector('[data-testid=difference-image]')).visibility";
    assert_eq!(browser.run(hidden).await, "hidden");
    browser.screenshot("compare-images").await;

    // Another method has other units, which is said; ending the comparison leaves what is seen now.
    browser.method("gradient", "gradient").await;
    browser.wait("the gradient", |now| now["busy"] == "no" && now["layers"] == serde_json::json!(["input"])).await;
    assert!(browser.text("units").await.is_some());
    browser.click("keep").await;
    assert!(browser.text("compare").await.is_none());
    assert_eq!(browser.state().await["picture"], "Coffee");
    assert_ne!(state["class"], other);
    browser.close().await;
}

#[tokio::test]
async fn numbers_are_read_under_the_cursor() {
    let Some((_server, browser, _)) = open("numbers under the cursor").await else { return };
    let map = browser.run("const m = convscope.map(); return { width: m.width, height: m.height, values: Array.from(m.values), size: [document.querySelector('[data-testid=picture]').width, document.querySelector('[data-testid=picture]').height] }").await;
    let (width, height) = (map["width"].as_u64().unwrap_or(0), map["height"].as_u64().unwrap_or(0));
    browser.point("heat", (0.3, 0.7)).await;
    let read = browser.text("readout").await.unwrap_or_default();
    let (column, row) = ((0.3 * width as f64) as u64, (0.7 * height as f64) as u64);
    let value = map["values"][(row * width + column) as usize].as_f64().unwrap_or(-1.0);
    assert!(read.contains(&format!("cell {column}, {row} of {width} × {height}: {value:.3}")), "{read}, {value}");
    browser.point("search", (0.5, 0.5)).await;
    assert!(browser.text("readout").await.is_some_and(|text| text.contains("Move over")));
    browser.close().await;
}

#[tokio::test]
async fn several_images_and_the_camera() {
    let Some((_server, browser, _)) = open("several images").await else { return };
    let examples = checkout().join("core/examples").canonicalize().expect("the examples");
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no image").expect("written");
    browser.upload_all(&[&examples.join("coffee.jpg"), &text, &examples.join("rocket.jpg")]).await;
    browser.settle("coffee.jpg").await;
    let tray = browser.run("return document.querySelectorAll('[data-testid=tray] .example').length").await;
    assert_eq!(tray, 2, "what is no image is left out of a list");
    browser.run("document.querySelectorAll('[data-testid=tray] .example')[1].click(); return null").await;
    browser.settle("rocket.jpg").await;
    browser.screenshot("several-images").await;

    // The camera: one image after the other, never more than one on its way, and off again.
    browser.click("camera-on").await;
    for _ in 0..2400 {
        let seen =
            browser.run("const v = document.querySelector('[data-testid=camera]'); return v ? v.videoWidth : 0").await;
        if seen.as_u64().is_some_and(|width| width > 0) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    browser.click("camera-once").await;
    browser.settle("Camera").await;
    browser.click("camera-live").await;
    browser.run("window.seen = new Set(); window.timer = setInterval(() => window.seen.add(JSON.stringify(convscope.classes().slice(0, 3))), 20); return null").await;
    for _ in 0..2400 {
        let seen = browser.run("return window.seen.size").await;
        if seen.as_u64().is_some_and(|seen| seen >= 3) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(browser.run("return window.seen.size").await.as_u64().is_some_and(|seen| seen >= 3), "live images change");
    browser.screenshot("camera").await;
    browser.click("camera-off").await;
    browser.settle("Camera").await;
    assert!(browser.text("camera-on").await.is_some());
    browser.close().await;
}
