//! What a person does with the page: clicks, moves, keys and files.

use std::path::Path;

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::browser::{Browser, selector};

impl Browser {
    /// Clicks on the element with that `data-testid`.
    pub async fn click(&self, id: &str) {
        let element =
            self.client.find(Locator::Css(&selector(id))).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// Chooses a method as a person does: its family first, then the method itself.
    pub async fn method(&self, family: &str, method: &str) {
        self.click(&format!("tab-{family}")).await;
        self.click(&format!("method-{method}")).await;
    }

    /// Types into the element with that `data-testid`.
    pub async fn keys(&self, id: &str, keys: &str) {
        let element =
            self.client.find(Locator::Css(&selector(id))).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        element.send_keys(keys).await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }

    /// Chooses a file of this machine as the image.
    pub async fn upload(&self, file: &Path) {
        self.keys("file-input", &file.display().to_string()).await;
    }

    /// Chooses files of this machine as images.
    pub async fn upload_all(&self, files: &[&Path]) {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        self.keys("file-input", &names.join("\n")).await;
    }

    /// Moves the mouse to a place of the element with that `data-testid`, in shares of its width and height.
    pub async fn point(&self, id: &str, (x, y): (f64, f64)) {
        let place = self.rectangle(id).await;
        let at = |start: f64, length: f64, share: f64| start + length * share;
        let params = json!({ "type": "mouseMoved", "x": at(place[0], place[2], x), "y": at(place[1], place[3], y) });
        self.cdp("Input.dispatchMouseEvent", params).await;
    }

    /// Clicks on a place of the element with that `data-testid`, in shares of its width and height, or drags from there to another.
    pub async fn drag(&self, id: &str, from: (f64, f64), to: (f64, f64)) {
        let place = self.rectangle(id).await;
        for (kind, at, buttons) in
            [("mouseMoved", from, 0), ("mousePressed", from, 1), ("mouseMoved", to, 1), ("mouseReleased", to, 0)]
        {
            let (x, y) = (place[0] + place[2] * at.0, place[1] + place[3] * at.1);
            let params = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
            self.cdp("Input.dispatchMouseEvent", params).await;
        }
    }

    /// Presses a key on the page, whatever has the focus.
    pub async fn press(&self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" && key.chars().count() == 1 { key } else { "" };
            self.cdp("Input.dispatchKeyEvent", json!({ "type": kind, "key": key, "text": text })).await;
        }
    }

    /// Left and top edge, width and height of the element with that `data-testid`, in CSS pixels.
    async fn rectangle(&self, id: &str) -> Vec<f64> {
        let script = format!(
            "const r = document.querySelector('{}').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]",
            selector(id)
        );
        self.run(&script).await.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    }
}
