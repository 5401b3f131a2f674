//! A site of another owner.

use std::fs;

use convscope_browser_tests::{Browser, FOLDER, Gpu, Server, Setting, checkout, native_map, secure};
use serde_json::json;

use super::{FRAME, TOLERANCE, explained, numbers, page, site};

/// Both over TLS, as sites of different owners: browsers keep storage of the one in the other apart, and refuse what is not secure.
#[tokio::test]
async fn a_site_of_another_owner_shows_it_over_tls() {
    let Some(setting) = Setting::find("a site of another owner") else { return };
    let (folder, around) = site("").await;
    let embedder = secure(&around, "embedder").await.expect("an address");
    let allowed = format!("frame-ancestors {}", embedder.trim_end_matches(FOLDER));
    let shown = Server::with_policy(&setting.site, |_, content| Some(content), &allowed).await.expect("a server");
    let address = secure(&shown, "convscope").await.expect("an address");
    around.replace("conv-scope.js", fs::read(checkout().join("web/embed/conv-scope.js")).expect("the script"));
    let asked = format!(
        "site=\"{address}\" image=\"cat.jpg\" method=\"grad_cam\" layer=\"last\" class=\"top1\" device=\"cpu\""
    );
    around.replace("index.html", page("conv-scope.js", &asked).into());
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&embedder).await;
    let told = explained(&browser, 0).await;
    assert!(told["classes"][0]["probability"].as_f64() > Some(0.5), "{told}");
    if let Some(native) =
        native_map("a site of another owner", &folder.path().join("cat.jpg"), &setting.site.join("weights"))
    {
        let largest = numbers(&told["map"])
            .iter()
            .zip(&native.values)
            .map(|(a, b)| (a - f64::from(*b)).abs())
            .fold(0.0, f64::max);
        assert!(largest < TOLERANCE, "{largest}");
    }
    assert_eq!(browser.run("return [isSecureContext, heard.error.length]").await, json!([true, 0]));
    // Nothing of the site around it is asked for but its own files, and the frame keeps no image.
    let own = |path: &String| ["", "conv-scope.js", "cat.jpg"].map(|name| format!("{FOLDER}{name}")).contains(path);
    assert!(around.asked().iter().all(own), "{:?}", around.asked());
    browser.enter(FRAME).await;
    let kept = browser.run("return caches.keys().then(names => [origin, isSecureContext, names.filter(name => name.includes(' image')).length, localStorage.length])").await;
    assert_eq!(kept, json!([address.trim_end_matches(FOLDER), true, 0, 0]));
    browser.leave().await;
    // One that is not allowed is shown nothing.
    let (_folder, other) = site("").await;
    let stranger = secure(&other, "stranger").await.expect("an address");
    other.replace("conv-scope.js", fs::read(checkout().join("web/embed/conv-scope.js")).expect("the script"));
    other.replace("index.html", page("conv-scope.js", &asked).into());
    browser.go(&stranger).await;
    assert_eq!(browser.until("an error", "return heard.error[0]?.code").await, "no-answer");
    browser.close().await;
}
