//! `classify`.

use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::fault;
use pollster::block_on;
use serde_json::json;

use super::files::Input;
use super::images::{Images, exit_code, for_each_image};
use super::open::With;
use super::say::{print, print_json};

pub(super) fn run(images: &Images, with: &With, top: usize, as_json: bool) -> Result<ExitCode> {
    let model = with.model(None)?;
    if model.manifest.labels.is_empty() {
        return Err(Error::Request(fault!(
            "nothing-to-classify",
            "the model {model} has no classifier; choose another model, or look at its activations",
            model = with.model
        )));
    }
    let each = |input: &Input| {
        input.say_doubt(&model);
        let seen = block_on(model.observe_async(input.image.clone()))?;
        let classes = &seen.classes()[..top.min(seen.classes().len())];
        if as_json {
            let line =
                json!({ "picture": input.name(), "model": with.model, "device": model.device, "classes": classes });
            return print_json("classify", line);
        }
        print(&input.name())?;
        for class in classes {
            let number = match class.probability {
                Some(probability) => format!("{:6.2} %", 100.0 * probability),
                None => format!("{:>10.4}", class.logit),
            };
            print(&format!("  {number}  {} ({})", class.name, class.index))?;
        }
        Ok(())
    };
    Ok(exit_code(&for_each_image(images, each)))
}
