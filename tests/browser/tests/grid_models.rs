//! Grids of which an axis is models, or the packings of one: another model is loaded beside the one that is seen.

use convscope_browser_tests::{Browser, Gpu, Server, Setting, packed};
use serde_json::{Value, json};

const OWN: &str = "squeezenet1_1";
const SAID: &str = "return [...document.querySelectorAll('.grid-cell figcaption')].map(one => one.textContent)";
/// Whether all cells have come, or say why not.
const WHOLE: &str =
    "return !document.querySelector('.grid-cell .stale') && !document.querySelector('[data-testid=grid-make]')";

/// Chooses what differs from row to row or from column to column.
async fn choose(browser: &Browser, side: &str, axis: &str) {
    let script = format!(
        "const s = document.querySelector('[data-testid=grid-{side}]'); s.value = '{axis}'; \
         s.dispatchEvent(new Event('change', {{ bubbles: true }})); return s.value"
    );
    assert_eq!(browser.run(&script).await, axis, "it is offered");
}

#[tokio::test]
async fn models_and_packings_are_loaded_beside_the_one_that_is_seen() {
    let test = "a grid of models";
    for language in ["en", "zh-CN"] {
        let Some(setting) = Setting::find(test) else { return };
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        if !packed(test, &setting, &server, OWN, &["f32", "int4"]) {
            return;
        }
        let browser = Browser::start(&setting, Gpu::Off).await;
        browser.prefer(language).await;
        browser.go(&format!("{}?model={OWN}&device=cpu", server.address)).await;
        let before = browser.settle("Cat").await;
        browser.click("grid-open").await;
        browser.until("a grid", "return !!document.querySelector('[data-testid=grid-table]')").await;
        choose(&browser, "columns", "codec").await;
        // Nothing is loaded before a person asks for it, and the button says how much that is.
        let button = browser.appears("grid-make").await;
        assert!(button.contains("MB") && button.contains('2'), "{button}");
        browser.at_all_sizes(test, &format!("grid-codecs-asked-{language}"), None).await;
        browser.click("grid-make").await;
        browser.until("all packings", WHOLE).await;
        let said = browser.run(SAID).await;
        let said: Vec<&str> = said.as_array().expect("cells").iter().filter_map(Value::as_str).collect();
        println!("{test}, packings: {said:?}");
        // A row: the model's own packing first, then f32, then int4.
        assert!(said.len() >= 6 && said[1].starts_with("r ") && said[2].starts_with("r "), "{said:?}");
        // They hold the same numbers, since they were packed of the packed one; each was loaded for it, and that alone.
        let r = |text: &str| text.split_whitespace().nth(1).and_then(|one| one.parse::<f32>().ok());
        assert!(r(said[1]) >= Some(0.99) && r(said[2]) >= Some(0.99), "{said:?}");
        let asked = server.asked();
        for codec in ["f32", "int4"] {
            let shards = asked.iter().filter(|path| path.contains(&format!("{OWN}-{codec}/weights-")));
            assert!(shards.count() > 0, "{codec}: {asked:?}");
        }
        browser.at_all_sizes(test, &format!("grid-codecs-{language}"), None).await;
        // Other models are other loads, which a person is asked for again.
        choose(&browser, "columns", "model").await;
        browser.appears("grid-make").await;
        browser.click("grid-make").await;
        browser.until("all models", WHOLE).await;
        let said = browser.run(SAID).await;
        println!("{test}, models: {said}");
        browser.at_all_sizes(test, &format!("grid-models-{language}"), None).await;
        // The model that is seen is the one from before, and goes on.
        let state = browser.state().await;
        assert_eq!((&state["model"], &state["hash"], &state["message"]), (&json!(OWN), &before["hash"], &Value::Null));
        browser.click("grid-close").await;
        browser.click("class-282").await;
        browser.wait("another class", |state| state["class"] == 282 && state["busy"] == "no").await;
        assert_eq!(browser.errors().await, Vec::<String>::new());
        browser.close().await;
    }
}
