//! Back and Forward, and a class that is searched for by the keyboard alone.

use std::time::Duration;

use convscope_browser_tests::{Browser, Gpu, Server, Setting};
use serde_json::{Value, json};

/// Goes back or forward, until that image and that class are seen.
async fn go(browser: &Browser, way: &str, picture: &str, class: &Value) -> Value {
    browser.run(&format!("history.{way}(); return null")).await;
    let here = |state: &Value| state["picture"] == picture && state["class"] == *class && state["busy"] == "no";
    browser.wait(&format!("{way} to {picture}"), here).await
}

/// Keys as WebDriver writes them.
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[tokio::test]
async fn choices_are_walked_and_an_image_of_ones_own_comes_back() {
    let Some(setting) = Setting::find("back and forward") else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?device=cpu", server.address)).await;
    let cat = browser.settle("Cat").await["class"].clone();
    let entries = "return history.length";
    let before = browser.run(entries).await.as_u64().expect("a number");

    // A misspelt name, and Enter.
    browser.keys("search", "zerba").await;
    assert!(browser.text("misspelt").await.is_some_and(|text| text.contains("zerba")));
    browser.keys("search", ENTER).await;
    browser.wait("the zebra", |state| state["class"] == 340 && state["busy"] == "no").await;
    // Two classes of one name.
    browser.keys("search", ESCAPE).await;
    browser.keys("search", "crane").await;
    let found = browser.text("found").await.unwrap_or_default();
    assert!(found.contains("(134)") && found.contains("(517)"), "{found}");
    browser.click("example-2").await;
    let rocket = browser.settle("Rocket").await["class"].clone();
    // Choices of one kind within a second are one entry.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    browser.upload(&setting.site.join("examples/coffee.jpg")).await;
    let coffee = browser.settle("coffee.jpg").await["class"].clone();
    assert_eq!(browser.run(entries).await, json!(before + 3), "an entry a choice");

    go(&browser, "back", "Rocket", &rocket).await;
    go(&browser, "back", "Cat", &json!(340)).await;
    go(&browser, "back", "Cat", &cat).await;
    go(&browser, "forward", "Cat", &json!(340)).await;
    go(&browser, "forward", "Rocket", &rocket).await;
    let state = go(&browser, "forward", "coffee.jpg", &coffee).await;
    assert_eq!((&state["message"], &state["line"]), (&Value::Null, &Value::Null));
    assert_eq!(browser.run(entries).await, json!(before + 3), "walking makes none");

    // Loaded again, the image is still here, until it is deleted.
    let own = "return (async () => { let kept = 0; for (const name of await caches.keys()) \
        if (name.includes('images own')) kept += (await (await caches.open(name)).keys()).length; return kept })()";
    browser.until("the image to be kept", own).await;
    browser.run("location.reload(); return null").await;
    browser.wait("the page anew", |state| state["picture"] == "coffee.jpg" && state["busy"] == "no").await;
    let forget = "return (async () => { for (const name of await caches.keys()) if (name.includes('images own')) await caches.delete(name) })()";
    browser.run(forget).await;
    browser.run("location.reload(); return null").await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], &state["line"], &state["class"]), (&Value::Null, &json!("link-own-image"), &cat));
    browser.close().await;
}
