//! Evidence bundles: saved by the page, verified by the command line, and opened by the page again.

use std::path::{Path, PathBuf};

use convscope_browser_tests::{Browser, Setting, attempt, example_page, save_into, saved};
use serde_json::{Value, json};

/// The example as a file of the person's own, so that the page does not know it.
fn own_image(folder: &Path) -> PathBuf {
    let cat = convscope_browser_tests::checkout().join("core/examples/cat.jpg");
    let file = folder.join("my own cat.jpg");
    let mut bytes = std::fs::read(cat).expect("the example");
    // Behind the end of the image, where no decoder looks.
    bytes.extend(b"mine");
    std::fs::write(&file, bytes).expect("a file");
    file
}

async fn open_menu(browser: &Browser) {
    browser.run("document.querySelector('[data-testid=save]').open = true; return null").await;
}

#[tokio::test]
async fn a_bundle_of_the_page_is_verified_by_the_command_line_and_opened_again() {
    const TEST: &str = "evidence bundles";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    save_into(&browser, folder.path()).await;
    let image = own_image(folder.path());
    browser.upload(&image).await;
    browser.settle("my own cat.jpg").await;
    browser.method("cam", "layer_cam").await;
    browser.wait("LayerCAM", |state| state["method"] == "layer_cam" && state["busy"] == "no").await;
    browser
        .run("location.hash = location.hash.replace(/&contour=\\d+/, '') + '&contour=40&colormap=viridis'; return null")
        .await;
    browser.wait("the colours", |state| state["busy"] == "no").await;
    // What is measured of the map is on screen, and goes along.
    browser
        .until(
            "what is measured",
            "const t = convscope.trust(); return t && !t.running && !t.due && t.measurements.length === 4",
        )
        .await;
    open_menu(&browser).await;
    let with = saved(&browser, folder.path(), "save-layers").await;
    browser.run("document.querySelector('[data-testid=save-with-image]').click(); return null").await;
    let without = saved(&browser, folder.path(), "save-layers").await;
    let weights = setting.site.join("weights");
    let place = ["--weights", weights.to_str().expect("a path"), "--device", "cpu"];
    let image = image.to_str().expect("a path");
    for (file, more) in [(&with, &[][..]), (&without, &["--image", image][..])] {
        let arguments = [&["verify", file.to_str().expect("a path"), "--json"][..], more, &place].concat();
        let Some((success, lines)) = attempt(TEST, &arguments) else { return };
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let differ: Vec<&Value> = lines.iter().filter(|line| line["agrees"] == false).collect();
        println!("{TEST}: {} parts of {}, {} differ", lines.len(), file.display(), differ.len());
        assert!(success && differ.is_empty(), "{differ:#?}");
        assert!(lines.iter().any(|line| line["code"] == "agreement-within"), "wasm and the program round differently");
        let measured = |line: &&Value| line["part"].as_str().is_some_and(|part| part.starts_with("deletion "));
        let measured: Vec<&Value> = lines.iter().filter(measured).collect();
        println!("{TEST}: {measured:?}");
        assert_eq!(measured.len(), 1, "measured again, of the map that was seen alone: {lines:#?}");
    }
    // A page that has never seen the image.
    for (file, shown) in [(&with, true), (&without, false)] {
        let (other, _server) = example_page(&setting).await;
        other.upload(file).await;
        other.appears("bundle").await;
        let facts = other.text("bundle-facts").await.unwrap_or_default();
        assert!(facts.contains("convscope ") && facts.contains("squeezenet1_1"), "{facts}");
        assert!(other.text("bundle-caption").await.is_some_and(|caption| caption.contains("LayerCAM")));
        let command = other.text("bundle-command").await.unwrap_or_default();
        assert!(command.contains("--contour 0.4") && command.contains("--colormap viridis"), "{command}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
            other.resize(width, height).await;
            other.screenshot(&format!("bundle-{shown}-{width}x{height}")).await;
        }
        other.resize(1440, 900).await;
        other.click("bundle-done").await;
        if !shown {
            assert!(facts.contains("not in the bundle"), "{facts}");
            let line = other.wait("the line", |state| !state["line"].is_null()).await;
            assert_eq!(line["line"], "link-own-image");
            other.upload(Path::new(image)).await;
        }
        let state = other.settle("my own cat.jpg").await;
        assert_eq!((&state["method"], &state["message"]), (&json!("layer_cam"), &Value::Null), "{state:#}");
        assert!(other.appears("bundle-agreement").await.contains("the same to the last bit"));
        other.screenshot(&format!("bundle-view-{shown}")).await;
        other.click("bundle-close").await;
        other.vanishes("bundle-open").await;
        other.close().await;
    }
    browser.close().await;
}

#[tokio::test]
async fn what_is_no_bundle_is_said_and_leaves_what_is_seen() {
    let Some(setting) = Setting::find("hostile bundles") else { return };
    let (browser, _server) = example_page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.zip");
    for content in [&b"PK\x03\x04 not really"[..], b""] {
        std::fs::write(&file, content).expect("a file");
        browser.upload(&file).await;
        let said = browser.appears("alert").await;
        assert!(said.contains("bad.zip cannot be opened as a bundle") && said.contains("no zip archive"), "{said}");
        browser.click("dismiss").await;
        assert_eq!(browser.state().await["picture"], "Cat");
    }
    browser.close().await;
}
