//! What stands beside a map: the same in other conventions, a box around the object, and the chart of a measurement in the saved picture.

use std::path::Path;
use std::time::Duration;

use convscope_browser_tests::{
    Browser, Setting, checkout, example_page, native, pixels, save_into, saved, screenshots,
};
use serde_json::{Value, json};

/// Numbers of the page and of the command line may differ by this.
const TOLERANCE: f64 = 1e-3;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn cat() -> String {
    checkout().join("core/examples/cat.jpg").display().to_string()
}

/// A page that has explained the cat with SqueezeNet on the CPU.
/// Waits until a script gives what is wanted.
async fn until(browser: &Browser, script: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let value = browser.run(script).await;
        if wanted(&value) {
            return value;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("waited in vain for {script}: {:#}", browser.state().await)
}

async fn speak(browser: &Browser, language: &str) {
    let script = "const s = document.querySelector('[data-testid=language]'); s.value = 'LANGUAGE'; \
                  s.dispatchEvent(new Event('change', { bubbles: true })); return null";
    browser.run(&script.replace("LANGUAGE", language)).await;
    browser.wait(language, |state| state["language"] == language).await;
}

#[tokio::test]
async fn conventions_stand_side_by_side_as_on_the_command_line() {
    const TEST: &str = "conventions side by side";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.click("conventions-open").await;
    let seven = |value: &Value| list(value).len() == 7;
    let here = until(&browser, "return convscope.conventions()", seven).await;
    let layer = browser.state().await["layer"].as_str().expect("a layer").to_owned();
    let image = cat();
    let arguments = ["compare-conventions", &image, "--model", "squeezenet1_1", "--layer", &layer, "--class", "top1"];
    let Some((lines, _folder)) = native(TEST, &arguments, &setting.site.join("weights")) else { return };
    let mut largest: f64 = 0.0;
    for (page, program) in list(&here).iter().zip(&lines) {
        assert_eq!(page["name"], program["convention"]["name"]);
        for key in ["correlation", "largest"].into_iter().filter(|key| !program[key].is_null()) {
            largest = largest.max((number(&page[key]) - number(&program[key])).abs());
        }
    }
    println!("{TEST}: {} conventions differ by at most {largest:.1e}", lines.len());
    assert!(largest < TOLERANCE && lines.len() == 7, "{largest}");
    let causes = "return [...document.querySelectorAll('[data-testid=cause]')].map(cause => cause.innerText)";
    assert_eq!(list(&browser.run(causes).await).len(), 6, "the others are compared with the first");
    for (language, width) in [("en", 1440), ("zh-Hans", 1440), ("zh-Hans", 390)] {
        browser.resize(width, 900).await;
        speak(&browser, language).await;
        browser.run("document.querySelector('[data-testid=conventions]').scrollIntoView(); return null").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        browser.screenshot(&format!("conventions-{language}-{width}")).await;
    }
    let said = browser.run(causes).await;
    assert!(list(&said).iter().all(|cause| cause.as_str().is_some_and(|cause| cause.contains('。'))), "{said}");
    // It follows the class, and is closed as it was opened.
    browser.resize(1440, 900).await;
    let before = browser.run("return convscope.conventions()").await;
    browser.run("document.querySelectorAll('[data-testid=top] [data-testid^=class-]')[1].click(); return null").await;
    until(&browser, "return convscope.conventions()", |now| seven(now) && *now != before).await;
    browser.click("conventions-open").await;
    until(&browser, "return convscope.conventions()", |now| list(now).is_empty()).await;
    browser.close().await;
}

/// Presses the mouse at one place of the image, moves it to another, and lets go.
async fn drag(browser: &Browser, from: (f64, f64), to: (f64, f64)) {
    let script = "const e = document.querySelector('[data-testid=box-area]'); e.scrollIntoView({ block: 'center' }); \
                  const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]";
    let place: Vec<f64> = list(&browser.run(script).await).iter().map(number).collect();
    let at = |(x, y): (f64, f64)| [place[0] + x * place[2], place[1] + y * place[3]];
    for (kind, place) in [("mousePressed", at(from)), ("mouseMoved", at(to)), ("mouseReleased", at(to))] {
        let [x, y] = place;
        let mouse = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        browser.cdp("Input.dispatchMouseEvent", mouse).await;
    }
}

/// The box in the page's address, as its four numbers.
async fn boxed(browser: &Browser) -> Vec<f64> {
    let script = "return new URLSearchParams(location.hash.slice(1)).get('box') ?? ''";
    let text = until(browser, script, |text| text.as_str().is_some_and(|text| !text.is_empty())).await;
    text.as_str().into_iter().flat_map(|text| text.split(',')).filter_map(|number| number.parse().ok()).collect()
}

#[tokio::test]
async fn a_box_is_drawn_with_the_pointer_and_moved_with_the_keys() {
    const TEST: &str = "a box around the object";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    browser
        .run("location.hash = '#model=squeezenet1_1&class=285&layer=fire9/concat&method=energy_inside'; return null")
        .await;
    browser.appears("box").await;
    browser.wait("the share", |state| state["method"] == "energy_inside" && state["busy"] == "no").await;
    drag(&browser, (0.8, 0.9), (0.2, 0.1)).await;
    let drawn = boxed(&browser).await;
    let wanted = [0.2, 0.1, 0.6, 0.8];
    let near = drawn.iter().zip(wanted).all(|(drawn, wanted)| (drawn - wanted).abs() < 0.01);
    assert!(near && drawn.len() == 4, "{drawn:?} for {wanted:?}");
    // What is in it is asked for at once, and is the command line's.
    let told = "return convscope.state().busy === 'no' && convscope.measurements()[0]?.value || null";
    let value = number(&until(&browser, told, Value::is_number).await);
    let set = format!("box={},{},{},{}", drawn[0], drawn[1], drawn[2], drawn[3]);
    let image = cat();
    let of = ["--method", "energy_inside", "--class", "285", "--layer", "fire9/concat", "--set", &set];
    let arguments = [&["explain", &image, "--model", "squeezenet1_1"], &of[..]].concat();
    if let Some((lines, _folder)) = native(TEST, &arguments, &setting.site.join("weights")) {
        let program = number(&lines[0]["value"]);
        println!("{TEST}: {value} of the heat, {program} by the command line");
        assert!((value - program).abs() < TOLERANCE, "{value} for {program}");
    }
    browser.screenshot("box-drawn").await;
    // The box has the focus: keys move it, and with Shift resize it.
    browser.press("ArrowRight").await;
    let moved = boxed_but(&browser, &drawn).await;
    assert!((moved[0] - drawn[0] - 0.01).abs() < 1e-9 && moved[1..] == drawn[1..], "{moved:?} after {drawn:?}");
    let shifted = json!({ "type": "keyDown", "key": "ArrowUp", "modifiers": 8 });
    browser.cdp("Input.dispatchKeyEvent", shifted).await;
    let resized = boxed_but(&browser, &moved).await;
    assert!((resized[3] - moved[3] + 0.01).abs() < 1e-9 && resized[..3] == moved[..3], "{resized:?} after {moved:?}");
    browser.close().await;
}

/// The box in the page's address, once it is another.
async fn boxed_but(browser: &Browser, other: &[f64]) -> Vec<f64> {
    for _ in 0..2400 {
        let now = boxed(browser).await;
        if now != other {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the box stays at {other:?}")
}

#[tokio::test]
async fn a_measurement_is_saved_with_its_chart() {
    let Some(setting) = Setting::find("the saved picture of a measurement") else { return };
    let (browser, _server) = example_page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    browser
        .run("location.hash = '#model=squeezenet1_1&class=285&layer=fire9/concat&method=deletion&steps=8'; return null")
        .await;
    // A link starts nothing that takes long.
    browser.wait("the method", |state| state["method"] == "deletion" && state["busy"] == "no").await;
    browser.click("run").await;
    browser
        .wait("the curve", |state| {
            state["method"] == "deletion" && state["seconds"]["explain"].is_number() && state["busy"] == "no"
        })
        .await;
    browser.run("document.querySelector('[data-testid=save] > summary').click(); return null").await;
    let picture = saved(&browser, folder.path(), "save-image").await;
    std::fs::create_dir_all(screenshots()).expect("a folder for screenshots");
    std::fs::copy(&picture, screenshots().join("saved-measurement.png")).expect("a copy to look at");
    let (width, height) = image::image_dimensions(Path::new(&picture)).expect("an image");
    // The size of the example.
    let (wide, high) = (451, 300);
    assert!(
        width > 2 * wide - 2 && height >= high,
        "{width} x {height} has no room for a chart beside {wide} x {high}"
    );
    // On the right: white paper, and the ink of the map's curve.
    let rgb = pixels(&picture);
    let right = rgb.chunks_exact(3).enumerate().filter(|(at, _)| (*at as u32) % width > wide + 8);
    let inked = right.filter(|(_, pixel)| *pixel == [109, 31, 116]).count();
    assert!(inked > 200, "{inked} pixels of a curve");
    browser.close().await;
}
