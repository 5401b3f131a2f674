//! What the browser's processes hold, as Linux tells it.

use std::collections::HashMap;
use std::fs;

/// Bytes of the largest renderer, in which a page lives with its workers, among the descendants of a process: what it holds
/// (`VmRSS:`), or has held at most (`VmHWM:`). `None` where the system does not tell.
pub(crate) fn renderers(ancestor: u32, line: &str) -> Option<u64> {
    let parents: HashMap<u32, u32> = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| parent(&entry)).collect();
    let descends = |id: &u32| {
        let mut up = Some(*id);
        while let Some(id) = up.filter(|&id| id != ancestor) {
            up = parents.get(&id).copied();
        }
        up.is_some()
    };
    parents.keys().filter(|id| descends(id)).filter_map(|&id| of_renderer(id, line)).max()
}

fn parent(entry: &fs::DirEntry) -> Option<(u32, u32)> {
    let id = entry.file_name().to_str()?.parse().ok()?;
    // The name, in brackets, may hold anything.
    let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
    let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
    Some((id, parent))
}

fn of_renderer(id: u32, line: &str) -> Option<u64> {
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    if !String::from_utf8_lossy(&command).contains("--type=renderer") {
        return None;
    }
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let bytes = status.lines().find_map(|one| one.strip_prefix(line))?;
    Some(bytes.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
