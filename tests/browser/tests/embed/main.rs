//! `<conv-scope>` in pages of other origins: what it is told, what it tells, and whom it does not hear.

mod secure;

use std::fs;
use std::path::Path;
use std::time::Duration;

use convscope_browser_tests::{Browser, FOLDER, Gpu, Opened, Server, Setting, axe, checkout, native_map};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Difference of two numbers of a map, which is 0 to 1: the page and the program add in another order.
const TOLERANCE: f64 = 1e-4;
/// The frame of the element.
const FRAME: &str = "return document.querySelector('conv-scope').shadowRoot.querySelector('iframe')";

/// A page with an element whose attributes are those, and whose script comes from there. Everything that the element tells is put down.
fn page(script: &str, attributes: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Another page</title><link rel=\"icon\" href=\"data:,\">
        <script type=\"module\" src=\"{script}\"></script></head><body><main><h1>Another page</h1><conv-scope {attributes}></conv-scope></main>
        <script>
        window.element = document.querySelector('conv-scope');
        window.heard = {{ ready: [], progress: [], explained: [], error: [] }};
        for (const type in heard) element.addEventListener(type, event => heard[type].push(event.detail));
        </script></body></html>"
    )
}

/// A site with the example of a cat and one page.
async fn site(html: &str) -> (TempDir, Server) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(checkout().join("core/examples/cat.jpg"), folder.path().join("cat.jpg")).expect("copied");
    let server = Server::with_policy(folder.path(), |_, content| Some(content), "").await.expect("a server");
    server.replace("index.html", html.into());
    (folder, server)
}

fn origin(server: &Server) -> String {
    server.address.trim_end_matches(FOLDER).to_owned()
}

/// The answer of that place among those that were heard, with its numbers as a list.
async fn explained(browser: &Browser, place: usize) -> Value {
    let script = format!(
        "const one = heard.explained[{place}]; return one ? {{ ...one, map: Array.from(one.map), isArray: one.map instanceof Float32Array }} : null"
    );
    browser.until("an explanation", &script).await
}

fn numbers(map: &Value) -> Vec<f64> {
    map.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

#[tokio::test]
async fn another_origins_page_gets_the_maps_that_the_program_writes() {
    let test = "a page of another origin";
    let Some(setting) = Setting::find(test) else { return };
    let (folder, server) = site("").await;
    let Some(opened) = Opened::start_for(test, &setting.site, &[&origin(&server)]).await else { return };
    let asked = "model=\"squeezenet1_1\" image=\"cat.jpg\" method=\"grad_cam\" convention=\"paper\" layer=\"last\" class=\"top1\" device=\"cpu\"";
    server.replace("index.html", page(&format!("{}conv-scope.js", opened.address), asked).into());
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&server.address).await;
    let first = explained(&browser, 0).await;
    let told = browser.run("return [heard.ready[0], heard.progress.length, heard.error.length]").await;
    assert_eq!((&told[0]["model"], &told[2]), (&json!("squeezenet1_1"), &json!(0)), "{told}");
    assert!(told[1].as_u64() > Some(0) && told[0]["methods"].as_array().is_some_and(|all| all.len() > 10), "{told}");
    assert_eq!(
        (&first["isArray"], &first["method"], &first["blank"]),
        (&json!(true), &json!("grad_cam"), &Value::Null)
    );
    assert!(first["classes"][0]["probability"].as_f64() > Some(0.5) && first["class"] == first["classes"][0]);

    if let Some(native) = native_map(test, &folder.path().join("cat.jpg"), &setting.site.join("weights")) {
        assert_eq!((&first["layer"], &first["shape"]), (&json!(native.layer), &json!(native.shape)));
        let map = numbers(&first["map"]);
        let largest = map.iter().zip(&native.values).map(|(a, b)| (a - f64::from(*b)).abs()).fold(0.0, f64::max);
        println!("largest difference of {} numbers: {largest:.1e}", map.len());
        assert!(map.len() == native.values.len() && largest < TOLERANCE, "{largest}");
    }

    // Attributes that change are one request more, however many they are.
    browser
        .run("element.setAttribute('class', 'tabby'); element.setAttribute('method', 'layer_cam'); return null")
        .await;
    let second = explained(&browser, 1).await;
    assert_eq!((&second["method"], &second["class"]["name"]), (&json!("layer_cam"), &json!("tabby")));
    assert_ne!(second["map"], first["map"]);
    // An image by its pixels, and with the answer a picture.
    let pixels = "const image = await createImageBitmap(await (await fetch('cat.jpg')).blob());
        element.image = image; const told = await element.explain({ picture: true });
        const seen = await createImageBitmap(told.picture);
        return [told.picture.type, seen.width === image.width && seen.height === image.height, told.number !== null, told.class.name]";
    let told = browser.run(&format!("return (async () => {{ {pixels} }})()")).await;
    assert_eq!(told, json!(["image/png", true, true, "tabby"]));
    // What cannot be had is an error, and nothing else in its place.
    let count = browser.run("return heard.explained.length").await;
    let refused = "element.setAttribute('layer', 'absent'); return element.explain().then(() => 'explained', error => [error.code, error.message])";
    let told = browser.run(refused).await;
    assert!(told[0] == "link-no-layer" && told[1].as_str().is_some_and(|text| text.contains("absent")), "{told}");
    assert_eq!(
        browser.run("return [heard.explained.length, heard.error.at(-1).code]").await,
        json!([count, "link-no-layer"])
    );
    assert_eq!(
        browser.run("element.removeAttribute('layer'); return element.explain().then(told => told.layer)").await,
        first["layer"]
    );

    // A person in the frame chooses another class, which the page around it hears.
    browser.enter(FRAME).await;
    let chosen = browser.run("const other = document.querySelector('[data-testid=top] [aria-pressed=false]'); other.click(); return other.dataset.testid").await;
    browser.leave().await;
    let last = browser
        .until(
            "the person's choice",
            "const one = heard.explained.at(-1); return one.number === null ? one.class.index : null",
        )
        .await;
    assert_eq!(json!(format!("class-{last}")), chosen);
    shown_and_accessible(&browser, test).await;
    // Nothing was kept of the images in the frame, and the browser keeps no page that nobody has visited.
    browser.enter(FRAME).await;
    let kept = browser.run("return Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([names, workers]) => [names.filter(name => name.includes(' image') || name.includes(' page ')), workers.length, localStorage.length])").await;
    assert_eq!(kept, json!([[], 0, 0]));
    browser.close().await;
}

/// The frame is as high as what is in it, and axe finds nothing, neither in the page nor in the frame.
async fn shown_and_accessible(browser: &Browser, test: &str) {
    let (outside, inside) = (
        "return Math.round(element.getBoundingClientRect().height)",
        "return Math.ceil(document.documentElement.getBoundingClientRect().height)",
    );
    for (name, width, height) in [("desktop", 1440, 900), ("phone", 390, 844)] {
        browser.resize(width, height).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let seen = browser.run(outside).await;
        browser.screenshot(&format!("embed-{name}")).await;
        browser.enter(FRAME).await;
        let wanted = browser.run(inside).await;
        let wide = browser.run("return document.documentElement.scrollWidth <= innerWidth").await;
        browser.leave().await;
        assert_eq!((seen, wide), (wanted, json!(true)), "{name}");
    }
    let Some(script) = axe(test) else { return };
    assert_eq!(browser.violations(&script).await, Vec::<String>::new());
    browser.enter(FRAME).await;
    assert_eq!(browser.violations(&script).await, Vec::<String>::new());
    browser.leave().await;
}

#[tokio::test]
async fn a_third_window_is_not_heard_and_hears_nothing() {
    let test = "a hostile window";
    let Some(setting) = Setting::find(test) else { return };
    let (_folder, server) = site("").await;
    let hostile = "<script>
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => parent.postMessage({ hostile: data.type }, '*');
        addEventListener('message', ({ data }) => parent.postMessage({ hostile: data.convscope }, '*'));
        parent.frames[0].postMessage({ convscope: 'connect' }, '*', [port2]);
        port1.postMessage({ type: 'explain', number: 1, link: 'class=0', image: null });
        parent.postMessage({ convscope: 'hello', version: 1 }, '*');
        parent.postMessage({ hostile: 'sent' }, '*');
        </script>";
    let (_other_folder, other) = site(hostile).await;
    let Some(opened) = Opened::start_for(test, &setting.site, &[&origin(&server)]).await else { return };
    // A second frame, which any window of the page can reach.
    let html = page(&format!("{}conv-scope.js", opened.address), "device=\"cpu\"").replace(
        "<main>",
        &format!("<iframe title=\"direct\" src=\"{}?embed=wait&device=cpu\"></iframe><main>", opened.address),
    );
    server.replace("index.html", html.into());
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&server.address).await;
    explained(&browser, 0).await;
    let insert = format!(
        "window.told = []; addEventListener('message', event => {{ if (event.data.hostile) told.push(event.data.hostile); }});
        const frame = document.createElement('iframe'); frame.src = '{}'; document.body.append(frame); return null",
        other.address
    );
    browser.run(&insert).await;
    browser.until("the hostile window", "return told.length").await;
    // Time for whatever it could bring about.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(browser.run("return told").await, json!(["sent"]));
    browser.enter("return document.querySelector('iframe')").await;
    let state = browser.state().await;
    browser.leave().await;
    assert_eq!(
        (&state["engine"], &state["model"], &state["picture"]),
        (&json!("starting"), &Value::Null, &Value::Null),
        "it has begun"
    );
    // The same from the page that has opened it is heard, and the element still has its own port.
    let connect = "return new Promise(done => { const { port1, port2 } = new MessageChannel(); port1.onmessage = ({ data }) => done(data.type);
        frames[0].postMessage({ convscope: 'connect' }, '*', [port2]); })";
    assert_eq!(browser.run(connect).await, "size");
    assert_eq!(
        browser.run("return element.explain().then(told => told.class.index)").await,
        browser.run("return heard.explained[0].class.index").await
    );
    browser.close().await;
}

#[tokio::test]
async fn a_page_of_the_disk_shows_it_where_that_is_allowed() {
    let test = "a page of the disk";
    let Some(setting) = Setting::find(test) else { return };
    let Some(opened) = Opened::start_for(test, &setting.site, &["file:"]).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let html = page(&format!("{}conv-scope.js", opened.address), "image=\"example:coffee\" device=\"cpu\"");
    fs::write(folder.path().join("page.html"), html).expect("written");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&address(&folder.path().join("page.html"))).await;
    let told = explained(&browser, 0).await;
    assert_eq!((&told["class"]["name"], numbers(&told["map"]).len()), (&json!("espresso"), 169));
    browser.close().await;
}

fn address(file: &Path) -> String {
    format!("file://{}", file.display())
}

#[tokio::test]
async fn a_page_that_may_not_show_it_is_told_so() {
    let test = "a page that may not show it";
    let Some(setting) = Setting::find(test) else { return };
    let Some(opened) = Opened::start(test, &setting.site).await else { return };
    let html = page("conv-scope.js", &format!("site=\"{}\"", opened.address));
    let (_folder, server) = site(&html).await;
    server.replace("conv-scope.js", fs::read(checkout().join("web/embed/conv-scope.js")).expect("the script"));
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&server.address).await;
    let told =
        browser.until("an error", "const one = heard.error[0]; return one ? [one.code, one.message] : null").await;
    assert!(told[0] == "no-answer" && told[1].as_str().is_some_and(|text| text.contains(&opened.address)), "{told}");
    assert_eq!(browser.run("return heard.explained.length").await, 0);
    browser.close().await;
}

#[tokio::test]
async fn a_link_in_a_frame_shows_the_stage_alone_and_waits_before_what_takes_long() {
    let Some(setting) = Setting::find("a link in a frame") else { return };
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    let view = "?embed&language=zh-CN&device=cpu#model=squeezenet1_1&picture=example-cat";
    browser.go(&format!("{}{view}&method=layer_cam&class=tabby", server.address)).await;
    let state = browser.settle("Cat").await;
    assert_eq!(
        (&state["method"], &state["class"], &state["language"]),
        (&json!("layer_cam"), &json!(281), &json!("zh-Hans"))
    );
    let alone = "return [document.querySelectorAll('.header, .pane, [data-testid=file-input]').length, location.hash, localStorage.length]";
    assert_eq!(
        browser.run(alone).await,
        json!([0, "#model=squeezenet1_1&picture=example-cat&method=layer_cam&class=tabby", 0])
    );
    browser.screenshot("embed-chinese").await;
    browser.run("history.replaceState(null, '', '#method=rise&class=tabby'); dispatchEvent(new Event('hashchange')); return null").await;
    browser.wait("the other method", |state| state["method"] == "rise" && state["busy"] == "no").await;
    assert!(browser.text("run").await.is_some() && browser.run("return convscope.map() === null").await == true);
    browser.close().await;
}
