//! The model beside itself in other packings of its weights, and what the page says where there is none.

use convscope_browser_tests::{Browser, Gpu, Server, Setting, packed};
use serde_json::json;

const OWN: &str = "squeezenet1_1";

async fn open(setting: &Setting, server: &Server, language: &str) -> Browser {
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.prefer(language).await;
    browser.go(&format!("{}?model={OWN}&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser
}

#[tokio::test]
async fn packings_are_seen_beside_each_other() {
    let test = "packings of a model";
    let Some(setting) = Setting::find(test) else { return };
    for (language, same, map) in [
        ("en", "The likeliest class is the same as in f32", "Maps correlate by 0.99"),
        ("zh-CN", "最可能的类别与 f32 相同", "0.99"),
    ] {
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        if !packed(test, &setting, &server, OWN, &["f32", "f16"]) {
            return;
        }
        let browser = open(&setting, &server, language).await;
        let before = browser.run("return Array.from(convscope.map().values)").await;
        browser.click("fidelity-open").await;
        let names = "const all = [...document.querySelectorAll('[data-testid^=packing-]')].map(one => one.dataset.testid).filter(one => !/image|heat/.test(one)); \
            return all.length ? all : null";
        assert_eq!(browser.until("the packings", names).await, json!(["packing-f32", "packing-f16", "packing-int8"]));
        let told = browser
            .run("return [...document.querySelectorAll('[data-testid=changed]')].map(one => one.textContent)")
            .await;
        for told in told.as_array().expect("sentences") {
            let told = told.as_str().unwrap_or_default();
            assert!(told.contains(same) && (told.contains(map) || told.contains("1.000")), "{told}");
        }
        // What int8 lost stays lost: packed once more in f32 it is the same, to the last layer.
        let last = "return [...document.querySelectorAll('[data-testid=fidelity-layers] tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))";
        let rows = browser.run(last).await;
        let rows = rows.as_array().expect("rows");
        assert!(rows.len() > 10 && rows.iter().all(|row| row[2] == "1.000" || row[2] == "–"), "{rows:?}");
        let drawn = "return document.querySelectorAll('[data-testid=packing-heat]:not([hidden])').length";
        assert_eq!(browser.run(drawn).await, 3);
        browser.at_all_sizes(test, &format!("fidelity-{language}"), Some("sheet-explain")).await;
        // What is seen stays what it was, and another class asks before it loads them again.
        assert_eq!(browser.run("return Array.from(convscope.map().values)").await, before);
        server.forget();
        browser.keys("search", "lynx").await;
        browser.click("class-287").await;
        browser.appears("fidelity-run").await;
        browser.wait("the class", |state| state["class"] == 287 && state["busy"] == "no").await;
        browser.click("fidelity-run").await;
        browser.vanishes("fidelity-run").await;
        browser.until("the packings again", names).await;
        let shards =
            server.asked().iter().filter(|path| path.contains("-f32/weights") || path.contains("-f16/weights")).count();
        assert_eq!(shards, 0, "they are kept");
        browser.click("fidelity-close").await;
        browser.vanishes("fidelity").await;
        assert_eq!(browser.errors().await, Vec::<String>::new());
        // Each of them can be chosen, and its address is its own.
        let choose = format!(
            "const s = document.querySelector('[data-testid=model-select]'); s.value = '{OWN}-f16'; s.dispatchEvent(new Event('change', {{ bubbles: true }})); return null"
        );
        browser.run(&choose).await;
        let own = format!("{OWN}-f16");
        browser.wait("the other packing", |state| state["model"] == own.as_str() && state["busy"] == "no").await;
        browser.until("its address", &format!("return location.hash.includes('model={own}')")).await;
        browser.close().await;
    }
}

#[tokio::test]
async fn a_model_in_one_packing_says_what_it_would_need() {
    let test = "a model in one packing";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = open(&setting, &server, "en").await;
    browser.click("fidelity-open").await;
    let told = browser.appears("fidelity-alone").await;
    assert!(told.contains("SqueezeNet 1.1 in int8 alone"), "{told}");
    let command = browser.run("return document.querySelector('.fidelity code').textContent").await;
    assert_eq!(command, "convscope pack WEIGHTS --codec f32 --out weights/squeezenet1_1-f32");
    browser.at_all_sizes(test, "fidelity-alone", Some("sheet-explain")).await;
    browser.close().await;
}
