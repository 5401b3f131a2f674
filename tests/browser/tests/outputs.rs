//! What can be taken away from the page: files, the same as the command line's, and links.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, checkout, native, pixels, save_into, saved, screenshots};
use serde_json::{Value, json};

fn unchanged(_: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    Some(content)
}

async fn open_menu(browser: &Browser) {
    browser.run("document.querySelector('[data-testid=save] > summary').click(); return null").await;
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a name")
}

fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).expect("the file")).expect("a zip archive");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).expect("its bytes");
        files.insert(file.name().to_owned(), bytes);
    }
    files
}

fn numbers(npy: &[u8]) -> (Vec<u64>, Vec<f32>) {
    let file = npyz::NpyFile::new(npy).expect("an array");
    (file.shape().to_vec(), file.into_vec().expect("float32"))
}

/// The largest difference between two arrays of one shape.
fn difference(one: &[u8], other: &[u8]) -> f32 {
    let (one, other) = (numbers(one), numbers(other));
    assert_eq!(one.0, other.0);
    one.1.iter().zip(&other.1).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

fn mean_difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: f64 = one.iter().zip(other).map(|(one, other)| f64::from(one.abs_diff(*other))).sum();
    sum / one.len() as f64
}

/// Two manifests have the same keys everywhere, the same words, and nearly the same numbers. What differs from run to run is left out.
fn alike(at: &str, one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{at}");
            for key in
                one.keys().filter(|key| !matches!(key.as_str(), "seconds" | "picture" | "overlay" | "map" | "device"))
            {
                alike(&format!("{at}.{key}"), &one[key], &other[key]);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len(), "{at}");
            one.iter().zip(other).for_each(|(one, other)| alike(at, one, other));
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().expect("a number"), other.as_f64().expect("a number"));
            assert!((one - other).abs() <= 1e-3 * other.abs().max(1.0), "{at}: {one} is not {other}");
        }
        _ => assert_eq!(one, other, "{at}"),
    }
}

#[tokio::test]
async fn what_is_saved_is_what_the_command_line_writes() {
    let test = "saved files";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    browser.go(&format!("{}?device=cpu&model=squeezenet1_1", server.address)).await;
    let state = browser.settle("Cat").await;
    open_menu(&browser).await;
    browser.run("document.querySelector('[data-testid=save]').scrollIntoView({ block: 'end' }); return null").await;
    browser.screenshot("save-menu").await;
    browser.resize(390, 844).await;
    browser.run("document.querySelector('[data-testid=save]').scrollIntoView({ block: 'end' }); return null").await;
    browser.screenshot("save-menu-390x844").await;
    browser.resize(1440, 900).await;

    let class = state["class"].to_string();
    let zip = saved(&browser, folder.path(), "save-layers").await;
    assert_eq!(name(&zip), format!("Cat.grad_cam.{class}.zip"));
    let mut page = unzipped(&zip);
    let cat = checkout().join("core/examples/cat.jpg");
    assert_eq!(page.remove("Cat"), std::fs::read(&cat).ok(), "the image is in it");
    let cat = cat.to_str().expect("a path");
    let arguments = ["explain", cat, "--class", &class, "--layer", "all", "--model", "squeezenet1_1"];
    let Some((_, out)) = native(test, &arguments, &setting.site.join("weights")) else { return };
    let theirs = |name: &str| std::fs::read(out.path().join(name.replacen("Cat.", "cat.", 1))).expect("the same file");
    assert_eq!(page.len(), std::fs::read_dir(out.path()).expect("the results").count());
    let mut largest = 0_f32;
    for (name, bytes) in page.iter().filter(|(name, _)| name.ends_with(".npy")) {
        largest = largest.max(difference(bytes, &theirs(name)));
    }
    println!("{test}: the zip's maps differ from the command line's by at most {largest:.1e}");
    assert!(largest < 1e-3, "{largest}");
    for (name, bytes) in page.iter().filter(|(name, _)| name.ends_with(".png")) {
        let ours = image::load_from_memory(bytes).expect("an image").to_rgb8().into_raw();
        let other = image::load_from_memory(&theirs(name)).expect("an image").to_rgb8().into_raw();
        assert!(mean_difference(&ours, &other) < 0.1, "{name}");
    }
    let mut manifest: Value = serde_json::from_slice(&page["manifest.json"]).expect("a manifest");
    let evidence = manifest.as_object_mut().and_then(|members| members.remove("bundle")).expect("a bundle's part");
    assert_eq!(evidence["files"].as_object().map(serde_json::Map::len), Some(page.len()));
    alike("manifest", &manifest, &serde_json::from_slice(&theirs("manifest.json")).expect("a manifest"));
    for result in manifest["results"].as_array().expect("results") {
        assert!(["overlay", "map"].iter().all(|key| page.contains_key(result[*key].as_str().expect("a name"))));
    }

    let alone = saved(&browser, folder.path(), "save-manifest").await;
    let told: Value = serde_json::from_slice(&std::fs::read(&alone).expect("a manifest")).expect("JSON");
    assert_eq!((name(&alone), told), ("manifest.json", manifest));
    let layer = state["layer"].as_str().expect("a layer");
    let array = saved(&browser, folder.path(), "save-array").await;
    assert_eq!(name(&array), format!("Cat.grad_cam.{}.{class}.npy", layer.replace('/', "_")));
    let same = page
        .iter()
        .find(|(name, _)| name.contains(&format!(".{}.", layer.replace('/', "_"))) && name.ends_with(".npy"));
    assert_eq!(std::fs::read(&array).ok().as_ref(), same.map(|(_, bytes)| bytes));

    // The image as it is seen, once with words below it, and once without: then it is nearly the command line's overlay.
    let captioned = saved(&browser, folder.path(), "save-image").await;
    assert_eq!(name(&captioned), format!("Cat.grad_cam.{}.{class}.png", layer.replace('/', "_")));
    std::fs::copy(&captioned, screenshots().join("saved-image.png")).expect("a copy to look at");
    browser.click("save-caption").await;
    let plain = saved(&browser, folder.path(), "save-image").await;
    let overlay = out.path().join(format!("cat.grad_cam.{}.{class}.png", layer.replace('/', "_")));
    let size = |path: &Path| image::image_dimensions(path).expect("an image");
    let ((width, height), (wide, high)) = (size(&plain), size(&captioned));
    assert_eq!(((width, height), wide), (size(&overlay), width));
    assert!(high > height + 20, "{high} has no room for words below {height}");
    let rows = pixels(&captioned);
    assert!(rows[3 * (width * height) as usize..].iter().any(|value| *value < 100), "there are no letters");
    let far = mean_difference(&pixels(&plain), &pixels(&overlay));
    println!("{test}: the image that is seen differs from the command line's by {far:.2} of 255 in the mean");
    assert!(far < 4.0, "{far}");
    browser.close().await;
}

#[tokio::test]
async fn other_techniques_are_saved_as_they_are_seen() {
    let Some(setting) = Setting::find("saved images of other techniques") else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    browser
        .go(&format!("{}?device=cpu&model=squeezenet1_1#technique=deconvnet&layer=fire5/concat", server.address))
        .await;
    browser.wait("four channels", |state| state["panels"] == 4 && state["busy"] == "no").await;
    open_menu(&browser).await;
    browser.click("save-caption").await;
    let panels = saved(&browser, folder.path(), "save-image").await;
    // Two by two, eight pixels apart.
    assert_eq!(image::image_dimensions(&panels).expect("an image"), (2 * 224 + 8, 2 * 224 + 8));
    let disabled =
        "return ['layers', 'array', 'manifest'].map(id => document.querySelector(`[data-testid=save-${id}]`).disabled)";
    assert_eq!(browser.run(disabled).await, json!([false, true, false]));
    // A link to a feature map, followed in the open page.
    browser
        .run("location.hash = 'technique=activations&layer=fire5/concat&channel=3&picture=example-cat'; return null")
        .await;
    browser.wait("the channel", |state| state["technique"] == "activations" && state["busy"] == "no").await;
    for _ in 0..2400 {
        if browser.run("return convscope.channel()?.channel ?? null").await == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(browser.run("return convscope.channel().channel").await, 3);
    let array = saved(&browser, folder.path(), "save-array").await;
    assert_eq!(name(&array), "Cat.activations.fire5_concat.3.npy");
    let (shape, _) = numbers(&std::fs::read(&array).expect("the array"));
    assert_eq!(shape.len(), 2);
    browser.close().await;
}

#[tokio::test]
async fn a_link_restores_the_view() {
    let test = "links";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, unchanged).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser.click("example-2").await;
    browser.settle("Rocket").await;
    browser.keys("search", "zebra").await;
    browser.click("class-340").await;
    browser.click("layer-fire5/concat").await;
    browser
        .wait("the view", |state| state["class"] == 340 && state["layer"] == "fire5/concat" && state["busy"] == "no")
        .await;
    let map = browser.run("return Array.from(convscope.map().values)").await;
    let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.cdp("Browser.grantPermissions", grant).await;
    open_menu(&browser).await;
    browser.click("copy-link").await;
    let link = browser.run("return navigator.clipboard.readText()").await;
    let link = link.as_str().expect("a link").to_owned();
    assert_eq!(browser.run("return location.href").await, link.as_str());
    for part in ["model=squeezenet1_1", "hash=", "picture=example-rocket", "class=340"] {
        assert!(link.contains(part), "{part} is missing in {link}");
    }
    assert!(
        link.contains("layer=fire5/concat") && link.contains("method=grad_cam") && link.contains("convention=paper")
    );

    let other = Browser::start(&setting, Gpu::Off).await;
    other.go(&link).await;
    let state = other.settle("Rocket").await;
    assert_eq!(
        (&state["class"], &state["layer"], &state["message"]),
        (&340.into(), &"fire5/concat".into(), &Value::Null)
    );
    assert_eq!(other.run("return Array.from(convscope.map().values)").await, map);
    assert_eq!(other.run("return location.href").await, link.as_str());

    // In the open page; what it lacks is said, whatever it is.
    let hostile = "#model=%3Cimg%20src=x%3E&class=999999&layer=%3Cscript%3E&technique=magic&picture=example-cat&convention=%3Cb%3E";
    other.run(&format!("location.hash = '{hostile}'; return null")).await;
    let state = other.settle("Cat").await;
    assert!(state["message"].is_string(), "{state:#}");
    let text = other.text("alert").await.unwrap_or_default();
    assert!(text.contains("999999") && text.contains("<script>"), "{text}");
    assert!(text.contains("technique") && text.contains("convention"), "{text}");
    assert_eq!(other.run("return document.querySelectorAll('.alert script, .alert img').length").await, 0);
    other.screenshot("link-lacks").await;

    // An image of one's own is in no link: whoever follows it is asked for it.
    let own = setting.site.join("examples/coffee.jpg");
    other.upload(&own).await;
    other.settle("coffee.jpg").await;
    let link = other.run("return location.href").await;
    let link = link.as_str().expect("a link").to_owned();
    assert!(link.contains("picture=own") && !link.contains("coffee"), "{link}");
    other.close().await;
    browser
        .run(&format!(
            "location.hash = '{}'; location.reload(); return null",
            link.split('#').nth(1).expect("a fragment")
        ))
        .await;
    // It is not kept here: the example stands in for it, and a quiet line says so.
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], &state["line"]), (&Value::Null, &json!("link-own-image")));
    browser.screenshot("link-own-image").await;
    browser.upload(&own).await;
    let state = browser.settle("coffee.jpg").await;
    assert_eq!((&state["message"], &state["line"]), (&Value::Null, &Value::Null));
    browser.close().await;
}
