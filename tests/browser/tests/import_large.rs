//! A file as large as VGG16's, read and packed in the page one layer after the other. It needs the files that
//! `tests/tools/make_full_vgg16.py` writes, or the official ones, in the folder that `CONVSCOPE_OFFICIAL` names.

use std::path::Path;
use std::time::Instant;

use convscope_browser_tests::{Browser, Gpu, Server, Setting};

/// Bytes by which the page's process may grow: what the importer's memory may come to, and as much as the browser itself reads at once.
const MOST: u64 = 700 << 20;

#[tokio::test]
async fn a_file_of_vgg16s_size_is_packed_within_its_memory() {
    let Some(folder) = std::env::var_os("CONVSCOPE_OFFICIAL") else {
        println!("not tested: CONVSCOPE_OFFICIAL names no folder with files of VGG16");
        return;
    };
    let Some(setting) = Setting::find("a large file") else { return };
    for name in ["vgg16-397923af.pth", "vgg16_weights_tf_dim_ordering_tf_kernels.h5"] {
        let server = Server::start(&setting.site, |_, content| Some(content)).await.expect("a server");
        let browser = Browser::start(&setting, Gpu::Off).await;
        browser.go(&format!("{}?model=squeezenet1_1&device=cpu", server.address)).await;
        browser.settle("Cat").await;
        let before = browser.peak();
        server.forget();
        let start = Instant::now();
        browser.keys("import-input", &Path::new(&folder).join(name).display().to_string()).await;
        let state = browser.wait("the guess", |state| state["import"] == "asking" || state["import"].is_object()).await;
        assert_eq!(state["import"], "asking", "{name}: {state:#}");
        let guessed = start.elapsed();
        println!("{name}: {}", browser.text("import-guess").await.unwrap_or_default());
        let start = Instant::now();
        browser.click("import-pack").await;
        let mut peak = browser.peak();
        // Before the engine reads what was packed.
        let state =
            browser.wait("kept", |state| state["import"].is_null() || state["import"]["failed"].is_string()).await;
        peak = peak.max(browser.peak());
        assert!(state["import"].is_null(), "{name}: {state:#}");
        println!(
            "{name}: guess {:.1} s, packed {:.1} s, renderer {:?} MB before and {:?} MB at most",
            guessed.as_secs_f64(),
            start.elapsed().as_secs_f64(),
            before.map(|bytes| bytes >> 20),
            peak.map(|bytes| bytes >> 20)
        );
        if let (Some(before), Some(peak)) = (before, peak) {
            assert!(peak - before < MOST, "{name}: it grew by {} MB", (peak - before) >> 20);
        }
        assert!(server.asked().iter().all(|path| !path.contains("own-")), "{:?}", server.asked());
        browser.close().await;
    }
}
