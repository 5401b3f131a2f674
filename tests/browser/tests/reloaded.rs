//! What comes back when the page is loaded again: an optimum that was made, and the view beside the stage.

use convscope_browser_tests::{Browser, Setting, example_page};

/// Loads the page again, and waits for what it shows.
async fn reload(browser: &Browser) {
    browser.run("window.before = true; location.reload(); return null").await;
    browser.until("another page", "return !window.before && !!window.convscope").await;
    browser.settle("Cat").await;
}

#[tokio::test]
async fn an_optimum_is_kept_and_can_be_deleted() {
    let Some(setting) = Setting::find("an optimum that is kept") else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.click("drill-open").await;
    browser.appears("drill-optimize").await;
    browser.click("drill-optimize").await;
    const OPTIMUM: &str = "return !!document.querySelector('[data-testid=drill-optimum] canvas')";
    browser.until("an optimum", OPTIMUM).await;
    browser.until("its end", "return !document.querySelector('[data-testid=drill-optimum] progress')").await;
    let pixels = "return document.querySelector('[data-testid=drill-optimum] canvas').toDataURL()";
    let made = browser.run(pixels).await;
    let kept = "return caches.keys().then(names => names.some(name => name.endsWith(' optima own')))";
    browser.until("a cache", kept).await;
    reload(&browser).await;
    browser.until("the optimum that was kept", OPTIMUM).await;
    assert_eq!(browser.run(pixels).await, made, "to the last pixel");
    // It is listed among what is stored, and deleted there.
    browser.run("document.querySelector('[data-testid=stored]').open = true; return null").await;
    let said = browser.appears("stored-optima").await;
    println!("what is stored: {said}");
    browser.click("delete-optima").await;
    browser.vanishes("stored-optima").await;
    reload(&browser).await;
    browser.appears("drill-optimize").await;
    assert_eq!(browser.run(OPTIMUM).await, false, "it is made again when a person asks");
    browser.close().await;
}

#[tokio::test]
async fn the_view_beside_the_stage_comes_back() {
    let Some(setting) = Setting::find("views in the address") else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.click("conventions-open").await;
    browser.until("the address", "return location.hash.includes('view=conventions')").await;
    reload(&browser).await;
    browser
        .until(
            "the conventions",
            "return document.querySelector('[data-testid=conventions-open]')?.ariaExpanded === 'true'",
        )
        .await;
    browser.click("conventions-open").await;
    browser.until("the address", "return !location.hash.includes('view=')").await;
    browser.click("fidelity-open").await;
    browser.until("the address", "return location.hash.includes('view=fidelity')").await;
    reload(&browser).await;
    // Packings are loaded when a person asks for them.
    browser.appears("fidelity-run").await;
    browser.screenshot("fidelity-from-link").await;
    browser.run("history.back(); return null").await;
    browser.vanishes("fidelity").await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
    browser.close().await;
}
