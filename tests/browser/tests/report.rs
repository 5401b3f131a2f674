//! The command line's report, as a browser sees it.

use std::path::Path;

use convscope_browser_tests::{Browser, FOLDER, Gpu, Server, Setting, checkout, run};
use scraper::Html;
use serde_json::Value;

/// What a report needs: to be shown. The server hears of anything more.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; report-uri /some/where/violation";

/// A file name that would break out of every place it is put in.
#[cfg(unix)]
const HOSTILE: &str = "\"><img src=x onerror=alert(1)>&amp;'<script>alert(2)<.jpg";
#[cfg(not(unix))]
const HOSTILE: &str = "&amp;'#%20.jpg";

fn unchanged(_: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    Some(content)
}

/// The report on two images, one of them with a hostile name, at all layers.
fn report(test: &str, folder: &Path) -> bool {
    let images = folder.join("pictures");
    std::fs::create_dir(&images).expect("a folder of images");
    let examples = checkout().join("core/examples");
    for (example, name) in [("cat.jpg", HOSTILE), ("rocket.jpg", "rocket.jpg")] {
        std::fs::copy(examples.join(example), images.join(name)).expect("an image");
    }
    let (images, file) = (images.display().to_string(), folder.join("report.html").display().to_string());
    run(test, &["explain", &images, "--layer", "all", "--device", "cpu", "--report", &file])
}

#[tokio::test]
async fn a_report_is_one_page_that_asks_for_nothing() {
    let test = "a report";
    let Some(setting) = Setting::find(test) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    if !report(test, folder.path()) {
        return;
    }
    let html = std::fs::read_to_string(folder.path().join("report.html")).expect("the report");
    let errors = Html::parse_document(&html).errors;
    assert!(errors.is_empty(), "not well formed: {errors:?}");

    let server = Server::with_policy(folder.path(), unchanged, POLICY).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}report.html", server.address)).await;
    let seen = browser.run(SEEN).await;
    assert_eq!(seen["broken"], Value::from(0), "{seen:#}");
    assert_eq!((&seen["active"], &seen["unknown"], &seen["twice"]), (&0.into(), &0.into(), &0.into()), "{seen:#}");
    assert_eq!(seen["titles"][0].as_str().map(|title| title.ends_with(HOSTILE)), Some(true), "{seen:#}");
    assert!(seen["figures"].as_u64().is_some_and(|figures| figures == 2 * 18 + 2), "{seen:#}");
    // Each map has its words, and its scale from a dark to a light end.
    assert_eq!((&seen["scales"], &seen["words"]), (&36.into(), &36.into()), "{seen:#}");
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        for scheme in ["light", "dark"] {
            browser.scheme(scheme).await;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            browser.screenshot(&format!("report-{width}x{height}-{scheme}")).await;
        }
        let wide =
            browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(wide, 0, "the report is wider than the window of {width}");
    }
    browser.resize(390, 844).await;
    browser.run("document.querySelector('.maps').scrollIntoView(); return null").await;
    browser.screenshot("report-390x844-maps").await;
    // The page itself, and what browsers ask every server for.
    let asked = server.asked();
    let more: Vec<&String> = asked.iter().filter(|path| path.starts_with(FOLDER)).collect();
    assert_eq!(more, [&format!("{FOLDER}report.html")], "{asked:?}");
    let others = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)").await;
    let others: Vec<&str> = others.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(others.iter().all(|name| name.starts_with("data:") || name.ends_with("/favicon.ico")), "{others:?}");
    browser.close().await;
}

const SEEN: &str = "
    const all = selector => [...document.querySelectorAll(selector)];
    await Promise.all(all('img').map(image => image.decode().catch(() => null)));
    const ids = all('[id]').map(element => element.id);
    return {
        broken: all('img').filter(image => !image.naturalWidth || !image.alt).length,
        active: all('script, link, iframe, object, embed, form, base, [onerror], [onload]').length,
        unknown: all('*').filter(element => element instanceof HTMLUnknownElement).length,
        twice: ids.length - new Set(ids).size,
        titles: all('section[id] h2').map(title => title.textContent),
        figures: all('figure').length,
        scales: all('.ramp').filter(ramp => getComputedStyle(ramp).backgroundImage.startsWith('linear-gradient')).length,
        words: all('.maps figcaption').filter(caption => caption.textContent.includes('of what the network saw')
            || caption.textContent.includes('blank')).length,
    }";
