//! The page without its server, with a new version of it, and with what it keeps damaged or without room.

use std::time::Duration;

use convscope_browser_tests::{Browser, Gpu, Server, Setting, sha256};
use serde_json::{Value, json};

const SHARD: &str = "weights/squeezenet1_1/weights-00.bin";

async fn page(test: &str) -> Option<(Setting, Server, Browser)> {
    let setting = Setting::find(test)?;
    let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    Some((setting, server, browser))
}

/// How often the shard has been asked for.
fn asked(server: &Server) -> usize {
    server.asked().iter().filter(|path| path.ends_with(SHARD)).count()
}

/// Runs a script with `cache`, the cache of SqueezeNet's weights, and `entry`, the request of its shard there.
async fn with_shard(browser: &Browser, script: &str) -> Value {
    let find = "const name = (await caches.keys()).find(name => name.endsWith(' weights squeezenet1_1'));
        const cache = await caches.open(name);
        const entry = (await cache.keys()).find(request => request.url.includes('.bin'));";
    browser.run(&format!("return (async () => {{ {find} {script} }})()")).await
}

#[tokio::test]
async fn the_page_opens_and_explains_with_its_server_stopped() {
    let test = "offline";
    let Some((_, mut server, browser)) = page(test).await else { return };
    browser.go(&server.address).await;
    let first = browser.settle("Cat").await;
    browser.kept().await;
    server.stop().await;
    assert!(browser.attempt("return fetch('./weights/index.json').then(() => 1)").await.is_err(), "the server answers");
    // With a query, too, as a bookmark has.
    browser.go(&format!("{}?device=cpu", server.address)).await;
    let again = browser.settle("Cat").await;
    assert_eq!((&again["hash"], &again["class"], &again["message"]), (&first["hash"], &first["class"], &Value::Null));
    browser.click("example-2").await;
    let state = browser.settle("Rocket").await;
    assert!(state["layers"].as_array().is_some_and(|layers| layers.len() > 5), "{state:#}");
    browser.screenshot("offline").await;
    browser.close().await;
}

/// The page and its service worker as a later build would make them.
fn version(setting: &Setting, title: &str) -> [(&'static str, Vec<u8>); 2] {
    let read = |name: &str| std::fs::read_to_string(setting.site.join(name)).expect("a file of the site");
    let (old, script) = (read("index.html"), read("service_worker.js"));
    let new = old.replace("<html", &format!("<html data-version=\"{title}\""));
    assert_ne!(old, new);
    let script = script.replace(&sha256(old.as_bytes()), &sha256(new.as_bytes()));
    let script = script.replacen("const VERSION = \"", &format!("const VERSION = \"{title}"), 1);
    [("index.html", new.into()), ("service_worker.js", script.into())]
}

/// Which one is seen.
const SEEN: &str = "return document.documentElement.dataset.version ?? 'First'";

#[tokio::test]
async fn a_new_version_takes_over_whole_or_not_at_all() {
    let Some((setting, server, browser)) = page("a new version").await else { return };
    let open = async |image: &str| {
        browser.go(&server.address).await;
        browser.settle(image).await;
    };
    open("Cat").await;
    browser.kept().await;
    // A version of which one file has not arrived yet: nothing of it is seen.
    let [page, worker] = version(&setting, "Second");
    server.replace(worker.0, worker.1.clone());
    let failed = "return navigator.serviceWorker.getRegistration().then(registration => registration.update()).then(
        registration => new Promise(done => {
            const worker = registration.installing;
            if (!worker) return done('none');
            worker.onstatechange = () => done(worker.state);
        }), error => 'refused')";
    assert_eq!(browser.run(failed).await, "redundant");
    open("Cat").await;
    assert_eq!(browser.run(SEEN).await, "First");
    // However often a worker is started, the page listens once.
    let device = "const s = document.querySelector('[data-testid=device-select]'); s.value = 'cpu'; s.dispatchEvent(new Event('change', { bubbles: true })); return null";
    browser.run(device).await;
    browser.wait("the other worker", |state| state["engine"] == "running" && state["busy"] == "no").await;
    let count = "window.heard = 0; const add = ServiceWorker.prototype.addEventListener; \
        ServiceWorker.prototype.addEventListener = function (name, ...more) { window.heard += name === 'statechange'; return add.call(this, name, ...more) }; return null";
    browser.run(count).await;
    // The rest of it.
    server.replace(page.0, page.1);
    assert_eq!(browser.run(failed).await, "installed");
    assert_eq!(browser.run("return window.heard").await, 1, "listeners to the new version");
    assert_eq!(browser.run(SEEN).await, "First");
    // The page says so, and loads it where it is asked to.
    assert!(browser.appears("alert").await.contains("newer version"));
    browser.click("mend").await;
    for _ in 0..1200 {
        if browser.attempt(SEEN).await == Ok(json!("Second")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    browser.settle("Cat").await;
    assert_eq!(browser.run(SEEN).await, "Second");
    // Once the new one runs, alone, the old one's files are gone.
    let versions = "return caches.keys().then(names => names.filter(name => name.includes(' page ')).length)";
    for _ in 0..1200 {
        if browser.run(versions).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(browser.run(versions).await, 1);
    browser.close().await;
}

#[tokio::test]
async fn a_version_that_never_takes_over_leaves_the_one_before() {
    let Some((setting, server, browser)) = page("a version that never takes over").await else { return };
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    browser.kept().await;
    let [page, (name, script)] = version(&setting, "Stuck");
    let script = String::from_utf8(script).expect("a script");
    let deaf = script.replace("if (event.data === \"take over\") self.skipWaiting();", "");
    assert_ne!(script, deaf);
    server.replace(page.0, page.1);
    server.replace(name, deaf.into());
    let installed = "return navigator.serviceWorker.getRegistration().then(registration => registration.update()).then(
        registration => new Promise(done => { registration.installing.onstatechange = event => done(event.target.state); }))";
    assert_eq!(browser.run(installed).await, "installed");
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    assert_eq!(browser.run(SEEN).await, "First");
    browser.close().await;
}

/// Weights are long to get again, and browsers delete what nobody asked them to keep.
#[tokio::test]
async fn the_browser_is_asked_to_keep_what_is_stored() {
    let Some((_, server, browser)) = page("what is kept for good").await else { return };
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    let count = "window.asked = 0; const { storage } = navigator;
        storage.persisted = async () => false; storage.persist = async () => { asked++; return false; }; return null";
    browser.run(count).await;
    let device = "const s = document.querySelector('[data-testid=device-select]'); s.value = 'cpu'; s.dispatchEvent(new Event('change', { bubbles: true })); return null";
    browser.run(device).await;
    browser.wait("the other worker", |state| state["engine"] == "running" && state["busy"] == "no").await;
    assert_eq!(browser.run("return asked").await, 1);
    browser.close().await;
}

#[tokio::test]
async fn a_script_in_the_service_workers_place_leaves_fresh_pages() {
    let Some((_, server, browser)) = page("a page in development").await else { return };
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    browser.kept().await;
    let own =
        std::fs::read(convscope_browser_tests::checkout().join("server/src/no_service_worker.js")).expect("the script");
    server.replace("service_worker.js", own);
    let html = std::fs::read_to_string(convscope_browser_tests::checkout().join("index.html")).expect("a page");
    server.replace("index.html", html.replace("<html", "<html data-version=\"Fresh\"").into());
    browser.go(&server.address).await;
    for _ in 0..1200 {
        // The page is opened anew by the script, between two looks.
        if browser.attempt(SEEN).await == Ok(json!("Fresh")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(browser.run(SEEN).await, "Fresh");
    let left = "return Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(
        ([workers, names]) => workers.length + names.filter(name => name.includes(' page ')).length)";
    assert_eq!(browser.run(left).await, 0);
    browser.close().await;
}

#[tokio::test]
async fn broken_and_damaged_shards_are_fetched_again() {
    let Some((setting, server, browser)) = page("broken and damaged shards").await else { return };
    server.cut(SHARD, 1);
    browser.go(&server.address).await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], asked(&server)), (&Value::Null, 2));
    // Kept: not asked for again.
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    assert_eq!(asked(&server), 2);
    with_shard(&browser, "await cache.put(entry, new Response('garbage')); return null").await;
    browser.go(&server.address).await;
    let state = browser.settle("Cat").await;
    assert_eq!((&state["message"], asked(&server)), (&Value::Null, 3));
    let length = with_shard(&browser, "return (await (await cache.match(entry)).arrayBuffer()).byteLength").await;
    assert_eq!(length, std::fs::metadata(setting.site.join(SHARD)).expect("the shard").len());
    // Damaged, and the server is of no help either: one sentence, and a button that helps.
    with_shard(&browser, "await cache.put(entry, new Response('garbage')); return null").await;
    server.cut(SHARD, 2);
    browser.go(&server.address).await;
    browser.wait("a message", |state| state["message"].is_string()).await;
    let text = browser.text("alert").await.unwrap_or_default();
    assert!(text.contains("weights-00.bin") && text.contains("broke off"), "{text}");
    browser.click("mend").await;
    browser.settle("Cat").await;
    browser.close().await;
}

#[tokio::test]
async fn an_interrupted_model_goes_on_where_it_stopped_and_the_last_result_stays() {
    let test = "an interrupted model";
    let Some((setting, server, browser)) = page(test).await else { return };
    let shard = |number: usize| format!("weights/vgg16_base/weights-{number:02}.bin");
    if !setting.site.join(shard(2)).is_file() {
        println!("SKIPPED: {test}: the site has no vgg16_base");
        return;
    }
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    server.cut(&shard(2), 2);
    let choose = "const s = document.querySelector('[data-testid=model-select]'); s.value = 'vgg16_base';
        s.dispatchEvent(new Event('change', { bubbles: true })); return null";
    browser.run(choose).await;
    let state = browser.wait("a message", |state| state["message"].is_string() && state["busy"] == "no").await;
    assert_eq!((&state["model"], &state["picture"]), (&json!("squeezenet1_1"), &json!("Cat")));
    assert!(browser.run("return convscope.map() !== null").await == true, "the last result is gone");
    server.forget();
    browser.click("mend").await;
    browser.wait("the model", |state| state["model"] == "vgg16_base" && state["busy"] == "no").await;
    let again = |number| server.asked().iter().filter(|path| path.ends_with(&shard(number))).count();
    assert_eq!([again(0), again(1), again(2)], [0, 0, 1]);
    browser.close().await;
}

#[tokio::test]
async fn without_room_everything_works_and_one_sentence_says_so() {
    let Some((_, server, browser)) = page("no room").await else { return };
    let origin = server.address.split("/some").next().expect("an origin").to_owned();
    browser.cdp("Storage.overrideQuotaForOrigin", json!({ "origin": origin, "quotaSize": 1000 })).await;
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    browser.wait("a sentence", |state| state["message"] == "not-kept-full").await;
    let text = browser.text("alert").await.unwrap_or_default();
    assert!(text.contains("no more room") && text.contains("SqueezeNet"), "{text}");
    browser.click("example-1").await;
    let state = browser.settle("Coffee").await;
    assert!(state["layers"].as_array().is_some_and(|layers| layers.len() > 5), "{state:#}");
    browser.screenshot("no-room").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_stored_is_listed_with_its_size_and_can_be_deleted() {
    let Some((_, server, browser)) = page("what is stored").await else { return };
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    browser.kept().await;
    browser.run("document.querySelector('[data-testid=stored] summary').click(); return null").await;
    for row in ["stored-squeezenet1_1", "stored-page"] {
        let text = browser.appears(row).await;
        assert!(text.contains(" MB"), "{text}");
    }
    browser
        .run("document.querySelector('[data-testid=stored]').scrollIntoView({ block: 'center' }); return null")
        .await;
    browser.screenshot("stored").await;
    browser.run("document.querySelector('[data-testid=delete-squeezenet1_1]').click(); return null").await;
    browser.vanishes("stored-squeezenet1_1").await;
    let left = "return caches.keys().then(names => names.filter(name => name.includes(' weights ')).length)";
    assert_eq!(browser.run(left).await, 0);
    browser.run("document.querySelector('[data-testid=delete-page]').click(); return null").await;
    browser.vanishes("stored-page").await;
    // What is on screen goes on, and the next visit keeps it again.
    browser.click("example-1").await;
    browser.settle("Coffee").await;
    let before = asked(&server);
    browser.go(&server.address).await;
    browser.settle("Cat").await;
    assert_eq!(asked(&server), before + 1);
    browser.kept().await;
    browser.close().await;
}
