//! Memory that explanations leave behind, and that a page needs.

use std::time::Duration;

use anyhow::{Context, Result};
use convscope_browser_tests::{Browser, Gpu, Server, Setting};

use crate::{POLICY, Run, ask};

/// An explanation: the maps of all layers, as the page shows them.
const TASK: &str = "all_layers";

/// Milliseconds from the beginning of the navigation to the first map, or null after a minute.
const FIRST_MAP: &str = "return (async () => {
    while (!window.convscope?.state().layers.length) {
        if (performance.now() > 60000) return null;
        await new Promise(next => setTimeout(next, 5));
    }
    return performance.now();
})()";

/// Explains that many times with the engine alone and prints how large its memory is after the 20th and the last time.
///
/// # Errors
/// When the engine fails.
pub(crate) async fn explanations(setting: &Setting, model: &str, count: usize) -> Result<()> {
    let server = Server::with_policy(&setting.site, |_, content| Some(content), POLICY).await?;
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.allow_scripts(Duration::from_secs(600)).await;
    browser.go(&format!("{}?contestant=convscope&device=cpu&model={model}", server.address)).await;
    let mut memory = Vec::with_capacity(count);
    for _ in 0..count {
        let run: Run = ask(&browser, &format!("run({TASK:?})")).await?;
        memory.push(run.memory.context("the engine does not tell its memory")?);
    }
    browser.close().await;
    let at = |index: usize| memory.get(index.min(count) - 1).copied().unwrap_or(f64::NAN);
    let (early, late) = (at(20), at(count));
    println!(
        "{model}, browser: wasm memory {:.1} MB after explanation 20, {:.1} MB after {count}: {:.3} times",
        early / 1e6,
        late / 1e6,
        late / early
    );
    Ok(())
}

/// Opens the built page twice, the second time from the browser's cache, and prints how long it took to the first heatmap and
/// what page and worker held at most.
///
/// # Errors
/// When there is no free port, or no heatmap within a minute.
pub(crate) async fn page(setting: &Setting, model: &str) -> Result<()> {
    let server = Server::cached(&setting.site).await?;
    let browser = Browser::start(setting, Gpu::Off).await;
    browser.allow_scripts(Duration::from_secs(240)).await;
    let mut seconds = [0.0; 2];
    for seconds in &mut seconds {
        browser.go("about:blank").await;
        browser.go(&format!("{}?model={model}&device=cpu", server.address)).await;
        let drawn = browser.run(FIRST_MAP).await;
        *seconds = drawn.as_f64().with_context(|| format!("{model}, page: it shows no heatmap by itself"))? / 1000.0;
    }
    let peak = browser.peak().map_or_else(|| "unknown".into(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    println!(
        "{model}, page: first heatmap after {:.2} s, from the cache after {:.2} s; page and worker held at most {peak}",
        seconds[0], seconds[1]
    );
    browser.close().await;
    Ok(())
}
