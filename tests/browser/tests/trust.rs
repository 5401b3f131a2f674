//! The trust panel: it comes by itself, gives way to whatever is asked for, and is looked at in both languages.

use std::time::Instant;

use convscope_browser_tests::{Browser, Gpu, Server, Setting};
use serde_json::Value;

/// What the page has measured of the map that is seen.
async fn trust(browser: &Browser) -> Value {
    browser.run("return convscope.trust()").await
}

/// Waits for the verdict; seconds until it came, and the sentences' codes.
async fn verdict(browser: &Browser) -> (f64, Vec<String>) {
    let start = Instant::now();
    loop {
        let trust = trust(browser).await;
        let codes: Vec<String> = trust["verdict"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|code| code.as_str().map(str::to_owned))
            .collect();
        if !codes.is_empty() {
            return (start.elapsed().as_secs_f64(), codes);
        }
        assert!(start.elapsed().as_secs() < 120, "no verdict: {trust:#}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_map_is_judged_by_itself_and_gives_way() {
    let Some(setting) = Setting::find("the trust panel") else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    let (seconds, codes) = verdict(&browser).await;
    println!("the trust panel of SqueezeNet on the CPU: {seconds:.1} s, {codes:?}");
    assert_eq!(codes.last().map(String::as_str), Some("verdict-limits"));
    let told = trust(&browser).await;
    let metrics: Vec<&str> =
        told["measurements"].as_array().into_iter().flatten().filter_map(|one| one["metric"].as_str()).collect();
    assert!(metrics.len() >= 4, "{metrics:?}");
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        browser.run("document.querySelector('[data-testid=trust]').open = true; document.querySelector('[data-testid=trust]').scrollIntoView()").await;
        browser.screenshot(&format!("trust-{width}")).await;
    }
    browser.resize(1440, 900).await;
    browser
        .run("const s = document.querySelector('[data-testid=language]'); s.value = 'zh-Hans'; s.dispatchEvent(new Event('change', { bubbles: true }))")
        .await;
    browser.wait("Chinese", |state| state["language"] == "zh-Hans").await;
    assert!(browser.appears("verdict").await.contains('。'), "the verdict in Chinese");
    browser.run("document.querySelector('[data-testid=trust]').scrollIntoView()").await;
    browser.screenshot("trust-zh").await;

    // Another class: what is measured of the first gives way at once, and comes again for the second.
    let click =
        |index: usize| format!("document.querySelectorAll('[data-testid=top] [data-testid^=class-]')[{index}].click()");
    let switch = async |index: usize| {
        let asked = Instant::now();
        browser.run(&click(index)).await;
        browser.wait("the class", |state| state["busy"] == "no" && state["seconds"]["explain"].is_number()).await;
        asked.elapsed().as_secs_f64()
    };
    let idle = switch(3).await;
    browser.run(&click(1)).await;
    let start = Instant::now();
    while !trust(&browser).await["running"].as_bool().unwrap_or_default() {
        assert!(start.elapsed().as_secs() < 60, "it does not begin");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let busy = switch(2).await;
    println!("a class while it measures: {busy:.2} s, while nothing goes on: {idle:.2} s");
    // A step of what gives way is a look at one image, and the browser is asked ten times a second.
    assert!(busy < 2.0 * idle + 1.0, "a class waits {busy:.2} s for what is measured, {idle:.2} s without");
    assert_eq!(verdict(&browser).await.1.last().map(String::as_str), Some("verdict-limits"));
    browser.close().await;
}
