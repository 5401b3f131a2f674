//! The command line. Arguments become a request ([`ask`]), and what comes of it becomes files ([`explain`]), for every method the
//! same way. Results go to standard output, everything else to standard error.
//!
//! Every option that takes a folder for results adds to what is in it; see [`results`].

mod ask;
mod bars;
mod bundle;
mod classify;
mod command;
mod compare_codecs;
mod compare_conventions;
mod destination;
mod device;
mod evaluate;
mod explain;
mod files;
mod images;
mod in_words;
mod listen;
mod methods;
mod models;
mod named;
mod network;
mod open;
mod pack;
mod pull;
mod report;
mod results;
mod say;
mod schema;
mod shell;
mod site;
mod stop;
mod survey;
mod teach;
mod units;
mod verify;

use std::process::ExitCode;

use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser};
use mimalloc::MiMalloc;

use self::command::Command;

/// Shows why an image classifier decided what it did. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "convscope", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Say nothing on standard error but what went wrong
    #[arg(short, long, global = true)]
    quiet: bool,
}

/// The system's allocator gives large buffers back and clears them when they are had again: a third of SqueezeNet's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The command line: all commands with all options.
fn command_line() -> clap::Command {
    // Without this, `--class -1` is answered by advice on options that are called `-1`.
    let numbers = |argument: Arg| {
        let is_option = !argument.is_positional() && argument.get_action().takes_values();
        argument.allow_negative_numbers(is_option)
    };
    Arguments::command().mut_subcommands(|command| ask::with_flags(command).mut_args(numbers))
}

/// What was said on the command line, or the end of the program with a sentence about it.
fn arguments() -> (Arguments, ArgMatches) {
    // Windows leaves it to programs to find the files that `*.jpg` means.
    let matches = command_line().get_matches_from(wild::args_os());
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    (arguments, matches)
}

fn main() -> ExitCode {
    let (arguments, matches) = arguments();
    if arguments.quiet {
        say::only_errors();
    }
    let code = arguments.command.run(&matches).unwrap_or_else(|error| {
        say::complain(&error);
        ExitCode::FAILURE
    });
    stop::exit_code().unwrap_or(code)
}
