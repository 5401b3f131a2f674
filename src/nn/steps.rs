//! Steps of passes: parts of a layer, so small that a thread which is kept busy by one pass can still say between two of them that it lives.

use std::sync::OnceLock;

/// Hook that is called after each step.
static HOOK: OnceLock<fn()> = OnceLock::new();

/// Has `hook` called after each step of all passes from now on, on whatever thread that is; once for a process. It has to be quick: a layer
/// has hundreds.
pub fn on_step(hook: fn()) {
    // Whoever was first is told.
    let _ = HOOK.set(hook);
}

/// A step has been made.
#[inline]
pub(super) fn step() {
    if let Some(hook) = HOOK.get() {
        hook();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use burn::tensor::{Device, Tensor};

    use super::super::{Graph, Network, Node, ReluRule};
    use super::on_step;

    static STEPS: AtomicUsize = AtomicUsize::new(0);

    #[test]
    fn each_node_is_a_step_forward_and_backward() {
        let nodes: Vec<Node> = serde_json::from_str(
            r#"[{ "name": "a", "op": "relu", "inputs": ["input"] }, { "name": "b", "op": "sigmoid", "inputs": ["a"] }]"#,
        )
        .expect("two nodes");
        let graph = Graph::new(nodes, [1, 1, 2], |_| None).expect("a graph");
        let network = Network::new(graph, |_| None, Device::flex()).expect("a network");
        let input = Tensor::<4>::from_data([[[[1.0, 2.0]]]], network.device());
        on_step(|| _ = STEPS.fetch_add(1, Ordering::Relaxed));
        // Other tests make steps of their own meanwhile.
        let count = |work: &dyn Fn()| {
            let before = STEPS.load(Ordering::Relaxed);
            work();
            STEPS.load(Ordering::Relaxed) - before
        };
        assert!(count(&|| _ = network.forward(input.clone(), &[])) >= 2);
        let trace = network.forward(input.clone(), &[0, 1]);
        let back = || network.pullback(&trace, 1, input.clone(), ReluRule::Gradient, &[None]);
        assert!(count(&|| _ = back()) >= 2);
    }
}
