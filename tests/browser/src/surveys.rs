//! Surveys of folders, and the tasks that keep the page from answering.

use std::path::Path;

use serde_json::Value;

use crate::Browser;

/// Images that are waited for at once, since each wait has its end.
const PART: usize = 30;

impl Browser {
    /// Opens a folder of so many images as a person does, and has all of it surveyed.
    pub async fn survey(&self, folder: &Path, count: usize) {
        self.keys("folder-input", &folder.display().to_string()).await;
        self.appears("survey-open").await;
        self.wait("the first image", |state| state["busy"] == "no" && state["picture"] != "Cat").await;
        self.click("survey-open").await;
        self.click("survey-start").await;
        let status = "document.querySelector('[data-testid=survey-progress]').textContent";
        for part in (0..=count).step_by(PART).skip(1) {
            self.until("some rows", &format!("return parseInt({status}) >= {part}")).await;
        }
        self.until("all rows", &format!("return {status}.startsWith('{count} of {count}')")).await;
    }

    /// From now on keeps in mind what the page's longest tasks are, and what they do.
    pub async fn watch_tasks(&self) {
        self.run("window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
            window.frames_ = []; new PerformanceObserver(list => frames_.push(...list.getEntries())).observe({ type: 'long-animation-frame' });
            return null").await;
    }

    /// The longest tasks so far, in milliseconds, each with when it began and, of the frame about it, the scripts that ran and when it was
    /// drawn.
    pub async fn longest_tasks(&self, count: usize) -> Value {
        self.run(&format!("return [...tasks].sort((a, b) => b.duration - a.duration).slice(0, {count}).map(task => {{
            const frame = frames_.find(f => f.startTime <= task.startTime + 1 && task.startTime < f.startTime + f.duration);
            const at = time => Math.round(time - task.startTime);
            return {{ milliseconds: task.duration, began: Math.round(task.startTime), scripts: (frame?.scripts ?? []).map(s => `${{s.invoker}} ${{at(s.startTime)}} + ${{Math.round(s.duration)}}`),
                render: frame && at(frame.renderStart), style: frame && at(frame.styleAndLayoutStart), end: frame && at(frame.startTime + frame.duration) }};
        }})")).await
    }
}
