//! `completions` and `man`: the command line, told to shells and manuals.

use std::path::Path;
use std::process::ExitCode;

use clap_complete::Shell;
use convscope::error::{Error, Result};

use super::files::{make_folder, write};
use super::{command_line, say};

/// The program's name.
const NAME: &str = "convscope";

/// Prints what a shell completes the commands with.
pub(super) fn completions(shell: Shell) -> Result<ExitCode> {
    let mut script = vec![];
    clap_complete::generate(shell, &mut command_line(), NAME, &mut script);
    say::print_text(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes `convscope.1`, and `convscope-COMMAND.1` for each command.
pub(super) fn manual(folder: &Path) -> Result<ExitCode> {
    make_folder(folder)?;
    let mut all = command_line().disable_help_subcommand(true);
    all.build();
    let commands = all.get_subcommands().map(|command| (format!("{NAME}-{}", command.get_name()), command));
    let whole = std::iter::once((NAME.to_owned(), &all));
    for (name, command) in whole.chain(commands) {
        let file = format!("{name}.1");
        let mut page = vec![];
        clap_mangen::Man::new(command.clone())
            .render(&mut page)
            .map_err(|error| Error::write(&folder.join(&file), error))?;
        write(folder, &file, &page)?;
    }
    Ok(ExitCode::SUCCESS)
}
