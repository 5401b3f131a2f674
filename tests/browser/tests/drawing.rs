//! Ways to see the map without losing the image: contour lines, the divider; and the keys that do such things.

use convscope_browser_tests::{Browser, Setting, axe, example_page};
use serde_json::{Value, json};

async fn hash(browser: &Browser) -> String {
    browser.run("return location.hash").await.as_str().unwrap_or_default().to_owned()
}

/// Waits until the address says that.
async fn says(browser: &Browser, part: &str) {
    for _ in 0..50 {
        if hash(browser).await.contains(part) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{part} is not in {}", hash(browser).await)
}

#[tokio::test]
async fn a_contour_line_follows_the_level_of_the_map() {
    let Some(setting) = Setting::find("contour lines") else { return };
    let (browser, _server) = example_page(&setting).await;
    let line = "const c = document.querySelector('[data-testid=lines]'); if (c.hidden) return null; \
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; \
        for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n";
    assert_eq!(browser.run(line).await, Value::Null);
    browser.run("document.querySelector('[data-testid=outline]').open = true; return null").await;
    browser.click("contour").await;
    says(&browser, "contour=50").await;
    let half = browser.run(line).await.as_u64().unwrap_or_default();
    assert!(half > 500, "{half} pixels of a line");
    browser.run("const r = document.querySelector('[data-testid=contour-level]'); r.value = 90; r.dispatchEvent(new Event('input', { bubbles: true })); return null").await;
    says(&browser, "contour=90").await;
    let high = browser.run(line).await.as_u64().unwrap_or_default();
    assert!(high > 50 && high < half, "{high} of {half}: nearer to the peak the line is shorter");
    browser.screenshot("contour").await;
    // Escape closes the menu; the link brings the line back.
    browser.press("Escape").await;
    assert_eq!(browser.run("return document.querySelector('[data-testid=outline]').open").await, false);
    browser.run("location.reload(); return null").await;
    browser.settle("Cat").await;
    assert_eq!(browser.run(line).await.as_u64(), Some(high));
    browser.close().await;
}

#[tokio::test]
async fn the_divider_is_moved_by_pointer_and_keys() {
    let Some(setting) = Setting::find("the divider") else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.run("document.querySelector('[data-testid=outline]').open = true; return null").await;
    browser.click("split").await;
    browser.press("Escape").await;
    says(&browser, "split=50").await;
    let clip = "return getComputedStyle(document.querySelector('[data-testid=heat]')).clipPath";
    let before = browser.run(clip).await;
    browser.run("document.querySelector('[data-testid=divider]').focus(); return null").await;
    for _ in 0..10 {
        browser
            .cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyDown", "key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39 }),
            )
            .await;
        browser
            .cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyUp", "key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39 }),
            )
            .await;
    }
    says(&browser, "split=60").await;
    assert_ne!(browser.run(clip).await, before);
    browser.screenshot("divider").await;
    // A pointer takes the line where it is.
    let script =
        "const r = document.querySelector('.frame').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]";
    let frame: Vec<f64> =
        browser.run(script).await.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let at = |share: f64| (frame[0] + share * frame[2], frame[1] + 0.5 * frame[3]);
    for (kind, share) in [("mousePressed", 0.6), ("mouseMoved", 0.4), ("mouseMoved", 0.25), ("mouseReleased", 0.25)] {
        let (x, y) = at(share);
        let mouse = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        browser.cdp("Input.dispatchMouseEvent", mouse).await;
    }
    says(&browser, "split=25").await;
    browser.close().await;
}

#[tokio::test]
async fn keys_pressed_alone_can_be_moved_and_switched_off() {
    let Some(setting) = Setting::find("single keys") else { return };
    let (browser, _server) = example_page(&setting).await;
    let kept = "return document.querySelector('[data-testid=keep]').getAttribute('aria-pressed')";
    let press = async |key: &str, expected: &str| {
        browser.run("document.activeElement?.blur(); return null").await;
        browser.press(key).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(browser.run(kept).await, expected, "after {key}");
    };
    press("k", "true").await;
    press("K", "false").await;
    browser.press("?").await;
    browser.appears("keys-on").await;
    let typed = "const i = document.querySelector('[data-testid=key-3]'); i.value += 'x'; i.dispatchEvent(new Event('input', { bubbles: true })); return null";
    browser.run(typed).await;
    browser.screenshot("keys").await;
    browser.click("help-close").await;
    press("k", "false").await;
    press("x", "true").await;
    // The choice outlives the page.
    browser.run("location.reload(); return null").await;
    browser.settle("Cat").await;
    let before = browser.run(kept).await.as_str().unwrap_or_default().to_owned();
    let other = if before == "true" { "false" } else { "true" };
    press("x", other).await;
    browser.click("help-open").await;
    browser.click("keys-on").await;
    browser.click("help-close").await;
    press("x", other).await;
    browser.press("2").await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(browser.state().await["method"], "grad_cam", "digits do nothing either");
    browser.close().await;
}

#[tokio::test]
async fn menus_dialogs_and_the_divider_are_open_to_everybody() {
    const TEST: &str = "axe-core on the new parts";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    let Some(script) = axe(TEST) else { return };
    for id in ["contour", "split"] {
        browser.run(&format!("document.querySelector('[data-testid={id}]').click(); return null")).await;
    }
    says(&browser, "split=50").await;
    let menu = |id: &str| format!("document.querySelector('[data-testid={id}]').open = true; return null");
    let steps = [
        ("outline", menu("outline")),
        ("save", menu("save")),
        ("help", "document.getElementById('help').showModal(); return null".into()),
    ];
    for (name, step) in steps {
        browser.run(&step).await;
        for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
            browser.resize(width, height).await;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            assert_eq!(browser.violations(&script).await, Vec::<String>::new(), "{name} at {width} x {height}");
            let wide =
                browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert_eq!(wide, 0, "{name} at {width} x {height}");
            browser.screenshot(&format!("{name}-{width}x{height}")).await;
        }
    }
    browser.close().await;
}
