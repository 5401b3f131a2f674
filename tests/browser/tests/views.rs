//! Views that are linked with the stage: the channels of a place, by mouse and by keyboard, and maps looked at in passing.

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use convscope_browser_tests::{Browser, Gpu, Server, Setting, axe, checkout, native};
use serde_json::{Value, json};

async fn open(test: &str, language: &str) -> Option<(Setting, Server, Browser)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.prefer(language).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    Some((setting, server, browser))
}

/// The ranked channels with their shares as they are written.
const RANKED: &str = "return [...document.querySelectorAll('[data-testid^=ranked-]')].map(one => [one.dataset.testid.slice(7), one.querySelector('.number').textContent])";
const DRAWN: &str = "return ['drill-reconstruction'].every(id => document.querySelector(`[data-testid=${id}] canvas`)?.width > 16) && \
    !document.querySelector('[data-testid=drill-heat]').hidden";

/// Whether a box from a fifth of the sides on is looked into.
const BOX: &str =
    "return /drill=0\\.(2|19\\d|20\\d),0\\.(2|19\\d|20\\d),0\\.2[45]\\d*,0\\.(3|29\\d|30\\d)/.test(location.hash)";

async fn accessible(browser: &Browser, test: &str, at: &str) {
    let Some(script) = axe(test) else { return };
    assert_eq!(browser.violations(&script).await, Vec::<String>::new(), "{at}");
}

fn example(name: &str) -> std::path::PathBuf {
    let path = checkout().join("core/examples").join(name);
    // A browser takes no path with steps back.
    path.canonicalize().expect("an example")
}

/// The shares that the command line gives for the same place, as the page writes them.
fn on_the_command_line(test: &str, setting: &Setting, class: &str, place: &str) -> Option<Value> {
    let (image, place) = (example("cat.jpg"), format!("place={place}"));
    let arguments =
        ["explain", image.to_str()?, "--method", "channel_attribution", "--class", class, "--layer", "fire9/concat"];
    let sets = ["--model", "squeezenet1_1", "--set", place.as_str(), "--set", "channels=top12"];
    let (lines, _) = native(test, &[&arguments[..], &sets].concat(), &setting.site.join("weights"))?;
    let share = |line: &Value| {
        let share = line["share"].as_f64().expect("a share");
        let percent = if share >= 0.9995 { ">99.9%".into() } else { format!("{:.1}%", 100.0 * share) };
        json!([line["channel"].to_string(), if share < 0.0005 { "<0.1%".into() } else { percent }])
    };
    Some(lines.iter().map(share).collect())
}

#[tokio::test]
async fn a_place_is_looked_into_with_the_mouse() {
    let test = "looking into a place";
    let Some((setting, _server, browser)) = open(test, "en").await else { return };
    // The cat's face.
    browser.drag("picture", (0.5, 0.4), (0.5, 0.4)).await;
    let ranked = browser
        .until("channels", &format!("const found = (() => {{ {RANKED} }})(); return found.length ? found : null"))
        .await;
    browser.until("the views", DRAWN).await;
    let address = browser.run("return location.hash").await.as_str().unwrap_or_default().to_owned();
    let place = address.split("drill=").nth(1).and_then(|rest| rest.split('&').next()).expect("a place").to_owned();
    let at: Vec<f64> = place.split(',').filter_map(|share| share.parse().ok()).collect();
    assert!((at[0] - 0.5).abs() < 0.005 && (at[1] - 0.4).abs() < 0.005 && at[2..] == [0.0, 0.0], "{place}");
    let class = browser.state().await["class"].to_string();
    if let Some(expected) = on_the_command_line(test, &setting, &class, &place) {
        assert_eq!(ranked, expected, "the page's shares are the command line's");
    }
    browser.screenshot("drill-en-1440x900").await;
    accessible(&browser, test, "looking into a place").await;

    // Another channel, the layer before, another place, and back.
    let second = ranked[1][0].as_str().expect("a channel").to_owned();
    browser.click(&format!("ranked-{second}")).await;
    browser
        .until(
            "the channel",
            &format!("return document.querySelector('[data-testid=ranked-{second}]').ariaPressed === 'true'"),
        )
        .await;
    assert!(
        browser.run("return location.hash").await.as_str().is_some_and(|hash| hash.contains(&format!("unit={second}")))
    );
    let last = browser.state().await["layer"].clone();
    browser.click("drill-earlier").await;
    browser.wait("the layer before", |state| state["layer"] != last && state["busy"] == "no").await;
    browser
        .until(
            "its channels",
            &format!(
                "const found = (() => {{ {RANKED} }})(); return found.length && JSON.stringify(found) !== '{}'",
                ranked
            ),
        )
        .await;
    browser.drag("picture", (0.2, 0.2), (0.45, 0.5)).await;
    browser.until("a box", BOX).await;
    assert_eq!(browser.run("return document.querySelectorAll('[data-testid^=trail-]').length").await, 3);
    browser.click("trail-1").await;
    browser.wait("the last layer", |state| state["layer"] == last).await;
    browser.until("the channel before", &format!("return location.hash.includes('drill={place}&unit={second}')")).await;
    // The address is an entry that Back walks.
    browser.run("history.back(); return null").await;
    browser.until("the box again", BOX).await;
    browser.run("history.forward(); return null").await;
    browser.until("the place again", &format!("return location.hash.includes('drill={place}')")).await;

    // The optimum is made when it is asked for.
    browser.click("drill-optimize").await;
    browser.until("the optimum", "return document.querySelector('[data-testid=drill-optimum] canvas')?.width > 16 && !document.querySelector('[data-testid=drill-optimum] progress')").await;
    browser.screenshot("drill-optimum-1440x900").await;
    browser.click("drill-close").await;
    browser.vanishes("drill").await;
    assert!(browser.run("return location.hash").await.as_str().is_some_and(|hash| !hash.contains("drill=")));
    assert_eq!(browser.errors().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn the_same_channel_is_found_in_other_images() {
    let Some((_, _server, browser)) = open("a channel in other images", "en").await else { return };
    // One of them is larger than any screen.
    let enlarge = "return createImageBitmap(await (await fetch('examples/coffee.jpg')).blob(), { resizeWidth: 3600 }).then(image => { \
        const canvas = document.createElement('canvas'); [canvas.width, canvas.height] = [image.width, image.height]; \
        canvas.getContext('2d').drawImage(image, 0, 0); return canvas.toDataURL('image/jpeg', 0.7).split(',')[1] })";
    let enlarged = browser.run(&format!("return (async () => {{ {enlarge} }})()")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let large = folder.path().join("large.jpg");
    let enlarged = BASE64_STANDARD.decode(enlarged.as_str().expect("an image")).expect("base64");
    std::fs::write(&large, enlarged).expect("written");
    let files = [example("cat.jpg"), large, example("rocket.jpg")];
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let decoded = "window.widths = []; const make = window.createImageBitmap; \
        window.createImageBitmap = async (...given) => { const made = await make(...given); window.widths.push(made.width); return made }; return null";
    browser.run(decoded).await;
    browser.upload_all(&files).await;
    browser.settle("cat.jpg").await;
    browser.click("drill-open").await;
    browser
        .until("both other images", "return document.querySelectorAll('[data-testid=elsewhere] button').length === 2")
        .await;
    let values = browser.run("return [...document.querySelectorAll('[data-testid=elsewhere] button span')].map(one => Number(one.textContent))").await;
    let [first, second] = [0, 1].map(|at| values[at].as_f64().expect("a number"));
    assert!(first >= second, "the one where it fires most is the first: {values}");
    let widest = "const drawn = [...document.querySelectorAll('[data-testid=elsewhere] canvas')].every(one => one.width === 96); \
        return drawn && Math.max(...window.widths)";
    let widest = browser.until("the parts", widest).await;
    assert_eq!(widest, 1600, "no image is larger in memory than a screen");
    browser.screenshot("drill-elsewhere-1440x900").await;
    let channel =
        browser.run("return document.querySelector('[data-testid=drill-channel] h3').firstChild.textContent").await;
    browser.run("document.querySelector('[data-testid=elsewhere] button').click(); return null").await;
    browser.wait("the other image", |state| state["picture"] != "cat.jpg" && state["busy"] == "no").await;
    browser
        .until(
            "the same channel",
            &format!(
                "return document.querySelector('[data-testid=drill-channel] h3')?.firstChild.textContent === {channel}"
            ),
        )
        .await;
    browser.click("trail-0").await;
    browser.wait("the way back", |state| state["picture"] == "cat.jpg" && state["busy"] == "no").await;
    browser.close().await;
}

#[tokio::test]
async fn a_place_is_looked_into_with_the_keyboard_alone() {
    let test = "looking into a place by keys";
    for language in ["en", "zh-CN"] {
        let Some((_, _server, browser)) = open(test, language).await else { return };
        browser.keys("drill-open", "\u{e007}").await;
        browser.until("the views", DRAWN).await;
        let place = "return location.hash.split('drill=')[1]?.split('&')[0] ?? null";
        let before = browser.run(place).await;
        browser.keys("mark", "\u{e012}").await;
        let moved = browser
            .until(
                "another cell",
                &format!("const now = (() => {{ {place} }})(); return now === {before} ? null : now"),
            )
            .await;
        assert_ne!(moved, before);
        assert_eq!(
            browser.run("return document.querySelectorAll('[data-testid^=trail-]').length").await,
            0,
            "no step of its own"
        );
        browser
            .until(
                "its channels",
                &format!("const found = (() => {{ {RANKED} }})(); return found.length > 1 ? found : null"),
            )
            .await;
        let second = browser.run("return document.querySelectorAll('[data-testid^=ranked-]')[1].dataset.testid").await;
        browser.keys(second.as_str().expect("a channel"), "\u{e007}").await;
        browser.until("the way", "return document.querySelectorAll('[data-testid^=trail-]').length === 1").await;
        browser.until("the views", DRAWN).await;
        for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
            browser.resize(width, height).await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            browser.screenshot(&format!("drill-{language}-{width}x{height}")).await;
            let wide =
                browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert_eq!(wide, 0, "{language}, {width}: the page is wider than the window");
            accessible(&browser, test, &format!("{language}, {width}")).await;
        }
        browser.resize(1440, 900).await;
        browser.keys("trail-0", "\u{e007}").await;
        browser.until("the way back", "return document.querySelectorAll('[data-testid^=trail-]').length === 0").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn a_layer_is_looked_at_in_passing() {
    let Some((_, _server, browser)) = open("a layer in passing", "en").await else { return };
    let pixels = "const heat = document.querySelector('[data-testid=heat]'); \
        return heat.getContext('2d').getImageData(0, 0, heat.width, heat.height).data.reduce((sum, one) => (sum * 31 + one) % 1000003, 7)";
    let (before, address) = (browser.run(pixels).await, browser.run("return location.hash").await);
    browser.point("layer-conv1", (0.5, 0.5)).await;
    assert!(browser.appears("preview").await.contains("conv1"));
    let passing = browser
        .until("its map", &format!("const now = (() => {{ {pixels} }})(); return now === {before} ? null : now"))
        .await;
    assert_ne!(passing, before);
    assert_eq!(browser.run("return location.hash").await, address, "nothing is chosen");
    browser.screenshot("strip-preview").await;
    browser.point("picture", (0.5, 0.5)).await;
    browser.vanishes("preview").await;
    browser.until("the chosen layer's map", &format!("return (() => {{ {pixels} }})() === {before}")).await;
    // The numbers stand below each map, and in its words; of the last layer's map the correlation is 1.
    let told = browser.run("return [...document.querySelectorAll('[data-testid^=layer-]')].map(one => [one.title, one.querySelectorAll('.glance .part').length])").await;
    let told = told.as_array().expect("layers");
    let last = told
        .iter()
        .rfind(|one| one[0].as_str().is_some_and(|title| title.contains("channels")))
        .expect("the last layer");
    assert!(last[0].as_str().is_some_and(|title| title.contains("last layer's map: 1.00")), "{last}");
    assert!(told.iter().filter(|one| one[1] == 2).count() > 8, "{told:?}");
    // A box brings its share.
    browser.drag("picture", (0.2, 0.2), (0.8, 0.9)).await;
    browser.until("a third bar", "return document.querySelectorAll('.glance .inside').length > 8").await;
    browser.screenshot("strip-box").await;
    browser.close().await;
}
