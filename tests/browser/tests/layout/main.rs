//! The workspace in boxes: what is seen without scrolling on a desktop and on a phone, and that no text is cut or lies over another.

use convscope_browser_tests::{Browser, Gpu, Server, Setting};
use serde_json::{Value, json};

const BOXES: &str = include_str!("boxes.js");

async fn measure(browser: &Browser, what: &str) -> Value {
    browser.run(&format!("{BOXES}\n return {what}")).await
}

async fn open(test: &str, language: &str) -> Option<(Server, Browser)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.prefer(language).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    Some((server, browser))
}

/// Waits until the map has been measured.
async fn judged(browser: &Browser) {
    // By itself on a machine that is quick enough, else when it is asked for.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    browser.run("document.querySelector('[data-testid=trust-measure]')?.click(); return null").await;
    for _ in 0..1200 {
        if browser.run("return (convscope.trust()?.verdict ?? []).length").await.as_u64() > Some(0) {
            // The panel is drawn, and what moved has come to rest.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no verdict");
}

/// No text is cut or lies over another, and nothing makes the page wider than the window.
async fn is_legible(browser: &Browser, at: &str) {
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    for what in ["cut()", "overlaps()", "narrow()"] {
        assert_eq!(measure(browser, what).await, json!([]), "{at}: {what}");
    }
    let wide = measure(browser, "document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
    assert_eq!(wide, 0, "{at}: the page is wider than the window");
}

#[tokio::test]
async fn a_desktop_shows_everything_without_scrolling() {
    for language in ["en", "zh-CN"] {
        let Some((_server, browser)) = open("the desktop's layout", language).await else { return };
        judged(&browser).await;
        for (width, height) in [(1440, 900), (1920, 1080), (1024, 768)] {
            browser.resize(width, height).await;
            let at = format!("{language}, {width} x {height}");
            is_legible(&browser, &at).await;
            browser.screenshot(&format!("layout-{language}-{width}x{height}")).await;
            for id in
                ["stage", "scale", "keep", "save", "model-select", "device-select", "stored", "language", "help-open"]
            {
                assert_eq!(measure(&browser, &format!("whole(named('{id}'))")).await, true, "{at}: {id}");
            }
            let parts = [
                ("five classes", "[...named('top').querySelectorAll('button')].filter(whole).length >= 5"),
                ("the strip", "whole(document.querySelector('.strip'))"),
                ("no scrolling", "document.documentElement.scrollHeight <= innerHeight"),
                ("the whole verdict", "whole(named('verdict'))"),
            ];
            for (name, script) in parts {
                assert_eq!(measure(&browser, script).await, true, "{at}: {name}");
            }
            let share = measure(&browser, "seen(named('stage')).area / innerWidth / innerHeight").await;
            let image = measure(&browser, "seen(named('picture')).area / innerWidth / innerHeight").await;
            println!("{at}: the stage has {share:.3} of the screen, the image {image:.3}");
            if width >= 1440 {
                assert!(share.as_f64().is_some_and(|share| share >= 0.4), "{at}: {share}");
                let every = "[...document.querySelectorAll('[data-testid^=layer-]')].every(whole)";
                for (name, script) in [("the picker", "whole(named('picker'))"), ("every layer", every)] {
                    assert_eq!(measure(&browser, script).await, true, "{at}: {name}");
                }
            }
        }
        browser.close().await;
    }
}

#[tokio::test]
async fn a_phone_shows_the_stage_first_and_the_rest_in_a_sheet() {
    for language in ["en", "zh-CN"] {
        let Some((_server, browser)) = open("the phone's layout", language).await else { return };
        browser.resize(390, 844).await;
        let at = format!("{language}, 390 x 844");
        assert_eq!(measure(&browser, "whole(named('stage')) && whole(named('picture'))").await, true, "{at}");
        let top = measure(&browser, "named('stage').getBoundingClientRect().top").await;
        assert!(top.as_f64().is_some_and(|top| top <= 120.0), "{at}: the stage begins at {top}");
        let chips = "(() => { const [one, other] = named('top').querySelectorAll('button'); \
            const [a, b, stage] = [one, other, named('stage')].map(one => one.getBoundingClientRect()); \
            return whole(one) && Math.abs(a.top - b.top) < 2 && a.top >= stage.bottom - 1 && a.top < stage.bottom + 40 })()";
        assert_eq!(measure(&browser, chips).await, true, "{at}: classes as chips");
        for (tab, part) in
            [("images", "file-input"), ("explain", "layer-conv1"), ("method", "picker"), ("compare", "keep")]
        {
            browser.click(&format!("sheet-{tab}")).await;
            is_legible(&browser, &format!("{at}, {tab}")).await;
            browser.screenshot(&format!("layout-{language}-390x844-{tab}")).await;
            let shown = measure(&browser, &format!("seen(named('{part}')).area > 100")).await;
            assert_eq!(shown, true, "{at}: {part} in the tab {tab}");
            let reached = measure(&browser, "[...document.querySelectorAll('.sheet-tab')].every(whole)").await;
            assert_eq!(reached, true, "{at}: the tabs stay");
        }
        browser.close().await;
    }
}

/// A desktop at 200 %: half as many pixels. Whatever is not seen can be scrolled to.
#[tokio::test]
async fn nothing_is_lost_at_twice_the_size() {
    let Some((_server, browser)) = open("the layout at 200 %", "en").await else { return };
    browser.resize(720, 450).await;
    is_legible(&browser, "200 %").await;
    for (tab, part) in [
        ("images", "folder-input"),
        ("explain", "trust"),
        ("method", "about"),
        ("compare", "save"),
        ("compare", "opacity"),
    ] {
        browser.click(&format!("sheet-{tab}")).await;
        is_legible(&browser, &format!("200 %, {tab}")).await;
        let found =
            format!("(named('{part}').scrollIntoView({{ block: 'center' }}), seen(named('{part}')).area > 100)");
        assert_eq!(measure(&browser, &found).await, true, "{part} in the tab {tab}");
    }
    browser.run("scrollTo(0, 0); return null").await;
    browser.screenshot("layout-720x450").await;
    browser.close().await;
}

#[tokio::test]
async fn panes_are_closed_and_stay_closed() {
    let Some((server, browser)) = open("closed panes", "en").await else { return };
    let width = "named('stage').getBoundingClientRect().width";
    let height = "named('stage').getBoundingClientRect().height";
    let number = |value: Value| value.as_f64().unwrap_or_default();
    let before = number(measure(&browser, width).await);
    // The edge of a pane, with the keys; its width is kept, too.
    browser.keys("split-right", "\u{e012}\u{e012}\u{e012}\u{e012}").await;
    let narrower = number(measure(&browser, width).await);
    assert!((before - narrower - 0.04 * 1440.0).abs() < 3.0, "{before}, then {narrower}");
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    assert_eq!(number(measure(&browser, width).await), narrower);
    browser.click("toggle-left").await;
    browser.click("toggle-right").await;
    let wide = number(measure(&browser, width).await);
    assert!(wide > before + 300.0, "{before}, then {wide}");
    let low = number(measure(&browser, height).await);
    browser.click("toggle-below").await;
    assert!(number(measure(&browser, height).await) > low + 60.0);
    browser.screenshot("layout-closed").await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    assert_eq!(number(measure(&browser, width).await), wide);
    assert_eq!(measure(&browser, "named('picker').checkVisibility()").await, false);
    browser.click("toggle-right").await;
    assert_eq!(measure(&browser, "named('picker').checkVisibility()").await, true);
    browser.close().await;
}

#[tokio::test]
async fn the_image_is_seen_alone_while_a_key_is_held() {
    let Some((_server, browser)) = open("the image alone", "en").await else { return };
    let hidden = "getComputedStyle(named('heat')).visibility";
    let key = async |kind: &str| {
        browser
            .cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": "b", "text": if kind == "keyDown" { "b" } else { "" } }),
            )
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(measure(&browser, hidden).await, "visible");
    key("keyDown").await;
    assert_eq!(measure(&browser, hidden).await, "hidden");
    key("keyUp").await;
    assert_eq!(measure(&browser, hidden).await, "visible");
    // Cold places show the image untouched, unless plain blending is chosen.
    let least = "(() => { const heat = named('heat'), pixels = heat.getContext('2d').getImageData(0, 0, heat.width, heat.height).data; \
        return pixels.filter((_, index) => index % 4 === 3).reduce((least, one) => Math.min(least, one), 255) })()";
    assert!(measure(&browser, least).await.as_u64().is_some_and(|least| least < 8));
    browser.run("const s = document.querySelector('[data-testid=blend]'); s.value = 'plain'; s.dispatchEvent(new Event('change', { bubbles: true })); return null").await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(measure(&browser, least).await, 255);
    browser.close().await;
}
