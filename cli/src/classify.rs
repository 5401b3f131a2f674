//! `classify`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::picture::Picture;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{exit_code, for_each_picture};
use super::open::print;

pub(super) fn run(pictures: &[PathBuf], with: &With, top: usize, as_json: bool) -> Result<ExitCode> {
    let mut session = with.session(None)?;
    if session.model().manifest.labels.is_empty() {
        return Err(Error::Request(format!(
            "the model {} has no classifier; choose another model, or look at its activations",
            with.model
        )));
    }
    let device = session.device_name().to_owned();
    let each = |path: &Path, picture: &Picture| {
        let classes = block_on(session.look(picture))?;
        let classes = &classes[..top.min(classes.len())];
        if as_json {
            return print(
                &json!({ "picture": path.display().to_string(), "model": with.model, "device": device, "classes": classes }).to_string(),
            );
        }
        print(&path.display().to_string())?;
        for class in classes {
            print(&format!("  {:6.2} %  {} ({})", 100.0 * class.probability, class.name, class.index))?;
        }
        Ok(())
    };
    Ok(exit_code(&for_each_picture(pictures, each)))
}
