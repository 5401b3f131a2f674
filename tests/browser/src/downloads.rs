//! Files that the page saves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::Browser;

/// Lets the browser save into a folder without asking.
pub async fn save_into(browser: &Browser, folder: &Path) {
    let behaviour = json!({ "behavior": "allow", "downloadPath": folder });
    browser.cdp("Browser.setDownloadBehavior", behaviour).await;
}

/// Clicks on a button, waits for the one file that is new, and puts it into a folder of its own; a browser gives it its name when it is whole.
pub async fn saved(browser: &Browser, folder: &Path, button: &str) -> PathBuf {
    let files = || -> BTreeSet<PathBuf> {
        std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect()
    };
    let before = files();
    browser.wait("a pause", |state| state["busy"] == "no").await;
    browser.click(button).await;
    for _ in 0..600 {
        let new: Vec<PathBuf> = files().difference(&before).cloned().collect();
        let part = |path: &PathBuf| {
            path.to_string_lossy().ends_with("crdownload") || path.to_string_lossy().contains(".org.chromium")
        };
        if let [file] = &new[..]
            && !part(file)
        {
            // Out of the way of the next one, which may have the same name.
            let kept = folder.join(format!("kept-{}", before.len()));
            std::fs::create_dir(&kept).expect("a folder");
            let kept = kept.join(file.file_name().expect("a name"));
            std::fs::rename(file, &kept).expect("moved");
            return kept;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{button} saved nothing: {}", browser.state().await)
}
