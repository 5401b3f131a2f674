//! Methods that explain a class, those among them that nobody wrote page code for.

use convscope_browser_tests::native;
use serde_json::Value;

use super::{Page, TOLERANCE, list, number};

impl Page<'_> {
    pub(super) async fn notebook(&self) {
        self.method("cam", "grad_cam").await;
        self.select("convention", "keras_notebook").await;
        self.browser
            .wait("the notebook's maps", |state| list(&state["layers"]).len() > 5 && state["busy"] == "no")
            .await;
        self.same_map(&["--convention", "keras_notebook"]).await;
        self.browser.click("signed").await;
        self.look("signed").await;
        assert!(self.paper().await.ends_with("/1610.02391"), "Grad-CAM's paper");
        self.browser.method("gradient", "guided_backprop").await;
        self.browser.wait("the image", |state| list(&state["layers"]) == ["input"] && state["busy"] == "no").await;
        // What is said of a method is not what is said of Grad-CAM.
        assert!(self.paper().await.ends_with("/1412.6806"), "guided backpropagation's paper");
        self.look("guided_backprop").await;
    }

    /// The map of the last layer for the likeliest class is the command line's.
    async fn same_map(&self, how: &[&str]) {
        let image = self.image.display().to_string();
        let mut arguments = vec!["explain", &image, "--model", self.model, "--layer", "last"];
        arguments.extend(how);
        let Some((lines, folder)) = native(self.test, &arguments, &self.weights) else { return };
        let map = self.browser.run("const m = convscope.map(); return { ...m, values: Array.from(m.values) }").await;
        assert_eq!(map["layer"], lines[0]["layer"], "{how:?}");
        let file = std::fs::read(folder.path().join(lines[0]["map"].as_str().expect("a map"))).expect("the map");
        let program: Vec<f32> = npyz::NpyFile::new(&file[..]).expect("an array").into_vec().expect("float32");
        let page: Vec<f64> = list(&map["values"]).iter().map(number).collect();
        let differences = page.iter().zip(&program).map(|(page, program)| (page - f64::from(*program)).abs());
        let largest = differences.fold(0.0, f64::max);
        println!("{}: the map of {} {how:?} differs by at most {largest:.1e}", self.test, map["layer"]);
        assert!(page.len() == program.len() && largest < TOLERANCE, "{how:?}: {largest}");
    }

    /// Methods for which the page has no code of their own: what they show and ask is in their cards.
    pub(super) async fn methods_of_cards(&self) {
        for (method, signed) in [("layer_cam", false), ("hires_cam", true)] {
            self.browser.method("cam", method).await;
            self.browser
                .wait(method, |state| {
                    state["method"] == method && list(&state["layers"]).len() > 5 && state["busy"] == "no"
                })
                .await;
            self.same_map(&["--method", method]).await;
            assert_eq!(self.browser.text("signed").await.is_some(), signed, "{method}");
            assert!(self.paper().await.starts_with("https://"), "{method}");
        }
        self.look("layer_cam").await;
    }

    /// A method that takes its time: it waits for the button, tells how far it is, and can be stopped.
    pub(super) async fn masked(&self) {
        self.browser.method("perturbation", "rise").await;
        let state = self.idle("RISE").await;
        assert_eq!((&state["method"], &state["layers"]), (&"rise".into(), &serde_json::json!([])));
        let map = "const m = convscope.map('input'); return m && { ...m, values: Array.from(m.values) }";
        let run = async |masks: &str, seed: &str| {
            self.change("param-masks", masks, "change").await;
            self.change("param-seed", seed, "change").await;
            self.browser.click("run").await;
            let here = |state: &Value| state["layers"] == serde_json::json!(["input"]) && state["busy"] == "no";
            self.browser.wait("a map of few masks", here).await;
            self.browser.run(map).await
        };
        let one = run("16", "1").await;
        let values: Vec<f64> = list(&one["values"]).iter().map(number).collect();
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)) && values.contains(&1.0), "{}", values.len());
        let other = run("16", "2").await;
        assert_ne!(one["values"], other["values"], "another seed, other masks");
        let again = run("16", "1").await;
        let far = list(&again["values"]).iter().zip(&values).map(|(again, one)| (number(again) - one).abs());
        assert!(far.fold(0.0, f64::max) < TOLERANCE, "the same seed, the same masks");
        self.look("rise").await;
        self.change("param-masks", "16000", "change").await;
        self.browser.click("run").await;
        let state = self.browser.wait("some masks", |state| number(&state["progress"][0]) > 0.0).await;
        assert_eq!(state["progress"][1], 16_000, "{state:#}");
        assert!(self.browser.text("run-progress").await.is_some_and(|text| text.contains("16000")), "how far it is");
        self.browser.click("stop").await;
        let state = self.browser.wait("the stop", |state| state["busy"] == "no").await;
        assert_eq!((&state["progress"], &state["message"]), (&Value::Null, &Value::Null));
    }
}
