//! `classify`.

use std::path::PathBuf;
use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::fault;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{Input, exit_code, for_each_picture};
use super::say::{print, print_json};

pub(super) fn run(pictures: &[PathBuf], with: &With, top: usize, as_json: bool) -> Result<ExitCode> {
    let mut session = with.session(None)?;
    if session.model().manifest.labels.is_empty() {
        return Err(Error::Request(fault!(
            "nothing-to-classify",
            "the model {model} has no classifier; choose another model, or look at its activations",
            model = with.model
        )));
    }
    let device = session.device_name().to_owned();
    let each = |input: &Input| {
        let classes = block_on(session.look(&input.picture))?;
        let classes = &classes[..top.min(classes.len())];
        if as_json {
            return print_json(
                &json!({ "picture": input.name(), "model": with.model, "device": device, "classes": classes }),
            );
        }
        print(&input.name())?;
        for class in classes {
            print(&format!("  {:6.2} %  {} ({})", 100.0 * class.probability, class.name, class.index))?;
        }
        Ok(())
    };
    Ok(exit_code(&for_each_picture(pictures, each)))
}
