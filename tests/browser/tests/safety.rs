//! A whole session asks its own server only, and does nothing that its policy forbids.

use convscope_browser_tests::{Browser, FOLDER, Gpu, Server, Setting, elephant};

#[tokio::test]
async fn a_whole_session_asks_nobody_else_and_breaks_no_rule() {
    let test = "a whole session";
    let Some(setting) = Setting::find(test) else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Software).await;
    let idle = async |what: &str| {
        browser.wait(what, |state| state["busy"] == "no" && state["picture"].is_string()).await;
    };
    browser.go(&format!("{}?device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser.kept().await;
    let methods = [
        ("channel", "activations"),
        ("synthesis", "filters"),
        ("channel", "channel_reconstruction"),
        ("cam", "grad_cam"),
    ];
    for (family, method) in methods {
        browser.method(family, method).await;
        idle(method).await;
    }
    browser.click("example-1").await;
    browser.settle("Coffee").await;
    if let Some(image) = elephant(test) {
        browser.upload(&image).await;
        browser.settle("seed_elephant.jpg").await;
    }
    // Once more, from what has been kept.
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    assert_eq!(browser.errors().await, Vec::<String>::new());
    let violations = server.asked().iter().filter(|path| path.ends_with("/violation")).count();
    assert_eq!(violations, 0, "the page tried what its Content-Security-Policy forbids");
    // The policy is the page's own, whatever the server says, and it works.
    let written = "const script = document.createElement('script'); script.textContent = 'window.broken = true'; document.head.append(script)";
    assert!(browser.attempt(written).await.is_err_and(|error| error.contains("TrustedScript")));
    let named = "new Worker(document.querySelector('meta[name=convscope-worker]').content)";
    assert!(browser.attempt(named).await.is_err_and(|error| error.contains("TrustedScriptURL")));
    let inline = "document.body.setAttribute('onclick', 'window.broken = true'); document.body.click(); return window.broken === undefined";
    assert!(browser.attempt(inline).await != Ok(false.into()));
    let outside = "return fetch('http://192.0.2.1/').then(() => 'reached', () => 'refused')";
    assert_eq!(browser.run(outside).await, "refused");
    assert!(browser.errors().await.iter().any(|error| error.contains("Content Security Policy")));

    let origin = server.address.strip_suffix(FOLDER).expect("an origin");
    let asked = browser.close_and_tell().await;
    let (own, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(initiator, _)| initiator == origin);
    assert!(others.iter().all(|(initiator, _)| initiator == "not an origin"), "{others:?}");
    let outside: Vec<&str> = own
        .iter()
        .map(|(_, url)| url.as_str())
        .filter(|url| !url.starts_with(&server.address) && !local(url))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    for ending in ["_bg.wasm", ".bin", "service_worker.js", ".css"] {
        assert!(own.iter().any(|(_, url)| url.ends_with(ending)), "the log lacks {ending}");
    }
    // Chromium's own, which the tests let nowhere, bear no origin; the opening of the page is among them.
    println!(
        "{test}: {} requests of the page, all to its own folder; {} of the browser's own",
        own.len(),
        others.len()
    );
}

/// What is made inside the page and never leaves it.
fn local(url: &str) -> bool {
    url.starts_with("blob:") || url.starts_with("data:")
}
