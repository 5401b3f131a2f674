//! Times and memory of the page: hundreds of photographs, tasks that hold up the page, and how soon a choice is seen.

use std::path::PathBuf;
use std::time::Duration;

use convscope_browser_tests::{Browser, Setting, example_page};

/// Photographs, and bytes that each has at least.
const PHOTOGRAPHS: usize = 700;
const BYTES: usize = 6_000_000;
/// Bytes that the page may hold more than before, and milliseconds that a task may take.
const MOST_BYTES: u64 = 300_000_000;
const LONGEST_TASK: f64 = 50.0;
/// How much longer it may take here: tests run on machines that do something else besides.
const BUSY: f64 = 4.0;

/// Notes every task of the page that takes longer than 50 ms from now on; `from` is when the last choice of files was told to the page, as
/// what the browser does before is not the page's.
async fn watch(browser: &Browser) {
    browser
        .run("window.tasks = []; window.from = 0; document.querySelector('[data-testid=file-input]').addEventListener('change', () => { from = performance.now() }, true); new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => [e.startTime, e.duration]))).observe({ type: 'longtask' }); return null")
        .await;
}

/// The longest of them; 0 where none was longer than that.
async fn longest(browser: &Browser) -> f64 {
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser
        .run("return Math.max(0, ...tasks.filter(([start]) => start >= from).map(([, long]) => long))")
        .await
        .as_f64()
        .unwrap_or_default()
}

/// A photograph of 12 megapixels and 6 MB, under 700 names: links to one file, which a browser cannot tell from copies.
fn photographs(folder: &std::path::Path) -> Vec<PathBuf> {
    let (width, height) = (4000_u32, 3000_u32);
    // Four bits of noise a pixel: what a camera's file has of each.
    let pixel = |x: u32, y: u32| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) >> 28;
        image::Rgb([noise as u8, 40 + noise as u8, 90])
    };
    let mut bytes = std::io::Cursor::new(vec![]);
    image::RgbImage::from_fn(width, height, pixel).write_to(&mut bytes, image::ImageFormat::Png).expect("a photograph");
    let mut bytes = bytes.into_inner();
    println!("a photograph of {width} x {height} has {} bytes", bytes.len());
    if bytes.len() < BYTES {
        // Behind the image's end, where no decoder looks.
        bytes.resize(BYTES, 0);
    }
    let first = folder.join("photograph.png");
    std::fs::write(&first, bytes).expect("a file");
    let name = |number: usize| folder.join(format!("photograph-{number:03}.png"));
    (0..PHOTOGRAPHS)
        .map(|number| std::fs::hard_link(&first, name(number)).map(|()| name(number)).expect("a link"))
        .collect()
}

#[tokio::test]
async fn hundreds_of_photographs_are_opened_and_not_held() {
    const TEST: &str = "700 photographs";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    let folder = tempfile::tempdir().expect("a folder");
    let files = photographs(folder.path());
    let files: Vec<&std::path::Path> = files.iter().map(PathBuf::as_path).collect();
    let before = browser.held();
    watch(&browser).await;
    browser.upload_all(&files).await;
    browser.settle("photograph-000.png").await;
    browser.appears("tray-more").await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    let (Some(held), Some(before)) = (browser.held(), before) else {
        println!("SKIPPED: {TEST}: this machine does not say what a process holds");
        return;
    };
    let longest = longest(&browser).await;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{TEST}: the page held {:.0} MB before and {:.0} MB after, at most {:.0} MB; the longest task took {longest:.0} ms (0: none over 50)",
        megabytes(before),
        megabytes(held),
        megabytes(browser.peak().unwrap_or_default())
    );
    let names = browser.run("return document.querySelectorAll('[data-testid=tray] canvas').length").await;
    assert_eq!(names, 48, "as many as are asked for");
    assert!(held.saturating_sub(before) < MOST_BYTES, "{held} of {before}");
    assert!(longest < BUSY * LONGEST_TASK, "{longest} ms");
    browser.screenshot("photographs").await;
    browser.close().await;
}

#[tokio::test]
async fn a_model_that_runs_does_not_hold_up_the_page() {
    const TEST: &str = "the page while a model runs";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    watch(&browser).await;
    browser.method("perturbation", "rise").await;
    browser.click("run").await;
    browser
        .wait("RISE", |state| {
            state["method"] == "rise" && state["seconds"]["explain"].is_number() && state["busy"] == "no"
        })
        .await;
    browser.method("cam", "score_cam").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let longest = longest(&browser).await;
    println!("{TEST}: the longest task took {longest:.0} ms (0: none over 50)");
    assert!(longest < BUSY * LONGEST_TASK, "{longest} ms");
    browser.close().await;
}

/// Milliseconds from a click to the change, and to the next frame, in which it is on the screen: in the middle of `count` clicks.
async fn times(browser: &Browser, targets: &str, seen: &str, count: usize) -> [f64; 2] {
    let script = format!(
        "const frame = () => new Promise(requestAnimationFrame); \
         const task = () => new Promise(done => {{ const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0) }}); \
         const times = []; \
         for (let turn = 0; turn < {count}; turn += 1) {{ \
           const buttons = {targets}; const target = buttons[turn % buttons.length]; const wanted = target.dataset.testid; \
           await new Promise(done => setTimeout(done, 150)); \
           const start = performance.now(); target.click(); \
           do {{ await task() }} while (!({seen})(wanted) && performance.now() - start < 3000); \
           const changed = performance.now() - start; await frame(); \
           times.push([changed, performance.now() - start]); }} return times"
    );
    let script = format!("return (async () => {{ {script} }})()");
    let times: Vec<[f64; 2]> = serde_json::from_value(browser.run(&script).await).expect("times");
    [0, 1].map(|which| {
        let mut times: Vec<f64> = times.iter().map(|times| times[which]).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

#[tokio::test]
async fn choices_are_seen_at_once() {
    const TEST: &str = "times of choices";
    let Some(setting) = Setting::find(TEST) else { return };
    let (browser, _server) = example_page(&setting).await;
    browser.allow_scripts(Duration::from_secs(60)).await;
    let classes = "[...document.querySelectorAll('[data-testid=top] [data-testid^=class-]')].slice(0, 2)";
    let seen = "wanted => { const map = convscope.map(), state = convscope.state(); \
        return map && `class-${map.class}` === wanted && state.layers.includes(map.layer) }";
    let class = times(&browser, classes, seen, 20).await;
    let layers =
        "['layer-fire6/concat', 'layer-fire7/concat'].map(id => document.querySelector(`[data-testid=\"${id}\"]`))";
    let seen = "wanted => `layer-${convscope.map()?.layer}` === wanted";
    let layer = times(&browser, layers, seen, 20).await;
    let [class, class_frame] = class;
    let [layer, layer_frame] = layer;
    println!(
        "{TEST}: a class after {class:.1} ms, on the screen after {class_frame:.1}; a layer after {layer:.1} ms, on the screen after {layer_frame:.1}"
    );
    // The goals are 60 and 16 ms on a quiet machine; one that does something else besides takes longer: four times that is a defect anywhere.
    assert!(class < BUSY * 60.0 && layer < BUSY * 16.0, "{class} {layer}");
    browser.close().await;
}
