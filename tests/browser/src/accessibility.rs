//! axe-core, which finds what keeps people out.

use serde_json::Value;

use crate::{Browser, given};

/// axe-core as a script: `$CONVSCOPE_AXE`, which `cargo xtask test` fetches.
pub fn axe(test: &str) -> Option<String> {
    let script = given("CONVSCOPE_AXE").and_then(|path| std::fs::read_to_string(path).ok());
    if script.is_none() {
        println!("SKIPPED: {test}: CONVSCOPE_AXE names no axe.min.js");
    }
    script
}

impl Browser {
    /// What axe-core, which `script` is, finds against WCAG 2.2, levels A and AA; nothing is excused.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn violations(&self, script: &str) -> Vec<String> {
        self.attempt(&format!("{script}; return null")).await.expect("axe-core starts");
        let found = self
            .run("return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))")
            .await;
        found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
