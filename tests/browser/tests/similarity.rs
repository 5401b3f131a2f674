//! Similarity of two images in the page, each in its turn, beside the program's.

use convscope_browser_tests::{Browser, Setting, axe, checkout, example_page, native};
use serde_json::Value;

const METHOD: &str = "image_similarity";
const LAYER: &str = "conv10";
/// The largest difference between a cosine of the page and one of the program, both in float32.
const TOLERANCE: f64 = 1e-5;

/// The cosine at the layer that the page says of the image that is seen.
async fn told(browser: &Browser, image: &str) -> f64 {
    browser.settle(image).await;
    let all = browser.run("return convscope.measurements()").await;
    let here = all.as_array().into_iter().flatten().find(|one| one["layer"] == LAYER).cloned().unwrap_or_default();
    assert_eq!(here["metric"], METHOD, "{all:#}");
    here["value"].as_f64().expect("a cosine")
}

#[tokio::test]
async fn two_images_are_as_alike_either_way_round_and_as_the_program_has_it() {
    let Some(setting) = Setting::find("similarity") else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.click("example-1").await;
    browser.settle("Coffee").await;
    browser.method("channel", METHOD).await;
    browser.wait("the layer", |state| state["layer"] == LAYER).await;
    let coffee = told(&browser, "Coffee").await;
    let said = browser.appears("caption").await;
    assert!(said.contains(&format!("{coffee:.3}")) && said.contains("The other image is Cat."), "{said}");
    browser.click("keep").await;
    browser.click("example-0").await;
    let cat = told(&browser, "Cat").await;
    assert!((cat - coffee).abs() < TOLERANCE && (0.0..1.0).contains(&cat), "{cat} {coffee}");
    for (width, height) in [(390, 844), (1440, 900)] {
        browser.resize(width, height).await;
        browser.screenshot(&format!("similarity-{width}x{height}")).await;
    }
    if let Some(script) = axe("similarity") {
        assert_eq!(browser.violations(&script).await, Vec::<String>::new());
    }
    let [one, other] = ["cat", "coffee"].map(|name| checkout().join(format!("core/examples/{name}.jpg")));
    let [one, other] = [one.display().to_string(), other.display().to_string()];
    let arguments =
        ["explain", &one, "--model", "squeezenet1_1", "--method", METHOD, "--layer", LAYER, "--references", &other];
    let Some((lines, _out)) = native("similarity", &arguments, &setting.site.join("weights")) else { return };
    let value = lines.iter().find_map(|line| line["value"].as_f64());
    println!("page {cat}, program {value:?}");
    assert!(value.is_some_and(|value| (value - cat).abs() < TOLERANCE), "{lines:#?}");
    assert_eq!(browser.errors().await, Vec::<String>::new());
    assert_eq!(browser.state().await["message"], Value::Null);
}
