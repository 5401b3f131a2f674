//! The worker that stands by: where there is a real GPU, the program for it comes after the first result, and takes over.

use convscope_browser_tests::{Browser, Gpu, Server, Setting};
use serde_json::{Value, json};

/// A browser that tells the page of a GPU, and notes which workers it has started and ended.
fn with_gpu(name: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    const TOLD: &[u8] = b"
        const adapter = { info: { vendor: 'acme', architecture: 'fast' } };
        Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => adapter } });
        window.workers = [];
        const Plain = Worker;
        window.Worker = class extends Plain {
            constructor(script, options) {
                super(script, options);
                this.noted = { script: String(script), ended: false, results: 'convscope' in window && !!convscope.map() };
                workers.push(this.noted);
            }
            terminate() {
                this.noted.ended = true;
                super.terminate();
            }
        };\n";
    Some(if name.starts_with("start-") { [TOLD, &content].concat() } else { content })
}

async fn workers(browser: &Browser) -> Vec<Value> {
    browser.run("return window.workers").await.as_array().cloned().unwrap_or_default()
}

fn is(worker: &Value, program: &str) -> bool {
    worker["script"].as_str().is_some_and(|script| script.contains(&format!("{program}_loader-")))
}

#[tokio::test]
async fn a_gpu_is_taken_after_the_first_result_and_nothing_is_lost() {
    let Some(setting) = Setting::find("a worker that stands by") else { return };
    let server = Server::start(&setting.site, with_gpu).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1", server.address)).await;
    let taken = "return window.workers?.length === 2 && workers[0].ended && convscope.state().busy === 'no'";
    browser.until("the other worker", taken).await;
    let state = browser.settle("Cat").await;
    let all = workers(&browser).await;
    assert!(is(&all[0], "worker") && is(&all[1], "gpu"), "{all:?}");
    assert_eq!((&all[1]["results"], &all[1]["ended"]), (&json!(true), &json!(false)), "the first result comes first");
    assert_eq!((&state["message"], &state["engine"]), (&Value::Null, &json!("running")));
    // It works: another class is explained by it.
    browser.run("document.querySelectorAll('[data-testid=top] [data-testid^=class-]')[1].click(); return null").await;
    let other = browser.wait("another class", |now| now["class"] != state["class"] && now["busy"] == "no").await;
    assert_eq!(browser.run("return convscope.map().class").await, other["class"]);
    assert_eq!(workers(&browser).await.len(), 2);
    browser.close().await;
}

#[tokio::test]
async fn who_asks_for_the_cpu_never_loads_the_program_for_gpus() {
    let Some(setting) = Setting::find("the CPU alone") else { return };
    let server = Server::start(&setting.site, with_gpu).await.expect("a server");
    let browser = Browser::start(&setting, Gpu::Off).await;
    browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
    browser.settle("Cat").await;
    browser.run("document.querySelectorAll('[data-testid=top] [data-testid^=class-]')[1].click(); return null").await;
    browser.settle("Cat").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let all = workers(&browser).await;
    assert!(all.len() == 1 && is(&all[0], "worker"), "{all:?}");
    assert!(!server.asked().iter().any(|path| path.contains("/gpu")), "{:?}", server.asked());
    browser.close().await;
}
