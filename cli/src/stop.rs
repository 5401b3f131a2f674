//! Requests to stop before everything is done: Ctrl-C was pressed, or nobody reads the results any more. What is finished is kept.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Once};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Reason to stop: 0 for none, [`UNREAD`], or the exit code of a signal.
static WHY: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
const UNREAD: usize = usize::MAX;
static SIGNALS: Once = Once::new();

/// Sees to it that a first Ctrl-C or SIGTERM is heard at the next [`asked`]; a second one ends the program at once.
pub(super) fn on_signals() {
    SIGNALS.call_once(set_handlers);
}

fn set_handlers() {
    let again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let code = 128 + signal;
        // In this order, so that the first signal is no second one. Where a handler cannot be set, every signal ends the program.
        let set = flag::register_conditional_shutdown(signal, code, again.clone())
            .and_then(|_| flag::register(signal, again.clone()))
            .and_then(|_| flag::register_usize(signal, WHY.clone(), code as usize));
        drop(set);
    }
}

/// Remembers that nobody reads the standard output any more.
pub(super) fn unread() {
    WHY.store(UNREAD, Ordering::Relaxed);
}

/// Whether nobody reads the standard output any more.
pub(super) fn is_unread() -> bool {
    WHY.load(Ordering::Relaxed) == UNREAD
}

/// Whether to stop.
pub(super) fn asked() -> bool {
    WHY.load(Ordering::Relaxed) != 0
}

/// The exit code, where a signal stopped the program: as a shell has it.
pub(super) fn exit_code() -> Option<ExitCode> {
    u8::try_from(WHY.load(Ordering::Relaxed)).ok().filter(|&code| code != 0).map(ExitCode::from)
}
